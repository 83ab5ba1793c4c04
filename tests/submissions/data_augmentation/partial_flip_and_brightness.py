import numpy as np


def to_float(a):
    a = np.asarray(a)
    return a if a.dtype in (np.float32, np.float64) else a.astype(np.float64)


def horizontal_flip(images):
    images = to_float(images)
    if images.ndim != 4:
        raise ValueError("images must be 4-D")
    return np.stack([np.stack([row[::-1] for row in image]) for image in images])


def random_crop(image, size, padding, rng):
    # TODO: draw a place, and cut there
    raise NotImplementedError("random_crop")


def adjust_brightness(image, factor):
    if factor < 0:
        raise ValueError("factor must not be negative")
    return np.clip(to_float(image) * factor, 0, 1)


def add_gaussian_noise(images, std, rng):
    # TODO
    raise NotImplementedError("add_gaussian_noise")


def mixup(x, y, lam, permutation):
    # TODO
    raise NotImplementedError("mixup")
