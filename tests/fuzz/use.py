"""Values of every dtype, at every offset and of every shape that a frame may hold, used as the judge uses them.

    python tests/fuzz/use.py [VALUES]

Decoding alone proves little: what lies wrong in memory crashes when it is used.
The short run is in tests/sandbox/protocol/test_codec.py.
A crash of this process is the finding.
"""

import itertools
import random
import sys
import time
from collections.abc import Iterator

import msgpack
import numpy as np
import torch

from grader.diagnosis.agreement import agree
from grader.report import heatmap
from grader.result import Difference
from grader.sandbox.protocol import codec
from grader.sandbox.protocol.calls import Returned
from grader.sandbox.protocol.decoder import ITEM_SIZE
from grader.suite.compare import Mismatch, as_array, assert_close, describe, is_tensor
from grader.suite.fingerprint import may_agree, sketch

SHAPES = [
    (),
    (0,),
    (1,),
    (3,),
    (8,),
    (17,),
    (0, 3),
    (2, 3),
    (3, 5),
    (1, 1, 4),
    (2, 0, 2),
    (2, 3, 4),
    (1,) * 32,
    (16, 16),
]
OFFSETS = range(17)  # one more than the widest alignment
Value = tuple[str, int, int, tuple[int, ...]]


def every_value() -> Iterator[Value]:
    """(dtype, tag, offset, shape)"""
    yield from itertools.product(codec.DTYPES, (codec.ARRAY, codec.TENSOR, codec.SCALAR), OFFSETS, SHAPES)


def frame(value: Value, rng: random.Random) -> bytes:
    """A list of a text, which moves what comes after it, and of the value, with any bits."""
    dtype, tag, offset, shape = value
    size = int(np.prod(shape, dtype=int)) * ITEM_SIZE[codec.CODES[dtype]]
    bits = rng.randbytes(size) if rng.random() < 0.7 else bytes([rng.choice((0, 1, 127, 128, 255))]) * size
    if dtype == "bool":
        bits = bytes(bit & 1 for bit in bits)
    extension = msgpack.ExtType(tag, codec._header(codec.CODES[dtype], shape) + bits)
    return bytes(msgpack.packb(["x" * offset, extension]))


def use(value: object) -> None:
    """What is done with answers, and what suites may do with them."""
    if isinstance(value, codec.Opaque):
        describe(value)
        return
    array = as_array(value)
    assert array.flags.aligned
    assert array.flags.c_contiguous
    again = codec.decode(codec.encode(value))
    assert agree(Returned(value), Returned(again), {}) in ("values", "pattern")
    assert may_agree(sketch(Returned(value)), sketch(Returned(again)), {})
    for other in (again, changed(value)):
        try:
            assert_close(value, other)
        except Mismatch as mismatch:
            str(mismatch)
            if mismatch.difference is not None:
                heatmap.draw(mismatch.difference, "fuzz")
    heatmap.draw(Difference("", array, np.zeros_like(array)), "fuzz")
    with np.errstate(all="ignore"):
        array.sum(), array.reshape(-1)[::-1].copy(), np.sort(array, axis=None), array * array, np.cos(array)
    if is_tensor(value):
        use_tensor(value)


def use_tensor(tensor: torch.Tensor) -> None:
    assert tensor.data_ptr() % max(1, tensor.element_size()) == 0
    copy = tensor.clone()
    assert copy.shape == tensor.shape
    for operation in (
        lambda: tensor.sum(),
        lambda: tensor * tensor,
        lambda: tensor == copy,
        lambda: torch.equal(tensor, copy),
        lambda: tensor.cos().abs().sum(),
        lambda: tensor.flatten().flip(0).contiguous(),
        lambda: tensor.conj().resolve_conj().clone(),
        lambda: tensor.double().exp(),
        lambda: tensor.reshape(-1, 1) @ tensor.reshape(1, -1),
        lambda: torch.linalg.vector_norm(tensor),
    ):
        try:
            operation()
        except (RuntimeError, TypeError):  # torch has not everything for every dtype, and says so
            continue


def changed(value: object) -> object:
    """Another value of the same kind."""
    if is_tensor(value):
        return torch.zeros_like(value)
    return np.zeros_like(value)[()] if isinstance(value, np.generic) else np.zeros_like(value)


def used(value: Value, rng: random.Random, room: int | None = None) -> bool:
    """Decodes a value and uses it. Answers False where it was refused."""
    try:
        body = frame(value, rng)
        decoded = codec.decode(body) if room is None else codec.decode_fields(body, room)[0]
    except codec.WireError:
        return False
    use(decoded[1])
    return True


def main() -> None:
    torch.set_num_threads(1)
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    seed = random.randrange(2**32)
    print(f"seed {seed}", flush=True)
    rng, start, refused = random.Random(seed), time.perf_counter(), 0
    for number, value in zip(range(count), itertools.cycle(every_value()), strict=False):
        try:
            refused += not used(value, rng, rng.choice((None, 300, 2000, 1 << 18)))
        except BaseException as error:
            sys.exit(f"value {number} of seed {seed}, {value}, raised {error!r}")
    print(f"{count} values in {time.perf_counter() - start:.0f} s: {refused} refused, the others used")


if __name__ == "__main__":
    main()
