import torch


def discriminator_loss(real_logits, fake_logits):
    return fake_logits.mean() - real_logits.mean()


def generator_loss(fake_logits):
    return -fake_logits.mean()


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
