"""Runs train_step on a small generator and discriminator of its own, which note how they are called.

train_step is judged apart from the two loss functions. It is run twice: with the submission's own losses, and with
others in their place, which have nothing to do with those of the exercise. One of the two that is right will do: the
first is where train_step computes its losses itself, the second where it calls functions that are wrong.
"""

import torch
from torch import nn


class _Network(nn.Module):
    """Two linear layers from given weights, which note each call."""

    def __init__(self, weights, flat=False):
        super().__init__()
        self.weights = nn.ParameterList(nn.Parameter(values.clone()) for values in weights)
        self.flat = flat
        self.calls = []

    def forward(self, x):
        w1, b1, w2, b2 = self.weights
        self.calls.append({"input": x.detach().clone(), "requires_grad": x.requires_grad, "training": self.training})
        out = torch.tanh(x @ w1.T + b1) @ w2.T + b2
        return out.squeeze(1) if self.flat else out

    def values(self):
        return [parameter.detach().clone() for parameter in self.parameters()]


def _other_discriminator_loss(real_logits, fake_logits, *settings, **more_settings):
    return torch.sin(real_logits).mean() + torch.cos(fake_logits + 1).mean()


def _other_generator_loss(fake_logits, *settings, **more_settings):
    return torch.cos(2 * fake_logits - 1).mean()


OTHER_LOSSES = {"discriminator_loss": _other_discriminator_loss, "generator_loss": _other_generator_loss}


def train_step(module, setup):
    """All that comes of a step for each batch of noise."""
    own = {name: vars(module)[name] for name in OTHER_LOSSES if name in vars(module)}
    answer = {"own losses": _train(module, setup)}
    vars(module).update(OTHER_LOSSES)
    try:
        answer["other losses"] = _train(module, setup)
    finally:
        for name in OTHER_LOSSES:
            vars(module).pop(name, None)
        vars(module).update(own)
    return answer


def _train(module, setup):
    generator = _Network(setup["generator"])
    discriminator = _Network(setup["discriminator"], setup.get("flat", False))
    networks = generator, discriminator
    optimizers = torch.optim.SGD(generator.parameters(), lr=0.5), torch.optim.SGD(discriminator.parameters(), lr=0.3)
    if setup.get("leftovers"):
        for parameter in [*generator.parameters(), *discriminator.parameters()]:
            parameter.grad = torch.full_like(parameter, setup["leftovers"])

    def steps():
        return [module.train_step(*networks, *optimizers, setup["real"].clone(), z.clone()) for z in setup["noise"]]

    losses = attempt(module, steps)
    failed = losses if isinstance(losses, dict) else None
    # A step that breaks off in a backward pass has made its calls all the same.
    never_ran = failed if not discriminator.calls else None
    return {
        "losses": losses,
        "generator": failed or generator.values(),
        "discriminator": failed or discriminator.values(),
        "modes": failed
        or {
            "generator": [*(call["training"] for call in generator.calls), generator.training],
            "discriminator": [*(call["training"] for call in discriminator.calls), discriminator.training],
        },
        "generator calls": never_ran or [call["input"] for call in generator.calls],
        "discriminator calls": never_ran or [[call["input"], call["requires_grad"]] for call in discriminator.calls],
    }
