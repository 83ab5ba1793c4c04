"""Image augmentations, and mixup (Zhang et al., mixup: Beyond Empirical Risk Minimization, 2018)."""

import numpy as np


def as_float(x):
    """x as a float array: float32 and float64 keep their dtype, anything else becomes float64."""
    x = np.asarray(x)
    return x if x.dtype in (np.float32, np.float64) else x.astype(np.float64)


def horizontal_flip(images):
    images = as_float(images)
    if images.ndim != 4:
        raise ValueError(f"images must have four dimensions (N, H, W, C), not {images.ndim}")
    mirrored = images[:, :, ::-1, :]
    return mirrored.copy()


def random_crop(image, size, padding, rng):
    image = as_float(image)
    if image.ndim != 3:
        raise ValueError(f"image must have three dimensions (H, W, C), not {image.ndim}")
    if padding < 0:
        raise ValueError(f"padding must not be negative: got {padding}")
    padded = np.pad(image, ((padding, padding), (padding, padding), (0, 0)))
    height, width, _ = padded.shape
    if not 1 <= size <= min(height, width):
        raise ValueError(f"a crop of {size} does not fit into a padded image of {height} x {width}")
    places = [height - size + 1, width - size + 1]
    top, left = rng.integers(0, places)
    return padded[top : top + size, left : left + size].copy()


def adjust_brightness(image, factor):
    image = as_float(image)
    if factor < 0:
        raise ValueError(f"factor must not be negative: got {factor}")
    brighter = image * float(factor)
    return np.clip(brighter, 0, 1)


def add_gaussian_noise(images, std, rng):
    images = as_float(images)
    if std < 0:
        raise ValueError(f"std must not be negative: got {std}")
    noise = rng.normal(0, std, images.shape)
    return images + noise.astype(images.dtype)


def mixup(x, y, lam, permutation):
    x, y, permutation = as_float(x), as_float(y), np.asarray(permutation)
    if y.ndim != 2:
        raise ValueError(f"y must have two dimensions (N, K), not {y.ndim}")
    if x.ndim == 0 or len(x) != len(y):
        raise ValueError(f"x has shape {x.shape}, y {y.shape}: they must hold the same number of examples")
    if not 0 <= lam <= 1:
        raise ValueError(f"lam must lie in [0, 1], not {lam}")
    if permutation.shape != (len(x),) or not np.array_equal(np.sort(permutation), np.arange(len(x))):
        raise ValueError(f"permutation must hold each of 0..{len(x) - 1} exactly once")
    lam = float(lam)
    mixed_x = lam * x + (1 - lam) * x[permutation]
    mixed_y = lam * y + (1 - lam) * y[permutation]
    return mixed_x, mixed_y
