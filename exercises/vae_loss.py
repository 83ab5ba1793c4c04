"""The loss of a variational autoencoder

The encoder of a VAE answers each sample with a normal distribution over the latent space, given by its mean mu and by
the logarithm of its *variance*, logvar = log σ². The decoder answers a latent vector with one logit for each feature.

1. `reparameterize(mu, logvar, noise)` draws the latent vector so that gradients reach mu and logvar:

       z = mu + σ · noise

   `noise` is a ready draw from the standard normal, so nothing random happens here. All three have one shape, any
   shape; nothing broadcasts.
2. `kl_divergence(mu, logvar)` takes two (N, Z) tensors and returns (N,): for every sample the divergence from the
   standard normal, summed over the latent dimensions,

       KL = ½ Σ_z (mu² + σ² − 1 − log σ²)

3. `vae_loss(recon_logits, x, mu, logvar, beta=1.0)` returns a 0-dim tensor,

       mean over N of ( −Σ_features [x·log p + (1 − x)·log(1 − p)] + beta · KL ),   p = sigmoid(recon_logits)

   recon_logits and x have one shape, (N, D) or (N, ...): everything but N counts as features. x lies in [0, 1] but need
   not be 0 or 1. mu and logvar are (N, Z). The loss and its gradients stay finite and right at logits of ±1000.

N is at least 1. Results keep dtype (float32 or float64) and device, and gradients reach every tensor argument, x and
noise included. Mismatched shapes (N included), mu and logvar that are not (N, Z) in 2. and 3., recon_logits of fewer
than two dimensions, and a negative beta raise ValueError. No input is modified.

>>> mu, logvar = torch.tensor([[1.0, 0.0]]), torch.tensor([[0.0, 2.0]])
>>> kl_divergence(mu, logvar)
tensor([2.6945])
"""

import torch


def reparameterize(mu: torch.Tensor, logvar: torch.Tensor, noise: torch.Tensor) -> torch.Tensor:
    """The latent vectors z, of the shape of mu, logvar and noise."""
    # TODO
    raise NotImplementedError("reparameterize")


def kl_divergence(mu: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """KL(N(mu, σ²) ‖ N(0, 1)) of every sample: (N, Z), (N, Z) → (N,)."""
    # TODO
    raise NotImplementedError("kl_divergence")


def vae_loss(
    recon_logits: torch.Tensor, x: torch.Tensor, mu: torch.Tensor, logvar: torch.Tensor, beta: float = 1.0
) -> torch.Tensor:
    """Reconstruction plus beta times KL, the mean over the samples."""
    # TODO
    raise NotImplementedError("vae_loss")
