"""The hidden suite of softmax. Points: softmax 50, its Jacobian 25, its backward pass 25."""

import numpy as np
import pytest

FAR_APART = np.array([0.0, -1000.0, 1000.0, 1000.0])  # the scores of one slice

softmax_only = pytest.mark.not_allowed("scipy.special.softmax")


@softmax_only
@pytest.mark.points(10)
@pytest.mark.hint("Divide the exponentials by their sum along the last axis, keeping that axis.")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_rows_of_a_matrix(agree, rng, dtype):
    """Each row of a {dtype} matrix becomes a probability distribution."""
    agree("softmax", rng.normal(size=(4, 4)).astype(dtype))
    agree("softmax", rng.normal(size=(4, 5)).astype(dtype))


@softmax_only
@pytest.mark.points(6)
@pytest.mark.hint("Nothing in softmax needs two dimensions: let `axis` do the work.")
def test_vector(agree, rng):
    """A 1-D input works."""
    agree("softmax", rng.normal(size=7))


@softmax_only
@pytest.mark.points(10)
@pytest.mark.hint("Pass `axis` on to every reduction, with keepdims=True.")
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_axis(agree, rng, axis):
    """Probabilities sum to one along axis {axis} of a 3-D array."""
    agree("softmax", rng.normal(size=(3, 4, 5)), axis=axis)


@softmax_only
@pytest.mark.points(8)
@pytest.mark.hint("exp overflows above 709. Subtracting a constant from a row does not change its softmax.")
def test_large_scores(agree, rng):
    """Scores in the thousands neither overflow nor underflow to 0/0."""
    agree("softmax", rng.normal(size=(3, 4)) + 1000.0)
    agree("softmax", rng.normal(size=(3, 4)) - 1000.0)
    agree("softmax", rng.normal(size=(3, 4)) + FAR_APART)


@softmax_only
@pytest.mark.points(7)
@pytest.mark.hint("The largest value of the whole array is not the largest of each row.")
def test_far_apart_rows(agree, rng):
    """Rows that lie far apart each sum to one."""
    agree("softmax", rng.normal(size=(3, 4)) + np.array([[-2000.0], [0.0], [2000.0]]))


@softmax_only
@pytest.mark.points(4)
@pytest.mark.hint("An array of integers cannot hold probabilities: convert to float64 first.")
def test_integers_are_promoted(agree, rng):
    """Integers and lists are promoted to float64."""
    agree("softmax", rng.integers(-3, 4, size=(3, 4)))
    agree("softmax", rng.integers(-3, 4, size=5).tolist())


@softmax_only
@pytest.mark.points(3)
@pytest.mark.hint("`x -= …` and `out=x` write into the caller's array.")
@pytest.mark.reveals("modified_in_place")
def test_input_is_left_alone(agree, rng):
    """The input of softmax keeps its values."""
    agree("inputs_after", "softmax", rng.normal(size=(3, 4)))


@softmax_only
@pytest.mark.points(2)
@pytest.mark.hint("NumPy's own error for an axis out of range is a ValueError.")
def test_axis_out_of_range(agree, rng):
    """An axis that the array does not have is refused."""
    agree("softmax", rng.normal(size=(2, 3)), axis=2, any_error=True)


@pytest.mark.points(15)
@pytest.mark.hint("Every output depends on every input: J = diag(s) − s sᵀ, a full matrix.")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_jacobian(agree, rng, dtype):
    """The {dtype} Jacobian holds ∂s_i/∂x_j for every pair i, j."""
    agree("softmax_jacobian", rng.normal(size=5).astype(dtype))


@pytest.mark.points(6)
@pytest.mark.hint("The softmax inside the Jacobian needs the same care as the function itself.")
def test_jacobian_large_scores(agree, rng):
    """The Jacobian stays finite for scores in the thousands."""
    agree("softmax_jacobian", rng.normal(size=4) + 1000.0)
    agree("softmax_jacobian", rng.normal(size=4) + FAR_APART)


@pytest.mark.points(4)
@pytest.mark.hint("An array of integers cannot hold derivatives: the Jacobian is float64.")
def test_jacobian_of_integers(agree, rng):
    """The Jacobian of integer scores is float64."""
    agree("softmax_jacobian", rng.integers(-3, 4, size=4))


def gradient_and_output(reference, rng, shape, axis, dtype=np.float64):
    output = reference.softmax(rng.normal(size=shape).astype(dtype), axis=axis)
    return rng.normal(size=shape).astype(dtype), output


@pytest.mark.points(12)
@pytest.mark.hint("∂L/∂x = s ⊙ (g − Σ g⊙s), the sum running along `axis` with keepdims=True.")
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_backward(agree, reference, rng, axis):
    """The backward pass along axis {axis} of a 3-D array."""
    agree("softmax_backward", *gradient_and_output(reference, rng, (3, 4, 5), axis), axis=axis)


@pytest.mark.points(6)
@pytest.mark.hint("The default axis is the last one, and float32 answers in float32.")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_backward_default_axis(agree, reference, rng, dtype):
    """The backward pass of a {dtype} vector and matrix along the last axis."""
    agree("softmax_backward", *gradient_and_output(reference, rng, (6,), -1, dtype))
    agree("softmax_backward", *gradient_and_output(reference, rng, (4, 4), -1, dtype))
    agree("softmax_backward", *gradient_and_output(reference, rng, (4, 5), -1, dtype))


@pytest.mark.points(4)
@pytest.mark.hint("Work on copies: `grad_output -= …` writes into the caller's array.")
@pytest.mark.reveals("modified_in_place")
def test_backward_leaves_inputs_alone(agree, reference, rng):
    """Neither argument of the backward pass is modified."""
    agree("inputs_after", "softmax_backward", *gradient_and_output(reference, rng, (3, 4), -1))


@pytest.mark.points(3)
def test_backward_shapes(agree, rng):
    """A gradient and an output of different shapes are refused."""
    agree("softmax_backward", rng.normal(size=(2, 3)), rng.normal(size=(3, 2)), any_error=True)
