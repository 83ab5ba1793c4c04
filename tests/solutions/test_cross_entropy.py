"""The cross-entropy reference against PyTorch's own and against closed forms."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F


def example(dtype, scale=3.0):
    rng = np.random.default_rng(0)
    logits, targets = rng.normal(0, scale, (6, 4)).astype(dtype), rng.integers(0, 4, 6)
    logits.flags.writeable = targets.flags.writeable = False
    return logits, targets


@pytest.mark.parametrize("scale", [1.0, 50.0, 1000.0])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_loss_and_gradient_equal_torch(reference, dtype, scale):
    logits, targets = example(dtype, scale)
    z = torch.tensor(logits, requires_grad=True)
    loss = F.cross_entropy(z, torch.tensor(targets))
    loss.backward()
    got, grad = reference.cross_entropy(logits, targets), reference.cross_entropy_backward(logits, targets)
    rtol = 1e-5 if dtype == np.float32 else 1e-12
    assert np.ndim(got) == 0
    assert got.dtype == dtype
    assert grad.dtype == dtype
    assert grad.shape == (6, 4)
    np.testing.assert_allclose(got, loss.detach().numpy(), rtol=rtol)
    np.testing.assert_allclose(grad, z.grad.numpy(), rtol=rtol, atol=rtol * 0.1)


def test_gradient_equals_central_differences(reference):
    logits, targets = example(np.float64)
    numeric = np.zeros_like(logits)
    for index in np.ndindex(*logits.shape):
        step = np.zeros_like(logits)
        step[index] = 1e-6
        difference = reference.cross_entropy(logits + step, targets) - reference.cross_entropy(logits - step, targets)
        numeric[index] = difference / 2e-6
    np.testing.assert_allclose(reference.cross_entropy_backward(logits, targets), numeric, atol=1e-8)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_far_apart_logits_stay_finite(reference, dtype):
    logits = np.array([[-1000.0, 1000.0], [1000.0, -1000.0]], dtype)
    assert reference.cross_entropy(logits, [0, 0]) == 1000
    np.testing.assert_array_equal(reference.cross_entropy_backward(logits, [0, 0]), [[-0.5, 0.5], [0, 0]])


def test_equal_logits_cost_the_log_of_the_number_of_classes(reference):
    got = reference.cross_entropy([[7, 7, 7]], [2])
    assert got.dtype == np.float64
    assert got == pytest.approx(np.log(3))
    assert reference.cross_entropy_backward([[7, 7, 7]], [2]).tolist()[0] == pytest.approx([1 / 3, 1 / 3, -2 / 3])


@pytest.mark.parametrize("dtype", [np.uint8, np.int32])
def test_any_integer_dtype_serves_as_target(reference, dtype):
    logits, targets = example(np.float64)
    assert reference.cross_entropy(logits, targets.astype(dtype)) == reference.cross_entropy(logits, targets)


@pytest.mark.parametrize("name", ["cross_entropy", "cross_entropy_backward"])
@pytest.mark.parametrize(
    ("logits", "targets", "message"),
    [
        (np.ones(3), [0], "logits"),
        (np.ones((0, 3)), np.zeros(0, int), "at least 1"),
        (np.ones((2, 3)), [0], "shape"),
        (np.ones((2, 3)), np.eye(2, 3, dtype=int), "shape"),
        (np.ones((2, 3)), [0.0, 1.0], "integers"),
        (np.ones((2, 3)), [0, 3], r"0\.\.2"),
        (np.ones((2, 3)), [-1, 0], r"0\.\.2"),
    ],
)
def test_bad_arguments_raise(reference, name, logits, targets, message):
    with pytest.raises(ValueError, match=message):
        getattr(reference, name)(logits, targets)
