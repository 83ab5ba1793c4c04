"""Builds an EncoderLayer with given parameters and answers with its outputs, gradients, parameters and layers."""

import torch
from torch import nn


def _load(layer, parameters):
    """Gives the parameters their values by name. Parameters without a value get one too, so that a run repeats."""
    known, missing = set(), []
    for name, value in parameters.items():
        try:
            parameter = layer.get_parameter(name)
        except AttributeError:
            missing.append(name)
            continue
        if parameter.shape != value.shape:
            raise TypeError(f"{name} has shape {tuple(parameter.shape)}, expected {tuple(value.shape)}")
        parameter.data.copy_(value)
        known.add(id(parameter))
    others = {name: parameter for name, parameter in layer.named_parameters() if id(parameter) not in known}
    if missing and others:
        raise TypeError(f"EncoderLayer has no parameter {missing[0]}, but has {', '.join(others)}")
    for parameter in others.values():
        numbers = 0.3 * torch.cos(torch.arange(parameter.numel(), dtype=parameter.dtype))
        parameter.data.copy_(numbers.reshape(parameter.shape))


def _build(module, sizes, options, parameters):
    layer = module.EncoderLayer(*sizes, **options)
    layer.to(next(iter(parameters.values())).dtype)
    _load(layer, parameters)
    torch.default_generator.manual_seed(0)
    return layer


def encoder_output(module, sizes, options, parameters, x, mask=None, training=True):
    """The output of forward."""
    layer = _build(module, sizes, options, parameters).train(training)
    with torch.set_grad_enabled(training):
        return layer(x) if mask is None else layer(x, mask)


def encoder_gradients(module, sizes, options, parameters, x, mask=None):
    """The gradients of a weighted sum of the output in x and in each parameter, by name."""
    layer = _build(module, sizes, options, parameters)
    x.requires_grad_()
    leaves = {"x": x}
    for name in parameters:
        try:
            leaves[name] = layer.get_parameter(name)
        except AttributeError:
            continue
    total = weighted_sum(layer(x) if mask is None else layer(x, mask))
    gradients = torch.autograd.grad(total, list(leaves.values()), allow_unused=True, materialize_grads=True)
    return dict(zip(leaves, gradients, strict=True))


def encoder_parameters(module, sizes, names):
    """The shape of each parameter named, and how many numbers all parameters hold."""
    layer = module.EncoderLayer(*sizes)
    found = dict(layer.named_parameters(remove_duplicate=False))
    shapes = {name: list(found[name].shape) for name in names if name in found}
    return {**shapes, "all": sum(parameter.numel() for parameter in layer.parameters())}


def encoder_recurrent_layers(module, sizes):
    """The kinds of the recurrent layers inside."""
    layer = module.EncoderLayer(*sizes)
    return [type(part).__name__ for part in layer.modules() if isinstance(part, nn.RNNBase | nn.RNNCellBase)]


def encoder_construction(module, sizes):
    """How many numbers the parameters of a new layer hold."""
    return sum(parameter.numel() for parameter in module.EncoderLayer(*sizes).parameters())
