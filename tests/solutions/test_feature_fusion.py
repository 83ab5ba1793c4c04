"""The three fusions against NumPy and SciPy on their own parameters, and against numeric gradients."""

import numpy as np
import pytest
import scipy.special
import torch
from torch.func import functional_call

A, B = 3, 4
ARGUMENTS = {"EarlyFusion": (A, B, 5, 2), "LateFusion": (A, B, 6), "GatedFusion": (A, B, 5)}
SHAPES = {
    "EarlyFusion": {"hidden": (5, A + B), "head": (2, 5)},
    "LateFusion": {"head_a": (6, A), "head_b": (6, B)},
    "GatedFusion": {"proj_a": (5, A), "proj_b": (5, B), "gate": (5, 10)},
}


def build(reference, kind, dtype=torch.float64):
    torch.manual_seed(0)
    model = getattr(reference, kind)(*ARGUMENTS[kind]).to(dtype)
    for p in model.parameters():
        p.data.normal_()
    return model


def by_formula(kind, state, a, b):
    def linear(name, x):
        return x @ state[f"{name}.weight"].T + state[f"{name}.bias"]

    if kind == "EarlyFusion":
        return linear("head", np.maximum(linear("hidden", np.hstack([a, b])), 0))
    if kind == "LateFusion":
        return np.mean([scipy.special.softmax(linear(f"head_{s}", x), axis=1) for s, x in (("a", a), ("b", b))], axis=0)
    p, q = linear("proj_a", a), linear("proj_b", b)
    return q + scipy.special.expit(linear("gate", np.hstack([p, q]))) * (p - q)


@pytest.mark.parametrize("kind", ARGUMENTS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_equals_numpy(reference, dtype, kind):
    model = build(reference, kind, dtype)
    a, b = torch.randn(7, A, dtype=dtype), torch.randn(7, B, dtype=dtype)
    copies = a.clone(), b.clone()
    state = {name: value.numpy().astype(np.float64) for name, value in model.state_dict().items()}
    got = model(a, b)
    assert got.dtype == dtype
    expected = by_formula(kind, state, a.numpy().astype(np.float64), b.numpy().astype(np.float64))
    tolerance = 1e-4 if dtype == torch.float32 else 1e-12
    np.testing.assert_allclose(got.detach().numpy(), expected, rtol=tolerance, atol=tolerance)
    assert torch.equal(a, copies[0])
    assert torch.equal(b, copies[1])


@pytest.mark.parametrize("kind", ARGUMENTS)
def test_parameters(reference, kind):
    shapes = {name: tuple(p.shape) for name, p in build(reference, kind).named_parameters()}
    expected = {f"{name}.weight": shape for name, shape in SHAPES[kind].items()}
    expected |= {f"{name}.bias": shape[:1] for name, shape in SHAPES[kind].items()}
    assert shapes == expected


@pytest.mark.parametrize("kind", ARGUMENTS)
def test_gradients_equal_numeric_ones(reference, kind):
    model = build(reference, kind)
    a, b = (torch.randn(2, width, dtype=torch.float64, requires_grad=True) for width in (A, B))
    names, parameters = zip(*((n, p.detach().requires_grad_()) for n, p in model.named_parameters()), strict=True)

    def forward(a, b, *values):
        return functional_call(model, dict(zip(names, values, strict=True)), (a, b))

    assert torch.autograd.gradcheck(forward, (a, b, *parameters))


def test_late_fusion_gives_probabilities_and_stays_finite(reference):
    model = build(reference, "LateFusion")
    a, b = (1e4 * torch.randn(5, width, dtype=torch.float64) for width in (A, B))
    torch.testing.assert_close(model(a, b).sum(dim=1), torch.ones(5, dtype=torch.float64))


def test_a_wide_open_gate_passes_a_and_a_shut_one_b(reference):
    model = build(reference, "GatedFusion")
    a, b = torch.randn(2, A, dtype=torch.float64), torch.randn(2, B, dtype=torch.float64)
    for bias, expected in [(1e3, model.proj_a(a)), (-1e3, model.proj_b(b))]:
        model.gate.bias.data.fill_(bias)
        torch.testing.assert_close(model(a, b), expected)


@pytest.mark.parametrize("kind", ARGUMENTS)
def test_bad_arguments_raise(reference, kind):
    arguments = ARGUMENTS[kind]
    for position in range(len(arguments)):
        bad = [*arguments[:position], 0, *arguments[position + 1 :]]
        with pytest.raises(ValueError, match="at least 1"):
            getattr(reference, kind)(*bad)
    model = build(reference, kind, torch.float32)
    for a, b in [((2, B), (2, B)), ((2, A), (2, A)), ((2, A), (3, B)), ((2, A), (1, B)), ((A,), (B,)), ((A,), (2, B))]:
        with pytest.raises(ValueError, match=r"must have shape|rows"):
            model(torch.zeros(a), torch.zeros(b))
