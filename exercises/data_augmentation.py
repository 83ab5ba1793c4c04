"""Data augmentation: flip, crop, brightness, noise and mixup

Image batches have shape (N, H, W, C), single images (H, W, C).

1. `horizontal_flip(images)`: (N, H, W, C) mirrored left to right, as a new array that shares no memory with the
   input.
2. `random_crop(image, size, padding, rng)`: pad the (H, W, C) image with `padding` zeros on all four sides,
   then cut out a size × size square: (size, size, C). Its top-left corner, counted in the padded image, is
   drawn by one call

       top, left = rng.integers(0, [H + 2·padding − size + 1, W + 2·padding − size + 1])

3. `adjust_brightness(image, factor)`: image · factor, clipped to [0, 1]; any shape.
4. `add_gaussian_noise(images, std, rng)`: images + ε with ε drawn by one call rng.normal(0, std, images.shape);
   any shape, the result is not clipped.
5. `mixup(x, y, lam, permutation)` returns the tuple (mixed_x, mixed_y). x has shape (N, ...), y holds one-hot
   labels (N, K), permutation is a permutation of 0..N−1:

       mixed_x = lam·x + (1 − lam)·x[permutation]        mixed_y = lam·y + (1 − lam)·y[permutation]

ValueError is raised by images that are not 4-D (flip) or an image that is not 3-D (crop), a negative padding, a
size below 1 or larger than the padded image, a negative factor or std, a lam outside [0, 1], a y that is not
2-D, x and y of different N, and a `permutation` that does not hold each of 0..N−1 exactly once.

float32 and float64 answer in their own dtype (in mixup x and y each in its own); lists and integers, uint8
images among them, become float64 with the same values: 255 becomes 255.0, nothing is rescaled. No input is
modified, and all randomness comes from `rng`.

>>> adjust_brightness([[0.1, 0.25], [0.5, 0.75]], 1.5).round(4).tolist()
[[0.15, 0.375], [0.75, 1.0]]
"""

import numpy as np


def horizontal_flip(images: np.ndarray) -> np.ndarray:
    """The images (N, H, W, C) mirrored left to right."""
    # TODO
    raise NotImplementedError("horizontal_flip")


def random_crop(image: np.ndarray, size: int, padding: int, rng: np.random.Generator) -> np.ndarray:
    """A random size × size piece of the zero-padded image (H, W, C)."""
    # TODO
    raise NotImplementedError("random_crop")


def adjust_brightness(image: np.ndarray, factor: float) -> np.ndarray:
    """The image with its brightness multiplied by `factor`, in [0, 1]."""
    # TODO
    raise NotImplementedError("adjust_brightness")


def add_gaussian_noise(images: np.ndarray, std: float, rng: np.random.Generator) -> np.ndarray:
    """The images plus Gaussian noise of standard deviation `std`."""
    # TODO
    raise NotImplementedError("add_gaussian_noise")


def mixup(x: np.ndarray, y: np.ndarray, lam: float, permutation: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(mixed_x, mixed_y): each example mixed with the one that `permutation` pairs it with."""
    # TODO
    raise NotImplementedError("mixup")
