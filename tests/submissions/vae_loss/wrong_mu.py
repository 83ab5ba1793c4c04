import torch
import torch.nn.functional as F
def reparameterize(mu, logvar, noise):
    if not (mu.shape == logvar.shape == noise.shape):
        raise ValueError("shapes")
    return mu + noise * torch.exp(0.5 * logvar)
def kl_divergence(mu, logvar):
    if mu.shape != logvar.shape:
        raise ValueError("shapes")
    return -0.5 * torch.sum(1 + logvar - mu - logvar.exp(), dim=1)
def vae_loss(recon_logits, x, mu, logvar, beta=1.0):
    if recon_logits.shape != x.shape:
        raise ValueError("shapes")
    if beta < 0:
        raise ValueError("beta")
    rec = F.binary_cross_entropy_with_logits(recon_logits, x, reduction="sum") / x.shape[0]
    return rec + beta * kl_divergence(mu, logvar).mean()
