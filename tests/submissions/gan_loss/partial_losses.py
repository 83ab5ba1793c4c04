import torch


def discriminator_loss(real_logits, fake_logits):
    return torch.nn.functional.softplus(-real_logits).mean() + torch.nn.functional.softplus(fake_logits).mean()


def generator_loss(fake_logits):
    return torch.nn.functional.softplus(-fake_logits).mean()


def train_step(generator, discriminator, opt_g, opt_d, real, noise):
    # TODO
    raise NotImplementedError("train_step")
