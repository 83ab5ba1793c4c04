import numpy as np


def floats(a):
    out = np.array(a)
    if out.dtype != np.float32:
        out = out.astype(np.float64)
    return out


def horizontal_flip(images):
    images = floats(images)
    if images.ndim != 4:
        raise ValueError("images must be (N, H, W, C)")
    result = np.zeros_like(images)
    width = images.shape[2]
    for column in range(width):
        result[:, :, column] = images[:, :, width - 1 - column]
    return result


def random_crop(image, size, padding, rng):
    image = floats(image)
    if image.ndim != 3 or padding < 0 or size < 1:
        raise ValueError("image must be (H, W, C)")
    H, W, C = image.shape
    if size > H + 2 * padding or size > W + 2 * padding:
        raise ValueError("crop does not fit")
    top, left = rng.integers(0, [H + 2 * padding - size + 1, W + 2 * padding - size + 1])
    crop = np.zeros((size, size, C), dtype=image.dtype)
    for i in range(size):
        for j in range(size):
            r, c = top + i - padding, left + j - padding
            if 0 <= r < H and 0 <= c < W:
                crop[i, j] = image[r, c]
    return crop


def adjust_brightness(image, factor):
    if factor < 0:
        raise ValueError("factor")
    image = floats(image)
    image *= factor
    image[image > 1] = 1
    image[image < 0] = 0
    return image


def add_gaussian_noise(images, std, rng):
    if std < 0:
        raise ValueError("std")
    images = floats(images)
    images += rng.normal(0, std, images.shape)
    return images


def mixup(x, y, lam, permutation):
    x, y = floats(x), floats(y)
    if not 0 <= lam <= 1:
        raise ValueError("lam")
    if len(x) != len(y) or y.ndim != 2 or sorted(permutation) != list(range(len(x))):
        raise ValueError("shapes")
    xs, ys = np.empty_like(x), np.empty_like(y)
    for i, j in enumerate(permutation):
        xs[i] = lam * x[i] + (1 - lam) * x[j]
        ys[i] = lam * y[i] + (1 - lam) * y[j]
    return xs, ys
