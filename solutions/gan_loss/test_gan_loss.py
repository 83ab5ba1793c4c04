"""The hidden suite of the GAN. Points: discriminator_loss 30, generator_loss 25, train_step 45."""

import numpy as np
import pytest
import torch

# A logarithm kept from infinity by a tiny constant is a matter of the checks with large logits alone.
LOOSE = {"rtol": 1e-5, "atol": 1e-5}

dtypes = pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])


def logits(rng, *shape, dtype=torch.float64):
    return torch.from_numpy(rng.normal(scale=1.5, size=shape)).to(dtype)


def large(rng, *shape, dtype=torch.float64):
    """Logits of about ±1000, half of them negative."""
    count = int(np.prod(shape))
    signs = np.where(rng.permutation(count) < count // 2, -1.0, 1.0).reshape(shape)
    return torch.from_numpy(signs * rng.uniform(900, 1100, size=shape)).to(dtype)


@pytest.mark.points(10)
@pytest.mark.hint("Two means: real logits should say 1, fake logits 0.")
@dtypes
def test_discriminator_loss(agree, rng, dtype):
    """discriminator_loss: real examples count as real, fakes as fake, in {dtype}."""
    agree("discriminator_loss", logits(rng, 6, 1, dtype=dtype), logits(rng, 6, 1, dtype=dtype), **LOOSE)


@pytest.mark.points(3)
@pytest.mark.hint("Labels take their shape from the logits they belong to.")
def test_discriminator_loss_of_vectors(agree, rng):
    """discriminator_loss: logits of shape (N,) work."""
    agree("discriminator_loss", logits(rng, 5), logits(rng, 5), **LOOSE)


@pytest.mark.points(2)
@pytest.mark.hint("Labels take their shape from the logits they belong to.")
def test_discriminator_loss_of_patches(agree, rng):
    """discriminator_loss: logits of shape (N, 1, 3, 3) work."""
    agree("discriminator_loss", logits(rng, 2, 1, 3, 3), logits(rng, 2, 1, 3, 3), **LOOSE)


@pytest.mark.points(4)
@pytest.mark.hint("Each of the two means runs over its own logits.")
def test_discriminator_loss_of_unequal_numbers(agree, rng):
    """discriminator_loss: real and fake logits may differ in number."""
    agree("discriminator_loss", logits(rng, 3, 1), logits(rng, 7, 1), **LOOSE)


@pytest.mark.points(5)
@pytest.mark.hint("log σ(−1000) is log(0) if σ comes first. Look for a form of this loss that takes logits.")
@dtypes
def test_discriminator_loss_of_large_logits(agree, rng, dtype):
    """discriminator_loss: {dtype} logits of ±1000 neither overflow nor lose digits."""
    agree("discriminator_loss", large(rng, 6, 1, dtype=dtype), large(rng, 6, 1, dtype=dtype), **LOOSE)


@pytest.mark.points(2)
@pytest.mark.hint("Clamping a probability stops the gradient with it.")
def test_discriminator_loss_gradients_of_large_logits(agree, rng):
    """discriminator_loss: gradients are finite and right at logits of ±1000."""
    agree("gradients", "discriminator_loss", large(rng, 6, 1), large(rng, 6, 1), **LOOSE)


@pytest.mark.points(3)
@pytest.mark.hint("The loss must not detach anything: train_step decides what is trained.")
def test_discriminator_loss_gradients(agree, rng):
    """discriminator_loss: gradients reach real and fake logits."""
    agree("gradients", "discriminator_loss", logits(rng, 4, 1), logits(rng, 4, 1), **LOOSE)


@pytest.mark.points(1)
@pytest.mark.reveals("modified_in_place")
def test_discriminator_loss_leaves_inputs_alone(agree, rng):
    """discriminator_loss: no argument is modified."""
    agree("inputs_after", "discriminator_loss", logits(rng, 4, 1), logits(rng, 4, 1))


@pytest.mark.points(11)
@pytest.mark.hint("The generator wants its fakes to be taken for real ones.")
@dtypes
def test_generator_loss(agree, rng, dtype):
    """generator_loss: the non-saturating loss in {dtype}."""
    agree("generator_loss", logits(rng, 6, 1, dtype=dtype), **LOOSE)


@pytest.mark.points(2)
@pytest.mark.hint("Labels take their shape from the logits they belong to.")
def test_generator_loss_of_vectors(agree, rng):
    """generator_loss: logits of shape (N,) work."""
    agree("generator_loss", logits(rng, 5), **LOOSE)


@pytest.mark.points(2)
@pytest.mark.hint("Labels take their shape from the logits they belong to.")
def test_generator_loss_of_patches(agree, rng):
    """generator_loss: logits of shape (N, 1, 3, 3) work."""
    agree("generator_loss", logits(rng, 2, 1, 3, 3), **LOOSE)


@pytest.mark.points(5)
@pytest.mark.hint("log σ(−1000) is log(0) if σ comes first. Look for a form of this loss that takes logits.")
@dtypes
def test_generator_loss_of_large_logits(agree, rng, dtype):
    """generator_loss: {dtype} logits of ±1000 neither overflow nor lose digits."""
    agree("generator_loss", large(rng, 6, 1, dtype=dtype), **LOOSE)


@pytest.mark.points(2)
@pytest.mark.hint("Clamping a probability stops the gradient with it.")
def test_generator_loss_gradients_of_large_logits(agree, rng):
    """generator_loss: its gradient is finite and right at logits of ±1000."""
    agree("gradients", "generator_loss", large(rng, 6, 1), **LOOSE)


@pytest.mark.points(2)
@pytest.mark.hint("This gradient is all that the generator learns from.")
def test_generator_loss_gradients(agree, rng):
    """generator_loss: the gradient reaches the logits."""
    agree("gradients", "generator_loss", logits(rng, 4, 1), **LOOSE)


@pytest.mark.points(1)
@pytest.mark.reveals("modified_in_place")
def test_generator_loss_leaves_inputs_alone(agree, rng):
    """generator_loss: its argument is not modified."""
    agree("inputs_after", "generator_loss", logits(rng, 4, 1))


def weights(rng, sizes):
    first, hidden, last = sizes
    shapes = [(hidden, first), (hidden,), (last, hidden), (last,)]
    return [torch.from_numpy(rng.normal(size=shape)).float() for shape in shapes]


def setup(rng, real=5, noise=5, steps=1, **more):
    """Networks (noise 2 → data 3 → logit 1), a real batch and a batch of noise for each step."""
    return {
        "generator": weights(rng, (2, 4, 3)),
        "discriminator": weights(rng, (3, 4, 1)),
        "real": torch.from_numpy(rng.normal(loc=0.5, size=(real, 3))).float(),
        "noise": [torch.from_numpy(rng.normal(size=(noise, 2))).float() for _ in range(steps)],
        **more,
    }


def step(agree, shown, values):
    agree("train_step", values, either=[("own losses", shown), ("other losses", shown)], rtol=1e-4, atol=1e-4)


def step_whatever_the_losses(agree, shown, values):
    agree("train_step", values, part=("other losses", shown), rtol=1e-4, atol=1e-4)


@pytest.mark.points(8)
@pytest.mark.hint("Two Python floats: .item() turns a 0-dim tensor into one.")
@pytest.mark.same_inputs("step")
def test_step_losses(agree, rng):
    """train_step: returns both losses as floats."""
    step(agree, "losses", setup(rng))


@pytest.mark.points(8)
@pytest.mark.hint("The discriminator learns from d_loss, once a step, and from nothing else.")
@pytest.mark.same_inputs("step")
def test_step_moves_the_discriminator(agree, rng):
    """train_step: the discriminator makes one step on its own loss."""
    step(agree, "discriminator", setup(rng))


@pytest.mark.points(8)
@pytest.mark.hint("The generator learns from g_loss, judged by the discriminator that has just moved.")
@pytest.mark.same_inputs("step")
def test_step_moves_the_generator(agree, rng):
    """train_step: the generator makes one step on its own loss."""
    step(agree, "generator", setup(rng))


@pytest.mark.points(6)
@pytest.mark.hint("Real examples, then detached fakes, then the same fakes with their graph.")
@pytest.mark.same_inputs("step")
def test_calls_of_the_discriminator(agree, rng):
    """train_step: the discriminator sees real examples, then detached fakes, then fakes with their graph."""
    step_whatever_the_losses(agree, "discriminator calls", setup(rng))


@pytest.mark.points(2)
@pytest.mark.hint("One batch of fakes serves both networks: keep it.")
@pytest.mark.same_inputs("step")
def test_calls_of_the_generator(agree, rng):
    """train_step: the generator is called once, on the noise."""
    step_whatever_the_losses(agree, "generator calls", setup(rng))


@pytest.mark.points(4)
@pytest.mark.hint("backward() adds to what is in .grad already.")
@pytest.mark.same_inputs("leftovers")
@pytest.mark.parametrize("network", ["discriminator", "generator"])
def test_old_gradients(agree, rng, network):
    """train_step: gradients left behind by earlier work do not move the {network}."""
    step(agree, network, setup(rng, leftovers=0.7))


@pytest.mark.points(2)
@pytest.mark.hint("Whatever one step leaves behind must not matter to the next.")
def test_two_steps(agree, rng):
    """train_step: each step starts from what the one before it reached."""
    step(agree, "losses", setup(rng, steps=4))


@pytest.mark.points(3)
@pytest.mark.hint("There may be more fakes than real examples, or fewer.")
def test_step_with_unequal_batches(agree, rng):
    """train_step: real batch and noise may differ in number."""
    step(agree, "losses", setup(rng, real=3, noise=6))


@pytest.mark.points(2)
@pytest.mark.hint("Labels take their shape from the logits they belong to.")
def test_step_with_flat_logits(agree, rng):
    """train_step: a discriminator that answers (N,) works too."""
    step(agree, "losses", setup(rng, flat=True))


@pytest.mark.points(2)
@pytest.mark.hint("A training step has no use for eval(): dropout and batch norm are to train, too.")
@pytest.mark.same_inputs("step")
def test_modes(agree, rng):
    """train_step: networks in training mode run and stay in it."""
    step_whatever_the_losses(agree, "modes", setup(rng))
