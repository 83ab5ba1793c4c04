"""Builds a fusion module with given parameters and answers with its outputs, gradients and parameters."""

import torch


def _load(model, parameters):
    """Gives the parameters their values by name.

    A parameter of another shape gets the same numbers as often as it takes, one without a value some of its own, so
    that a run repeats: `parameters` tells what is amiss with them.
    """
    known, missing = set(), []
    for name, value in parameters.items():
        try:
            parameter = model.get_parameter(name)
        except AttributeError:
            missing.append(name)
            continue
        places = torch.arange(parameter.numel()) % value.numel()
        parameter.data.copy_(value.flatten()[places].reshape(parameter.shape))
        known.add(id(parameter))
    others = {name: parameter for name, parameter in model.named_parameters() if id(parameter) not in known}
    if missing and others:
        raise TypeError(f"{type(model).__name__} has no parameter {missing[0]}, but has {', '.join(others)}")
    for parameter in others.values():
        numbers = 0.3 * torch.cos(torch.arange(parameter.numel(), dtype=parameter.dtype))
        parameter.data.copy_(numbers.reshape(parameter.shape))


def _build(fusion, sizes, parameters):
    model = fusion(*sizes)
    model.to(next(iter(parameters.values())).dtype)
    _load(model, parameters)
    torch.default_generator.manual_seed(0)
    return model


def _gradients(fusion, sizes, parameters, a, b):
    """The gradients of a weighted sum of the output in a, b and each parameter, by name."""
    model = _build(fusion, sizes, parameters)
    leaves = {"a": a.requires_grad_(), "b": b.requires_grad_()}
    for name in parameters:
        try:
            leaves[name] = model.get_parameter(name)
        except AttributeError:
            continue
    total = weighted_sum(model(a, b))
    gradients = torch.autograd.grad(total, list(leaves.values()), allow_unused=True, materialize_grads=True)
    return dict(zip(leaves, gradients, strict=True))


def _parameters(fusion, sizes, names):
    """The shape of each parameter named, and how many numbers all parameters hold."""
    model = fusion(*sizes)
    found = dict(model.named_parameters(remove_duplicate=False))
    shapes = {name: list(found[name].shape) for name in names if name in found}
    return {**shapes, "all": sum(parameter.numel() for parameter in model.parameters())}


def _shape(fusion, sizes, parameters, a, b, layer):
    """The shape of the output; what the layer was given where it, or what comes after, does not fit."""
    model = _build(fusion, sizes, parameters)
    given = []
    if isinstance(getattr(model, layer, None), torch.nn.Module):
        getattr(model, layer).register_forward_pre_hook(lambda _, inputs: given.append(inputs[0].detach()))
    try:
        return list(model(a, b).shape)
    except RuntimeError:
        if not given:
            raise
        return given[-1]


def early_output(module, sizes, parameters, a, b):
    """The output of the early fusion."""
    return _build(module.EarlyFusion, sizes, parameters)(a, b)


def early_shape(module, sizes, parameters, a, b):
    """The shape of the output of the early fusion."""
    return _shape(module.EarlyFusion, sizes, parameters, a, b, "hidden")


def early_gradients(module, sizes, parameters, a, b):
    """The gradients of the early fusion in both inputs and in every parameter."""
    return _gradients(module.EarlyFusion, sizes, parameters, a, b)


def early_parameters(module, sizes, names):
    """The shape of every parameter of the early fusion."""
    return _parameters(module.EarlyFusion, sizes, names)


def late_output(module, sizes, parameters, a, b):
    """The output of the late fusion."""
    return _build(module.LateFusion, sizes, parameters)(a, b)


def late_gradients(module, sizes, parameters, a, b):
    """The gradients of the late fusion in both inputs and in every parameter."""
    return _gradients(module.LateFusion, sizes, parameters, a, b)


def late_parameters(module, sizes, names):
    """The shape of every parameter of the late fusion."""
    return _parameters(module.LateFusion, sizes, names)


def gated_output(module, sizes, parameters, a, b):
    """The output of the gated fusion."""
    return _build(module.GatedFusion, sizes, parameters)(a, b)


def gated_shape(module, sizes, parameters, a, b):
    """The shape of the output of the gated fusion."""
    return _shape(module.GatedFusion, sizes, parameters, a, b, "gate")


def gated_gradients(module, sizes, parameters, a, b):
    """The gradients of the gated fusion in both inputs and in every parameter."""
    return _gradients(module.GatedFusion, sizes, parameters, a, b)


def gated_parameters(module, sizes, names):
    """The shape of every parameter of the gated fusion."""
    return _parameters(module.GatedFusion, sizes, names)
