"""Global state as every call finds it, whatever a file left on while it was loaded, or a call before.

A verdict is about what a function answers, and this is not in its answer: the default dtype and device, whether torch
records gradients, what NumPy and `warnings` do about an overflow, the threads, the global generators. A probe that
draws or builds something would else build something different. What a function sets inside a call holds in that call.
"""

from __future__ import annotations

import random
import sys
import warnings
from contextlib import AbstractContextManager, nullcontext
from typing import Any

FILTERS = tuple(warnings.filters)  # as the process began
NUMPY_ERRORS = {"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"}  # as NumPy begins
UNCHANGED = nullcontext()


def as_begun(*, draws: bool = True) -> AbstractContextManager[Any]:
    """Sets the state that Python, NumPy and torch begin with, for what is run within. Every call pays for it, so what
    can be asked for in less time than it takes to set is asked for first.

    `draws`: whether anything in it may draw from the global generators of Python and NumPy. To seed them takes longer
    than all the rest.
    """
    if draws:
        random.seed(0)  # a mistake that draws from global generators then has one value
    if "numpy" in sys.modules:
        numpy = sys.modules["numpy"]
        if draws:
            numpy.random.seed(0)
        if numpy.geterr() != NUMPY_ERRORS:
            numpy.seterr(**NUMPY_ERRORS)
    if "torch" in sys.modules:
        torch = sys.modules["torch"]
        reset(torch)
        if torch.is_inference_mode_enabled():
            return torch.inference_mode(False)  # type: ignore[no-any-return]
    return UNCHANGED


def reset(torch: Any) -> None:
    """All of torch that can be set and asked for, but for inference mode, which can only be left for a while."""
    torch.default_generator.manual_seed(0)
    torch.set_default_device(None)
    torch.set_float32_matmul_precision("highest")
    torch.set_flush_denormal(False)
    if torch.get_default_dtype() is not torch.float32:
        torch.set_default_dtype(torch.float32)
    if not torch.is_grad_enabled():
        torch.set_grad_enabled(True)
    if torch.are_deterministic_algorithms_enabled():
        torch.use_deterministic_algorithms(False)
    if torch.is_anomaly_enabled():
        torch.autograd.set_detect_anomaly(False)
    if torch.is_autocast_enabled("cpu"):
        torch.set_autocast_enabled("cpu", False)
    if torch.get_num_threads() != 1:
        torch.set_num_threads(1)


def restore_warnings() -> None:
    """The filters that the process began with."""
    if tuple(warnings.filters) != FILTERS:
        warnings.resetwarnings()
        warnings.filters[:] = FILTERS  # type: ignore[index]
