import torch
import torch.nn.functional as F
from torch.distributions import Bernoulli, Normal, kl_divergence as torch_kl


def reparameterize(mu, logvar, noise):
    if not (mu.shape == logvar.shape == noise.shape):
        raise ValueError("mu, logvar and noise must have one shape")
    sigma = logvar.exp().sqrt()
    return torch.addcmul(mu, sigma, noise)


def kl_divergence(mu, logvar):
    if mu.dim() != 2 or mu.size() != logvar.size():
        raise ValueError("mu and logvar must be (N, Z)")
    posterior = Normal(mu, torch.exp(logvar / 2), validate_args=False)
    prior = Normal(torch.zeros_like(mu), torch.ones_like(mu))
    return torch_kl(posterior, prior).sum(-1)


def vae_loss(recon_logits, x, mu, logvar, beta=1.0):
    if recon_logits.size() != x.size() or recon_logits.dim() < 2 or x.size(0) != mu.size(0):
        raise ValueError("recon_logits and x do not match")
    if beta < 0:
        raise ValueError("beta must be >= 0")
    n = x.shape[0]
    kl = kl_divergence(mu, logvar)
    bce = F.softplus(recon_logits) - x * recon_logits
    return (bce.sum() + beta * kl.sum()) / n
