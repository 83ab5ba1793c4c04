"""The hidden suite of data augmentation. Points: flip 18, crop 26, brightness 17, noise 17, mixup 22."""

import numpy as np
import pytest

DTYPES = [np.float32, np.float64]


def generator(rng):
    return np.random.default_rng(int(rng.integers(2**32)))


def generator_of_inner_places(rng, places):
    """A generator that draws unlike numbers, none of them the last place, and others where height and width are
    exchanged: a crop is then tested for all the rest."""
    square = places[0] == places[1]
    while True:
        seed = int(rng.integers(2**32))
        drawn, of_fewer, exchanged = (
            np.random.default_rng(seed).integers(0, counts).tolist()
            for counts in (places, [count - 1 for count in places], places[::-1])
        )
        if drawn == of_fewer and drawn[0] != drawn[1] and (square or drawn != exchanged):
            return np.random.default_rng(seed)


def cycle(rng, number):
    """A permutation that leaves nothing in its place."""
    order = rng.permutation(number)
    permutation = np.empty(number, dtype=np.int64)
    permutation[order] = np.roll(order, 1)
    return permutation


def batch(rng, x_dtype=np.float64, y_dtype=np.float64):
    """Images, one-hot labels (a class at most once), the share of the first image, and a permutation."""
    labels = np.eye(6)[rng.permutation(6)[:5]]
    share = float(rng.uniform(0.2, 0.4))
    return rng.uniform(0, 1, (5, 4, 3, 2)).astype(x_dtype), labels.astype(y_dtype), share, cycle(rng, 5)


@pytest.mark.points(10)
@pytest.mark.hint("(N, H, W, C): left and right lie along the third axis.")
@pytest.mark.parametrize("dtype", DTYPES)
def test_flip(agree, rng, dtype):
    """{dtype} images are mirrored left to right."""
    agree("horizontal_flip", rng.uniform(0, 1, (3, 4, 5, 2)).astype(dtype))


@pytest.mark.points(5)
@pytest.mark.hint("A slice is a view: who writes into it writes into the original.")
@pytest.mark.reveals("view_returned")
def test_flip_is_a_copy(agree, rng):
    """Writing into the flipped images does not change the original ones."""
    agree("images_after_writing_into_the_flipped", rng.uniform(0.1, 1, (3, 4, 5, 2)))


@pytest.mark.points(2)
@pytest.mark.hint("uint8 becomes float64 with the same values.")
def test_flip_of_integers(agree, rng):
    """Flipped uint8 images, and lists, are float64."""
    images = rng.integers(0, 256, (2, 3, 4, 1)).astype(np.uint8)
    agree("horizontal_flip", images)
    agree("horizontal_flip", images.tolist())


@pytest.mark.points(1)
@pytest.mark.reveals("modified_in_place")
def test_flip_leaves_its_input_alone(agree, rng):
    """The images keep their values when they are flipped."""
    agree("inputs_after", "horizontal_flip", rng.uniform(0, 1, (3, 4, 5, 2)))


@pytest.mark.points(8)
@pytest.mark.hint("The first number drawn is the top row of the crop, the second its left column.")
@pytest.mark.parametrize("dtype", DTYPES)
def test_crop(agree, rng, dtype):
    """A square crop of a {dtype} image without padding."""
    agree("random_crop", rng.uniform(0.1, 1, (8, 10, 3)).astype(dtype), 4, 0, generator_of_inner_places(rng, [5, 7]))


@pytest.mark.points(6)
@pytest.mark.hint("Zeros stand on all four sides of the image; its channels have none.")
def test_crop_with_padding(agree, rng):
    """A crop of a zero-padded image, places being counted from the corner of the padding."""
    for _ in range(2):  # one place may be drawn by a generator of the student's own, too
        agree("random_crop", rng.uniform(0.1, 1, (7, 6, 3)), 7, 3, generator_of_inner_places(rng, [7, 6]))


@pytest.mark.points(4)
@pytest.mark.hint("rng.integers(0, n) never draws n. How many places are there?")
def test_crop_reaches_every_place(agree, rng):
    """Every place of the crop can be drawn, the last one too."""
    agree("crops", 24, rng.uniform(0.1, 1, (6, 6, 1)), 4, 0, generator(rng))


@pytest.mark.points(3)
@pytest.mark.hint("A crop of the size of the padded image has one place.")
def test_crop_of_everything(agree, rng):
    """A crop as large as the padded image is the padded image."""
    agree("random_crop", rng.uniform(0.1, 1, (5, 5, 2)), 5, 0, generator(rng))
    agree("random_crop", rng.uniform(0.1, 1, (4, 4, 2)), 6, 1, generator(rng))
    agree("random_crop", rng.uniform(0.1, 1, (1, 1, 2)), 1, 0, generator(rng))


@pytest.mark.points(2)
@pytest.mark.hint("uint8 becomes float64 with the same values.")
def test_crop_of_integers(agree, rng):
    """A crop of a uint8 image, or of a list, is float64."""
    image = rng.integers(1, 256, (6, 6, 2)).astype(np.uint8)
    agree("random_crop", image, 3, 0, generator_of_inner_places(rng, [4, 4]))
    agree("random_crop", image.tolist(), 3, 1, generator_of_inner_places(rng, [6, 6]))


@pytest.mark.points(1)
@pytest.mark.reveals("modified_in_place")
def test_crop_leaves_its_input_alone(agree, rng):
    """The image keeps its values when it is cropped."""
    agree("random_crop", rng.uniform(0.1, 1, (6, 6, 2)), 4, 1, generator(rng), part="arguments after the call")


@pytest.mark.points(2)
@pytest.mark.hint("The crop must fit into the padded image along both axes.")
def test_crop_that_does_not_fit(agree, rng):
    """A crop larger than the padded image raises ValueError."""
    agree("random_crop", rng.uniform(0.1, 1, (4, 9, 2)), 5, 0, generator(rng))
    agree("random_crop", rng.uniform(0.1, 1, (9, 4, 2)), 7, 1, generator(rng))


@pytest.mark.points(6)
@pytest.mark.hint("Every value is multiplied by the factor.")
@pytest.mark.parametrize("dtype", DTYPES)
def test_brightness(agree, rng, dtype):
    """A {dtype} image becomes darker and brighter."""
    image = rng.uniform(0.05, 0.5, (4, 5, 3)).astype(dtype)
    agree("adjust_brightness", image, float(rng.uniform(1.2, 1.8)))
    agree("adjust_brightness", image, float(rng.uniform(0.2, 0.8)))
    agree("adjust_brightness", image, 0.0)


@pytest.mark.points(5)
@pytest.mark.hint("Nothing is brighter than 1, and nothing darker than 0.")
def test_brightness_is_clipped(agree, rng):
    """What leaves [0, 1] is clipped, above and below."""
    image = np.concatenate([rng.uniform(0, 0.3, 8), rng.uniform(0.6, 1, 8), rng.uniform(-0.5, -0.1, 4)])
    agree("adjust_brightness", rng.permutation(image), 2.5)


@pytest.mark.points(3)
@pytest.mark.hint("Twice 128 is 256, but not in uint8: convert to float64 first.")
def test_brightness_of_integers(agree, rng):
    """A uint8 image, or a list, becomes float64 before it is multiplied."""
    image = np.append(rng.integers(1, 128, 10), [0, 128, 128, 255]).astype(np.uint8)
    agree("adjust_brightness", rng.permutation(image), 2)
    agree("adjust_brightness", rng.permutation(image), 0.003)
    agree("adjust_brightness", image.tolist(), 0.003)


@pytest.mark.points(2)
@pytest.mark.hint("`image *= factor` and `out=image` write into the caller's array.")
@pytest.mark.reveals("modified_in_place")
def test_brightness_leaves_its_input_alone(agree, rng):
    """The image keeps its values when its brightness is adjusted."""
    agree("inputs_after", "adjust_brightness", rng.uniform(0, 1, (4, 5, 3)), 1.5)


@pytest.mark.points(1)
def test_negative_factor(agree, rng):
    """A negative factor raises ValueError."""
    agree("adjust_brightness", rng.uniform(0, 1, (4, 5, 3)), -0.5)


@pytest.mark.points(9)
@pytest.mark.hint("One call rng.normal(0, std, images.shape), and float32 answers in float32.")
@pytest.mark.parametrize("dtype", DTYPES)
def test_noise(agree, rng, dtype):
    """Noise of the standard deviation `std` is added to {dtype} images."""
    images = rng.uniform(0.4, 0.6, (3, 4, 5, 2)).astype(dtype)
    agree("add_gaussian_noise", images, float(rng.uniform(0.01, 0.02)), generator(rng))
    agree("add_gaussian_noise", images, 0.0, generator(rng))


@pytest.mark.points(3)
@pytest.mark.hint("Clipped noise is no longer Gaussian: leave the sum as it is.")
def test_noise_is_not_clipped(agree, rng):
    """Noise may lead out of [0, 1]."""
    agree("add_gaussian_noise", rng.uniform(0, 1, (3, 4, 5, 2)), 1.0, generator(rng))


@pytest.mark.points(2)
@pytest.mark.hint("In uint8 250 + 10 is 4: the answer is float64.")
def test_noise_on_integers(agree, rng):
    """Noise on uint8 images gives float64."""
    agree("add_gaussian_noise", rng.choice([0, 1, 254, 255], (2, 5, 5, 1)).astype(np.uint8), 20.0, generator(rng))


@pytest.mark.points(2)
@pytest.mark.hint("`images += noise` writes into the caller's array.")
@pytest.mark.reveals("modified_in_place")
def test_noise_leaves_its_input_alone(agree, rng):
    """The images keep their values when noise is added."""
    agree("add_gaussian_noise", rng.uniform(0, 1, (2, 4, 5, 3)), 0.3, generator(rng), part="arguments after the call")


@pytest.mark.points(1)
def test_negative_std(agree, rng):
    """A negative standard deviation raises ValueError."""
    agree("add_gaussian_noise", rng.uniform(0, 1, (2, 4, 5, 3)), -0.1, generator(rng))


@pytest.mark.points(7)
@pytest.mark.hint("lam is the share of an image itself, 1 − lam that of the one that the permutation pairs it with.")
def test_mixed_images(agree, rng):
    """Each image is mixed with the one that the permutation names."""
    x, y, share, permutation = batch(rng)
    agree("mixed_images", x, y, 1 - share, permutation)
    agree("mixed_images", x, y, share, permutation)
    agree("mixed_images", x, y, 1.0, permutation)
    agree("mixed_images", x, y, 0.0, permutation)


@pytest.mark.points(7)
@pytest.mark.hint("An image that is 30 % cat and 70 % dog has the label 0.3·cat + 0.7·dog.")
def test_mixed_labels(agree, rng):
    """The labels are mixed in the same proportion as the images."""
    x, y, share, permutation = batch(rng)
    agree("mixed_labels", x, y, 1 - share, permutation)
    agree("mixed_labels", x, y, share, permutation)


@pytest.mark.points(3)
@pytest.mark.hint("A tuple of two arrays, each in the dtype of its own argument.")
@pytest.mark.parametrize(("x_dtype", "y_dtype"), [(np.float32, np.float64), (np.float64, np.float32)], ids=["32", "64"])
def test_mixup_dtypes(agree, rng, x_dtype, y_dtype):
    """{x_dtype} images and {y_dtype} labels keep their dtypes."""
    agree("mixup", *batch(rng, x_dtype, y_dtype))


@pytest.mark.points(2)
@pytest.mark.hint("Shares of integers are no integers: convert to float64 first.")
def test_mixup_of_integers(agree, rng):
    """uint8 images and integer labels are mixed in float64."""
    _, y, share, permutation = batch(rng, y_dtype=np.int64)
    x = rng.integers(0, 256, (5, 4, 3)).astype(np.uint8)
    agree("mixed_images", x, y, share, permutation)
    agree("mixed_labels", x.tolist(), y.tolist(), share, permutation.tolist())


@pytest.mark.points(2)
@pytest.mark.hint("`x *= lam` writes into the caller's array.")
@pytest.mark.reveals("modified_in_place")
def test_mixup_leaves_its_inputs_alone(agree, rng):
    """Images, labels and permutation keep their values when they are mixed."""
    agree("inputs_after", "mixup", *batch(rng))


@pytest.mark.points(1)
@pytest.mark.hint("lam is a share: it lies in [0, 1].")
def test_mixup_arguments(agree, rng):
    """A lam outside [0, 1], and labels of another number than the images, raise ValueError."""
    x, y, share, permutation = batch(rng)
    agree("mixup", x, y, 1.0 + share, permutation)
    agree("mixup", x, y, -share, permutation)
    agree("mixup", x, y[:4], share, permutation, any_error=True)
