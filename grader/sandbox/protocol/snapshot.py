"""Whether a call modified its arguments, in a fraction of the time that it takes to encode them again.

Every call is asked that, and nearly none has. So what its arguments hold is noted before it, for calls that are known
to come in the process that all workers are forked from: which objects they are, and the bytes of those that can be
modified. Where all of them are the same afterwards, nothing was modified; anything else is left to the encoding.
"""

from __future__ import annotations

import ctypes
import operator
import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

Look = Callable[[], object]  # what an object holds, as something that is compared by value


class Snapshot:
    """What a value holds."""

    def __init__(self, value: object) -> None:
        self.value = value
        self.parts = list(parts_of(value))
        looks = (look_at(part) for part in self.parts)
        self.looks = [(look, look()) for look in looks if look is not None]

    def holds(self) -> bool:
        """Whether it holds the same still. False also where that is not known."""
        try:
            parts = list(parts_of(self.value))
            same = len(parts) == len(self.parts) and all(map(operator.is_, parts, self.parts))
            return same and all(look() == before for look, before in self.looks)
        except Exception:  # of something that nests itself, or of an object that is not what it was
            return False


def parts_of(value: object) -> Iterator[object]:
    """A value, and all that lies in it."""
    yield value
    if type(value) in (list, tuple):
        for item in value:  # type: ignore[attr-defined]
            yield from parts_of(item)
    elif type(value) is dict:
        for key, item in value.items():
            yield key
            yield from parts_of(item)


def look_at(value: object) -> Look | None:
    """None for what holds nothing beside its parts."""
    if type(value) is np.ndarray:
        return lambda: (value.dtype, value.shape, value.tobytes())
    torch = sys.modules.get("torch")
    if torch is not None and type(value) is torch.Tensor:
        return look_at_tensor(value)
    if type(value) is np.random.Generator:
        return lambda: value.bit_generator.state
    return None


def look_at_tensor(tensor: Any) -> Look:
    """Not as an array, which would share its memory: a tensor that does cannot be resized."""
    size = tensor.numel() * tensor.element_size()

    def form() -> tuple[object, ...]:
        return tensor.data_ptr(), tensor.dtype, tensor.shape, tensor.stride()

    before = form()

    def look() -> object:
        now = form()
        return now, ctypes.string_at(tensor.data_ptr(), size) if now == before else b""

    return look
