import torch
import torch.nn.functional as F


def reparameterize(mu, logvar, noise):
    if mu.shape != logvar.shape or mu.shape != noise.shape:
        raise ValueError("shapes")
    return mu


def kl_divergence(mu, logvar):
    if mu.shape != logvar.shape or mu.dim() != 2:
        raise ValueError("shapes")
    return -0.5 * torch.sum(1 + logvar - mu**2 - logvar.exp(), dim=1)


def vae_loss(recon_logits, x, mu, logvar, beta=1.0):
    if recon_logits.shape != x.shape or mu.shape != logvar.shape or mu.dim() != 2 or recon_logits.dim() < 2:
        raise ValueError("shapes")
    if len(x) != len(mu):
        raise ValueError("batch size")
    if beta < 0:
        raise ValueError("beta")
    loss = F.binary_cross_entropy_with_logits(recon_logits, x, reduction="sum")
    return loss / x.size(0)
