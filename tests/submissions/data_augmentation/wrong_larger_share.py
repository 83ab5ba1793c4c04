import numpy as np
def _f(x):
    x = np.asarray(x)
    return x if x.dtype in (np.float32, np.float64) else x.astype(np.float64)
def horizontal_flip(images):
    return _f(images)[:, :, ::-1].copy()
def random_crop(image, size, padding, rng):
    padded = np.pad(_f(image), ((padding, padding), (padding, padding), (0, 0)))
    H, W = padded.shape[:2]
    if size > H or size > W:
        raise ValueError("size")
    top, left = rng.integers(0, [H - size + 1, W - size + 1])
    return padded[top:top + size, left:left + size]
def adjust_brightness(image, factor):
    if factor < 0: raise ValueError("factor")
    image = _f(image)
    return np.clip(image * image.dtype.type(factor), 0, 1)
def add_gaussian_noise(images, std, rng):
    if std < 0: raise ValueError("std")
    images = _f(images)
    return (images + rng.normal(0, std, images.shape)).astype(images.dtype)
def mixup(x, y, lam, permutation):
    if not 0 <= lam <= 1: raise ValueError("lam")
    x, y, lam = _f(x), _f(y), max(lam, 1 - lam)
    return (lam * x + (1 - lam) * x[permutation]).astype(x.dtype), (lam * y + (1 - lam) * y[permutation]).astype(y.dtype)
