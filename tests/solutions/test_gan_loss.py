"""The GAN reference against softplus in SciPy's terms and steps of gradient descent taken by hand."""

import copy

import numpy as np
import pytest
import torch
from torch import nn

LR_G, LR_D = 0.1, 0.2


def draw(*shape, dtype=torch.float64, seed=0):
    return torch.randn(*shape, dtype=dtype, generator=torch.Generator().manual_seed(seed))


def softplus(x):
    return np.logaddexp(0.0, x)


def models(dtype=torch.float64):
    generator = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2)).to(dtype)
    discriminator = nn.Sequential(nn.Linear(2, 5), nn.BatchNorm1d(5), nn.Tanh(), nn.Linear(5, 1)).to(dtype)
    for seed, module in enumerate((generator, discriminator)):
        for k, parameter in enumerate(module.parameters()):
            parameter.data = draw(*parameter.shape, dtype=dtype, seed=10 * seed + k)
    return generator, discriminator


def optimizers(generator, discriminator):
    opt_g = torch.optim.SGD(generator.parameters(), lr=LR_G)
    return opt_g, torch.optim.SGD(discriminator.parameters(), lr=LR_D)


def descend(module, loss, lr):
    gradients = torch.autograd.grad(loss, list(module.parameters()))
    with torch.no_grad():
        for parameter, gradient in zip(module.parameters(), gradients, strict=True):
            parameter -= lr * gradient


def step_by_hand(generator, discriminator, real, noise):
    """The step with the losses in their textbook form, the logarithms of probabilities."""
    fakes = generator(noise)
    p_real, p_fake = torch.sigmoid(discriminator(real)), torch.sigmoid(discriminator(fakes.detach()))
    d_loss = -(p_real.log().mean() + (1 - p_fake).log().mean())
    descend(discriminator, d_loss, LR_D)
    g_loss = -torch.sigmoid(discriminator(fakes)).log().mean()
    descend(generator, g_loss, LR_G)
    return d_loss.item(), g_loss.item()


def assert_same_state(module, expected, tolerance):
    for name, value in expected.state_dict().items():
        torch.testing.assert_close(module.state_dict()[name], value, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 1e-5), (torch.float64, 1e-12)])
@pytest.mark.parametrize("shapes", [((6,), (6,)), ((6, 1), (6, 1)), ((3,), (7, 1))])
def test_losses_in_closed_form(reference, dtype, tolerance, shapes):
    real, fake = (draw(*shape, dtype=dtype, seed=k) for k, shape in enumerate(shapes))
    d_loss, g_loss = reference.discriminator_loss(real, fake), reference.generator_loss(fake)
    assert d_loss.shape == g_loss.shape == ()
    assert d_loss.dtype == g_loss.dtype == dtype
    assert d_loss.item() == pytest.approx(softplus(-real.numpy()).mean() + softplus(fake.numpy()).mean(), rel=tolerance)
    assert g_loss.item() == pytest.approx(softplus(-fake.numpy()).mean(), rel=tolerance)


def test_losses_at_large_logits(reference):
    real, fake = torch.tensor([-1000.0, 1000.0]), torch.tensor([1000.0, -1000.0, -1000.0, -1000.0])
    real.requires_grad_()
    fake.requires_grad_()
    d_loss = reference.discriminator_loss(real, fake)
    d_loss.backward()
    assert d_loss.item() == 500 + 250
    assert real.grad.tolist() == [-0.5, 0.0]
    assert fake.grad.tolist() == [0.25, 0.0, 0.0, 0.0]
    fake.grad = None
    g_loss = reference.generator_loss(fake)
    g_loss.backward()
    assert g_loss.item() == 750
    assert fake.grad.tolist() == [0.0, -0.25, -0.25, -0.25]


def test_gradients_of_the_losses(reference):
    real, fake = draw(4, 1).requires_grad_(), draw(5, 1, seed=1).requires_grad_()
    assert torch.autograd.gradcheck(reference.discriminator_loss, [real, fake])
    assert torch.autograd.gradcheck(reference.generator_loss, [fake])


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 1e-4), (torch.float64, 1e-11)])
def test_steps_equal_those_by_hand(reference, dtype, tolerance, training):
    generator, discriminator = models(dtype)
    discriminator.train(training)
    expected_g, expected_d = copy.deepcopy(generator), copy.deepcopy(discriminator)
    opt_g, opt_d = optimizers(generator, discriminator)
    for step in range(3):
        real, noise = draw(6, 2, dtype=dtype, seed=step), draw(5, 3, dtype=dtype, seed=50 + step)
        losses = reference.train_step(generator, discriminator, opt_g, opt_d, real, noise)
        assert [type(loss) for loss in losses] == [float, float]
        assert losses == pytest.approx(step_by_hand(expected_g, expected_d, real, noise), rel=tolerance)
        assert_same_state(generator, expected_g, tolerance)
        assert_same_state(discriminator, expected_d, tolerance)
    assert generator.training
    assert discriminator.training is training


def test_old_gradients_have_no_influence(reference):
    generator, discriminator = models()
    expected_g, expected_d = copy.deepcopy(generator), copy.deepcopy(discriminator)
    for parameter in [*generator.parameters(), *discriminator.parameters()]:
        parameter.grad = torch.full_like(parameter, 7.0)
    real, noise = draw(4, 2), draw(4, 3, seed=1)
    reference.train_step(generator, discriminator, *optimizers(generator, discriminator), real, noise)
    step_by_hand(expected_g, expected_d, real, noise)
    assert_same_state(generator, expected_g, 1e-12)
    assert_same_state(discriminator, expected_d, 1e-12)


def test_each_optimizer_moves_its_own_model(reference):
    for frozen in (0, 1):
        pair = models()
        before = copy.deepcopy(pair)
        opts = [torch.optim.SGD(m.parameters(), lr=0.0 if k == frozen else 0.1) for k, m in enumerate(pair)]
        reference.train_step(*pair, *opts, draw(4, 2), draw(4, 3, seed=1))
        assert torch.equal(pair[frozen][0].weight, before[frozen][0].weight)
        assert not torch.equal(pair[1 - frozen][0].weight, before[1 - frozen][0].weight)


def test_order_of_the_calls(reference):
    generator, discriminator = models()
    calls = []
    generator.register_forward_hook(lambda module, inputs, output: calls.append(("generator", inputs[0], output)))
    discriminator.register_forward_hook(lambda module, inputs, output: calls.append(("discriminator", *inputs, output)))
    real, noise = draw(4, 2), draw(4, 3, seed=1)
    copies = real.clone(), noise.clone()
    reference.train_step(generator, discriminator, *optimizers(generator, discriminator), real, noise)
    assert [name for name, _, _ in calls] == ["generator", "discriminator", "discriminator", "discriminator"]
    fakes = calls[0][2]
    assert calls[0][1] is noise
    assert calls[1][1] is real
    assert torch.equal(calls[2][1], fakes)
    assert not calls[2][1].requires_grad
    assert calls[3][1] is fakes
    assert torch.equal(real, copies[0])
    assert torch.equal(noise, copies[1])
