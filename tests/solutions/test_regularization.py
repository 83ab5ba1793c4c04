"""The penalties against PyTorch's norms, their gradients against autograd."""

import numpy as np
import pytest
import torch

DTYPES = [np.float32, np.float64]
SHAPES = [(3, 4), (4,), (2, 1, 3, 3), (0,), ()]


def example(dtype):
    rng = np.random.default_rng(0)
    weights = [np.asarray(rng.normal(size=shape), dtype) for shape in SHAPES]
    weights[0][1, 2] = 0
    for w in weights:
        w.flags.writeable = False
    return weights


def torch_penalty(tensors, strength, l1_ratio):
    flat = torch.cat([t.flatten() for t in tensors])
    return strength * (l1_ratio * flat.norm(1) + (1 - l1_ratio) * flat @ flat)


@pytest.mark.parametrize("strength", [0.0, 0.01, np.float64(2.5)])
@pytest.mark.parametrize("dtype", DTYPES)
def test_penalties_equal_torch(reference, dtype, strength):
    weights = example(dtype)
    tensors = [torch.tensor(w) for w in weights]
    rtol = 1e-5 if dtype == np.float32 else 1e-12
    got = {
        1.0: reference.l1_penalty(weights, strength),
        0.0: reference.l2_penalty(weights, strength),
        0.3: reference.elastic_net_penalty(weights, strength, np.float64(0.3)),
    }
    for ratio, penalty in got.items():
        assert np.ndim(penalty) == 0
        assert penalty.dtype == dtype
        np.testing.assert_allclose(penalty, torch_penalty(tensors, float(strength), ratio), rtol=rtol)


@pytest.mark.parametrize(("name", "ratio"), [("l1_gradient", 1.0), ("l2_gradient", 0.0)])
@pytest.mark.parametrize("dtype", DTYPES)
def test_gradients_equal_autograd(reference, dtype, name, ratio):
    weights = example(dtype)
    tensors = [torch.tensor(w, requires_grad=True) for w in weights]
    torch_penalty(tensors, 0.3, ratio).backward()
    got = getattr(reference, name)(weights, np.float64(0.3))
    assert isinstance(got, list)
    assert len(got) == len(weights)
    for grad, tensor in zip(got, tensors, strict=True):
        assert grad.dtype == dtype
        assert grad.shape == tuple(tensor.shape)
        np.testing.assert_allclose(grad, tensor.grad.numpy(), rtol=1e-6)


def test_l1_gradient_is_zero_at_zero(reference):
    assert reference.l1_gradient([np.array([-2.0, 0.0, 2.0])], 0.5)[0].tolist() == [-0.5, 0, 0.5]


def test_elastic_net_ends_in_l1_and_l2(reference):
    weights = example(np.float64)
    assert reference.elastic_net_penalty(weights, 0.7, 1) == pytest.approx(reference.l1_penalty(weights, 0.7))
    assert reference.elastic_net_penalty(weights, 0.7, 0) == pytest.approx(reference.l2_penalty(weights, 0.7))


def test_integers_lists_and_nothing(reference):
    weights = [[1, -2], np.array([[3]])]
    assert reference.l1_penalty(weights, 2) == 12
    assert reference.l2_penalty(weights, 2) == 28
    assert reference.elastic_net_penalty(weights, 2, 0.5) == 20
    assert [g.dtype for g in reference.l1_gradient(weights, 1) + reference.l2_gradient(weights, 1)] == [np.float64] * 4
    assert reference.l1_penalty([], 1.0) == reference.l2_penalty([], 1.0) == 0
    assert reference.elastic_net_penalty([], 1.0, 0.5) == 0
    assert reference.l1_gradient([], 1.0) == reference.l2_gradient([], 1.0) == []


@pytest.mark.parametrize("dtypes", [(np.float32, np.float64), (np.float64, np.float32)])
def test_each_gradient_keeps_the_dtype_of_its_array(reference, dtypes):
    weights = [np.ones(2, dtype) for dtype in dtypes]
    for name in ("l1_gradient", "l2_gradient"):
        assert tuple(g.dtype for g in getattr(reference, name)(weights, 0.1)) == dtypes


@pytest.mark.parametrize("name", ["l1_penalty", "l2_penalty", "l1_gradient", "l2_gradient"])
def test_negative_strength_raises(reference, name):
    with pytest.raises(ValueError, match="strength"):
        getattr(reference, name)([np.ones(2)], -0.1)


def test_bad_elastic_net_arguments_raise(reference):
    with pytest.raises(ValueError, match="strength"):
        reference.elastic_net_penalty([np.ones(2)], -0.1, 0.5)
    for ratio in (-0.1, 1.1):
        with pytest.raises(ValueError, match="l1_ratio"):
            reference.elastic_net_penalty([np.ones(2)], 0.1, ratio)
