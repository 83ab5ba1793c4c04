"""Imports and first uses that every worker would otherwise pay for itself: made once, in the host.

A forked process shares the host's memory until it writes to it, and then copies a page. Python writes even where it
reads: it counts references, fills caches, notes which types an instruction has met. So a plain submission is loaded
and called here in the way in which all others will be, and what that leaves behind they find ready.
"""

from __future__ import annotations

import linecache
import sys
from collections.abc import Sequence
from typing import Any

from grader.sandbox import calls, wire
from grader.sandbox.loading import load

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
    """Imports the libraries."""
    if "numpy" in libraries:
        import numpy as np

        np.random.default_rng(0).normal(size=(2, 2)) @ np.linalg.inv(np.eye(2))
    if "torch" in libraries:
        import torch

        # Before the first operation: a thread pool made here would be missing in every forked worker, and the
        # first backward pass would wait for it for ever.
        torch.set_num_threads(1)
        layer = torch.nn.Linear(3, 3)
        torch.tanh(layer(torch.ones(2, 3))).sum().backward()
        if "torch.optim" in libraries:  # the first step of an optimizer imports another second's worth of torch
            torch.optim.SGD(layer.parameters(), lr=0.1).step()


def rehearse(libraries: list[str]) -> None:
    """Loads and calls a submission to no exercise."""
    if "numpy" in libraries:
        import numpy as np

        arrays = np.random.default_rng(0).normal(size=(3, 4)), np.ones((6, 4)), np.ones(6)
        perform(NUMPY, [("layer", *arrays), ("twice", "layer", *arrays)])
    if "torch" in libraries:
        import torch

        singles = [torch.ones(*size) for size in ((3, 4), (6, 4), (6,))]
        doubles = [each.double() for each in singles]
        perform(TORCH, [("layer", *singles), ("gradients", "layer", *doubles)])


def perform(source: bytes, asked: Sequence[tuple[Any, ...]]) -> None:
    for _ in range(ROUNDS):
        module, _, _ = load(source, FILENAME)
        for name, *arguments in asked:
            body = calls.encode_call(name, tuple(arguments), {})
            outcome = calls.perform(body, module, calls.STANDARD_PROBES, FILENAME)
            assert isinstance(outcome, calls.Returned), outcome
            wire.encode(outcome.value)
        del sys.modules[module.__name__], linecache.cache[FILENAME]
