import numpy as np


def prepare(a):
    if not isinstance(a, np.ndarray) or a.dtype not in (np.float32, np.float64):
        a = np.array(a, dtype=np.float64)
    return a


def horizontal_flip(images):
    images = prepare(images)
    if images.ndim != 4:
        raise ValueError
    return images[:, :, ::-1].copy()


def random_crop(image, size, padding, rng):
    image = prepare(image)
    padded = np.pad(image, padding)
    if size > padded.shape[0] or size > padded.shape[1]:
        raise ValueError
    top, left = rng.integers(0, [padded.shape[0] - size + 1, padded.shape[1] - size + 1])
    return padded[top:top + size, left:left + size]


def adjust_brightness(image, factor):
    if factor < 0:
        raise ValueError
    image = prepare(image)
    image *= factor
    np.clip(image, 0, 1, out=image)
    return image


def add_gaussian_noise(images, std, rng):
    images = prepare(images)
    if std < 0:
        raise ValueError
    return (images + np.random.normal(0, std, images.shape)).astype(images.dtype)


def mixup(x, y, lam, permutation):
    if not 0 <= lam <= 1:
        raise ValueError
    x, y = prepare(x), prepare(y)
    if len(x) != len(y):
        raise ValueError
    return (1 - lam) * x + lam * x[permutation], (1 - lam) * y + lam * y[permutation]
