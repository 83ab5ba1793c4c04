"""Imports and first uses that every worker would otherwise pay for itself: made once, in the host.

A forked process shares the host's memory until it writes to it, and then copies a page. Python writes even where it
reads: it counts references, fills caches, notes which types an instruction has met. So the host is once the worker of
a plain submission, as all that it forks will be of others, and what that leaves behind they find ready.
"""

from __future__ import annotations

import contextlib
import importlib
import linecache
import socket
import sys
from collections.abc import Callable, Sequence
from typing import Any

from grader.sandbox.protocol import calls, codec
from grader.sandbox.protocol.frames import frame
from grader.sandbox.protocol.setup import Setup

FILENAME = "warmup.py"
ROUNDS = 3  # after which few places of our own code change any more

NUMPY = b'''
import numpy as np


def layer(x, weight, bias):
    """Ordinary steps of an exercise."""
    x = np.asarray(x, dtype=np.float64)
    if x.ndim != 2:
        raise ValueError(f"x must have 2 dimensions, not {x.ndim}")
    score = x @ weight.T + bias
    shifted = np.exp(score - score.max(axis=-1, keepdims=True))
    share = shifted / shifted.sum(axis=-1, keepdims=True)
    spread = np.sqrt(np.maximum(score.var(axis=0), 0.0) + 1e-5)
    loss = -np.log(np.clip(share, 1e-12, 1.0)).mean()
    out = np.zeros_like(score)
    out[:, 0] = np.where(score[:, 0] > 0, score[:, 0], 0.0)
    for row in range(len(out)):
        out[row] += np.tanh((score[row] - score.mean(axis=0)) / spread)
    return np.concatenate([out, np.stack([share[:, 0], share.argmax(axis=1)], axis=1)], axis=1), float(loss)
'''

TORCH = b'''
import torch
import torch.nn as nn
import torch.nn.functional as F


class Layer(nn.Module):
    """Ordinary steps of an exercise."""

    def __init__(self, weight, bias):
        super().__init__()
        self.linear = nn.Linear(weight.shape[1], weight.shape[0]).to(weight.dtype)
        self.weight = nn.Parameter(weight.detach().clone())
        self.bias = nn.Parameter(torch.zeros_like(bias))

    def forward(self, x):
        return F.relu(self.linear(x)) + F.softmax(F.linear(x, self.weight, self.bias), dim=-1)


def layer(x, weight, bias):
    if x.ndim != 2:
        raise ValueError(f"x must have 2 dimensions, not {x.ndim}")
    score = torch.matmul(x, weight.T) + bias
    first, second = score.chunk(2, dim=1)
    out = torch.sigmoid(first) * torch.tanh(second) + (1 - first.relu()).exp()
    spread = torch.sqrt(score.var(dim=0, unbiased=False, keepdim=True) + 1e-5)
    score = (score - score.mean(dim=0, keepdim=True)) / spread
    share = torch.softmax(score.masked_fill(score < -1, float("-inf")), dim=-1)
    steps = torch.stack([row * 2 for row in share.unbind(dim=0)]).reshape(len(x), -1).transpose(0, 1)
    loss = -torch.log(share.clamp(min=1e-12)).sum() + (score ** 2).mean() + F.mse_loss(first, second)
    return torch.cat([out, steps.T.view(len(x), -1)], dim=1), loss + Layer(weight, bias)(x).sum()
'''


def warm_up(libraries: list[str]) -> None:
    """Imports the libraries, and uses NumPy and torch once."""
    for name in libraries:
        with contextlib.suppress(ImportError):  # not installed here: then no submission has it either
            importlib.import_module(name)
    if "numpy" in libraries:
        import numpy as np

        np.random.default_rng(0).normal(size=(2, 2)) @ np.linalg.inv(np.eye(2))
    if "torch" in libraries:
        import torch

        # Before the first operation: a thread pool made here would be missing in every forked worker, and the
        # first backward pass would wait for it for ever.
        torch.set_num_threads(1)
        torch.compile = uncompiled
        layer = torch.nn.Linear(3, 3)
        torch.tanh(layer(torch.ones(2, 3))).sum().backward()
        if "torch.optim" in libraries:  # the first step of an optimizer imports another second's worth of torch
            torch.optim.SGD(layer.parameters(), lr=0.1).step()


def uncompiled(model: Any = None, **options: Any) -> Any:
    """Stands for torch.compile, which needs a compiler and files to write: what it answers is the model as it is."""
    return (lambda model: model) if model is None else model


def rehearse(libraries: list[str], serve: Callable[[int], None]) -> None:
    """Lets this process be the worker of a submission to no exercise. `serve` is given the descriptor of a channel."""
    if "numpy" in libraries:
        import numpy as np

        arrays = np.random.default_rng(0).normal(size=(3, 4)), np.ones((6, 4)), np.ones(6)
        play(serve, NUMPY, [("layer", *arrays), ("twice", "layer", *arrays)])
    if "torch" in libraries:
        import torch

        singles = [torch.ones(*size) for size in ((3, 4), (6, 4), (6,))]
        doubles = [each.double() for each in singles]
        play(serve, TORCH, [("layer", *singles), ("gradients", "layer", *doubles)])


def play(serve: Callable[[int], None], source: bytes, asked: Sequence[tuple[Any, ...]]) -> None:
    opening = codec.encode([source, FILENAME, [], [], Setup().encoded, 0, None])
    bodies = [opening, *(calls.encode_call(name, tuple(rest), {}) for name, *rest in asked)]
    standard = sys.stdout, sys.stderr
    for _ in range(ROUNDS):
        ours, theirs = socket.socketpair()
        with ours, theirs:
            theirs.sendall(b"".join(map(frame, bodies)))
            theirs.shutdown(socket.SHUT_WR)
            serve(ours.fileno())
        del sys.modules[FILENAME.removesuffix(".py")], linecache.cache[FILENAME]
    sys.stdout, sys.stderr = standard
