"""An autoencoder and its reconstruction loss

1. `Autoencoder(input_dim, hidden_dims, latent_dim)` squeezes x (N, input_dim) through a narrow latent code
   z (N, latent_dim) and rebuilds it. With hidden_dims = (h1, …, hm) the linear layers, all with bias, are

       encoder    input_dim → h1 → … → hm → latent_dim
       decoder    latent_dim → hm → … → h1 → input_dim

   - `encode(x)` returns z: ReLU after every encoder layer but the last; z is any real number.
   - `decode(z)` returns x̂ (N, input_dim): ReLU after every decoder layer but the last, whose output goes
     through a sigmoid, so x̂ lies in [0, 1].
   - `forward(x)` returns decode(encode(x)).

   hidden_dims may be any sequence of ints, also an empty one: one layer each way. Layers may have any names;
   create them in the order in which they are used, the encoder first. There are no other parameters.
2. `reconstruction_loss(x_hat, x)` for two tensors (N, D), N ≥ 1, is a 0-dim tensor, differentiable in both:

       loss = 1/N Σ_n Σ_d (x̂_nd − x_nd)²

Everything keeps dtype and device; the model is differentiable in its input and every parameter. A size
below 1, an x that is not (N, input_dim), a z that is not (N, latent_dim), and an x_hat and x that do not
share one 2-D shape raise ValueError. No input is modified.

>>> model = Autoencoder(input_dim=2, hidden_dims=(3,), latent_dim=1)
>>> for p in model.parameters(): _ = nn.init.constant_(p, 0.5)
>>> x = torch.tensor([[1.0, 0.0]])
>>> model.encode(x).detach(), model(x).detach()
(tensor([[2.]]), tensor([[0.9399, 0.9399]]))
>>> reconstruction_loss(torch.tensor([[1.0, 0.5], [0.0, 0.0]]), torch.tensor([[0.0, 0.0], [0.0, 2.0]]))
tensor(2.6250)
"""

from collections.abc import Sequence

import torch
from torch import nn


class Autoencoder(nn.Module):
    """A fully connected encoder and the decoder that mirrors it."""

    def __init__(self, input_dim: int, hidden_dims: Sequence[int], latent_dim: int):
        """Create the layers of the encoder, then those of the decoder."""
        super().__init__()
        # TODO
        raise NotImplementedError("Autoencoder")

    def encode(self, x: torch.Tensor) -> torch.Tensor:
        """The latent code (N, latent_dim) of x (N, input_dim)."""
        # TODO
        raise NotImplementedError("Autoencoder.encode")

    def decode(self, z: torch.Tensor) -> torch.Tensor:
        """The reconstruction (N, input_dim) in [0, 1] from a latent code z (N, latent_dim)."""
        # TODO
        raise NotImplementedError("Autoencoder.decode")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The reconstruction (N, input_dim) of x."""
        # TODO
        raise NotImplementedError("Autoencoder.forward")


def reconstruction_loss(x_hat: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Squared error, summed over the features and averaged over the examples."""
    # TODO
    raise NotImplementedError("reconstruction_loss")
