"""The hidden suite of the penalties. Points: l1_penalty and l2_penalty 18 each, gradients 22 and 20, elastic net 22."""

import numpy as np
import pytest

SHAPES = [(3, 4), (5,), (2, 3, 2, 2)]
both_dtypes = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def weights_of(rng, shapes=SHAPES, dtype=np.float64):
    return [rng.normal(size=shape).astype(dtype) for shape in shapes]


def integers(rng):
    """An array of integers and a list of them."""
    return [rng.integers(1, 9, size=(2, 3)) * rng.choice([-1, 1], size=(2, 3)), rng.integers(1, 9, size=4).tolist()]


def some_strength(rng):
    return float(rng.uniform(0.1, 0.4))


def some_ratio(rng):
    return float(rng.uniform(0.2, 0.4))


@pytest.mark.points(10)
@pytest.mark.hint("Sum the magnitudes of every element of every array, then multiply by strength.")
@both_dtypes
def test_l1_penalty(agree, rng, dtype):
    """The L1 penalty of several {dtype} arrays."""
    agree("l1_penalty", weights_of(rng, dtype=dtype), some_strength(rng))


@pytest.mark.points(4)
@pytest.mark.hint("Positive and negative weights do not cancel.")
def test_l1_penalty_of_one_array(agree, rng):
    """The L1 penalty of a single matrix."""
    agree("l1_penalty", weights_of(rng, [(4, 3)]), some_strength(rng))


@pytest.mark.points(2)
@pytest.mark.hint("np.asarray makes an array of a list; integers count as float64.")
def test_l1_penalty_of_integers(agree, rng):
    """The L1 penalty of integers and lists."""
    agree("l1_penalty", integers(rng), some_strength(rng))


@pytest.mark.points(2)
@pytest.mark.hint("Operators like *= and out= write into the caller's arrays.")
@pytest.mark.reveals("modified_in_place")
def test_l1_penalty_leaves_weights_alone(agree, rng):
    """The L1 penalty does not modify the weights."""
    agree("inputs_after", "l1_penalty", weights_of(rng), some_strength(rng))


@pytest.mark.points(10)
@pytest.mark.hint("Sum the squares of every element of every array, then multiply by strength.")
@both_dtypes
def test_l2_penalty(agree, rng, dtype):
    """The L2 penalty of several {dtype} arrays."""
    agree("l2_penalty", weights_of(rng, dtype=dtype), some_strength(rng))


@pytest.mark.points(4)
@pytest.mark.hint("strength · Σw²: neither root, nor mean, nor ½.")
def test_l2_penalty_of_one_array(agree, rng):
    """The L2 penalty of a single matrix; a strength of 0 is allowed."""
    agree("l2_penalty", weights_of(rng, [(4, 3)]), some_strength(rng))
    agree("l2_penalty", weights_of(rng, [(4, 3)]), 0.0)


@pytest.mark.points(2)
@pytest.mark.hint("np.asarray makes an array of a list; integers count as float64.")
def test_l2_penalty_of_integers(agree, rng):
    """The L2 penalty of integers and lists."""
    agree("l2_penalty", integers(rng), some_strength(rng))


@pytest.mark.points(2)
@pytest.mark.hint("Operators like *= and out= write into the caller's arrays.")
@pytest.mark.reveals("modified_in_place")
def test_l2_penalty_leaves_weights_alone(agree, rng):
    """The L2 penalty does not modify the weights."""
    agree("inputs_after", "l2_penalty", weights_of(rng), some_strength(rng))


@pytest.mark.points(10)
@pytest.mark.hint("The slope of |w| is 1 on the right and −1 on the left: one array for each array of weights.")
@both_dtypes
def test_l1_gradient(agree, rng, dtype):
    """The gradient of the L1 penalty in several {dtype} arrays."""
    agree("l1_gradient", weights_of(rng, dtype=dtype), some_strength(rng))


@pytest.mark.points(6)
@pytest.mark.hint("A weight of 0 stays where it is.")
def test_l1_gradient_at_zero(agree, rng):
    """The gradient of the L1 penalty is 0 where the weight is 0."""
    weights = weights_of(rng, [(3, 4), (6,)])
    weights[0][rng.integers(3), rng.integers(4)] = 0.0
    weights[1][rng.permutation(6)[:2]] = 0.0
    agree("l1_gradient", weights, some_strength(rng))


@pytest.mark.points(3)
@pytest.mark.hint("An array of integers cannot hold a gradient: convert to float64 first.")
def test_l1_gradient_of_integers(agree, rng):
    """The gradient of the L1 penalty in integers and lists."""
    agree("l1_gradient", integers(rng), some_strength(rng))


@pytest.mark.points(3)
@pytest.mark.hint("Operators like *= and out= write into the caller's arrays.")
@pytest.mark.reveals("modified_in_place")
def test_l1_gradient_leaves_weights_alone(agree, rng):
    """The gradient of the L1 penalty does not modify the weights."""
    agree("inputs_after", "l1_gradient", weights_of(rng), some_strength(rng))


@pytest.mark.points(14)
@pytest.mark.hint("Derive strength · w² in w, without leaving anything out.")
@both_dtypes
def test_l2_gradient(agree, rng, dtype):
    """The gradient of the L2 penalty in several {dtype} arrays."""
    agree("l2_gradient", weights_of(rng, dtype=dtype), some_strength(rng))


@pytest.mark.points(3)
@pytest.mark.hint("An array of integers cannot hold a gradient: convert to float64 first.")
def test_l2_gradient_of_integers(agree, rng):
    """The gradient of the L2 penalty in integers and lists."""
    agree("l2_gradient", integers(rng), some_strength(rng))


@pytest.mark.points(3)
@pytest.mark.hint("Operators like *= and out= write into the caller's arrays.")
@pytest.mark.reveals("modified_in_place")
def test_l2_gradient_leaves_weights_alone(agree, rng):
    """The gradient of the L2 penalty does not modify the weights."""
    agree("inputs_after", "l2_gradient", weights_of(rng), some_strength(rng))


@pytest.mark.points(10)
@pytest.mark.hint("strength multiplies both parts, l1_ratio the L1 part and 1 − l1_ratio the L2 part.")
@both_dtypes
def test_elastic_net(agree, rng, dtype):
    """The elastic net mixes both penalties of several {dtype} arrays."""
    agree("elastic_net_penalty", weights_of(rng, dtype=dtype), some_strength(rng), some_ratio(rng))


@pytest.mark.points(6)
@pytest.mark.hint("At the ends of the range one of the two parts is left.")
@pytest.mark.parametrize("l1_ratio", [0.0, 1.0])
def test_elastic_net_at_the_ends(agree, rng, l1_ratio):
    """The elastic net with l1_ratio = {l1_ratio} is one of the two penalties."""
    agree("elastic_net_penalty", weights_of(rng, [(4, 3), (5,)]), some_strength(rng), l1_ratio)


@pytest.mark.points(1)
@pytest.mark.hint("np.asarray makes an array of a list; integers count as float64.")
def test_elastic_net_of_integers(agree, rng):
    """The elastic net of integers and lists."""
    agree("elastic_net_penalty", integers(rng), some_strength(rng), some_ratio(rng))


@pytest.mark.points(2)
@pytest.mark.hint("Operators like *= and out= write into the caller's arrays.")
@pytest.mark.reveals("modified_in_place")
def test_elastic_net_leaves_weights_alone(agree, rng):
    """The elastic net does not modify the weights."""
    agree("inputs_after", "elastic_net_penalty", weights_of(rng), some_strength(rng), some_ratio(rng))


@pytest.mark.points(3)
@pytest.mark.hint("A share lies between 0 and 1.")
@pytest.mark.parametrize("l1_ratio", [-0.2, 1.5])
def test_l1_ratio_out_of_range(agree, rng, l1_ratio):
    """An l1_ratio of {l1_ratio} raises ValueError."""
    agree("elastic_net_penalty", weights_of(rng), some_strength(rng), l1_ratio)
