import torch


def reparameterize(mu, logvar, noise):
    if mu.shape != logvar.shape:
        raise ValueError("mu and logvar differ")
    if noise.shape != mu.shape:
        raise ValueError("noise has another shape")
    return mu + torch.exp(logvar * 0.5) * noise


def kl_divergence(mu, logvar):
    if mu.dim() != 2 or mu.shape != logvar.shape:
        raise ValueError("(N, Z) expected")
    sigma = torch.exp(0.5 * logvar)
    return torch.sum(0.5 * (mu**2 + sigma**2) - 0.5 - torch.log(sigma), dim=-1)


def vae_loss(recon_logits, x, mu, logvar, beta=1.0):
    # TODO
    raise NotImplementedError("vae_loss")
