"""Memory that stays: imports and what else lives as long as its process."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """The garbage collector rests: it would find nothing, and takes a tenth of the time that torch is imported in."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@contextmanager
def kept() -> Iterator[None]:
    """Whatever is there at the end is never looked at by the garbage collector: for a process that is ours alone.

    To look at an object is to write to it: every forked process would get a copy of the memory that it could share.
    """
    with uncollected():
        try:
            yield
        finally:
            gc.freeze()
