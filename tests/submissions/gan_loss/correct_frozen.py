import torch
from torch import nn

_bce = nn.BCEWithLogitsLoss()


def bce_to(logits, label):
    return _bce(logits, torch.full_like(logits, label))


def discriminator_loss(real_logits, fake_logits, real_label=1.0):
    return bce_to(real_logits, real_label) + bce_to(fake_logits, 0.0)


def generator_loss(fake_logits):
    return bce_to(fake_logits, 1.0)


def set_trainable(model, flag):
    for p in model.parameters():
        p.requires_grad_(flag)


def train_step(generator, discriminator, opt_g, opt_d, real, noise):
    fake = generator(noise)

    # discriminator
    opt_d.zero_grad(set_to_none=False)
    loss_real = bce_to(discriminator(real), 1.0)
    loss_real.backward()
    loss_fake = bce_to(discriminator(fake.detach()), 0.0)
    loss_fake.backward()
    opt_d.step()

    # generator
    set_trainable(discriminator, False)
    try:
        opt_g.zero_grad()
        g_loss = generator_loss(discriminator(fake))
        g_loss.backward()
        opt_g.step()
    finally:
        set_trainable(discriminator, True)
    return (loss_real + loss_fake).item(), g_loss.item()
