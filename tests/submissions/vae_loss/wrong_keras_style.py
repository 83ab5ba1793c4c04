import torch
import torch.nn.functional as F


def reparameterize(mu, logvar, noise):
    if mu.shape != logvar.shape or mu.shape != noise.shape:
        raise ValueError("shapes")
    eps = torch.randn_like(mu)
    return mu + torch.exp(0.5 * logvar) * eps


def kl_divergence(mu, logvar):
    if mu.shape != logvar.shape or mu.dim() != 2:
        raise ValueError("shapes")
    return torch.mean(-0.5 * (1 + logvar - mu.square() - logvar.exp()), dim=-1)


def vae_loss(recon_logits, x, mu, logvar, beta=1.0):
    if beta < 0:
        raise ValueError("beta")
    if recon_logits.shape != x.shape or recon_logits.dim() < 2 or mu.shape[0] != x.shape[0] or mu.shape != logvar.shape:
        raise ValueError("shapes")
    eps = 1e-7
    p = torch.sigmoid(recon_logits).clamp(eps, 1 - eps)
    bce = -(x * p.log() + (1 - x) * (1 - p).log())
    recon = bce.reshape(len(x), -1).sum(1)
    kl = 0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum(1)
    return torch.mean(recon + beta * kl)
