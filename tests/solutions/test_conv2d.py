"""The conv2d reference against torch.nn.functional.conv2d and its autograd."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

# (N, C, H, W), (O, kH, kW), stride, padding
CASES = [
    ((2, 3, 6, 5), (4, 3, 3), 1, 0),
    ((2, 3, 6, 5), (4, 2, 3), 2, 1),
    ((1, 1, 7, 8), (2, 3, 1), 3, 2),
    ((2, 2, 5, 6), (1, 2, 2), 2, 0),
    ((1, 2, 2, 2), (3, 4, 3), 1, 1),
    ((3, 2, 4, 4), (2, 1, 1), 2, 0),
]


def example(case, dtype):
    (n, c, h, w), (o, kh, kw), stride, padding = case
    rng = np.random.default_rng(0)
    x = rng.normal(size=(n, c, h, w)).astype(dtype)
    weight = rng.normal(size=(o, c, kh, kw)).astype(dtype)
    bias = rng.normal(size=o).astype(dtype)
    return x, weight, bias, stride, padding


def tolerance(dtype):
    return {"rtol": 1e-4, "atol": 1e-5} if dtype == np.float32 else {"rtol": 1e-10, "atol": 1e-12}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_forward_equals_torch(reference, case, dtype):
    x, weight, bias, stride, padding = example(case, dtype)
    for b in (bias, None):
        expected = F.conv2d(*map(torch.tensor, (x, weight)), None if b is None else torch.tensor(b), stride, padding)
        got = reference.conv2d(x, weight, b, stride, padding)
        assert got.dtype == dtype
        np.testing.assert_allclose(got, expected.numpy(), **tolerance(dtype))


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_backward_equals_autograd(reference, case, dtype):
    x, weight, bias, stride, padding = example(case, dtype)
    leaves = [torch.tensor(a, requires_grad=True) for a in (x, weight, bias)]
    output = F.conv2d(*leaves, stride, padding)
    grad_output = np.random.default_rng(1).normal(size=output.shape).astype(dtype)
    expected = torch.autograd.grad(output, leaves, torch.tensor(grad_output))
    got = reference.conv2d_backward(grad_output, x, weight, stride, padding)
    for g, e in zip(got, expected, strict=True):
        assert g.dtype == dtype
        assert g.shape == tuple(e.shape)
        np.testing.assert_allclose(g, e.numpy(), **tolerance(dtype))


def test_output_size_counts_the_places(reference):
    for size in range(1, 9):
        for kernel in range(1, 5):
            for stride in range(1, 4):
                for padding in range(3):
                    places = sum(1 for start in range(0, size + 2 * padding - kernel + 1, stride))
                    if places:
                        got = reference.output_size(size, kernel, stride, padding)
                        assert type(got) is int
                        assert got == places
    assert reference.output_size(28, 3) == 26


def test_lists_and_integers_answer_in_float64(reference):
    x, weight = np.arange(9).reshape(1, 1, 3, 3), [[[[1, 0], [0, 1]]]]
    got = reference.conv2d(x, weight)
    assert got.dtype == np.float64
    np.testing.assert_array_equal(got, [[[[4, 6], [10, 12]]]])
    grads = reference.conv2d_backward(np.ones((1, 1, 2, 2), int), x, weight)
    assert [g.dtype for g in grads] == [np.float64] * 3
    np.testing.assert_array_equal(grads[0][0, 0], [[1, 1, 0], [1, 2, 1], [0, 1, 1]])
    np.testing.assert_array_equal(grads[1][0, 0], [[8, 12], [20, 24]])
    np.testing.assert_array_equal(grads[2], [4])


def test_inputs_stay_as_they_are(reference):
    inputs = [np.ones((1, 1, 3, 3)), np.ones((2, 1, 2, 2)), np.ones(2), np.ones((1, 2, 4, 4))]
    before = [a.copy() for a in inputs]
    x, weight, bias, grad_output = inputs
    reference.conv2d(x, weight, bias, padding=1)
    reference.conv2d_backward(grad_output, x, weight, padding=1)
    for a, b in zip(inputs, before, strict=True):
        np.testing.assert_array_equal(a, b)


def test_an_empty_batch_gives_an_empty_output(reference):
    assert reference.conv2d(np.ones((0, 2, 3, 3)), np.ones((4, 2, 2, 2))).shape == (0, 4, 2, 2)


@pytest.mark.parametrize("arguments", [(3, 4), (3, 6, 1, 1), (5, 2, 0), (5, 2, -1), (5, 2, 1, -1), (5, 0), (0, 1)])
def test_bad_sizes_raise(reference, arguments):
    with pytest.raises(ValueError, match=r"at least 1|negative|larger"):
        reference.output_size(*arguments)


@pytest.mark.parametrize(
    ("x", "weight", "options", "message"),
    [
        ((1, 1, 3, 3), (1, 1, 4, 1), {}, "larger"),
        ((1, 1, 3, 3), (1, 1, 1, 4), {}, "larger"),
        ((1, 1, 3, 3), (1, 1, 6, 6), {"padding": 1}, "larger"),
        ((1, 1, 3, 3), (1, 1, 2, 2), {"stride": 0}, "at least 1"),
        ((1, 1, 3, 3), (1, 1, 2, 2), {"padding": -1}, "negative"),
        ((1, 2, 3, 3), (1, 1, 2, 2), {}, "channels"),
        ((2, 3, 3), (1, 2, 2, 2), {}, "four dimensions"),
        ((1, 2, 3, 3), (2, 2, 2), {}, "four dimensions"),
    ],
)
def test_bad_operands_raise(reference, x, weight, options, message):
    with pytest.raises(ValueError, match=message):
        reference.conv2d(np.ones(x), np.ones(weight), **options)
    with pytest.raises(ValueError, match=message):
        reference.conv2d_backward(np.ones((1, 1, 2, 2)), np.ones(x), np.ones(weight), **options)


def test_bad_bias_and_gradient_shapes_raise(reference):
    x, weight = np.ones((1, 1, 3, 3)), np.ones((2, 1, 2, 2))
    with pytest.raises(ValueError, match="bias"):
        reference.conv2d(x, weight, np.ones(1))
    with pytest.raises(ValueError, match="grad_output"):
        reference.conv2d_backward(np.ones((1, 2, 3, 3)), x, weight)
