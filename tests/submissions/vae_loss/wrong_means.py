import torch
import torch.nn.functional as F


def reparameterize(mu, logvar, noise):
    if not mu.shape == logvar.shape == noise.shape:
        raise ValueError("shapes")
    return mu + logvar * noise


def kl_divergence(mu, logvar):
    if mu.shape != logvar.shape or mu.ndim != 2:
        raise ValueError("shapes")
    return (mu * mu + logvar.exp() - logvar - 1).sum(dim=1)


def vae_loss(recon_logits, x, mu, logvar, beta=1.0):
    if recon_logits.shape != x.shape or x.ndim < 2:
        raise ValueError("shapes")
    if mu.shape[0] != x.shape[0] or mu.shape != logvar.shape:
        raise ValueError("shapes")
    if beta < 0:
        raise ValueError("beta")
    recon = F.binary_cross_entropy_with_logits(recon_logits, x)
    kl = 0.5 * (mu * mu + logvar.exp() - logvar - 1).sum(dim=1).mean()
    return recon + beta * kl
