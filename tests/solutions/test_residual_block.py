"""The residual block against batch norm by its formula and F.conv2d, and against numeric gradients."""

import pytest
import torch
from torch import nn
from torch.func import functional_call
from torch.nn import functional as F

CASES = [(3, 3, 1), (2, 4, 1), (3, 3, 2), (2, 3, 2), (1, 2, 3)]


def build(reference, case, dtype=torch.float64):
    torch.manual_seed(0)
    block = reference.ResidualBlock(*case).to(dtype)
    for name, tensor in block.state_dict().items():
        if "running_var" in name:
            tensor.uniform_(0.5, 2.0)
        elif tensor.is_floating_point():
            tensor.normal_()
    return block


def normalise(x, state, prefix, training):
    if training:
        mean, var = x.mean(dim=(0, 2, 3)), x.var(dim=(0, 2, 3), unbiased=False)
    else:
        mean, var = state[f"{prefix}.running_mean"], state[f"{prefix}.running_var"]
    mean, var, weight, bias = (
        t.reshape(1, -1, 1, 1) for t in (mean, var, state[f"{prefix}.weight"], state[f"{prefix}.bias"])
    )
    return (x - mean) / torch.sqrt(var + 1e-5) * weight + bias


def by_formula(state, x, stride, training):
    h = F.conv2d(x, state["conv1.weight"], stride=stride, padding=1)
    h = normalise(h, state, "bn1", training).clamp(min=0)
    h = F.conv2d(h, state["conv2.weight"], padding=1)
    h = normalise(h, state, "bn2", training)
    if "shortcut.0.weight" in state:
        x = torch.einsum("nchw,oc->nohw", x[:, :, ::stride, ::stride], state["shortcut.0.weight"][:, :, 0, 0])
        x = normalise(x, state, "shortcut.1", training)
    return (h + x).clamp(min=0)


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_equals_the_formula(reference, dtype, case, training):
    block = build(reference, case, dtype).train(training)
    x = torch.randn(3, case[0], 5, 7, dtype=dtype)
    expected = by_formula({k: v.clone() for k, v in block.state_dict().items()}, x, case[2], training)
    copy = x.clone()
    torch.testing.assert_close(block(x), expected, rtol=2e-5 if dtype == torch.float32 else 1e-10, atol=1e-5)
    assert torch.equal(x, copy)
    assert expected.shape == (3, case[1], -(-5 // case[2]), -(-7 // case[2]))


@pytest.mark.parametrize("case", CASES)
def test_parameters(reference, case):
    fan_in, fan_out, stride = case
    block = reference.ResidualBlock(*case)
    shapes = {name: tuple(p.shape) for name, p in block.named_parameters()}
    expected = {"conv1.weight": (fan_out, fan_in, 3, 3), "conv2.weight": (fan_out, fan_out, 3, 3)}
    norms = ["bn1", "bn2"]
    if fan_in != fan_out or stride != 1:
        expected["shortcut.0.weight"] = (fan_out, fan_in, 1, 1)
        norms.append("shortcut.1")
    else:
        assert isinstance(block.shortcut, nn.Identity)
    expected |= {f"{norm}.{kind}": (fan_out,) for norm in norms for kind in ("weight", "bias")}
    assert shapes == expected


def test_without_a_residual_the_block_is_relu_of_its_input(reference):
    block = reference.ResidualBlock(2, 2)
    nn.init.zeros_(block.bn2.weight)
    x = torch.randn(2, 2, 4, 4)
    torch.testing.assert_close(block(x), x.clamp(min=0))


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("case", [(2, 2, 1), (2, 3, 2)])
def test_gradients_equal_numeric_ones(reference, case, training):
    block = build(reference, case).train(training)
    x = torch.randn(2, 2, 3, 3, dtype=torch.float64, requires_grad=True)
    names, parameters = zip(*((n, p.detach().requires_grad_()) for n, p in block.named_parameters()), strict=True)

    def forward(x, *values):
        return functional_call(block, dict(zip(names, values, strict=True)), (x,))

    assert torch.autograd.gradcheck(forward, (x, *parameters))


def test_bad_arguments_raise(reference):
    for arguments in [(0, 1), (1, 0), (1, 1, 0), (-1, 1)]:
        with pytest.raises(ValueError, match="at least 1"):
            reference.ResidualBlock(*arguments)
    for shape in [(2, 4, 4), (1, 3, 4, 4)]:
        with pytest.raises(ValueError, match="x must have shape"):
            reference.ResidualBlock(2, 2)(torch.zeros(shape))
