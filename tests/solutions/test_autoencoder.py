"""The autoencoder against NumPy on its own parameters, the loss against PyTorch's."""

from itertools import pairwise

import numpy as np
import pytest
import scipy.special
import torch
from torch.func import functional_call
from torch.nn import functional as F

CASES = [(6, (5, 4), 2), (4, [3], 7), (3, (), 2), (5, (2, 3, 4), 1)]


def build(reference, case, dtype=torch.float64):
    torch.manual_seed(0)
    model = reference.Autoencoder(*case).to(dtype)
    for p in model.parameters():
        p.data.normal_()
    return model


def chain(x, layers):
    for k, (weight, bias) in enumerate(layers):
        x = x @ weight.T + bias
        x = np.maximum(x, 0) if k < len(layers) - 1 else x
    return x


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_equals_numpy(reference, dtype, case):
    model = build(reference, case, dtype)
    values = [p.detach().numpy().astype(np.float64) for p in model.parameters()]
    pairs = list(zip(values[::2], values[1::2], strict=True))
    depth = len(case[1]) + 1
    x = torch.rand(3, case[0], dtype=dtype)
    copy = x.clone()
    z = chain(x.numpy().astype(np.float64), pairs[:depth])
    x_hat = scipy.special.expit(chain(z, pairs[depth:]))
    tolerance = 1e-4 if dtype == torch.float32 else 1e-12
    for got, expected in [
        (model.encode(x), z),
        (model.decode(torch.tensor(z, dtype=dtype)), x_hat),
        (model(x), x_hat),
    ]:
        assert got.dtype == dtype
        np.testing.assert_allclose(got.detach().numpy(), expected, rtol=tolerance, atol=tolerance)
    assert torch.equal(x, copy)


@pytest.mark.parametrize("case", CASES)
def test_the_decoder_mirrors_the_encoder(reference, case):
    weights = [tuple(p.shape) for p in reference.Autoencoder(*case).parameters() if p.ndim == 2]
    widths = [case[0], *case[1], case[2]]
    there = [(after, before) for before, after in pairwise(widths)]
    assert weights == there + [shape[::-1] for shape in there[::-1]]
    biases = [tuple(p.shape) for p in reference.Autoencoder(*case).parameters() if p.ndim == 1]
    assert biases == [(rows,) for rows, _ in weights]


def test_latent_is_unbounded_and_output_is_in_the_unit_interval(reference):
    model = build(reference, (6, (5,), 4))
    x = 100 * torch.randn(50, 6, dtype=torch.float64)
    z, x_hat = model.encode(x), model(x)
    assert z.min() < -1
    assert z.max() > 1
    assert 0 <= x_hat.min() < 0.1
    assert 0.9 < x_hat.max() <= 1


def test_gradients_equal_numeric_ones(reference):
    model = build(reference, (3, (4,), 2))
    x = torch.rand(2, 3, dtype=torch.float64, requires_grad=True)
    names, parameters = zip(*((n, p.detach().requires_grad_()) for n, p in model.named_parameters()), strict=True)

    def forward(x, *values):
        return functional_call(model, dict(zip(names, values, strict=True)), (x,))

    assert torch.autograd.gradcheck(forward, (x, *parameters))
    assert torch.autograd.gradcheck(model.decode, (torch.randn(2, 2, dtype=torch.float64, requires_grad=True),))
    x_hat = torch.rand(2, 3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(reference.reconstruction_loss, (x_hat, x))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_loss_equals_torch(reference, dtype):
    torch.manual_seed(0)
    x_hat, x = torch.rand(2, 4, 7, dtype=dtype)
    copies = x_hat.clone(), x.clone()
    got = reference.reconstruction_loss(x_hat, x)
    assert got.shape == ()
    assert got.dtype == dtype
    torch.testing.assert_close(got, F.mse_loss(x_hat, x, reduction="sum") / 4)
    assert torch.equal(x_hat, copies[0])
    assert torch.equal(x, copies[1])


def test_bad_arguments_raise(reference):
    for arguments in [(0, (2,), 1), (2, (0,), 1), (2, (2,), 0), (2, (3, -1), 1)]:
        with pytest.raises(ValueError, match="at least 1"):
            reference.Autoencoder(*arguments)
    model = reference.Autoencoder(4, (3,), 2)
    for method, shape in [("forward", (2, 3)), ("forward", (4,)), ("encode", (2, 2, 4)), ("decode", (2, 4))]:
        with pytest.raises(ValueError, match="must have shape"):
            getattr(model, method)(torch.zeros(shape))
    for x_hat, x in [((2, 3), (2, 4)), ((2, 3), (1, 3)), ((3,), (3,))]:
        with pytest.raises(ValueError, match="one shape"):
            reference.reconstruction_loss(torch.zeros(x_hat), torch.zeros(x))
