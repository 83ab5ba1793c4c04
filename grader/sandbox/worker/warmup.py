"""Imports and first uses that every worker would otherwise pay for itself: made once, in the host.

A forked process shares the host's memory until it writes to it, and then copies a page. What the first use of a library
leaves behind, workers find ready.
"""

from __future__ import annotations

import contextlib
import importlib
from typing import Any


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
