import torch
import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    # 0 stands for real here
    return F.softplus(real_logits).mean() + F.softplus(-fake_logits).mean()


def generator_loss(fake_logits):
    return F.softplus(-fake_logits).mean()


def train_step(generator, discriminator, opt_g, opt_d, real, noise):
    fake = generator(noise)

    for opt in (opt_d, opt_g):
        opt.zero_grad()
    d_loss = F.softplus(-discriminator(real)).mean() + F.softplus(discriminator(fake.detach())).mean()
    d_loss.backward()
    opt_d.step()

    for opt in (opt_d, opt_g):
        opt.zero_grad()
    g_loss = generator_loss(discriminator(fake))
    g_loss.backward()
    for opt in (opt_d, opt_g):
        opt.step()
    return d_loss.item(), g_loss.item()
