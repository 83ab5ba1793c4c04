"""The hidden suite of feature fusion. Points: EarlyFusion 34, LateFusion 30, GatedFusion 36."""

import pytest
import torch

ROWS, HIDDEN, CLASSES, DIM = 4, 5, 6, 4
both_dtypes = pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])


def tensor(rng, *shape, dtype=torch.float64):
    return torch.from_numpy(rng.normal(size=shape)).to(dtype)


def linear(rng, name, inputs, outputs, dtype):
    return {
        f"{name}.weight": tensor(rng, outputs, inputs, dtype=dtype),
        f"{name}.bias": tensor(rng, outputs, dtype=dtype),
    }


def early(rng, dim_a, dim_b, dtype=torch.float64):
    """Sizes, parameters, a and b."""
    hidden = linear(rng, "hidden", dim_a + dim_b, HIDDEN, dtype)
    parameters = {**hidden, **linear(rng, "head", HIDDEN, CLASSES, dtype)}
    return [dim_a, dim_b, HIDDEN, CLASSES], parameters, *features(rng, dim_a, dim_b, dtype)


def late(rng, dim_a, dim_b, dtype=torch.float64):
    parameters = {**linear(rng, "head_a", dim_a, CLASSES, dtype), **linear(rng, "head_b", dim_b, CLASSES, dtype)}
    return [dim_a, dim_b, CLASSES], parameters, *features(rng, dim_a, dim_b, dtype)


def gated(rng, dim_a, dim_b, dtype=torch.float64):
    parameters = {
        **linear(rng, "proj_a", dim_a, DIM, dtype),
        **linear(rng, "proj_b", dim_b, DIM, dtype),
        **linear(rng, "gate", 2 * DIM, DIM, dtype),
    }
    return [dim_a, dim_b, DIM], parameters, *features(rng, dim_a, dim_b, dtype)


def features(rng, dim_a, dim_b, dtype):
    return tensor(rng, ROWS, dim_a, dtype=dtype), tensor(rng, ROWS, dim_b, dtype=dtype)


@pytest.mark.points(10)
@pytest.mark.hint("Join a and b to (N, dim_a + dim_b), then hidden, ReLU and head.")
@both_dtypes
def test_early(agree, rng, dtype):
    """EarlyFusion joins features of different widths, then classifies them."""
    agree("early_output", *early(rng, 3, 2, dtype))


@pytest.mark.points(6)
@pytest.mark.hint("Two vectors of one width are joined like any others: side by side.")
def test_early_with_equal_widths(agree, rng):
    """EarlyFusion joins features of the same width, also of one example."""
    sizes, parameters, a, b = early(rng, 3, 3)
    agree("early_output", sizes, parameters, a, b)
    agree("early_output", sizes, parameters, a[:1], b[:1])


@pytest.mark.points(4)
@pytest.mark.hint("Print the shapes: each row of hidden's input holds all features of one example.")
def test_early_shapes(agree, rng):
    """In EarlyFusion every layer is given what it can take, and the output is (N, K)."""
    agree("early_shape", *early(rng, 3, 3))


@pytest.mark.points(6)
@pytest.mark.hint("Everything takes part: a, b, hidden and head.")
def test_early_gradients(agree, rng):
    """Gradients reach both inputs and every parameter of EarlyFusion."""
    agree("early_gradients", *early(rng, 3, 2))


@pytest.mark.points(4)
@pytest.mark.hint("hidden takes dim_a + dim_b features.")
def test_early_parameters(agree, rng):
    """EarlyFusion has the parameters of hidden and head, and no others."""
    sizes, parameters, _, _ = early(rng, 3, 2)
    agree("early_parameters", sizes, list(parameters))


@pytest.mark.points(2)
@pytest.mark.hint("`a += …` and methods that end in an underscore write into the caller's tensor.")
def test_early_leaves_inputs_alone(agree, rng):
    """EarlyFusion modifies neither a nor b."""
    agree("early_output", *early(rng, 3, 3), part="arguments after the call")


@pytest.mark.points(2)
@pytest.mark.hint("Both tensors describe the same N examples, one a row.")
def test_early_rows(agree, rng):
    """EarlyFusion is refused where a and b have different numbers of rows."""
    sizes, parameters, a, b = early(rng, 3, 2)
    agree("early_output", sizes, parameters, a, b[:-1], any_error=True)


@pytest.mark.points(12)
@pytest.mark.hint("Each source gets its own head and its own softmax; the output is the mean of the two.")
@both_dtypes
def test_late(agree, rng, dtype):
    """LateFusion averages the probabilities of two classifiers."""
    agree("late_output", *late(rng, 3, 2, dtype))


@pytest.mark.points(5)
@pytest.mark.hint("head_a sees a alone, head_b sees b alone.")
def test_late_with_equal_widths(agree, rng):
    """LateFusion takes features of the same width, of a single feature each, also of one example."""
    sizes, parameters, a, b = late(rng, 1, 1)
    agree("late_output", sizes, parameters, a, b)
    agree("late_output", sizes, parameters, a[:1], b[:1])


@pytest.mark.points(2)
@pytest.mark.hint("exp overflows above 709. Subtracting the largest logit of a row does not change its softmax.")
def test_late_with_large_logits(agree, rng):
    """LateFusion stays finite with logits in the thousands."""
    sizes, parameters, a, b = late(rng, 3, 2)
    parameters["head_a.bias"] += 2000.0
    agree("late_output", sizes, parameters, a, b)


@pytest.mark.points(5)
@pytest.mark.hint("Both heads take part, on a path of torch operations to the output.")
def test_late_gradients(agree, rng):
    """Gradients reach both inputs and every parameter of LateFusion."""
    # Relative to the largest value: 1e-8 in the divisor of the softmax is right.
    agree("late_gradients", *late(rng, 3, 2), atol=1e-7)


@pytest.mark.points(3)
@pytest.mark.hint("Each head maps the features of its source to the K classes.")
def test_late_parameters(agree, rng):
    """LateFusion has the parameters of head_a and head_b, and no others."""
    sizes, parameters, _, _ = late(rng, 3, 2)
    agree("late_parameters", sizes, list(parameters))


@pytest.mark.points(1)
@pytest.mark.hint("`a += …` and methods that end in an underscore write into the caller's tensor.")
def test_late_leaves_inputs_alone(agree, rng):
    """LateFusion modifies neither a nor b."""
    agree("late_output", *late(rng, 3, 3), part="arguments after the call")


@pytest.mark.points(2)
@pytest.mark.hint("Both tensors describe the same N examples, one a row.")
def test_late_rows(agree, rng):
    """LateFusion is refused where a and b have different numbers of rows."""
    sizes, parameters, a, b = late(rng, 3, 2)
    agree("late_output", sizes, parameters, a, b[:-1], any_error=True)


@pytest.mark.points(12)
@pytest.mark.hint("p = proj_a(a), q = proj_b(b), g = σ(gate([p, q])): the output is g·p + (1 − g)·q.")
@both_dtypes
def test_gated(agree, rng, dtype):
    """GatedFusion mixes the projected features by a learned gate."""
    agree("gated_output", *gated(rng, 3, 2, dtype))


@pytest.mark.points(5)
@pytest.mark.hint("Each source has its own projection, also where they have the same width.")
def test_gated_with_equal_widths(agree, rng):
    """GatedFusion takes features of the same width, also of one example."""
    sizes, parameters, a, b = gated(rng, DIM, DIM)
    agree("gated_output", sizes, parameters, a, b)
    agree("gated_output", sizes, parameters, a[:1], b[:1])


@pytest.mark.points(4)
@pytest.mark.hint("Print the shapes: each row of the gate's input holds both projections of one example.")
def test_gated_shapes(agree, rng):
    """In GatedFusion every layer is given what it can take, and the output is (N, dim)."""
    agree("gated_shape", *gated(rng, 3, 2))


@pytest.mark.points(7)
@pytest.mark.hint("The projections get their gradient by two ways: directly and through the gate.")
def test_gated_gradients(agree, rng):
    """Gradients reach both inputs and every parameter of GatedFusion."""
    agree("gated_gradients", *gated(rng, 3, 2))


@pytest.mark.points(4)
@pytest.mark.hint("gate maps both projections together, 2·dim features, to dim.")
def test_gated_parameters(agree, rng):
    """GatedFusion has the parameters of proj_a, proj_b and gate, and no others."""
    sizes, parameters, _, _ = gated(rng, 3, 2)
    agree("gated_parameters", sizes, list(parameters))


@pytest.mark.points(2)
@pytest.mark.hint("`a += …` and methods that end in an underscore write into the caller's tensor.")
def test_gated_leaves_inputs_alone(agree, rng):
    """GatedFusion modifies neither a nor b."""
    agree("gated_output", *gated(rng, 3, 2), part="arguments after the call")


@pytest.mark.points(2)
@pytest.mark.hint("Both tensors describe the same N examples, one a row.")
def test_gated_rows(agree, rng):
    """GatedFusion is refused where a and b have different numbers of rows."""
    sizes, parameters, a, b = gated(rng, 3, 2)
    agree("gated_output", sizes, parameters, a, b[:-1], any_error=True)
