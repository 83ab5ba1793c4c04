import numpy as np


def horizontal_flip(images):
    images = np.asarray(images)
    if images.ndim != 4:
        raise ValueError("4-D")
    if images.dtype not in (np.float32, np.float64):
        images = images.astype(np.float64)
    return np.flip(images, axis=2)


def random_crop(image, size, padding, rng):
    image = np.asarray(image)
    if image.dtype not in (np.float32, np.float64):
        image = image.astype(np.float64)
    h, w, c = image.shape
    if size > h + 2 * padding or size > w + 2 * padding:
        raise ValueError("too large")
    image = np.pad(image, [(padding, padding), (padding, padding), (0, 0)])
    top = rng.integers(0, h + 2 * padding - size + 1)
    left = rng.integers(0, w + 2 * padding - size + 1)
    return image[top:top + size, left:left + size, :]


def adjust_brightness(image, factor):
    if factor < 0:
        raise ValueError("negative")
    image = np.asarray(image)
    if image.dtype not in (np.float32, np.float64):
        image = image.astype(np.float64)
    return np.clip(image * factor, 0.0, 1.0)


def add_gaussian_noise(images, std, rng):
    images = np.asarray(images)
    if images.dtype not in (np.float32, np.float64):
        images = images.astype(np.float64)
    # normal() wants the scale
    noise = rng.normal(0.0, std ** 0.5, size=images.shape)
    return (images + noise).astype(images.dtype)


def mixup(x, y, lam, permutation):
    if lam < 0 or lam > 1:
        raise ValueError("lam")
    x, y = np.asarray(x), np.asarray(y)
    if len(x) != len(y):
        raise ValueError("lengths")
    x = x if x.dtype in (np.float32, np.float64) else x.astype(np.float64)
    y = y if y.dtype in (np.float32, np.float64) else y.astype(np.float64)
    return lam * x + (1.0 - lam) * x[permutation], y.copy()
