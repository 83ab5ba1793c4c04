"""Generative adversarial networks (Goodfellow et al. 2014) with the paper's non-saturating generator loss."""

import torch
import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    real_labels = torch.ones_like(real_logits)
    fake_labels = torch.zeros_like(fake_logits)
    real_loss = F.binary_cross_entropy_with_logits(real_logits, real_labels)
    fake_loss = F.binary_cross_entropy_with_logits(fake_logits, fake_labels)
    return real_loss + fake_loss


def generator_loss(fake_logits):
    wanted_labels = torch.ones_like(fake_logits)
    return F.binary_cross_entropy_with_logits(fake_logits, wanted_labels)


def train_step(generator, discriminator, opt_g, opt_d, real, noise):
    fake = generator(noise)

    real_logits = discriminator(real)
    fake_logits = discriminator(fake.detach())
    d_loss = discriminator_loss(real_logits, fake_logits)
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()

    g_loss = generator_loss(discriminator(fake))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return d_loss.item(), g_loss.item()
