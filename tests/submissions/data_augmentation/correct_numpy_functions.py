import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def real(a):
    a = np.asarray(a)
    return a.astype(a.dtype if a.dtype in (np.float32, np.float64) else np.float64, copy=False)


def horizontal_flip(images):
    images = real(images)
    if images.ndim != 4:
        raise ValueError(f"4 dimensions, not {images.ndim}")
    return np.take(images, np.arange(images.shape[2])[::-1], axis=2)


def random_crop(image, size, padding, rng):
    image = real(image)
    if image.ndim != 3:
        raise ValueError("3 dimensions")
    if padding < 0:
        raise ValueError("padding")
    canvas = np.zeros(np.add(image.shape, (2 * padding, 2 * padding, 0)), dtype=image.dtype)
    canvas[padding:padding + image.shape[0], padding:padding + image.shape[1]] = image
    if not 0 < size <= min(canvas.shape[:2]):
        raise ValueError("size")
    every = sliding_window_view(canvas, (size, size), axis=(0, 1))       # (tops, lefts, C, size, size)
    top, left = rng.integers(0, every.shape[:2])
    return np.moveaxis(every[top, left], 0, -1)


def adjust_brightness(image, factor):
    if not factor >= 0:
        raise ValueError("factor must not be negative")
    image = real(image)
    return np.minimum(np.maximum(image * image.dtype.type(factor), 0), 1)


def add_gaussian_noise(images, std, rng):
    images = real(images)
    return np.add(images, rng.normal(0, std, images.shape), dtype=np.float64).astype(images.dtype)


def mixup(x, y, lam, permutation):
    if lam < 0 or lam > 1:
        raise ValueError("lam must lie between 0 and 1")
    x, y = real(x), real(y)
    p = np.asarray(permutation)
    if x.shape[0] != y.shape[0] or y.ndim != 2 or p.shape != (len(x),) or set(p.tolist()) != set(range(len(x))):
        raise ValueError("x, y and permutation do not belong together")
    mix = (lam * np.eye(len(x)) + (1 - lam) * np.eye(len(x))[p])
    return tuple(np.tensordot(mix.astype(a.dtype), a, axes=1) for a in (x, y))
