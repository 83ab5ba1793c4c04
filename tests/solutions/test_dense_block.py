"""Dense connectivity against sums of convolutions over single feature groups; the cross-layer net against formulas."""

import pytest
import torch
from torch import nn
from torch.func import functional_call
from torch.nn import functional as F


def dense_by_sums(block, x, growth_rate):
    """conv([f_0, …]) is the sum of the convolutions of each f with its share of the kernel."""
    features = [x]
    for layer in block.layers:
        weight, bias = layer.parameters()
        shares = weight.split([f.shape[1] for f in features], dim=1)
        parts = [F.conv2d(f, w, padding=1) for f, w in zip(features, shares, strict=True)]
        features.append((sum(parts) + bias.reshape(1, -1, 1, 1)).clamp(min=0))
        assert features[-1].shape[1] == growth_rate
    output = x.new_zeros(len(x), sum(f.shape[1] for f in features), *x.shape[2:])
    start = 0
    for f in features:
        output[:, start : start + f.shape[1]] = f
        start += f.shape[1]
    return output


@pytest.mark.parametrize("case", [(3, 2, 3), (1, 4, 2), (2, 5, 1), (3, 2, 0)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_dense_block_equals_sums_of_convolutions(reference, dtype, case):
    torch.manual_seed(0)
    block = reference.DenseBlock(*case).to(dtype)
    x = torch.randn(2, case[0], 4, 5, dtype=dtype)
    copy = x.clone()
    got = block(x)
    assert got.shape == (2, case[0] + case[1] * case[2], 4, 5)
    assert got.dtype == dtype
    torch.testing.assert_close(got, dense_by_sums(block, x, case[1]))
    assert torch.equal(x, copy)


def test_dense_block_parameters(reference):
    block = reference.DenseBlock(3, 2, 3)
    assert isinstance(block.layers, nn.ModuleList)
    assert len(block.layers) == 3
    shapes = [tuple(p.shape) for p in block.parameters()]
    assert shapes == [(2, 3, 3, 3), (2,), (2, 5, 3, 3), (2,), (2, 7, 3, 3), (2,)]
    empty = reference.DenseBlock(2, 1, 0)
    x = torch.randn(1, 2, 3, 3)
    assert torch.equal(empty(x), x)
    assert not list(empty.parameters())


@pytest.mark.parametrize("size", [(8, 8), (4, 4), (7, 10)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_cross_layer_net_equals_the_formula(reference, dtype, size):
    torch.manual_seed(0)
    net = reference.CrossLayerNet(3, 5).to(dtype)
    conv1_w, conv1_b, conv2_w, conv2_b, head_w, head_b = net.parameters()
    x = torch.randn(2, 3, *size, dtype=dtype)

    def stage(maps, weight, bias):
        maps = F.conv2d(maps, weight, bias, padding=1).clamp(min=0)
        windows = maps.unfold(2, 2, 2).unfold(3, 2, 2)
        return windows.amax(dim=(-2, -1))

    s1 = stage(x, conv1_w, conv1_b)
    s2 = stage(s1, conv2_w, conv2_b)
    m1, m2 = (s.sum(dim=(2, 3)) / (s.shape[2] * s.shape[3]) for s in (s1, s2))
    expected = m1 @ head_w[:, :16].T + m2 @ head_w[:, 16:].T + head_b
    got = net(x)
    assert got.dtype == dtype
    assert got.shape == (2, 5)
    torch.testing.assert_close(got, expected)


def test_cross_layer_net_parameters(reference):
    shapes = [tuple(p.shape) for p in reference.CrossLayerNet(3, 5).parameters()]
    assert shapes == [(16, 3, 3, 3), (16,), (32, 16, 3, 3), (32,), (5, 48), (5,)]


def test_gradients_equal_numeric_ones(reference):
    torch.manual_seed(0)
    block = reference.DenseBlock(2, 1, 2).double()
    x = torch.randn(1, 2, 3, 3, dtype=torch.float64, requires_grad=True)
    names, parameters = zip(*((n, p.detach().requires_grad_()) for n, p in block.named_parameters()), strict=True)

    def forward(x, *values):
        return functional_call(block, dict(zip(names, values, strict=True)), (x,))

    assert torch.autograd.gradcheck(forward, (x, *parameters))
    net = reference.CrossLayerNet(1, 2).double()
    images = torch.randn(1, 1, 4, 4, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(net, (images,))
    assert all(g.abs().max() > 0 for g in torch.autograd.grad(net(images).sum(), list(net.parameters())))


def test_bad_arguments_raise(reference):
    for arguments in [(0, 1, 1), (1, 0, 1), (1, 1, -1)]:
        with pytest.raises(ValueError, match=r"at least 1|negative"):
            reference.DenseBlock(*arguments)
    for arguments in [(0, 1), (1, 0)]:
        with pytest.raises(ValueError, match="at least 1"):
            reference.CrossLayerNet(*arguments)
    for module in (reference.DenseBlock(2, 1, 0), reference.DenseBlock(2, 1, 1), reference.CrossLayerNet(2, 3)):
        for shape in [(2, 4, 4), (1, 3, 4, 4)]:
            with pytest.raises(ValueError, match="x must have shape"):
                module(torch.zeros(shape))
    with pytest.raises(ValueError, match="at least 4"):
        reference.CrossLayerNet(2, 3)(torch.zeros(1, 2, 3, 8))
