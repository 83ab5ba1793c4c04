import numpy as np


def horizontal_flip(images):
    images = np.asarray(images)
    if images.ndim != 4:
        raise ValueError("need NHWC")
    return images[:, ::-1].copy()


def random_crop(image, size, padding, rng):
    image = np.asarray(image)
    h, w, c = image.shape
    canvas = np.zeros((h + 2 * padding, w + 2 * padding, c), dtype=image.dtype)
    canvas[padding:padding + h, padding:padding + w] = image
    if size > canvas.shape[0] or size > canvas.shape[1]:
        raise ValueError("size")
    top, left = rng.integers(0, [canvas.shape[0] - size, canvas.shape[1] - size])
    return canvas[top:top + size, left:left + size].copy()


def adjust_brightness(image, factor):
    image = np.asarray(image)
    if factor < 0:
        raise ValueError("factor")
    return image * factor


def add_gaussian_noise(images, std, rng):
    images = np.asarray(images)
    if std < 0:
        raise ValueError("std")
    noisy = images + rng.normal(0, std, images.shape)
    return noisy.astype(images.dtype)


def mixup(x, y, lam, permutation):
    raise NotImplementedError("mixup")
