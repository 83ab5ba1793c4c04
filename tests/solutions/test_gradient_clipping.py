"""The clipping reference against PyTorch's clipping and norms, and its edge cases."""

import numpy as np
import pytest
import torch

DTYPES = [np.float32, np.float64]
SHAPES = [(3, 4), (4,), (2, 1, 3, 3), (0,)]


def example(dtype):
    rng = np.random.default_rng(0)
    grads = [rng.normal(0, 3, shape).astype(dtype) for shape in SHAPES]
    for g in grads:
        g.flags.writeable = False
    return grads


def parameters(grads):
    made = []
    for g in grads:
        parameter = torch.zeros(g.shape, dtype=torch.tensor(g).dtype, requires_grad=True)
        parameter.grad = torch.tensor(g)
        made.append(parameter)
    return made


@pytest.mark.parametrize("limit", [0.0, 0.5, 2, np.float64(1.5), 100.0, float("inf")])
@pytest.mark.parametrize("dtype", DTYPES)
def test_clip_by_value_equals_torch(reference, dtype, limit):
    grads = example(dtype)
    expected = parameters(grads)
    torch.nn.utils.clip_grad_value_(expected, float(limit))
    got = reference.clip_by_value(grads, limit)
    assert isinstance(got, list)
    for g, parameter in zip(got, expected, strict=True):
        assert g.dtype == dtype
        assert g.shape == tuple(parameter.shape)
        np.testing.assert_array_equal(g, parameter.grad.numpy())


@pytest.mark.parametrize("max_norm", [0.0, 0.1, 1, np.float64(5.0), 1e3, float("inf")])
@pytest.mark.parametrize("dtype", DTYPES)
def test_clip_by_global_norm_equals_torch(reference, dtype, max_norm):
    grads = example(dtype)
    tensors = [torch.tensor(g) for g in grads]
    total = torch.nn.utils.get_total_norm(tensors).item()
    clipped, norm = reference.clip_by_global_norm(grads, max_norm)
    rtol = 1e-5 if dtype == np.float32 else 1e-12
    assert np.ndim(norm) == 0
    assert norm.dtype == dtype
    np.testing.assert_allclose(norm, total, rtol=rtol)
    for g, tensor in zip(clipped, tensors, strict=True):
        assert g.dtype == dtype
        assert g.shape == tuple(tensor.shape)
        np.testing.assert_allclose(g, (tensor * min(1.0, float(max_norm) / total)).numpy(), rtol=rtol)


def test_the_norm_after_clipping_is_exactly_the_bound(reference):
    clipped, _ = reference.clip_by_global_norm([np.array([3e-4]), np.array([-4e-4])], 1e-6)
    assert np.sqrt(sum((g**2).sum() for g in clipped)) == pytest.approx(1e-6, rel=1e-12)
    assert [g.item() for g in clipped] == pytest.approx([0.6e-6, -0.8e-6], rel=1e-12)


@pytest.mark.parametrize("max_norm", [5.0, 5.1])
def test_small_gradients_keep_their_values(reference, max_norm):
    grads = [np.array([3.0]), np.array([-4.0])]
    clipped, norm = reference.clip_by_global_norm(grads, max_norm)
    assert norm == 5
    assert [g.tolist() for g in clipped] == [[3], [-4]]
    assert not any(np.shares_memory(a, b) for a, b in zip(clipped, grads, strict=True))


@pytest.mark.parametrize("max_norm", [0.0, 1.0])
def test_zero_gradients_stay_zero(reference, max_norm):
    with np.errstate(all="raise"):
        clipped, norm = reference.clip_by_global_norm([np.zeros(3), np.zeros((2, 2))], max_norm)
    assert norm == 0
    assert [g.tolist() for g in clipped] == [[0, 0, 0], [[0, 0], [0, 0]]]


def test_integers_lists_and_nothing(reference):
    clipped, norm = reference.clip_by_global_norm([[3], np.array([4])], 2.5)
    assert norm == 5
    assert [g.tolist() for g in clipped] == [[1.5], [2.0]]
    assert [(g.dtype, g.tolist()) for g in reference.clip_by_value([[3, -3, 1]], 1.5)] == [(np.float64, [1.5, -1.5, 1])]
    assert reference.clip_by_value([], 1.0) == []
    assert reference.clip_by_global_norm([], 1.0) == ([], 0)


def test_each_array_keeps_its_dtype(reference):
    grads = [np.ones(2, np.float32), np.ones(2, np.float64)]
    for clipped in (reference.clip_by_value(grads, 0.1), reference.clip_by_global_norm(grads, 0.1)[0]):
        assert [g.dtype for g in clipped] == [np.float32, np.float64]


@pytest.mark.parametrize("bound", [-1.0, -1e-9])
def test_negative_bounds_raise(reference, bound):
    with pytest.raises(ValueError, match="limit"):
        reference.clip_by_value([np.ones(2)], bound)
    with pytest.raises(ValueError, match="max_norm"):
        reference.clip_by_global_norm([np.ones(2)], bound)
