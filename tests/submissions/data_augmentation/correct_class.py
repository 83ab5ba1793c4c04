import numpy as np


class Images:
    def __init__(self, data, rank=None):
        data = np.asarray(data)
        if not np.issubdtype(data.dtype, np.floating):
            data = data.astype(float)
        if rank is not None and data.ndim != rank:
            raise ValueError(f"need {rank} dimensions, got {data.ndim}")
        self.data = data

    def flipped(self):
        return np.ascontiguousarray(np.flip(self.data, axis=-2)).copy()

    def padded(self, p):
        if p < 0:
            raise ValueError("negative padding")
        rows = np.zeros_like(self.data, shape=(p, *self.data.shape[1:]))
        tall = np.vstack([rows, self.data, rows])
        columns = np.zeros_like(self.data, shape=(len(tall), p, self.data.shape[2]))
        return np.hstack([columns, tall, columns])

    def mixed(self, lam, permutation):
        partner = self.data[np.asarray(permutation)]
        return partner + lam * (self.data - partner)


def horizontal_flip(images):
    return Images(images, 4).flipped()


def random_crop(image, size, padding, rng):
    padded = Images(image, 3).padded(padding)
    places = np.array(padded.shape[:2]) - size + 1
    if size < 1 or (places < 1).any():
        raise ValueError("the crop does not fit")
    top, left = rng.integers(0, places)
    return padded[top:, left:][:size, :size]


def adjust_brightness(image, factor):
    if factor < 0:
        raise ValueError("negative factor")
    return (Images(image).data * factor).clip(0.0, 1.0)


def add_gaussian_noise(images, std, rng):
    data = Images(images).data
    if std < 0:
        raise ValueError("negative std")
    noise = std * rng.standard_normal(data.shape)
    return (data + noise).astype(data.dtype)


def mixup(x, y, lam, permutation):
    if not 0 <= lam <= 1:
        raise ValueError("lam outside [0, 1]")
    x, y = Images(x), Images(y, 2)
    if len(x.data) != len(y.data) or len(permutation) != len(x.data):
        raise ValueError("different numbers of examples")
    return x.mixed(lam, permutation), y.mixed(lam, permutation)
