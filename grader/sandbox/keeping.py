"""Memory that stays: imports and what else lives as long as its process."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def kept() -> Iterator[None]:
    """Whatever is made within is never looked at by the garbage collector.

    It would find nothing, and takes a tenth of the time that torch is imported in. And to look at an object is to write
    to it: every forked process would get a copy of the memory that it could share.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if enabled:
            gc.enable()
