"""What the suite asks of the dense block and the cross-layer net: sizes and inputs in, plain values out."""

import math
import zlib

import torch
from torch import nn


def _fill(p, *key):
    if isinstance(p, nn.parameter.UninitializedParameter):
        raise TypeError("a lazy layer has no parameters before its first input: give the layer its number of inputs")
    bound = math.sqrt(6 / p[0].numel()) if p.ndim > 1 else 0.8
    generator = torch.Generator().manual_seed(zlib.crc32(repr(key).encode()))
    with torch.no_grad():
        p.copy_(torch.empty(p.shape).uniform_(-bound, bound, generator=generator))


def _layers(block):
    layers = getattr(block, "layers", None)
    if not isinstance(layers, nn.ModuleList):
        raise TypeError(f"`layers` should be an nn.ModuleList, but is a {type(layers).__name__}")
    return layers


def _dense_block(module, sizes, seed, dtype):
    """The block and its parameters, each drawn for its layer and its place in it."""
    block = module.DenseBlock(*sizes)
    if not isinstance(block, nn.Module):
        raise TypeError(f"DenseBlock is no nn.Module but a {type(block).__name__}")
    block = block.to(dtype)
    for number, layer in enumerate(_layers(block)):
        for index, p in enumerate(layer.parameters()):
            _fill(p, seed, number, index)
    return block


def _in_order_of_shape(parameters):
    return sorted(parameters, key=lambda p: tuple(p.shape), reverse=True)


def _cross_layer_net(module, sizes, seed, dtype):
    """The net with parameters that depend on their shapes only, not on the names or the order of its layers."""
    net = module.CrossLayerNet(*sizes)
    if not isinstance(net, nn.Module):
        raise TypeError(f"CrossLayerNet is no nn.Module but a {type(net).__name__}")
    net = net.to(dtype)
    seen = {}
    for p in net.parameters():
        shape = tuple(p.shape)
        seen[shape] = seen.get(shape, 0) + 1
        _fill(p, seed, shape, seen[shape])
    return net


def dense_layers(module, *sizes):
    """The shapes of the parameters of each layer, and how many parameters there are in all."""
    block = module.DenseBlock(*sizes)
    shapes = [[list(p.shape) for p in layer.parameters()] for layer in _layers(block)]
    return shapes, sum(p.numel() for p in block.parameters())


def dense_output(module, x, sizes, seed):
    """The output of the block."""
    return _dense_block(module, sizes, seed, x.dtype)(x)


def dense_attempt(module, x, sizes, seed):
    """The output, or the kind of error where there is none."""
    try:
        return dense_output(module, x, sizes, seed)
    except Exception as error:
        return type(error).__name__


def dense_gradients(module, x, sizes, seed):
    """The gradients of a weighted sum of the output in x and in the parameters of each layer."""
    block = _dense_block(module, sizes, seed, x.dtype)
    return _gradients(block, x, [p for layer in block.layers for p in layer.parameters()])


def cross_parameters(module, *sizes):
    """The shape of every parameter, the largest first."""
    return [list(p.shape) for p in _in_order_of_shape(module.CrossLayerNet(*sizes).parameters())]


def cross_logits(module, x, sizes, seed):
    """The logits of the model."""
    return _cross_layer_net(module, sizes, seed, x.dtype)(x)


def cross_gradients(module, x, sizes, seed):
    """The gradients of a weighted sum of the logits in x and in every parameter."""
    net = _cross_layer_net(module, sizes, seed, x.dtype)
    return _gradients(net, x, _in_order_of_shape(net.parameters()))


def _gradients(model, x, parameters):
    leaves = [x.requires_grad_(), *parameters]
    total = weighted_sum(model(x))
    return list(torch.autograd.grad(total, leaves, allow_unused=True, materialize_grads=True))


def dense_complaint(module, x, sizes, seed):
    """The output for an input on which PyTorch itself complains. The text of PyTorch's error, empty where there is
    none."""
    return _complaint(lambda: dense_output(module, x, sizes, seed))


def cross_complaint(module, x, sizes, seed):
    """The logits of an input on which PyTorch itself complains."""
    return _complaint(lambda: cross_logits(module, x, sizes, seed))


def _complaint(action):
    try:
        action()
    except NotImplementedError:
        raise
    except RuntimeError as error:
        return str(error)
    return ""


def dense_output_or_refusal(module, x, sizes, seed):
    """The output for an input that does not fit. It is there where no error keeps it from being computed."""
    return _attempt(_dense_block(module, sizes, seed, x.dtype), x)


def cross_logits_or_refusal(module, x, sizes, seed):
    """The logits of an input that does not fit."""
    return _attempt(_cross_layer_net(module, sizes, seed, x.dtype), x)


def _attempt(model, x):
    try:
        return model(x)
    except NotImplementedError:
        raise
    except (ValueError, RuntimeError, IndexError, AssertionError):
        return "refused"
