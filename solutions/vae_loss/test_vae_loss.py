"""The hidden suite of the VAE's loss. Points: reparameterize 25, kl_divergence 25, vae_loss 50."""

import numpy as np
import pytest
import torch

# A logarithm kept from infinity by a tiny constant is a matter of the check with large logits alone.
LOOSE = {"rtol": 1e-5, "atol": 1e-6}

dtypes = pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])


def tensor(values, dtype=torch.float64):
    return torch.from_numpy(np.asarray(values)).to(dtype)


def normal(rng, *shape, dtype=torch.float64):
    return tensor(rng.normal(size=shape), dtype)


def latents(rng, shape=(4, 3), dtype=torch.float64):
    """mu and a logvar with variances well below and above 1."""
    return normal(rng, *shape, dtype=dtype), tensor(rng.uniform(-2.0, 1.5, size=shape), dtype)


def pixels(rng, *shape, dtype=torch.float64):
    """Logits and an x between 0 and 1."""
    return normal(rng, *shape, dtype=dtype), tensor(rng.uniform(0.05, 0.95, size=shape), dtype)


@pytest.mark.points(14)
@pytest.mark.hint("logvar is log σ², so σ = exp(½ · logvar). Use the noise that is passed in.")
@dtypes
def test_reparameterize(agree, rng, dtype):
    """reparameterize: z = mu + σ · noise in {dtype}."""
    mu, logvar = latents(rng, dtype=dtype)
    agree("reparameterize", mu, logvar, normal(rng, 4, 3, dtype=dtype))


@pytest.mark.points(2)
@pytest.mark.hint("No dimension has a role of its own in this formula.")
@pytest.mark.parametrize("shape", [(5,), (2, 3, 2)], ids=str)
def test_reparameterize_shapes(agree, rng, shape):
    """reparameterize: works for the shape {shape}."""
    mu, logvar = latents(rng, shape)
    agree("reparameterize", mu, logvar, normal(rng, *shape))
    agree("reparameterize", *latents(rng, (1, *shape[1:])), normal(rng, 1, *shape[1:]))


@pytest.mark.points(3)
@pytest.mark.hint("The noise is an argument so that nothing random happens inside.")
@pytest.mark.reveals("noise_drawn_inside")
def test_reparameterize_is_not_random(agree, rng):
    """reparameterize: the same arguments give the same z."""
    agree("difference_of_two_calls", normal(rng, 3, 2), tensor(rng.uniform(0.2, 1.0, size=(3, 2))), normal(rng, 3, 2))


@pytest.mark.points(3)
@pytest.mark.hint("Nothing may be detached: the trick exists so that gradients reach mu and logvar.")
def test_reparameterize_gradients(agree, rng):
    """reparameterize: gradients reach mu, logvar and noise."""
    agree("gradients", "reparameterize", *latents(rng), normal(rng, 4, 3))


@pytest.mark.points(2)
@pytest.mark.hint("Compare the three shapes before anything broadcasts.")
@pytest.mark.parametrize(
    "shapes",
    [((4, 3), (4, 3), (1, 3)), ((4, 3), (3,), (4, 3)), ((4, 1), (4, 3), (4, 3))],
    ids=["noise", "logvar", "mu"],
)
def test_reparameterize_does_not_broadcast(agree, rng, shapes):
    """reparameterize: the shapes {shapes} raise ValueError."""
    agree("reparameterize", *(normal(rng, *shape) for shape in shapes))


@pytest.mark.points(1)
@pytest.mark.hint("Methods that end in an underscore, and operators like +=, write into the caller's tensor.")
@pytest.mark.reveals("modified_in_place")
def test_reparameterize_leaves_inputs_alone(agree, rng):
    """reparameterize: no argument is modified."""
    agree("inputs_after", "reparameterize", *latents(rng), normal(rng, 4, 3))


@pytest.mark.points(16)
@pytest.mark.hint("½ Σ (mu² + σ² − 1 − log σ²) over the latent dimensions, with σ² = exp(logvar).")
@dtypes
def test_kl(agree, rng, dtype):
    """kl_divergence: one value a sample, in {dtype}."""
    agree("kl_divergence", *latents(rng, (5, 3), dtype))


@pytest.mark.points(3)
@pytest.mark.hint("Where mu = 0 and logvar = 0 the divergence is 0; nothing else is special there.")
def test_kl_of_one_part(agree, rng):
    """kl_divergence: mu alone (logvar = 0) and logvar alone (mu = 0) each count, and both in a single sample."""
    mu, logvar = latents(rng)
    agree("kl_divergence", mu, torch.zeros_like(mu))
    agree("kl_divergence", torch.zeros_like(mu), logvar)
    agree("kl_divergence", mu[:1], logvar[:1])


@pytest.mark.points(3)
@pytest.mark.hint("Compute with tensors all the way, so that autograd can follow.")
def test_kl_gradients(agree, rng):
    """kl_divergence: gradients reach mu and logvar."""
    agree("gradients", "kl_divergence", *latents(rng))


@pytest.mark.points(2)
@pytest.mark.hint("Both must be of one shape.")
@pytest.mark.parametrize("shapes", [((4, 3), (4, 2)), ((4, 3), (1, 3))], ids=str)
def test_kl_wrong_shapes(agree, rng, shapes):
    """kl_divergence: mu and logvar of shapes {shapes} raise ValueError."""
    agree("kl_divergence", *(normal(rng, *shape) for shape in shapes))


@pytest.mark.points(1)
@pytest.mark.hint("Methods that end in an underscore, and operators like +=, write into the caller's tensor.")
@pytest.mark.reveals("modified_in_place")
def test_kl_leaves_inputs_alone(agree, rng):
    """kl_divergence: no argument is modified."""
    agree("inputs_after", "kl_divergence", *latents(rng))


@pytest.mark.points(12)
@pytest.mark.hint("With beta = 0 only the reconstruction is left: summed over features, averaged over samples.")
@dtypes
def test_reconstruction(agree, rng, dtype):
    """vae_loss: with beta = 0 it is the {dtype} reconstruction of (N, D) alone."""
    logits, x = pixels(rng, 4, 6, dtype=dtype)
    agree("vae_loss", logits, x, *latents(rng, dtype=dtype), beta=0.0, **LOOSE)


@pytest.mark.points(5)
@pytest.mark.hint("Everything but N counts as features, however many dimensions that is.")
def test_reconstruction_of_images(agree, rng):
    """vae_loss: with beta = 0 it sums over all features of (N, C, H, W)."""
    agree("vae_loss", *pixels(rng, 3, 2, 4, 3), *latents(rng, (3, 2)), beta=0.0, **LOOSE)


@pytest.mark.points(8)
@pytest.mark.hint("log(sigmoid(−1000)) is log(0). There is a form of this loss that works on logits directly.")
@dtypes
def test_large_logits(agree, rng, dtype):
    """vae_loss: logits of ±1000 neither overflow nor lose digits in {dtype}."""
    signs = np.where(rng.permutation(24) < 12, 1.0, -1.0).reshape(4, 6)
    x = tensor(rng.uniform(0.05, 0.95, size=(4, 6)), dtype)
    agree("vae_loss", tensor(1000 * signs, dtype), x, *latents(rng, dtype=dtype), beta=0.0, **LOOSE)


@pytest.mark.points(2)
@pytest.mark.hint("Clamping a probability stops the gradient with it.")
def test_large_logits_gradients(agree, rng):
    """vae_loss: its gradients are finite and right at logits of ±1000."""
    signs = np.where(rng.permutation(24) < 12, 1.0, -1.0).reshape(4, 6)
    x = tensor(rng.uniform(0.05, 0.95, size=(4, 6)))
    agree("gradients", "vae_loss", tensor(1000 * signs), x, *latents(rng), beta=0.0, **LOOSE)


@pytest.mark.points(10)
@pytest.mark.hint("Reconstruction plus KL, both summed within a sample; the mean comes last.")
def test_loss(agree, rng):
    """vae_loss: reconstruction plus KL, the mean over samples."""
    agree("vae_loss", *pixels(rng, 4, 6), *latents(rng), **LOOSE)


@pytest.mark.points(4)
@pytest.mark.hint("beta multiplies the KL term and nothing else.")
@pytest.mark.parametrize("beta", [0.25, 4.0])
def test_beta(agree, rng, beta):
    """vae_loss: beta = {beta} weighs the KL term."""
    agree("vae_loss", *pixels(rng, 4, 6), *latents(rng), beta, **LOOSE)


@pytest.mark.points(3)
@pytest.mark.hint("Keep everything in tensors: no .item(), no .detach(), no NumPy.")
def test_reconstruction_gradients(agree, rng):
    """vae_loss: with beta = 0, gradients reach recon_logits and x."""
    agree("gradients", "vae_loss", *pixels(rng, 4, 6), *latents(rng), beta=0.0, **LOOSE)


@pytest.mark.points(2)
@pytest.mark.hint("Keep everything in tensors: no .item(), no .detach(), no NumPy.")
def test_loss_gradients(agree, rng):
    """vae_loss: with beta = 1, gradients reach all four tensors."""
    agree("gradients", "vae_loss", *pixels(rng, 4, 6), *latents(rng), **LOOSE)


@pytest.mark.points(2)
@pytest.mark.hint("Binary cross-entropy broadcasts, and so does +: compare the shapes first.")
@pytest.mark.parametrize(
    "shapes",
    [
        ((4, 6), (4, 5), (4, 3), (4, 3)),
        ((4, 6), (4, 6), (4, 3), (4, 2)),
    ],
    ids=["x", "logvar"],
)
def test_loss_wrong_shapes(agree, rng, shapes):
    """vae_loss: the shapes {shapes} raise ValueError."""
    logits, x, mu, logvar = (tensor(rng.uniform(0.1, 0.9, size=shape)) for shape in shapes)
    agree("vae_loss", logits, x, mu, logvar)


@pytest.mark.points(1)
def test_negative_beta(agree, rng):
    """vae_loss: a negative beta raises ValueError."""
    agree("vae_loss", *pixels(rng, 4, 6), *latents(rng), beta=-0.5)


@pytest.mark.points(1)
@pytest.mark.hint("Methods that end in an underscore, and operators like +=, write into the caller's tensor.")
@pytest.mark.reveals("modified_in_place")
def test_loss_leaves_inputs_alone(agree, rng):
    """vae_loss: no argument is modified."""
    agree("inputs_after", "vae_loss", *pixels(rng, 4, 6), *latents(rng))
