import torch
from torch import nn

criterion = nn.BCELoss()


def discriminator_loss(real_logits, fake_logits):
    return criterion(torch.sigmoid(real_logits), torch.ones_like(real_logits)) + criterion(
        torch.sigmoid(fake_logits), torch.zeros_like(fake_logits)
    )


def generator_loss(fake_logits):
    return torch.log(1 - torch.sigmoid(fake_logits)).mean()


def train_step(generator, discriminator, opt_g, opt_d, real, noise):
    n = real.shape[0]
    real_labels = torch.ones(n, 1)
    fake_labels = torch.zeros(n, 1)
    bce = nn.BCEWithLogitsLoss()

    opt_d.zero_grad()
    fake = generator(noise)
    d_loss = bce(discriminator(real), real_labels) + bce(discriminator(fake.detach()), fake_labels)
    d_loss.backward()
    opt_d.step()

    opt_g.zero_grad()
    g_loss = bce(discriminator(fake), real_labels)
    g_loss.backward()
    opt_g.step()
    return d_loss.item(), g_loss.item()
