import torch
import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()


def generator_loss(fake_logits):
    return -F.logsigmoid(fake_logits).mean()


def _apply(optimizer, loss, parameters):
    parameters = list(parameters)
    for p, g in zip(parameters, torch.autograd.grad(loss, parameters)):
        p.grad = g
    optimizer.step()


def train_step(generator, discriminator, opt_g, opt_d, real, noise):
    real_out = discriminator(real)
    fakes = generator(noise)
    d_loss = discriminator_loss(real_out, discriminator(fakes.detach()))
    _apply(opt_d, d_loss, discriminator.parameters())

    g_loss = generator_loss(discriminator(fakes))
    _apply(opt_g, g_loss, generator.parameters())
    return float(d_loss), float(g_loss)
