"""Builds the student's Autoencoder, fills its parameters from a pool of numbers and runs one of its methods.

Parameters are filled in the order of parameters(), each with as many numbers of the pool as it has elements; at its
end the pool starts again. So a model whose layers have other widths than they should still answers something.
"""

import torch


def _model(module, sizes, pool):
    model = module.Autoencoder(*sizes).to(pool.dtype)
    start = 0
    with torch.no_grad():
        for parameter in model.parameters():
            indices = (start + torch.arange(parameter.numel())) % len(pool)
            parameter.copy_(pool[indices].reshape(parameter.shape))
            start += parameter.numel()
    return model


def construct(module, *sizes):
    """A new model."""
    module.Autoencoder(*sizes)


def parameter_shapes(module, *sizes):
    """The shape of every parameter of a new model."""
    return [list(parameter.shape) for parameter in module.Autoencoder(*sizes).parameters()]


def encode(module, sizes, pool, x):
    """What `encode` answers."""
    return _model(module, sizes, pool).encode(x)


def decode(module, sizes, pool, z):
    """What `decode` answers."""
    return _model(module, sizes, pool).decode(z)


def forward(module, sizes, pool, x):
    """What `forward` answers."""
    return _model(module, sizes, pool)(x)


def output_shape(module, sizes, z):
    """The shape of what a new model answers."""
    return list(module.Autoencoder(*sizes).decode(z).shape)


def backward(module, sizes, pool, method, x):
    """The gradients of a weighted sum of the output in the input and in the parameters that the method uses."""
    model = _model(module, sizes, pool)
    x.requires_grad_()
    total = weighted_sum(getattr(model, method)(x))
    parameters = list(model.parameters())
    encoder = 2 * len(sizes[1]) + 2
    used = {"encode": parameters[:encoder], "decode": parameters[encoder:], "forward": parameters}[method]
    return list(torch.autograd.grad(total, [x, *used], allow_unused=True, materialize_grads=True))
