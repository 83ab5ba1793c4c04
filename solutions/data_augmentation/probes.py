"""Crops by the dozen, the two answers of mixup, and what writing into an answer does to the images."""


def crops(module, number, image, size, padding, rng):
    """Some crops. As many as asked for, drawn one after the other from one generator."""
    return [module.random_crop(image, size, padding, rng) for _ in range(number)]


def mixed_images(module, *args):
    """The mixed images."""
    return _half(module, 0, args)


def mixed_labels(module, *args):
    """The mixed labels."""
    return _half(module, 1, args)


def _half(module, index, args):
    answer = module.mixup(*args)
    if not isinstance(answer, (tuple, list)) or len(answer) != 2:
        raise TypeError("mixup must return the tuple (mixed_x, mixed_y), and nothing more")
    return answer[index]


def images_after_writing_into_the_flipped(module, images):
    """The images once the answer of horizontal_flip was filled with zeros."""
    flipped = module.horizontal_flip(images)
    flipped[...] = 0
    return images
