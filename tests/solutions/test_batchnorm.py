"""The batch norm reference against torch.nn's own layers and against autograd."""

import pytest
import torch
from torch import nn

SHAPES = [(6, 3), (2, 3), (4, 3, 5, 2), (1, 3, 2, 2)]


def normal(*shape, seed=0, dtype=torch.float64):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64).to(dtype)


def pair(reference, shape, dtype, **settings):
    """Our layer and PyTorch's, with the same random weight and bias."""
    ours = reference.BatchNorm(shape[1], **settings).to(dtype)
    torchs = (nn.BatchNorm1d if len(shape) == 2 else nn.BatchNorm2d)(shape[1], **settings).to(dtype)
    with torch.no_grad():
        for name, seed in (("weight", 5), ("bias", 6)):
            values = normal(shape[1], seed=seed, dtype=dtype)
            getattr(ours, name).copy_(values)
            getattr(torchs, name).copy_(values)
    return ours, torchs


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("settings", [{}, {"eps": 0.3, "momentum": 0.7}, {"momentum": 0.0}, {"momentum": 1.0}])
def test_outputs_and_running_statistics_equal_pytorch(reference, shape, dtype, settings):
    ours, torchs = pair(reference, shape, dtype, **settings)
    for seed in range(3):
        x = 3 * normal(*shape, seed=seed, dtype=dtype) + 2
        before = x.clone()
        torch.testing.assert_close(ours(x), torchs(x))
        assert torch.equal(x, before)
        torch.testing.assert_close(ours.running_mean, torchs.running_mean)
        torch.testing.assert_close(ours.running_var, torchs.running_var)
    statistics = ours.running_mean.clone(), ours.running_var.clone()
    x = normal(*shape, seed=9, dtype=dtype)
    torch.testing.assert_close(ours.eval()(x), torchs.eval()(x))
    assert torch.equal(ours.running_mean, statistics[0])
    assert torch.equal(ours.running_var, statistics[1])
    assert ours(x).dtype == ours.running_mean.dtype == ours.running_var.dtype == dtype


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("training", [True, False])
def test_gradients_equal_pytorch(reference, shape, training):
    grads = []
    for layer in pair(reference, shape, torch.float64):
        layer.train(training)
        x = normal(*shape, seed=1).requires_grad_()
        out = layer(x)
        grads.append(torch.autograd.grad((out * normal(*shape, seed=2)).sum(), [x, layer.weight, layer.bias]))
    torch.testing.assert_close(*grads)


@pytest.mark.parametrize("training", [True, False])
def test_gradcheck(reference, training):
    layer = reference.BatchNorm(2).double().train(training)
    for shape in [(4, 2), (2, 2, 2, 1)]:
        x = normal(*shape).requires_grad_()
        assert torch.autograd.gradcheck(lambda x, *_: layer(x), (x, layer.weight, layer.bias))


def test_state_is_two_parameters_and_two_buffers(reference):
    layer = reference.BatchNorm(4)
    state = {name: values.tolist() for name, values in layer.state_dict().items()}
    ones, zeros = [1.0] * 4, [0.0] * 4
    assert state == {"weight": ones, "bias": zeros, "running_mean": zeros, "running_var": ones}
    assert [name for name, _ in layer.named_parameters()] == ["weight", "bias"]
    assert [name for name, _ in layer.named_buffers()] == ["running_mean", "running_var"]
    assert all(p.requires_grad for p in layer.parameters())


def test_running_statistics_are_buffers_without_gradient(reference):
    layer = reference.BatchNorm(2)
    for _ in range(2):
        layer(normal(5, 2, dtype=torch.float32).requires_grad_()).sum().backward()
    assert not layer.running_mean.requires_grad
    assert not layer.running_var.requires_grad
    assert set(dict(layer.named_buffers())) == {"running_mean", "running_var"}


def test_constant_channel_stays_finite(reference):
    x = torch.full((3, 2), 7.0, requires_grad=True)
    out = reference.BatchNorm(2)(x)
    out.sum().backward()
    assert torch.equal(out, torch.zeros(3, 2))
    assert torch.isfinite(x.grad).all()


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("n", [2, 7])
@pytest.mark.parametrize("eps", [1e-5, 0.5])
def test_backward_equals_autograd_through_pytorch(reference, dtype, n, eps):
    x, weight = normal(n, 3, dtype=dtype).requires_grad_(), normal(3, seed=1, dtype=dtype).requires_grad_()
    bias = torch.zeros(3, dtype=dtype, requires_grad=True)
    grad_output = normal(n, 3, seed=2, dtype=dtype)
    out = nn.functional.batch_norm(x, None, None, weight, bias, training=True, eps=eps)
    want = torch.autograd.grad(out, (x, weight, bias), grad_output)
    with torch.no_grad():
        got = reference.batch_norm_backward(grad_output, x, weight, eps)
    tolerance = {"rtol": 1e-4, "atol": 1e-5} if dtype == torch.float32 else {"rtol": 1e-9, "atol": 1e-11}
    for ours, theirs in zip(got, want, strict=True):
        torch.testing.assert_close(ours, theirs, **tolerance)


def test_backward_is_differentiable(reference):
    inputs = [normal(4, 2, seed=3).requires_grad_(), normal(4, 2).requires_grad_(), normal(2, seed=1).requires_grad_()]
    assert torch.autograd.gradcheck(reference.batch_norm_backward, inputs)


@pytest.mark.parametrize("shape", [(1, 3), (1, 3, 1, 1), (0, 3)])
def test_one_value_a_channel_raises_in_training_only(reference, shape):
    layer = reference.BatchNorm(3)
    with pytest.raises(ValueError, match="two values a channel"):
        layer(torch.ones(shape))
    assert torch.equal(layer.running_mean, torch.zeros(3))
    assert torch.equal(layer.running_var, torch.ones(3))
    assert layer.eval()(torch.ones(shape)).shape == shape


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("shape", [(3,), (4, 2), (4, 3, 2), (4, 2, 3, 3), (4, 3, 2, 2, 2)])
def test_wrong_shapes_raise(reference, shape, training):
    with pytest.raises(ValueError, match="x must be"):
        reference.BatchNorm(3).train(training)(torch.ones(shape))


def test_bad_settings_and_backward_shapes_raise(reference):
    with pytest.raises(ValueError, match="num_features"):
        reference.BatchNorm(0)
    with pytest.raises(ValueError, match="eps"):
        reference.BatchNorm(2, eps=-1.0)
    with pytest.raises(ValueError, match="momentum"):
        reference.BatchNorm(2, momentum=1.5)
    for grad, x, weight in [((4, 2), (4, 3), (3,)), ((4, 3), (4, 3), (2,)), ((4, 3, 1, 1), (4, 3, 1, 1), (3,))]:
        with pytest.raises(ValueError, match="must be"):
            reference.batch_norm_backward(torch.ones(grad), torch.ones(x), torch.ones(weight))
    with pytest.raises(ValueError, match="two values"):
        reference.batch_norm_backward(torch.ones(1, 3), torch.ones(1, 3), torch.ones(3))
