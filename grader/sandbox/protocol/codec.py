"""The codec: plain values as bytes (msgpack), and nothing but plain values.

Numbers, strings, lists, tuples, dicts with string keys, NumPy arrays and scalars, torch tensors and NumPy
generators cross between the trusted process and the worker; whatever else a probe answers crosses as `Opaque`,
a description. Both sides encode, but only what the trusted side *decodes* matters for safety: every tag, type,
shape and length is checked before an array is made, and a frame that breaks a rule raises `WireError`.

An array is a msgpack extension of our own: dtype code, number of dimensions, dimensions, raw bytes of exactly
that size. Nothing is unpickled and nothing is evaluated.
"""

from __future__ import annotations

import functools
import struct
import sys
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

import msgpack
import numpy as np

from grader.compat import as_plain_tensors
from grader.sandbox.protocol.decoder import (
    ARRAY,
    DTYPES,
    GENERATOR,
    MAX_DEPTH,
    MAX_DESCRIPTION,
    MAX_DIMENSIONS,
    MAX_ELEMENTS,
    OPAQUE,
    SCALAR,
    TENSOR,
    TUPLE,
    Opaque,
    Tensor,
    WireError,
    decode_fields,
    decode_measured,
)
from grader.sandbox.protocol.frames import MAX_FRAME

__all__ = ["Opaque", "Tensor", "WireError", "decode", "decode_fields", "decode_measured", "encode"]

CODES = {name: code for code, name in enumerate(DTYPES)}
LITTLE = {"little": "<=|", "big": "<|"}[sys.byteorder]  # how NumPy writes the orders of bytes that cross as they are
MASK64 = (1 << 64) - 1
FIRST_ROOM = 1 << 12  # bytes of a packer's buffer, which grows: its own quarter of a MiB is mapped anew for each value

Item = TypeVar("Item")


class _Budget:
    """How many elements a frame may still hold: a list that holds itself twice would never end."""

    def __init__(self, left: int) -> None:
        self.left = left

    def spend(self, items: Iterable[Item]) -> Iterator[Item]:
        for item in items:
            self.left -= 1
            if self.left < 0:
                raise WireError(f"more than {MAX_ELEMENTS} elements")
            yield item


def encode(value: object) -> bytes:
    """The bytes of a value; objects that do not cross become `Opaque`. Raises WireError over a limit."""
    body: bytes = _packed(_pack(value, 0, _Budget(MAX_ELEMENTS)))
    if len(body) > MAX_FRAME:
        raise WireError(f"a value of {len(body)} bytes is larger than a frame ({MAX_FRAME} bytes)")
    return body


def decode(body: bytes) -> Any:
    """The value of some bytes. Raises WireError for anything `encode` would not have written."""
    return decode_measured(body)[0]


_packed = functools.partial(msgpack.packb, unicode_errors="replace", buf_size=FIRST_ROOM)


def _pack(value: Any, depth: int, budget: _Budget) -> Any:
    if depth == MAX_DEPTH:
        return _opaque(f"something nested deeper than {MAX_DEPTH} levels")
    kind = type(value)  # and not `isinstance`, which asks `value.__class__`: a student's code would run
    if value is None or kind in (bool, float, str, bytes):
        return value
    if issubclass(kind, np.ndarray):
        return _pack_array(value, ARRAY)
    if issubclass(kind, np.generic):
        return _pack_array(np.asarray(value), SCALAR)
    torch = sys.modules.get("torch")
    if torch is not None and issubclass(kind, torch.Tensor):
        return _pack_tensor(value, torch)
    if issubclass(kind, int):
        value = int.__index__(value)
        if -(1 << 63) <= value < 1 << 64:
            return value
        return _opaque(f"an integer of {value.bit_length()} bits")
    if issubclass(kind, float):
        return float.__float__(value)
    if issubclass(kind, str):
        return str.__str__(value)
    if issubclass(kind, list):
        return [_pack(item, depth + 1, budget) for item in budget.spend(list.__iter__(value))]
    if issubclass(kind, tuple):
        items = [_pack(item, depth + 1, budget) for item in budget.spend(tuple.__iter__(value))]
        return msgpack.ExtType(TUPLE, _packed(items))
    if issubclass(kind, dict) and all(type(key) is str for key in dict.keys(value)):
        return {key: _pack(item, depth + 1, budget) for key, item in budget.spend(dict.items(value))}
    if issubclass(kind, np.random.Generator):
        return _pack_generator(value)
    if issubclass(kind, Opaque):
        return _opaque(value.description)
    return _opaque(f"an object of type {kind.__name__}")


def _opaque(description: str) -> msgpack.ExtType:
    return msgpack.ExtType(OPAQUE, description[:MAX_DESCRIPTION].encode("utf-8", "replace"))


@functools.lru_cache(maxsize=256)
def _header(code: int, shape: tuple[int, ...]) -> bytes:
    return struct.pack(f"<BB{len(shape)}Q", code, len(shape), *shape)


def _pack_array(array: np.ndarray, tag: int) -> msgpack.ExtType:
    array = np.asarray(array)  # a subclass could lie about its shape
    code = _array_code(array.dtype)
    if code is None or array.ndim > MAX_DIMENSIONS:
        return _opaque(f"an array of dtype {array.dtype} with {array.ndim} dimensions")
    if array.dtype.byteorder not in LITTLE:
        array = array.astype(array.dtype.newbyteorder("<"))
    return msgpack.ExtType(tag, _header(code, array.shape) + array.tobytes())


@functools.lru_cache(maxsize=64)
def _array_code(dtype: np.dtype[Any]) -> int | None:
    """Kept: NumPy works the name out in Python, which takes longer than all else here."""
    return CODES.get(dtype.name)


def _pack_tensor(tensor: Any, torch: Any) -> msgpack.ExtType:
    with as_plain_tensors(torch):
        if type(tensor) is not torch.Tensor:
            tensor = torch.Tensor.detach(tensor)
        dtype = tensor.dtype
        code = _tensor_code(dtype)
        if code is None or tensor.layout != torch.strided or tensor.dim() > MAX_DIMENSIONS:
            return _opaque(f"a tensor of dtype {dtype} and layout {tensor.layout}")
        plain = tensor.detach().view(torch.int16) if dtype == torch.bfloat16 else tensor
        return msgpack.ExtType(TENSOR, _header(code, tuple(tensor.shape)) + plain.numpy(force=True).tobytes())


@functools.lru_cache(maxsize=64)
def _tensor_code(dtype: Any) -> int | None:
    return CODES.get(str(dtype).removeprefix("torch."))


def _pack_generator(generator: np.random.Generator) -> msgpack.ExtType:
    state = generator.bit_generator.state
    if state["bit_generator"] != "PCG64":
        return _opaque(f"a generator of type {state['bit_generator']}")
    position, increment = state["state"]["state"], state["state"]["inc"]
    words = (position & MASK64, position >> 64, increment & MASK64, increment >> 64)
    return msgpack.ExtType(GENERATOR, struct.pack("<4QBI", *words, state["has_uint32"], state["uinteger"]))
