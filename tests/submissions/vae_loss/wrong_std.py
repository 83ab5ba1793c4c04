import torch
from torch import nn


def reparameterize(mu, logvar, noise):
    if not mu.shape == logvar.shape == noise.shape:
        raise ValueError
    std = logvar.exp()
    return mu + noise * std


def kl_divergence(mu, logvar):
    if mu.shape != logvar.shape or mu.ndim != 2:
        raise ValueError
    return 0.5 * (1 + logvar - mu.pow(2) - logvar.exp()).sum(1)


def vae_loss(recon_logits, x, mu, logvar, beta=1.0):
    if recon_logits.shape != x.shape or x.ndim < 2 or mu.shape != logvar.shape or x.shape[0] != mu.shape[0] or beta < 0:
        raise ValueError
    criterion = nn.BCEWithLogitsLoss()
    recon = criterion(torch.sigmoid(recon_logits), x) * x[0].numel()
    return recon + beta * kl_divergence(mu, logvar).mean()
