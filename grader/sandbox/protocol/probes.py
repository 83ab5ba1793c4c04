"""Probes that any suite may use by name, beside those of its own probes.py.

A probe runs on both sides, in the worker on the submission and in the trusted process on the reference, and
answers with plain values. None of them judges: what they answer is compared on the trusted side.
"""

from __future__ import annotations

import copy
from typing import Any


def gradients(module: Any, name: str, *args: Any, **kwargs: Any) -> list[Any]:
    """The gradient, in each floating-point tensor among `args`, of a weighted sum of all the floats in the answer.

    The weights differ from element to element, so that no two gradients cancel or change places unseen. A tensor
    that the answer does not depend on has gradient zero. An answer without a graph raises, as `backward` would.
    """
    import torch

    leaves = [arg.requires_grad_() for arg in args if isinstance(arg, torch.Tensor) and arg.is_floating_point()]
    total = weighted_sum(getattr(module, name)(*args, **kwargs))
    return list(torch.autograd.grad(total, leaves, allow_unused=True, materialize_grads=True))


def weighted_sum(answer: Any) -> Any:
    """Σ w_i·x_i over every floating-point element of the tensors in `answer`, w_i = cos(i) within each tensor.

    Each w_i is a number of float32: a result that was rounded to it at the end still has the gradients of one that was
    not, whatever the inputs."""
    import torch

    if isinstance(answer, torch.Tensor):
        answer = [answer]
    total: Any = 0.0
    for item in answer:
        if isinstance(item, (tuple, list)):
            total = total + weighted_sum(item)
        elif isinstance(item, torch.Tensor) and item.is_floating_point():
            weights = torch.cos(torch.arange(item.numel(), dtype=torch.float32, device=item.device))
            total = total + (weights.to(item.dtype) * item.reshape(-1)).sum()
    return total


def number_or_nan(module: Any, name: str, *args: Any, **kwargs: Any) -> str:
    """Whether NaN is in the number, the tensor or the array that is answered."""
    import math

    answer = getattr(module, name)(*args, **kwargs)
    numbers = answer.reshape(-1).tolist() if hasattr(answer, "reshape") else [answer]
    return "NaN" if any(isinstance(number, float) and math.isnan(number) for number in numbers) else "a number"


def variable(module: Any, name: str) -> Any:
    """The value of a variable: an answer that is no function."""
    value = getattr(module, name)
    if value is ...:  # as the stub leaves it
        raise NotImplementedError(name)
    return value


def twice(module: Any, name: str, *args: Any, **kwargs: Any) -> list[Any]:
    """The answers of two calls with equal arguments: state kept between calls, or random numbers, show."""
    copies = copy.deepcopy((args, kwargs))
    return [getattr(module, name)(*args, **kwargs), getattr(module, name)(*copies[0], **copies[1])]
