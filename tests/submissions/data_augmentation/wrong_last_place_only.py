import numpy as np


def _f(a):
    a = np.asarray(a)
    return a if a.dtype in (np.float32, np.float64) else a.astype(np.float64)


def horizontal_flip(images):
    images = _f(images)
    if images.ndim != 4:
        raise ValueError("images")
    return images[:, :, ::-1, :] + 0


def random_crop(image, size, padding, rng):
    image = _f(image)
    if image.ndim != 3:
        raise ValueError("image")
    if padding:
        image = np.pad(image, ((padding,), (padding,), (0,)))
    if size > image.shape[0] or size > image.shape[1]:
        raise ValueError("size")
    rows, cols = image.shape[0] - size, image.shape[1] - size
    top, left = rng.integers(0, [rows, cols]) if rows and cols else (0, 0)
    return image[top:top + size, left:left + size]


def adjust_brightness(image, factor):
    if factor < 0:
        raise ValueError("factor")
    return np.clip(_f(image) * factor, 0, 1)


def add_gaussian_noise(images, std, rng):
    images = _f(images)
    return images + rng.normal(0, std, images.shape)


def mixup(x, y, lam, permutation):
    x, y = _f(x), _f(y)
    if not 0 <= lam <= 1 or len(x) != len(y):
        raise ValueError("mixup")
    return lam * x + (1 - lam) * x[permutation], lam * y + (1 - lam) * y[permutation]
