import torch
import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    ones = torch.ones_like(real_logits)
    zeros = torch.zeros_like(fake_logits)
    return F.binary_cross_entropy_with_logits(torch.sigmoid(real_logits), ones) + F.binary_cross_entropy_with_logits(
        torch.sigmoid(fake_logits), zeros
    )


def generator_loss(fake_logits):
    return F.softplus(-fake_logits).mean()


def train_step(generator, discriminator, opt_g, opt_d, real, noise):
    opt_g.zero_grad()
    opt_d.zero_grad()
    fake = generator(noise)
    d_loss = discriminator_loss(discriminator(real), discriminator(fake))
    d_loss.backward(retain_graph=True)
    opt_d.step()
    g_loss = generator_loss(discriminator(fake))
    g_loss.backward()
    opt_g.step()
    return d_loss.item(), g_loss.item()
