"""Runs train_step on a small generator and discriminator of its own, which note how they are called.

train_step is judged apart from the two loss functions: for the time of a step they answer by the formulas of the
statement. Where train_step calls its own with other arguments, it gets its own. A train_step that does not call
them is not touched by this.
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


def _discriminator_loss(real_logits, fake_logits):
    return nn.functional.softplus(-real_logits).mean() + nn.functional.softplus(fake_logits).mean()


def _generator_loss(fake_logits):
    return nn.functional.softplus(-fake_logits).mean()


def _step(module, networks, optimizers, real, noise, own):
    held = {name: getattr(module, name, None) for name in ("discriminator_loss", "generator_loss")}
    if not own:
        module.discriminator_loss, module.generator_loss = _discriminator_loss, _generator_loss
    try:
        return module.train_step(*networks, *optimizers, real, noise)
    finally:
        for name, function in held.items():
            if function is None:
                vars(module).pop(name, None)
            else:
                setattr(module, name, function)


def train_step(module, setup, shown):
    """What is to be shown after a step for each batch of noise."""
    try:
        return _train(module, setup, shown, own=False)
    except TypeError:
        return _train(module, setup, shown, own=True)


def _train(module, setup, shown, own):
    generator = _Network(setup["generator"]).train(setup.get("generator_training", True))
    discriminator = _Network(setup["discriminator"], setup.get("flat", False))
    discriminator.train(setup.get("discriminator_training", True))
    networks = generator, discriminator
    optimizers = torch.optim.SGD(generator.parameters(), lr=0.5), torch.optim.SGD(discriminator.parameters(), lr=0.3)
    if setup.get("leftovers"):
        for parameter in [*generator.parameters(), *discriminator.parameters()]:
            parameter.grad = torch.full_like(parameter, setup["leftovers"])
    real = setup["real"]
    try:
        answers = [_step(module, networks, optimizers, real.clone(), noise.clone(), own) for noise in setup["noise"]]
    except RuntimeError:
        # A step that breaks off in a backward pass has made its calls all the same.
        if shown not in ("generator calls", "discriminator calls") or not discriminator.calls:
            raise
    if shown == "losses":
        return answers
    if shown == "generator":
        return generator.values()
    if shown == "discriminator":
        return discriminator.values()
    if shown == "generator calls":
        return [call["input"] for call in generator.calls]
    if shown == "discriminator calls":
        return [[call["input"], call["requires_grad"]] for call in discriminator.calls]
    return {
        "generator": [*(call["training"] for call in generator.calls), generator.training],
        "discriminator": [*(call["training"] for call in discriminator.calls), discriminator.training],
    }
