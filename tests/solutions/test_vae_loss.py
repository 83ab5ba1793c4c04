"""The VAE loss reference against torch.distributions and against autograd's own check."""

import pytest
import torch
from torch.distributions import Bernoulli, Normal
from torch.distributions import kl_divergence as torch_kl

DTYPES = [torch.float32, torch.float64]


def normal(*shape, seed=0, dtype=torch.float64):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64).to(dtype)


def uniform(*shape, seed=0, dtype=torch.float64):
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64).to(dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(4,), (3, 2), (2, 3, 4), ()])
def test_reparameterize_is_the_normal_with_this_noise(reference, dtype, shape):
    mu, logvar, noise = (normal(*shape, seed=seed, dtype=dtype) for seed in range(3))
    before = [mu.clone(), logvar.clone(), noise.clone()]
    z = reference.reparameterize(mu, logvar, noise)
    assert z.dtype == dtype
    assert z.shape == shape
    torch.testing.assert_close((z - mu) ** 2, logvar.exp() * noise**2, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(Normal(mu, logvar.exp().sqrt()).cdf(z), Normal(0.0, 1.0).cdf(noise))
    assert all(torch.equal(a, b) for a, b in zip(before, (mu, logvar, noise), strict=True))


@pytest.mark.parametrize("dtype", DTYPES)
def test_kl_equals_torch_distributions(reference, dtype):
    mu, logvar = 2 * normal(5, 3, dtype=dtype), 3 * normal(5, 3, seed=1, dtype=dtype)
    want = torch_kl(Normal(mu, (0.5 * logvar).exp()), Normal(0.0, 1.0)).sum(dim=1)
    got = reference.kl_divergence(mu, logvar)
    assert got.dtype == dtype
    assert got.shape == (5,)
    torch.testing.assert_close(got, want)


def test_kl_of_the_standard_normal_is_zero(reference):
    assert torch.equal(reference.kl_divergence(torch.zeros(2, 3), torch.zeros(2, 3)), torch.zeros(2))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("features", [(6,), (1, 2, 3)])
@pytest.mark.parametrize("beta", [1.0, 0.0, 4.5])
def test_loss_equals_torch_distributions(reference, dtype, features, beta):
    logits, x = 3 * normal(4, *features, dtype=dtype), uniform(4, *features, dtype=dtype)
    mu, logvar = normal(4, 2, seed=1, dtype=dtype), normal(4, 2, seed=2, dtype=dtype)
    log_likelihood = Bernoulli(logits=logits, validate_args=False).log_prob(x).reshape(4, -1).sum(dim=1)
    kl = torch_kl(Normal(mu, (0.5 * logvar).exp()), Normal(0.0, 1.0)).sum(dim=1)
    got = reference.vae_loss(logits, x, mu, logvar, beta)
    assert got.dtype == dtype
    assert got.shape == ()
    torch.testing.assert_close(got, (beta * kl - log_likelihood).mean())
    if beta == 1.0:
        torch.testing.assert_close(reference.vae_loss(logits, x, mu, logvar), got)


@pytest.mark.parametrize("dtype", DTYPES)
def test_loss_at_large_logits(reference, dtype):
    logits = torch.tensor([[1000.0, -1000.0, 1000.0, -1000.0]], dtype=dtype, requires_grad=True)
    x = torch.tensor([[1.0, 0.0, 0.0, 1.0]], dtype=dtype)
    zeros = torch.zeros(1, 2, dtype=dtype)
    loss = reference.vae_loss(logits, x, zeros, zeros)
    loss.backward()
    assert loss.item() == 2000.0
    torch.testing.assert_close(logits.grad, torch.tensor([[0.0, 0.0, 1.0, -1.0]], dtype=dtype))


def test_loss_at_logits_of_zero(reference):
    logits = torch.zeros(1, 2, dtype=torch.float64, requires_grad=True)
    zeros = torch.zeros(1, 1, dtype=torch.float64)
    loss = reference.vae_loss(logits, torch.tensor([[0.0, 1.0]], dtype=torch.float64), zeros, zeros)
    loss.backward()
    torch.testing.assert_close(loss.detach(), 2 * torch.tensor(2.0, dtype=torch.float64).log())
    torch.testing.assert_close(logits.grad, torch.tensor([[0.5, -0.5]], dtype=torch.float64))


def test_gradients_reach_every_tensor(reference):
    latent = [normal(3, 2, seed=seed).requires_grad_() for seed in range(3)]
    assert torch.autograd.gradcheck(reference.reparameterize, latent)
    assert torch.autograd.gradcheck(reference.kl_divergence, latent[:2])
    logits, x = normal(3, 4, seed=3).requires_grad_(), uniform(3, 4).requires_grad_()
    assert torch.autograd.gradcheck(lambda *tensors: reference.vae_loss(*tensors, 0.7), [logits, x, *latent[:2]])


def test_mismatched_shapes_raise(reference):
    def ones(*shapes):
        return [torch.ones(shape) for shape in shapes]

    for shapes in [((2, 3), (2, 3), (1, 3)), ((2, 3), (3,), (2, 3)), ((1, 3), (2, 3), (2, 3))]:
        with pytest.raises(ValueError, match="shapes"):
            reference.reparameterize(*ones(*shapes))
    with pytest.raises(ValueError, match="shapes"):
        reference.kl_divergence(*ones((2, 3), (2, 1)))
    for shape in [(3,), (2, 3, 1)]:
        with pytest.raises(ValueError, match="must be"):
            reference.kl_divergence(*ones(shape, shape))
    for shapes in [
        ((2, 4), (2, 1), (2, 3), (2, 3)),
        ((2, 4), (4,), (2, 3), (2, 3)),
        ((2, 4), (2, 4), (2, 3), (2, 1)),
        ((2, 4), (2, 4), (1, 3), (1, 3)),
        ((2, 4), (2, 4), (3,), (3,)),
        ((2,), (2,), (2, 3), (2, 3)),
    ]:
        with pytest.raises(ValueError, match=r"shapes must|samples|dimensions|must be"):
            reference.vae_loss(*ones(*shapes))


def test_negative_beta_raises(reference):
    with pytest.raises(ValueError, match="beta"):
        reference.vae_loss(torch.ones(2, 4), torch.ones(2, 4), torch.ones(2, 3), torch.ones(2, 3), beta=-0.1)
