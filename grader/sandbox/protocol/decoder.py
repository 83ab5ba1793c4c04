"""The decoder: reads one frame that a worker sent, element by element (its format: grader.sandbox.protocol.codec).

A frame of 16 MiB can stand for gigabytes: an empty list takes one byte of it and 56 bytes of memory. So whoever reads
says how much memory what comes of it may take (`room`). What does not fit becomes an `Opaque` that says what it is, and
is never made. Every tag, type, shape and length is checked before anything is made of it.
"""

from __future__ import annotations

import math
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.sandbox.protocol.frames import MAX_FRAME

MAX_DEPTH = 32
MAX_ELEMENTS = 100_000  # in lists, tuples and dicts of one frame; an array counts as one
MAX_DIMENSIONS = 32
MAX_DESCRIPTION = 200  # characters
MAX_FIELDS = 8  # of an answer
UNLIMITED = 1 << 62

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
ORDERED = {name: np.dtype(name).newbyteorder("<") for name in DTYPES if name != "bfloat16"}
ITEM_SIZE = [1, 1, 2, 4, 8, 1, 2, 4, 8, 2, 4, 8, 8, 16, 2]


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


# Tags of msgpack: https://github.com/msgpack/msgpack/blob/master/spec.md
CONSTANTS = {0xC0: None, 0xC2: False, 0xC3: True}
NUMBERS = {tag: struct.Struct(f">{form}") for tag, form in zip(range(0xCA, 0xD4), "fdBHIQbhiq", strict=True)}
LENGTHS = {
    tag: struct.Struct(f">{form}")
    for first, forms in ((0xC4, "BHI"), (0xC7, "BHI"), (0xD9, "BHI"), (0xDC, "HI"), (0xDE, "HI"))
    for tag, form in enumerate(forms, first)
}
FIXED_EXTENSIONS = {0xD4: 1, 0xD5: 2, 0xD6: 4, 0xD7: 8, 0xD8: 16}
# Tag → bytes that follow, where the tag tells.
SIZES = dict.fromkeys([*range(0x80), *CONSTANTS, *range(0xE0, 0x100)], 0)
SIZES |= {tag: form.size for tag, form in NUMBERS.items()}
SIZES |= {tag: size + 1 for tag, size in FIXED_EXTENSIONS.items()}
SIZES |= {tag: tag & 0x1F for tag in range(0xA0, 0xC0)}

# What an object takes in memory besides what it holds, in bytes: not less than on any Python that we know.
SLOT, NUMBER, TEXT, CONTAINER, PAIR, ARRAY_OBJECT, TENSOR_OBJECT, GENERATOR_OBJECT = 8, 32, 80, 88, 120, 288, 1024, 4096
OPAQUE_OBJECT = 256
TOO_LARGE = Opaque("something that is too large")


class Reader:
    """Reads one frame from its start to its end, making nothing that takes more memory than there is room for."""

    def __init__(self, body: bytes, room: int) -> None:
        self.body, self.room = body, room
        self.at = 0
        self._left = MAX_ELEMENTS
        self._full = False

    def end(self, end: int) -> None:
        """Makes sure that what was read ended where it should."""
        if self.at != end:
            raise WireError(f"{end - self.at} bytes too many")

    def value(self, depth: int) -> Any:
        tag = self.body[self.at]
        self.at += 1
        if tag <= 0x7F:
            return tag
        if tag >= 0xE0:
            return tag - 0x100
        if form := NUMBERS.get(tag):
            (number,) = form.unpack_from(self.body, self.at)
            self.at += form.size
            return number if self._takes(NUMBER) else TOO_LARGE
        if tag in CONSTANTS:
            return CONSTANTS[tag]
        if tag <= 0x8F:
            return self._dict(tag & 0x0F, depth)
        if tag <= 0x9F:
            return self._list(tag & 0x0F, depth)
        if tag <= 0xBF:
            return self._text(tag & 0x1F)
        length = FIXED_EXTENSIONS[tag] if tag in FIXED_EXTENSIONS else self._length(tag)
        if tag <= 0xC6:
            return self._bytes(length)
        if tag <= 0xD8:
            return self._extension(length, depth)
        if tag <= 0xDB:
            return self._text(length)
        return self._list(length, depth) if tag <= 0xDD else self._dict(length, depth)

    def _length(self, tag: int) -> int:
        form = LENGTHS.get(tag)
        if form is None:
            raise WireError(f"unknown tag {tag}")
        self.at += form.size
        return int(form.unpack_from(self.body, self.at - form.size)[0])

    def _takes(self, size: int) -> bool:
        """Whether there is room for so many bytes, which are taken. Where there is not, it is full: nothing that
        follows is made either, however small."""
        self.room -= size
        return self.room >= 0

    def _outline(self, text: str) -> Opaque:
        """Stands for what there is no room for: only the first of it is described."""
        if self._full:
            return TOO_LARGE
        self._full = True
        return Opaque(text)

    def _skip(self, length: int) -> int:
        """Where a piece of so many bytes starts. Goes on behind it."""
        start = self.at
        self.at += length
        if self.at > len(self.body):
            raise WireError("the frame is cut")
        return start

    def _text(self, length: int) -> str | Opaque:
        start = self._skip(length)
        if not self._takes(TEXT + 4 * length):
            return self._outline(f"a text of {length} bytes")
        return self.body[start : self.at].decode()

    def _bytes(self, length: int) -> bytes | Opaque:
        start = self._skip(length)
        return self.body[start : self.at] if self._takes(TEXT + length) else self._outline(f"{length} bytes")

    def _enter(self, count: int, depth: int) -> None:
        """Makes sure that a container may stand here."""
        if depth >= MAX_DEPTH:
            raise WireError(f"nested deeper than {MAX_DEPTH} levels")
        self._left -= count
        if self._left < 0:
            raise WireError(f"more than {MAX_ELEMENTS} elements")

    def _list(self, count: int, depth: int) -> list[Any] | Opaque:
        self._enter(count, depth)
        if not self._takes(CONTAINER + SLOT * count):
            self._pass_over(count)
            return self._outline(f"a list of {count}")
        items: list[Any] = []
        while len(items) < count and self.room >= 0:
            items.append(self.value(depth + 1))
        if left := count - len(items):
            self._pass_over(left)
            items += [TOO_LARGE] * left
        return items

    def _dict(self, count: int, depth: int) -> dict[str, Any] | Opaque:
        self._enter(count, depth)
        if not self._takes(CONTAINER + PAIR * count):
            self._pass_over(2 * count)
            return self._outline(f"a dict of {count}")
        found: dict[str, Any] = {}
        for number in range(count):
            if self.room < 0:
                self._pass_over(2 * (count - number))
                break
            key = self.value(depth + 1)
            if type(key) is str:
                found[key] = self.value(depth + 1)
            elif isinstance(key, Opaque):  # a key that there is no room for: nothing that we know has it
                self._pass_over(1)
            else:
                raise WireError("a key that is not a string")
        return found

    def _pass_over(self, count: int) -> None:
        """Goes on behind so many values, and looks at them no more than that takes."""
        body, at = self.body, self.at
        while count:
            tag = body[at]
            at += 1
            count -= 1
            if tag in SIZES:
                at += SIZES[tag]
            elif tag in LENGTHS:
                form = LENGTHS[tag]
                (length,) = form.unpack_from(body, at)
                at += form.size
                if tag >= 0xDC:
                    self._enter(length, 0)
                    count += length if tag <= 0xDD else 2 * length
                else:
                    at += length + (0xC7 <= tag <= 0xC9)
            elif tag <= 0x9F:
                if length := tag & 0x0F:
                    self._enter(length, 0)
                    count += length if tag >= 0x90 else 2 * length
            else:
                raise WireError(f"unknown tag {tag}")
        self.at = at
        self._skip(0)

    def _extension(self, length: int, depth: int) -> Any:
        start = self._skip(length + 1) + 1
        code, end = self.body[start - 1], self.at
        if code == TUPLE:
            return self._tuple(start, end, depth)
        if code == ARRAY:
            return self._array(start, end)
        if code == SCALAR:
            if self.body[start + 1 : start + 2] != b"\0":
                raise WireError("a scalar with dimensions")
            array = self._array(start, end)
            return array[()] if isinstance(array, np.ndarray) else array
        if code == TENSOR:
            return self._tensor(start, end)
        if code == OPAQUE:
            data = self.body[start : min(end, start + 4 * MAX_DESCRIPTION)]
            text = data.decode("utf-8", "replace")[:MAX_DESCRIPTION]
            return Opaque(text) if self._takes(OPAQUE_OBJECT + 4 * len(text)) else TOO_LARGE
        if code == GENERATOR:
            return _unpack_generator(self.body[start:end]) if self._takes(GENERATOR_OBJECT) else TOO_LARGE
        raise WireError(f"unknown extension {code}")

    def _tuple(self, start: int, end: int, depth: int) -> tuple[Any, ...] | Opaque:
        """Its items are a list in a piece of its own."""
        self.at = start
        tag = self.body[start]
        if not (0x90 <= tag <= 0x9F or 0xDC <= tag <= 0xDD):
            raise WireError("a tuple that is none")
        items = self.value(depth)
        self.end(end)
        if isinstance(items, Opaque):
            return Opaque(items.description.replace("a list", "a tuple")) if items is not TOO_LARGE else items
        return tuple(items)

    def _array(self, start: int, end: int, *, bits: bool = False) -> np.ndarray | Opaque:
        """An array in memory of its own, which is aligned for its dtype wherever in the frame its bytes lie.

        `bits`: those of a dtype that NumPy does not have.
        """
        code, shape, offset = _read_header(self.body, start, end)
        name = DTYPES[code]
        if name == "bfloat16":
            if not bits:
                raise WireError("NumPy has no bfloat16")
            name = "uint16"
        if not self._takes(ARRAY_OBJECT + SLOT * len(shape) + ITEM_SIZE[code] * math.prod(filter(None, shape))):
            kind = "a tensor" if bits else "an array"
            return self._outline(f"{kind} of shape {shape} and dtype {DTYPES[code]}")
        if name == "bool" and end > offset and np.frombuffer(self.body, np.uint8, end - offset, offset).max() > 1:
            raise WireError("a bool that is neither true nor false")
        flat = np.frombuffer(self.body, ORDERED[name], math.prod(shape), offset)
        # A copy: `frombuffer` is read-only, and each side must be free to do with its values what it likes.
        return flat.reshape(shape).copy()

    def _tensor(self, start: int, end: int) -> Any:
        torch = sys.modules.get("torch")
        array = self._array(start, end, bits=True)
        if not isinstance(array, np.ndarray):
            return array
        name = DTYPES[self.body[start]]
        # For a moment there are two of it, and what stands for a bfloat16 is a float64.
        if not self._takes(TENSOR_OBJECT + (1 if torch else 4) * array.nbytes):
            return self._outline(f"a tensor of shape {array.shape}")
        if torch:
            return _tensor(torch, array, name)
        return Tensor(_widened(array) if name == "bfloat16" else array, name)


def _tensor(torch: Any, array: np.ndarray, name: str) -> Any:
    """torch reads where it is told to, aligned or not: `torch.frombuffer` at an odd offset is a crash for complex
    numbers. So it gets an array that is aligned, and copies that to where its own memory lies."""
    if not hasattr(torch, name):
        raise WireError(f"this torch has no {name}")
    if name == "bfloat16":
        return torch.from_numpy(array.view(np.int16)).view(torch.bfloat16).clone()
    return torch.from_numpy(array).clone()


def _read_header(body: bytes, start: int, end: int) -> tuple[int, tuple[int, ...], int]:
    """(dtype code, shape, offset of the raw bytes), checked against the length of the piece."""
    code, dimensions = struct.unpack_from("<BB", body, start)
    if code >= len(DTYPES) or dimensions > MAX_DIMENSIONS:
        raise WireError(f"dtype code {code} with {dimensions} dimensions")
    shape = struct.unpack_from(f"<{dimensions}Q", body, start + 2)
    offset = start + 2 + 8 * dimensions
    count = math.prod(shape)
    # Bounded also without its zeros: the strides of an empty array must not overflow.
    bounded = count or math.prod(size for size in shape if size) <= MAX_FRAME
    if count * ITEM_SIZE[code] != end - offset or not bounded:
        raise WireError(f"{end - offset} bytes for shape {shape} of {DTYPES[code]}")
    return code, shape, offset


def _widened(bits: np.ndarray) -> np.ndarray:
    """The numbers of a bfloat16, which is the upper half of a float32."""
    return (bits.astype(np.uint32) << 16).view(np.float32).astype(np.float64)


def decode_measured(body: bytes) -> tuple[Any, int]:
    """The value of some bytes, and the memory that it takes: bytes, about, as `room` is counted. Raises WireError."""
    return refusing(_whole, body, UNLIMITED)


def decode_fields(body: bytes, room: int) -> tuple[list[Any], int]:
    """The items of a short list, each made in no more than `room` bytes of memory, and what all of them take.

    Raises WireError, also for what is no such list.
    """
    return refusing(_fields, body, room)


def refusing(read: Callable[[bytes, int], tuple[Any, int]], body: bytes, room: int) -> tuple[Any, int]:
    """Whatever is wrong with a frame is one kind of error."""
    if len(body) > MAX_FRAME:
        raise WireError(f"frame of {len(body)} bytes, at most {MAX_FRAME}")
    try:
        return read(body, room)
    except WireError:
        raise
    except (ValueError, TypeError, IndexError, RuntimeError, MemoryError, OverflowError, struct.error) as error:
        raise WireError(f"not a frame: {error}") from None


def _whole(body: bytes, room: int) -> tuple[Any, int]:
    reader = Reader(body, room)
    value = reader.value(0)
    reader.end(len(body))
    return value, room - reader.room


def _fields(body: bytes, room: int) -> tuple[list[Any], int]:
    count = body[0] - 0x90  # the tag of a list of up to 15
    if not 0 <= count <= MAX_FIELDS:
        raise WireError(f"not a list of up to {MAX_FIELDS} fields")
    reader = Reader(body, room)
    reader.at, taken, fields = 1, 0, []
    for _ in range(count):
        reader.room, reader._full = room, False
        fields.append(reader.value(1))
        taken += min(room - reader.room, room)
    reader.end(len(body))
    return fields, taken


def _unpack_generator(data: bytes) -> np.random.Generator:
    low, high, inc_low, inc_high, has_uint32, uinteger = struct.unpack("<4QBI", data)
    bits = np.random.PCG64(0)
    state: Any = {"state": low | high << 64, "inc": inc_low | inc_high << 64}
    bits.state = {"bit_generator": "PCG64", "state": state, "has_uint32": has_uint32 & 1, "uinteger": uinteger}
    return np.random.Generator(bits)
