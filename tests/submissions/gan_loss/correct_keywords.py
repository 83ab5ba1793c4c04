import torch


def discriminator_loss(real_logits, fake_logits, smoothing=0.0):
    def bce(logits, target):
        return (logits.clamp(min=0) - logits * target + torch.log1p(torch.exp(-logits.abs()))).mean()

    return bce(real_logits, 1.0 - smoothing) + bce(fake_logits, 0.0)


def generator_loss(fake_logits):
    zeros = torch.zeros_like(fake_logits)
    return torch.logaddexp(zeros, -fake_logits).mean()


def train_step(generator, discriminator, opt_g, opt_d, real, noise):
    samples = generator(noise)
    for p in list(discriminator.parameters()) + list(generator.parameters()):
        p.grad = None
    d_loss = discriminator_loss(discriminator(real), discriminator(samples.detach()), smoothing=0.0)
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(samples))
    g_loss.backward()
    opt_g.step()
    return d_loss.detach().item(), g_loss.detach().item()
