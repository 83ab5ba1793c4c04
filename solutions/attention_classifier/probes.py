"""Builds an AttentionClassifier with given parameters; answers with weights, logits, gradients and parameters."""

import torch
from torch import nn


def _load(model, parameters):
    """Gives the parameters their values by name. Parameters without a value get one too, so that a run repeats."""
    known, missing = set(), []
    for name, value in parameters.items():
        try:
            parameter = model.get_parameter(name)
        except AttributeError:
            missing.append(name)
            continue
        if parameter.shape != value.shape:
            raise TypeError(f"{name} has shape {tuple(parameter.shape)}, expected {tuple(value.shape)}")
        parameter.data.copy_(value)
        known.add(id(parameter))
    others = {name: parameter for name, parameter in model.named_parameters() if id(parameter) not in known}
    if missing and others:
        raise TypeError(f"AttentionClassifier has no parameter {missing[0]}, but has {', '.join(others)}")
    for parameter in others.values():
        numbers = 0.3 * torch.cos(torch.arange(parameter.numel(), dtype=parameter.dtype))
        parameter.data.copy_(numbers.reshape(parameter.shape))


def _build(module, sizes, options, parameters):
    model = module.AttentionClassifier(*sizes, **options)
    model.to(next(iter(parameters.values())).dtype)
    _load(model, parameters)
    torch.default_generator.manual_seed(0)
    return model


def classifier_weights(module, sizes, options, parameters, tokens):
    """What `attention_weights` answers."""
    return _build(module, sizes, options, parameters).attention_weights(tokens)


def classifier_logits(module, sizes, options, parameters, tokens, training=True):
    """The logits of `forward`."""
    model = _build(module, sizes, options, parameters).train(training)
    with torch.set_grad_enabled(training):
        return model(tokens)


def classifier_gradients(module, sizes, options, parameters, tokens):
    """The gradients of a weighted sum of the logits in each parameter, by name."""
    model = _build(module, sizes, options, parameters)
    leaves = {}
    for name in parameters:
        try:
            leaves[name] = model.get_parameter(name)
        except AttributeError:
            continue
    total = weighted_sum(model(tokens))
    gradients = torch.autograd.grad(total, list(leaves.values()), allow_unused=True, materialize_grads=True)
    return dict(zip(leaves, gradients, strict=True))


def classifier_parameters(module, sizes, names):
    """The shape of each parameter named, and how many numbers all parameters hold."""
    model = module.AttentionClassifier(*sizes)
    found = dict(model.named_parameters(remove_duplicate=False))
    shapes = {name: list(found[name].shape) for name in names if name in found}
    return {**shapes, "all": sum(parameter.numel() for parameter in model.parameters())}


def classifier_embeddings_used(module, sizes, tokens):
    """The names of the embedding tables that the logits depend on."""
    model = module.AttentionClassifier(*sizes)
    tables = {name: part.weight for name, part in model.named_modules() if isinstance(part, nn.Embedding)}
    logits = model(tokens)
    if not tables or not logits.requires_grad:
        return []
    found = torch.autograd.grad(logits.square().sum(), list(tables.values()), allow_unused=True)
    used = [name for name, gradient in zip(tables, found, strict=True) if gradient is not None and gradient.any()]
    return ["an embedding" for _ in used[:1]]


def classifier_construction(module, sizes, options):
    """How many numbers the parameters of a new model hold."""
    return sum(parameter.numel() for parameter in module.AttentionClassifier(*sizes, **options).parameters())
