"""The wire: plain values as bytes, and nothing but plain values.

Numbers, strings, lists, tuples, dicts with string keys, NumPy arrays and scalars, torch tensors and NumPy
generators cross between the trusted process and the worker; whatever else a probe answers crosses as `Opaque`,
a description. Both sides encode, but only what the trusted side *decodes* matters for safety: every tag, type,
shape and length is checked before an array is made, and a frame that breaks a rule raises `WireError`.

An array is a msgpack extension of our own: dtype code, number of dimensions, dimensions, raw bytes of exactly
that size. Nothing is unpickled and nothing is evaluated.
"""

from __future__ import annotations

import math
import struct
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import msgpack
import numpy as np

from grader.sandbox.frames import MAX_FRAME

MAX_DEPTH = 32
MAX_ELEMENTS = 100_000  # in lists, tuples and dicts of one frame; an array counts as one
MAX_DIMENSIONS = 32
MAX_DESCRIPTION = 200  # characters

TUPLE, ARRAY, SCALAR, TENSOR, OPAQUE, GENERATOR = range(1, 7)

# The position in this list is the code on the wire. bfloat16 exists for tensors only: NumPy has none.
DTYPES = [
    "bool",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "float16",
    "float32",
    "float64",
    "complex64",
    "complex128",
    "bfloat16",
]
ITEM_SIZE = [1, 1, 2, 4, 8, 1, 2, 4, 8, 2, 4, 8, 8, 16, 2]
CODES = {name: code for code, name in enumerate(DTYPES)}
MASK64 = (1 << 64) - 1

Item = TypeVar("Item")


class WireError(ValueError):
    """A frame that breaks the rules of the wire."""


@dataclass(frozen=True)
class Opaque:
    """Stands for an object that does not cross; says what it was."""

    description: str


@dataclass(frozen=True, eq=False)
class Tensor:
    """Stands for a torch tensor in a process that need not import torch to judge one."""

    array: np.ndarray  # float64 for a bfloat16
    dtype: str

    @property
    def shape(self) -> tuple[int, ...]:
        return self.array.shape


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
    body = msgpack.packb(_pack(value, 0, _Budget(MAX_ELEMENTS)), unicode_errors="replace")
    if len(body) > MAX_FRAME:
        raise WireError(f"a value of {len(body)} bytes is larger than a frame ({MAX_FRAME} bytes)")
    return body


def decode(body: bytes) -> Any:
    """The value of some bytes. Raises WireError for anything `encode` would not have written."""
    if len(body) > MAX_FRAME:
        raise WireError(f"frame of {len(body)} bytes, at most {MAX_FRAME}")
    try:
        return _unpack(_parse(body), 0, _Budget(MAX_ELEMENTS))
    except WireError:
        raise
    except (ValueError, TypeError, RuntimeError, MemoryError, OverflowError, struct.error) as error:
        raise WireError(f"not a frame: {error}") from None


def _parse(body: bytes) -> Any:
    limit = MAX_ELEMENTS
    return msgpack.unpackb(
        body, raw=False, strict_map_key=True, max_array_len=limit, max_map_len=limit, max_ext_len=MAX_FRAME
    )


def _pack(value: Any, depth: int, budget: _Budget) -> Any:
    if depth == MAX_DEPTH:
        return _opaque(f"something nested deeper than {MAX_DEPTH} levels")
    if value is None or type(value) in (bool, float, str, bytes):
        return value
    if isinstance(value, np.ndarray):
        return _pack_array(value, ARRAY)
    if isinstance(value, np.generic):
        return _pack_array(np.asarray(value), SCALAR)
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        return _pack_tensor(value, torch)
    if isinstance(value, int):
        value = int.__index__(value)
        if -(1 << 63) <= value < 1 << 64:
            return value
        return _opaque(f"an integer of {value.bit_length()} bits")
    if isinstance(value, float):
        return float.__float__(value)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, list):
        return [_pack(item, depth + 1, budget) for item in budget.spend(list.__iter__(value))]
    if isinstance(value, tuple):
        items = [_pack(item, depth + 1, budget) for item in budget.spend(tuple.__iter__(value))]
        return msgpack.ExtType(TUPLE, msgpack.packb(items, unicode_errors="replace"))
    if isinstance(value, dict) and all(type(key) is str for key in dict.keys(value)):
        return {key: _pack(item, depth + 1, budget) for key, item in budget.spend(dict.items(value))}
    if isinstance(value, np.random.Generator):
        return _pack_generator(value)
    if isinstance(value, Opaque):
        return _opaque(value.description)
    return _opaque(f"an object of type {type(value).__name__}")


def _opaque(description: str) -> msgpack.ExtType:
    return msgpack.ExtType(OPAQUE, description[:MAX_DESCRIPTION].encode("utf-8", "replace"))


def _header(code: int, shape: tuple[int, ...]) -> bytes:
    return struct.pack(f"<BB{len(shape)}Q", code, len(shape), *shape)


def _pack_array(array: np.ndarray, tag: int) -> msgpack.ExtType:
    array = np.asarray(array)  # a subclass could lie about its shape
    code = CODES.get(array.dtype.name)
    if code is None or array.ndim > MAX_DIMENSIONS:
        return _opaque(f"an array of dtype {array.dtype} with {array.ndim} dimensions")
    little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
    return msgpack.ExtType(tag, _header(code, array.shape) + little.tobytes())


def _pack_tensor(tensor: Any, torch: Any) -> msgpack.ExtType:
    with torch._C.DisableTorchFunctionSubclass():
        tensor = torch.Tensor.detach(tensor)
        code = CODES.get(str(tensor.dtype).removeprefix("torch."))
        if code is None or tensor.layout != torch.strided or tensor.dim() > MAX_DIMENSIONS:
            return _opaque(f"a tensor of dtype {tensor.dtype} and layout {tensor.layout}")
        plain = tensor.view(torch.int16) if tensor.dtype == torch.bfloat16 else tensor
        return msgpack.ExtType(TENSOR, _header(code, tuple(tensor.shape)) + plain.numpy(force=True).tobytes())


def _pack_generator(generator: np.random.Generator) -> msgpack.ExtType:
    state = generator.bit_generator.state
    if state["bit_generator"] != "PCG64":
        return _opaque(f"a generator of type {state['bit_generator']}")
    position, increment = state["state"]["state"], state["state"]["inc"]
    words = (position & MASK64, position >> 64, increment & MASK64, increment >> 64)
    return msgpack.ExtType(GENERATOR, struct.pack("<4QBI", *words, state["has_uint32"], state["uinteger"]))


def _unpack(value: Any, depth: int, budget: _Budget) -> Any:
    if depth > MAX_DEPTH:
        raise WireError(f"nested deeper than {MAX_DEPTH} levels")
    if value is None or type(value) in (bool, int, float, str, bytes):
        return value
    if type(value) is list:
        return [_unpack(item, depth + 1, budget) for item in budget.spend(value)]
    if type(value) is dict:
        if not all(type(key) is str for key in value):
            raise WireError("a key that is not a string")
        return {key: _unpack(item, depth + 1, budget) for key, item in budget.spend(value.items())}
    if type(value) is msgpack.ExtType:
        return _unpack_extension(value.code, value.data, depth, budget)
    raise WireError(f"a value of type {type(value).__name__}")


def _unpack_extension(code: int, data: bytes, depth: int, budget: _Budget) -> Any:
    if code == TUPLE:
        items = _parse(data)
        if type(items) is not list:
            raise WireError("a tuple that is none")
        return tuple(_unpack(items, depth, budget))
    if code == ARRAY:
        return _unpack_array(data)
    if code == SCALAR:
        array = _unpack_array(data)
        if array.ndim:
            raise WireError("a scalar with dimensions")
        return array[()]
    if code == TENSOR:
        return _unpack_tensor(data)
    if code == OPAQUE:
        return Opaque(data.decode("utf-8", "replace")[:MAX_DESCRIPTION])
    if code == GENERATOR:
        return _unpack_generator(data)
    raise WireError(f"unknown extension {code}")


def _read_header(data: bytes) -> tuple[int, tuple[int, ...], int]:
    """(dtype code, shape, offset of the raw bytes), checked against the length of the data."""
    code, dimensions = struct.unpack_from("<BB", data)
    if code >= len(DTYPES) or dimensions > MAX_DIMENSIONS:
        raise WireError(f"dtype code {code} with {dimensions} dimensions")
    shape = struct.unpack_from(f"<{dimensions}Q", data, 2)
    offset = 2 + 8 * dimensions
    count = math.prod(shape)
    # Bounded also without its zeros: the strides of an empty array must not overflow.
    bounded = count or math.prod(size for size in shape if size) <= MAX_FRAME
    if count * ITEM_SIZE[code] != len(data) - offset or not bounded:
        raise WireError(f"{len(data) - offset} bytes for shape {shape} of {DTYPES[code]}")
    return code, shape, offset


def _unpack_array(data: bytes) -> np.ndarray:
    code, shape, offset = _read_header(data)
    if DTYPES[code] == "bfloat16":
        raise WireError("NumPy has no bfloat16")
    if DTYPES[code] == "bool" and any(byte > 1 for byte in set(data[offset:])):
        raise WireError("a bool that is neither true nor false")
    # A copy: `frombuffer` is read-only, and each side must be free to do with its values what it likes.
    return np.frombuffer(data, dtype=np.dtype(DTYPES[code]).newbyteorder("<"), offset=offset).reshape(shape).copy()


def _unpack_tensor(data: bytes) -> Any:
    code, shape, offset = _read_header(data)
    torch = sys.modules.get("torch")
    if torch is None:
        return _stand_in(data, code, shape, offset)
    if DTYPES[code] == "bool" and any(byte > 1 for byte in set(data[offset:])):
        raise WireError("a bool that is neither true nor false")
    dtype = getattr(torch, DTYPES[code])
    if len(data) == offset:
        return torch.empty(shape, dtype=dtype)
    # The clone's memory is aligned for its dtype: the header is of any length.
    return torch.frombuffer(bytearray(data), dtype=dtype, offset=offset).clone().reshape(shape)


def _stand_in(data: bytes, code: int, shape: tuple[int, ...], offset: int) -> Tensor:
    if DTYPES[code] != "bfloat16":
        return Tensor(_unpack_array(data), DTYPES[code])
    upper = np.frombuffer(data, dtype="<u2", offset=offset).astype(np.uint32)  # the upper half of a float32
    return Tensor((upper << 16).view(np.float32).astype(np.float64).reshape(shape), DTYPES[code])


def _unpack_generator(data: bytes) -> np.random.Generator:
    low, high, inc_low, inc_high, has_uint32, uinteger = struct.unpack("<4QBI", data)
    bits = np.random.PCG64(0)
    state: Any = {"state": low | high << 64, "inc": inc_low | inc_high << 64}
    bits.state = {"bit_generator": "PCG64", "state": state, "has_uint32": has_uint32 & 1, "uinteger": uinteger}
    return np.random.Generator(bits)
