"""What the suite asks of a residual block: sizes and inputs in, plain values out."""

import math
import zlib

import torch
from torch import nn

NAMES = ["conv1", "bn1", "conv2", "bn2", "shortcut"]


def _block(module, sizes, seed, dtype, training):
    """The block with parameters and running statistics of our own, drawn for each name by itself."""
    block = module.ResidualBlock(*sizes)
    if not isinstance(block, nn.Module):
        raise TypeError(f"ResidualBlock is no nn.Module but a {type(block).__name__}")
    block = block.to(dtype).train(training)
    with torch.no_grad():
        for name, child in block.named_children():
            tensors = [t for key, t in child.state_dict(keep_vars=True).items() if "num_batches" not in key]
            for index, tensor in enumerate(tensors):
                _fill(tensor, zlib.crc32(f"{seed} {name} {index}".encode()))
    return block


def _fill(tensor, seed):
    values = torch.rand(tensor.shape, generator=torch.Generator().manual_seed(seed))
    if tensor.ndim > 1:
        tensor.copy_((2 * values - 1) * math.sqrt(6 / tensor[0].numel()))
    else:
        tensor.copy_(0.5 + values)  # positive, as a running variance must be, and not 0 as a bias is at first


def submodules(module, *sizes):
    """The shapes of the parameters of each required submodule, and how many parameters there are in all."""
    block = module.ResidualBlock(*sizes)
    children = dict(block.named_children())
    missing = [name for name in NAMES if name not in children and not (name == "shortcut" and hasattr(block, name))]
    if missing:
        raise TypeError(f"the block has no submodule {missing[0]}")
    shapes = {name: [list(p.shape) for p in children[name].parameters()] if name in children else [] for name in NAMES}
    return {**shapes, "parameters": sum(p.numel() for p in block.parameters())}


def _required(block):
    """The required submodules, in one order whatever the order of their making."""
    children = dict(block.named_children())
    return [children[name] for name in NAMES if name in children]


def block_output(module, x, sizes, seed, training=False):
    """The output of the block."""
    return _block(module, sizes, seed, x.dtype, training)(x)


def complaint(module, x, sizes, seed):
    """The output for an input on which PyTorch itself complains. The text of PyTorch's error, empty where there is
    none."""
    try:
        block_output(module, x, sizes, seed)
    except NotImplementedError:
        raise
    except RuntimeError as error:
        return str(error)
    return ""


def output_or_refusal(module, x, sizes, seed):
    """The output for an input that does not fit. It is there where no error keeps it from being computed."""
    block = _block(module, sizes, seed, x.dtype, False)
    try:
        return block(x)
    except NotImplementedError:
        raise
    except (ValueError, RuntimeError, AssertionError):
        return "refused"


def running_statistics(module, x, sizes, seed, training):
    """The running means and variances of each submodule after one forward pass."""
    block = _block(module, sizes, seed, x.dtype, training)
    block(x)
    return [b for child in _required(block) for name, b in child.named_buffers() if "num_batches" not in name]


def block_gradients(module, x, sizes, seed, training):
    """The gradients of a weighted sum of the output in x and in every parameter, by the name of its submodule."""
    block = _block(module, sizes, seed, x.dtype, training)
    parameters = [p for child in _required(block) for p in child.parameters()]
    # Not a leaf: an in-place change then breaks what it would break in the middle of a network.
    leaf = x.requires_grad_()
    total = weighted_sum(block(leaf * 1))
    return list(torch.autograd.grad(total, [leaf, *parameters], allow_unused=True, materialize_grads=True))
