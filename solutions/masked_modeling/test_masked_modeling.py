"""The hidden suite of masked modelling. Points: mask_tokens 46, masked_accuracy 24, masked_mse 30."""

import numpy as np
import pytest

MASK_ID = 3
MANY = 200  # tokens, so that a rule that treats one chosen token in five otherwise shows
PARTS = {"is_masked": 1, "corrupted": 0}


def generator(rng):
    return np.random.default_rng(int(rng.integers(2**32)))


def share(rng):
    """A p that is not to be confused with 1 − p."""
    return float(rng.uniform(0.2, 0.4))


def answers(rng, hits, misses, other_hits, other_misses):
    """Predictions, tokens and a mask, with that many right and wrong guesses at masked and at other positions."""
    right = np.repeat([True, False, True, False], [hits, misses, other_hits, other_misses])
    masked = np.arange(len(right)) < hits + misses
    order = rng.permutation(len(right))
    tokens = rng.integers(5, 50, len(right))
    predictions = np.where(right[order], tokens, (tokens + rng.integers(1, 5, len(right))))
    return predictions, tokens, masked[order]


def vectors(rng, shape, mask_axes, dtype=np.float64):
    """A reconstruction, an x and a mask of its leading axes, of which about a third are masked."""
    x = rng.normal(size=shape).astype(dtype)
    reconstruction = (x + rng.normal(size=shape)).astype(dtype)
    positions = int(np.prod(shape[:mask_axes]))
    mask = rng.permutation(np.arange(positions) < positions // 3).reshape(shape[:mask_axes])
    return reconstruction, x, mask


@pytest.mark.points(14)
@pytest.mark.hint("A position is masked where the number drawn for it is less than p. There stands mask_id.")
@pytest.mark.parametrize("shape", [(MANY,), (8, 25)], ids=["1-D", "2-D"])
@pytest.mark.parametrize("part", PARTS)
def test_mask(agree, rng, part, shape):
    """{part} for tokens of shape {shape}."""
    agree("mask_tokens", rng.integers(5, 50, shape), MASK_ID, share(rng), generator(rng), part=PARTS[part])


@pytest.mark.points(12)
@pytest.mark.hint("The numbers are drawn for all positions; those of special tokens are then left out.")
@pytest.mark.parametrize("part", PARTS)
def test_special_tokens(agree, rng, part):
    """{part} leaves all special tokens as they are."""
    tokens = rng.permutation(np.repeat([0, 1, 2, 4, 5, 6, 7], 8)).reshape(4, 14)
    agree("mask_tokens", tokens, MASK_ID, share(rng), generator(rng), [0, 1, 2], part=PARTS[part])
    agree("mask_tokens", tokens, MASK_ID, share(rng), generator(rng), (2,), part=PARTS[part])


@pytest.mark.points(5)
@pytest.mark.hint("A copy of the tokens has their dtype.")
@pytest.mark.parametrize("dtype", [np.int32, np.int16])
def test_dtype_of_ids(agree, rng, dtype):
    """Tokens of {dtype} stay {dtype}."""
    tokens = rng.integers(5, 50, MANY).astype(dtype)
    agree("mask_tokens", tokens, MASK_ID, share(rng), generator(rng), part=PARTS["corrupted"], exact_dtype=True)


@pytest.mark.points(2)
@pytest.mark.hint("A list has no shape: make an array of it.")
def test_list_of_tokens(agree, rng):
    """The tokens may be a list."""
    agree("mask_tokens", rng.integers(5, 50, MANY).tolist(), MASK_ID, share(rng), generator(rng))


@pytest.mark.points(3)
@pytest.mark.hint("Nothing drawn is less than 0.")
def test_extreme_shares(agree, rng):
    """With p = 0 nothing is masked, and with p = 0.95 nearly everything."""
    tokens = rng.integers(5, 50, (3, 20))
    agree("mask_tokens", tokens, MASK_ID, 0.0, generator(rng))
    agree("mask_tokens", tokens, MASK_ID, 0.95, generator(rng))


@pytest.mark.points(6)
@pytest.mark.hint("`corrupted = tokens` is the same array under another name.")
@pytest.mark.reveals("modified_in_place")
def test_tokens_are_left_alone(agree, rng):
    """The tokens keep their values when they are masked."""
    agree("mask_tokens", rng.integers(5, 50, (4, 15)), MASK_ID, 0.5, generator(rng), part="arguments after the call")


@pytest.mark.points(4)
@pytest.mark.hint("p lies in [0, 1): with 1 there would be nothing to guess from.")
@pytest.mark.parametrize("p", [1.0, -0.1])
def test_share_out_of_range(agree, rng, p):
    """p = {p} raises ValueError."""
    agree("mask_tokens", rng.integers(5, 50, (3, 20)), MASK_ID, p, generator(rng))


@pytest.mark.points(11)
@pytest.mark.hint("Count the hits among the masked positions, and divide by the number of these.")
@pytest.mark.parametrize("shape", [(30,), (5, 6)], ids=["1-D", "2-D"])
def test_accuracy(agree, rng, shape):
    """The share of hits at the masked positions of an array of shape {shape}."""
    agree("masked_accuracy", *(array.reshape(shape) for array in answers(rng, 5, 7, 14, 4)))


@pytest.mark.points(5)
@pytest.mark.hint("What the model was shown it need not guess.")
def test_accuracy_of_shown_tokens(agree, rng):
    """Right and wrong guesses at positions that are not masked do not count."""
    agree("masked_accuracy", *answers(rng, 6, 0, 3, 11))
    agree("masked_accuracy", *answers(rng, 0, 6, 11, 3))


@pytest.mark.points(5)
@pytest.mark.hint("0/0 is NaN: answer 0.0 where nothing is masked.")
def test_accuracy_of_nothing(agree, rng):
    """Without masked positions the accuracy is 0.0."""
    agree("masked_accuracy", *answers(rng, 0, 0, 12, 3))


@pytest.mark.points(2)
@pytest.mark.hint("A list cannot be indexed by a mask: make arrays of all three.")
def test_accuracy_of_lists(agree, rng):
    """The accuracy of lists."""
    agree("masked_accuracy", *(array.tolist() for array in answers(rng, 4, 3, 2, 6)))


@pytest.mark.points(1)
@pytest.mark.reveals("modified_in_place")
def test_accuracy_leaves_its_inputs_alone(agree, rng):
    """Predictions, tokens and mask keep their values."""
    agree("inputs_after", "masked_accuracy", *answers(rng, 5, 7, 14, 4))


@pytest.mark.points(11)
@pytest.mark.hint("The squared errors of the selected elements, summed and divided by the number of these.")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_mse(agree, rng, dtype):
    """The mean squared error of selected {dtype} elements."""
    agree("masked_mse", *vectors(rng, (6, 8), 2, dtype))


@pytest.mark.points(8)
@pytest.mark.hint("x[is_masked] selects whole vectors. How many elements are these?")
@pytest.mark.parametrize(("shape", "axes"), [((4, 6, 5), 2), ((9, 4), 1)], ids=["tokens", "examples"])
def test_mse_of_vectors(agree, rng, shape, axes):
    """A mask of the leading axes ({axes}) of an x of shape {shape} selects whole vectors."""
    agree("masked_mse", *vectors(rng, shape, axes))


@pytest.mark.points(4)
@pytest.mark.hint("What the model was shown it need not reconstruct.")
def test_mse_of_shown_elements(agree, rng):
    """Large errors at positions that are not masked do not count."""
    reconstruction, x, mask = vectors(rng, (4, 6, 5), 2)
    reconstruction[~mask] += 100.0
    agree("masked_mse", reconstruction, x, mask)


@pytest.mark.points(5)
@pytest.mark.hint("0/0 is NaN: answer 0.0 where nothing is masked.")
def test_mse_of_nothing(agree, rng):
    """Without masked positions the mean squared error is 0.0."""
    reconstruction, x, mask = vectors(rng, (4, 6, 5), 2)
    agree("masked_mse", reconstruction, x, np.zeros_like(mask))


@pytest.mark.points(1)
@pytest.mark.hint("Convert what is not float32 or float64 to float64 before anything else.")
def test_mse_of_integers(agree, rng):
    """Integers and lists are promoted to float64."""
    x = rng.integers(0, 256, (4, 6)).astype(np.uint8)
    reconstruction = rng.integers(0, 256, (4, 6)).astype(np.uint8)
    mask = rng.permutation(np.arange(24) < 10).reshape(4, 6)
    agree("masked_mse", reconstruction, x, mask)
    agree("masked_mse", reconstruction.tolist(), x.tolist(), mask.tolist())


@pytest.mark.points(1)
@pytest.mark.reveals("modified_in_place")
def test_mse_leaves_its_inputs_alone(agree, rng):
    """Reconstruction, x and mask keep their values."""
    agree("inputs_after", "masked_mse", *vectors(rng, (4, 6, 5), 2))
