import torch
import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    return 0.5 * torch.mean((real_logits - 1) ** 2) + 0.5 * torch.mean(fake_logits**2)


def generator_loss(fake_logits):
    return 0.5 * torch.mean((fake_logits - 1) ** 2)


def train_step(generator, discriminator, opt_g, opt_d, real, noise):
    fake = generator(noise)
    d_loss = discriminator_loss(discriminator(real), discriminator(fake.detach()))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()

    g_loss = generator_loss(discriminator(fake))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return d_loss.item(), g_loss.item()
