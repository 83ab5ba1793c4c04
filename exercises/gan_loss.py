"""The two losses of a GAN and one training step

The discriminator answers with one logit an example, high for "real". With σ the sigmoid, r the logits of real
examples and f the logits of generated ones ("fakes"):

    L_D = mean(−log σ(r)) + mean(−log(1 − σ(f)))
    L_G = mean(−log σ(f))                               the non-saturating loss

1. `discriminator_loss(real_logits, fake_logits)` returns L_D, `generator_loss(fake_logits)` returns L_G: 0-dim
   tensors of the logits' dtype and device. Logits are raw scores of any shape, as (N,) or (N, 1); real and fake
   ones need not agree in number. Both losses stay exact and finite at logits of ±1000, in value and gradient,
   and are differentiable by autograd in all their arguments. No input is modified.
2. `train_step(generator, discriminator, opt_g, opt_d, real, noise)` takes two nn.Modules, their optimizers, a
   batch `real` and the `noise` that the generator turns into fakes. It makes one step and returns
   `(d_loss, g_loss)` as Python floats:

   a. the generator is called once, on `noise`; b and c both use these fakes;
   b. the discriminator is called on `real`, then on the detached fakes; d_loss is L_D of the two answers, and
      opt_d makes one step on its gradients, which moves the discriminator alone;
   c. the discriminator, as it now is, is called on the fakes; g_loss is L_G of the answer, and opt_g makes one
      step on its gradients, which moves the generator alone.

   Gradients left in the parameters by earlier work have no influence. The modules stay in the mode, training or
   evaluation, that they are in.

>>> real_logits, fake_logits = torch.tensor([2.0, -1.0]), torch.tensor([0.5, 0.0, -3.0])
>>> round(discriminator_loss(real_logits, fake_logits).item(), 4), round(generator_loss(fake_logits).item(), 4)
(1.292, 1.4053)
"""

import torch
from torch import nn


def discriminator_loss(real_logits: torch.Tensor, fake_logits: torch.Tensor) -> torch.Tensor:
    """L_D, a 0-dim tensor."""
    # TODO
    raise NotImplementedError("discriminator_loss")


def generator_loss(fake_logits: torch.Tensor) -> torch.Tensor:
    """L_G, non-saturating, a 0-dim tensor."""
    # TODO
    raise NotImplementedError("generator_loss")


def train_step(
    generator: nn.Module,
    discriminator: nn.Module,
    opt_g: torch.optim.Optimizer,
    opt_d: torch.optim.Optimizer,
    real: torch.Tensor,
    noise: torch.Tensor,
) -> tuple[float, float]:
    """One step of the discriminator, then one of the generator: (d_loss, g_loss)."""
    # TODO
    raise NotImplementedError("train_step")
