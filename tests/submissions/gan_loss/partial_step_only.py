import torch


def discriminator_loss(real_logits, fake_logits):
    # TODO
    raise NotImplementedError("discriminator_loss")


def generator_loss(fake_logits):
    # TODO
    raise NotImplementedError("generator_loss")


def train_step(generator, discriminator, opt_g, opt_d, real, noise):
    fake = generator(noise)
    opt_d.zero_grad()
    d_loss = discriminator_loss(discriminator(real), discriminator(fake.detach()))
    d_loss.backward()
    opt_d.step()
    opt_g.zero_grad()
    g_loss = generator_loss(discriminator(fake))
    g_loss.backward()
    opt_g.step()
    return d_loss.item(), g_loss.item()
