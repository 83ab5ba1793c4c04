"""The hidden suite of attention. Points: scaled dot-product attention 75, attention pooling 25."""

import numpy as np
import pytest

ATTENTION = "scaled_dot_product_attention"
DTYPES = [np.float32, np.float64]


def example(rng, length, keys, width, value_width, lead=(), dtype=np.float64, spread=1.5):
    """Query, key and value of these sizes, with the same leading dimensions."""
    shapes = (*lead, length, width), (*lead, keys, width), (*lead, keys, value_width)
    return [rng.normal(0, spread, shape).astype(dtype) for shape in shapes]


def close_together(rng, *sizes, **options):
    """An example with scores of which none is small beside another, so that each key has a share."""
    return example(rng, *sizes, **options, spread=0.7)


def mixed_mask(rng, *shape):
    """A mask with something to attend to and something masked out for every query."""
    mask = rng.random(shape) < 0.5
    mask[..., 0], mask[..., -1] = True, False
    return mask


def masked_apart(rng, allowed, masked):
    """Query, key, value and mask: scores of three keys around `allowed`, and of two that are masked around `masked`."""
    scores = rng.uniform(-1, 1, 5) + np.array([allowed] * 3 + [masked] * 2)
    order = rng.permutation(5)
    mask = np.tile((np.arange(5) < 3)[order], (2, 1))
    return np.ones((2, 1)), scores[order, np.newaxis], rng.normal(size=(5, 3)), mask


def low(rng, *shape):
    """Scores whose exponentials are the smallest number above zero, all alike."""
    return rng.uniform(-744.35, -744.05, shape)


@pytest.mark.points(15)
@pytest.mark.hint("Scores are query · keyᵀ / √D; each query's scores become weights by a softmax over the keys.")
@pytest.mark.parametrize("dtype", DTYPES)
def test_attention(agree, rng, dtype):
    """Each query of a {dtype} matrix averages the values with its own softmax weights."""
    agree(ATTENTION, *example(rng, 3, 6, 4, 5, dtype=dtype))
    agree(ATTENTION, *example(rng, 4, 2, 7, 3, dtype=dtype))


@pytest.mark.points(9)
@pytest.mark.hint("Count axes from the end: queries are axis −2 and keys axis −1 of the scores, whatever comes before.")
def test_batches_and_heads(agree, rng):
    """Leading dimensions, such as batch and heads, are attended to one by one."""
    agree(ATTENTION, *example(rng, 4, 6, 3, 5, lead=(2,)))
    agree(ATTENTION, *example(rng, 4, 5, 7, 6, lead=(2, 3)))
    agree(ATTENTION, *example(rng, 4, 6, 3, 5, lead=(1,)))


@pytest.mark.points(4)
@pytest.mark.hint("np.matmul broadcasts all dimensions but the last two.")
def test_leading_dimensions_broadcast(agree, rng):
    """The leading dimensions of query, key and value broadcast."""
    query, key, value = (rng.normal(size=shape) for shape in ((2, 1, 4, 3), (5, 6, 3), (5, 6, 7)))
    agree(ATTENTION, query, key, value)
    agree(ATTENTION, query[0, 0], key[0], value)


@pytest.mark.points(9)
@pytest.mark.hint("What is masked out must weigh nothing in the softmax, and the weights that are left sum to one.")
@pytest.mark.parametrize("dtype", DTYPES)
def test_mask(agree, rng, dtype):
    """In {dtype}, keys that are masked out get weight 0, and the weights of the others sum to one."""
    agree(ATTENTION, *close_together(rng, 4, 6, 3, 5, dtype=dtype), mixed_mask(rng, 4, 6))
    agree(ATTENTION, *close_together(rng, 4, 6, 3, 5, lead=(2,), dtype=dtype), mask=mixed_mask(rng, 2, 4, 6))


@pytest.mark.points(3)
@pytest.mark.hint("Mask first: neither the largest score nor the sum may be one over keys that are masked out.")
def test_masked_scores_far_above(agree, rng):
    """Keys that are masked out have no say even where their scores lie far above the others."""
    for masked in (26.0, 800.0, 5000.0):
        agree(ATTENTION, *masked_apart(rng, allowed=0.0, masked=masked))


@pytest.mark.points(2)
@pytest.mark.hint("Real scores may lie below any number that stands for a mask, but not below −∞.")
def test_masks_with_low_scores(agree, rng):
    """Keys that are masked out get weight 0 even where all other scores lie far below zero."""
    agree(ATTENTION, *masked_apart(rng, allowed=-20000.0, masked=0.0))


@pytest.mark.points(4)
@pytest.mark.hint("Let the mask broadcast against the scores.")
def test_masks_broadcast(agree, rng):
    """One mask for all queries, or for all heads, broadcasts."""
    agree(ATTENTION, *close_together(rng, 4, 6, 3, 5, lead=(2,)), mixed_mask(rng, 6))
    agree(ATTENTION, *close_together(rng, 4, 6, 3, 5, lead=(2, 3)), mixed_mask(rng, 2, 1, 1, 6))


@pytest.mark.points(7)
@pytest.mark.hint("When every score of a query is masked out there is no maximum to subtract and no sum to divide by.")
def test_nothing_to_attend_to(agree, observe, rng):
    """A query whose keys are all masked out gets zeros, and the other queries are not affected."""
    mask = mixed_mask(rng, 4, 6)
    mask[1] = False
    inputs = close_together(rng, 4, 6, 3, 5)
    observe("without_nan", ATTENTION, *inputs, mask)
    agree(ATTENTION, *inputs, mask)
    agree(ATTENTION, *example(rng, 3, 4, 2, 5, dtype=np.float32), np.array([[True], [False], [True]]))


@pytest.mark.points(3)
@pytest.mark.hint("The maximum of nothing is an error in NumPy unless it is told where to start.")
def test_no_keys(agree, rng):
    """Without any keys (S = 0) the weights are empty and the output is zero."""
    agree(ATTENTION, *example(rng, 4, 0, 3, 5))
    agree(ATTENTION, *example(rng, 4, 0, 3, 5, lead=(2,)), np.ones((4, 0), bool))


@pytest.mark.points(5)
@pytest.mark.hint("exp overflows above 709 and vanishes below −745: subtract each row's maximum first.")
def test_large_scores(agree, observe, rng):
    """Scores near −744 and as large as ±1000 neither overflow nor vanish."""
    large = [30 * array for array in example(rng, 4, 5, 4, 3)]
    observe(ATTENTION, *large)
    agree(ATTENTION, np.ones((2, 1)), low(rng, 4, 1), rng.normal(size=(4, 3)))
    agree(ATTENTION, *large)
    agree(ATTENTION, np.ones((2, 1)), rng.normal(-1000, 1, (4, 1)), rng.normal(size=(4, 3)))


@pytest.mark.points(4)
@pytest.mark.hint("The largest score of all queries is not the largest of each query.")
def test_far_apart_rows(agree, rng):
    """The scores of two queries may lie far apart."""
    agree(ATTENTION, np.array([[0.0], [1.0]]), low(rng, 4, 1), rng.normal(size=(4, 3)))
    agree(ATTENTION, np.array([[-1.0], [1.0]]), rng.normal(1000, 1, (4, 1)), rng.normal(size=(4, 3)))


@pytest.mark.points(3)
@pytest.mark.hint("np.asarray takes lists; integers divided become float64.")
def test_integers_are_promoted(agree, rng):
    """Integers and lists become float64."""
    arrays = [rng.integers(-3, 4, shape) for shape in ((3, 2), (4, 2), (4, 5))]
    agree(ATTENTION, *arrays)
    agree(ATTENTION, *(array.tolist() for array in arrays))


@pytest.mark.points(3)
@pytest.mark.hint("`query /= …` and `mask[…] = …` write into the caller's arrays.")
@pytest.mark.reveals("modified_in_place")
def test_inputs_are_left_alone(agree, rng):
    """Attention changes none of query, key, value and mask."""
    agree("inputs_after", ATTENTION, *example(rng, 3, 4, 2, 5), mixed_mask(rng, 3, 4))


@pytest.mark.points(4)
@pytest.mark.hint("NumPy's own error for shapes that do not fit is a ValueError.")
def test_shapes_that_do_not_fit(agree, rng):
    """Different D or S, leading dimensions or a mask that do not broadcast are refused."""
    query, key, value = example(rng, 3, 6, 4, 5)
    agree(ATTENTION, query[:, :3], key, value, any_error=True)
    agree(ATTENTION, query, key[:5], value, any_error=True)
    agree(ATTENTION, np.stack([query] * 2), np.stack([key] * 3), value, any_error=True)
    agree(ATTENTION, query, key, value, np.ones((2, 6), bool), any_error=True)


@pytest.mark.points(11)
@pytest.mark.hint("The weights are a softmax of the scores; each weighs one row of x.")
@pytest.mark.parametrize("dtype", DTYPES)
def test_pooling(agree, rng, dtype):
    """The {dtype} rows of a matrix are averaged with softmax weights."""
    agree("attention_pooling", rng.normal(size=(5, 3)).astype(dtype), rng.normal(0, 1.5, 5).astype(dtype))


@pytest.mark.points(4)
@pytest.mark.hint("L is the last axis of scores and the last but one of x, whatever comes before.")
def test_pooling_of_batches(agree, rng):
    """Each sample of a batch is pooled on its own."""
    agree("attention_pooling", rng.normal(size=(4, 5, 3)), rng.normal(0, 1.5, (4, 5)))
    agree("attention_pooling", rng.normal(size=(2, 3, 4, 6)), rng.normal(0, 1.5, (2, 3, 4)))
    agree("attention_pooling", rng.normal(size=(1, 5, 3)), rng.normal(0, 1.5, (1, 5)))


@pytest.mark.points(3)
@pytest.mark.hint("exp overflows above 709 and vanishes below −745: subtract the maximum first.")
def test_pooling_with_large_scores(agree, observe, rng):
    """Scores near −744, 1000 and −1000 neither overflow nor vanish."""
    large = rng.normal(size=(5, 3)), rng.normal(1000, 1, 5)
    observe("attention_pooling", *large)
    agree("attention_pooling", rng.normal(size=(5, 3)), low(rng, 5))
    agree("attention_pooling", *large)
    agree("attention_pooling", rng.normal(size=(5, 3)), rng.normal(-1000, 1, 5))


@pytest.mark.points(2)
@pytest.mark.hint("The largest score of the whole batch is not the largest of each sample.")
def test_pooling_of_far_apart_samples(agree, rng):
    """The scores of two samples may lie far apart."""
    agree("attention_pooling", rng.normal(size=(2, 5, 3)), low(rng, 2, 5) + np.array([[744.0], [0.0]]))
    agree("attention_pooling", rng.normal(size=(2, 5, 3)), rng.normal(size=(2, 5)) + np.array([[1000.0], [-1000.0]]))


@pytest.mark.points(1)
@pytest.mark.hint("np.asarray takes lists; integers become float64.")
def test_pooling_of_integers(agree, rng):
    """Integers and lists become float64."""
    x, scores = rng.integers(-3, 4, (5, 3)), rng.integers(-3, 4, 5)
    agree("attention_pooling", x, scores)
    agree("attention_pooling", x.tolist(), scores.tolist())


@pytest.mark.points(2)
@pytest.mark.hint("`scores -= …` writes into the caller's array.")
@pytest.mark.reveals("modified_in_place")
def test_pooling_leaves_inputs_alone(agree, rng):
    """Pooling changes neither x nor scores."""
    agree("inputs_after", "attention_pooling", rng.normal(size=(2, 5, 3)), rng.normal(size=(2, 5)))


@pytest.mark.points(2)
@pytest.mark.hint("There is one score for each row: scores.shape is x.shape[:-1].")
def test_pooling_of_bad_shapes(agree, rng):
    """Scores of another length than x are refused."""
    agree("attention_pooling", rng.normal(size=(5, 3)), rng.normal(size=4), any_error=True)
