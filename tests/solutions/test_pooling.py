"""The pooling reference against torch.nn.functional and its autograd, and by hand where windows tie."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

# (N, C, H, W), kernel_size, stride
CASES = [
    ((2, 3, 6, 8), 2, None),
    ((2, 2, 7, 5), 2, None),
    ((1, 2, 6, 7), 3, 1),
    ((2, 1, 8, 7), 3, 2),
    ((1, 1, 7, 8), 2, 3),
    ((1, 2, 3, 4), 1, None),
    ((2, 2, 3, 3), 3, None),
]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_all_three_equal_torch(reference, case, dtype):
    shape, kernel_size, stride = case
    rng = np.random.default_rng(0)
    x = (rng.normal(size=shape) - 3).astype(dtype)
    rtol = 1e-5 if dtype == np.float32 else 1e-12
    leaf = torch.tensor(x, requires_grad=True)
    expected = F.max_pool2d(leaf, kernel_size, stride)

    pooled = reference.max_pool2d(x, kernel_size, stride)
    np.testing.assert_array_equal(pooled, expected.detach().numpy())
    mean = reference.avg_pool2d(x, kernel_size, stride)
    np.testing.assert_allclose(mean, F.avg_pool2d(torch.tensor(x), kernel_size, stride).numpy(), rtol=rtol)
    grad_output = rng.normal(size=expected.shape).astype(dtype)
    grad_x = reference.max_pool2d_backward(grad_output, x, kernel_size, stride)
    (expected_grad,) = torch.autograd.grad(expected, leaf, torch.tensor(grad_output))
    np.testing.assert_allclose(grad_x, expected_grad.numpy(), rtol=rtol, atol=rtol)
    assert pooled.dtype == mean.dtype == grad_x.dtype == dtype


def test_a_tie_goes_to_the_first_maximum(reference):
    grad_output = np.arange(1.0, 5.0).reshape(1, 1, 2, 2)
    apart = reference.max_pool2d_backward(grad_output, np.zeros((1, 1, 4, 4)), 2)
    np.testing.assert_array_equal(apart[0, 0], [[1, 0, 2, 0], [0, 0, 0, 0], [3, 0, 4, 0], [0, 0, 0, 0]])
    x = np.array([[[[0, 1, 0], [1, 1, 1], [0, 1, 0]]]])
    overlapping = reference.max_pool2d_backward(grad_output, x, 2, 1)
    np.testing.assert_array_equal(overlapping[0, 0], [[0, 3, 0], [3, 4, 0], [0, 0, 0]])


def test_overlapping_windows_add_up(reference):
    x = np.zeros((1, 1, 3, 3))
    x[0, 0, 1, 1] = 5
    got = reference.max_pool2d_backward(np.array([[[[1.0, 2.0], [4.0, 8.0]]]]), x, 2, 1)
    np.testing.assert_array_equal(got[0, 0], [[0, 0, 0], [0, 15, 0], [0, 0, 0]])


def test_integers_and_lists_answer_in_float64(reference):
    x = [[[[1, 2], [3, 5]]]]
    results = [reference.max_pool2d(x, 2), reference.avg_pool2d(x, 2)]
    results.append(reference.max_pool2d_backward([[[[7]]]], x, 2))
    assert [r.dtype for r in results] == [np.float64] * 3
    assert [r.tolist() for r in results] == [[[[[5.0]]]], [[[[2.75]]]], [[[[0.0, 0.0], [0.0, 7.0]]]]]


def test_inputs_stay_as_they_are_and_outputs_are_new(reference):
    x, grad_output = np.arange(16.0).reshape(1, 1, 4, 4), np.ones((1, 1, 4, 4))
    before = x.copy()
    for result in (
        reference.max_pool2d(x, 1),
        reference.avg_pool2d(x, 1),
        reference.max_pool2d_backward(grad_output, x, 1),
    ):
        assert not np.shares_memory(result, x)
        assert not np.shares_memory(result, grad_output)
        result += 1
    np.testing.assert_array_equal(x, before)
    np.testing.assert_array_equal(grad_output, np.ones((1, 1, 4, 4)))


@pytest.mark.parametrize(
    ("shape", "sizes", "message"),
    [
        ((1, 1, 3, 5), (4,), "larger"),
        ((1, 1, 5, 3), (4, 1), "larger"),
        ((1, 1, 3, 3), (0,), "at least 1"),
        ((1, 1, 3, 3), (2, 0), "at least 1"),
        ((1, 1, 3, 3), (2, -1), "at least 1"),
        ((3, 3), (2,), "four dimensions"),
        ((1, 3, 3), (2,), "four dimensions"),
    ],
)
def test_bad_arguments_raise(reference, shape, sizes, message):
    for pool in (reference.max_pool2d, reference.avg_pool2d):
        with pytest.raises(ValueError, match=message):
            pool(np.ones(shape), *sizes)
    with pytest.raises(ValueError, match=message):
        reference.max_pool2d_backward(np.ones((1, 1, 1, 1)), np.ones(shape), *sizes)


def test_a_gradient_of_the_wrong_shape_raises(reference):
    with pytest.raises(ValueError, match="grad_output"):
        reference.max_pool2d_backward(np.ones((1, 1, 3, 3)), np.ones((1, 1, 4, 4)), 2)
