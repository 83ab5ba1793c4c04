"""The negative evidence lower bound of a VAE (Kingma and Welling, 2014), with beta as in Higgins et al., 2017."""

import torch
import torch.nn.functional as F


def check_same_shape(**tensors):
    shapes = {name: tuple(tensor.shape) for name, tensor in tensors.items()}
    if len(set(shapes.values())) > 1:
        raise ValueError(f"shapes must be equal, got {shapes}")


def check_latent(mu, logvar):
    check_same_shape(mu=mu, logvar=logvar)
    if mu.ndim != 2:
        raise ValueError(f"mu and logvar must be (N, Z), not {tuple(mu.shape)}")


def check_samples(recon_logits, mu):
    if recon_logits.ndim < 2:
        raise ValueError(f"recon_logits must have at least two dimensions, not {recon_logits.ndim}")
    if len(recon_logits) != len(mu):
        raise ValueError(f"recon_logits has {len(recon_logits)} samples, mu {len(mu)}")


def reparameterize(mu, logvar, noise):
    check_same_shape(mu=mu, logvar=logvar, noise=noise)
    std = torch.exp(0.5 * logvar)
    return mu + std * noise


def kl_divergence(mu, logvar):
    check_latent(mu, logvar)
    variance = torch.exp(logvar)
    per_dimension = 0.5 * (mu**2 + variance - 1 - logvar)
    return per_dimension.sum(dim=1)


def vae_loss(recon_logits, x, mu, logvar, beta=1.0):
    check_same_shape(recon_logits=recon_logits, x=x)
    check_latent(mu, logvar)
    check_samples(recon_logits, mu)
    if not beta >= 0:
        raise ValueError(f"beta must not be negative, but is {beta}")
    per_feature = F.binary_cross_entropy_with_logits(recon_logits, x, reduction="none")
    reconstruction = per_feature.flatten(start_dim=1).sum(dim=1)
    divergence = kl_divergence(mu, logvar)
    per_sample = reconstruction + beta * divergence
    return per_sample.mean()
