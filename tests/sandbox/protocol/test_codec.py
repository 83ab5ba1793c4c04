"""What crosses the wire comes out as it went in, and nothing but that comes out."""

import itertools
import random
import runpy
from pathlib import Path

import msgpack
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.sandbox.protocol import codec
from grader.sandbox.protocol.codec import Opaque, WireError, decode, encode
from grader.sandbox.protocol.frames import MAX_FRAME

DTYPES = ["bool", "int8", "int64", "uint8", "uint64", "float16", "float32", "float64", "complex64", "complex128"]
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(plain)
def test_plain_values_come_back_equal_and_of_the_same_type(value):
    if "\ud800" <= max(str(value), default="") <= "\udfff":
        return  # lone surrogates are replaced
    assert repr(decode(encode(value))) == repr(value)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0, 3), (2, 3, 4)])
def test_arrays_keep_dtype_shape_and_values(dtype, shape):
    array = np.random.default_rng(0).normal(size=shape).astype(dtype)
    back = decode(encode(array))
    assert type(back) is np.ndarray
    assert back.dtype == array.dtype
    assert back.flags.writeable
    np.testing.assert_array_equal(back, array)


@pytest.mark.parametrize("dtype", ["bool", "int64", "float16", "bfloat16", "float32", "float64"])
@pytest.mark.parametrize("shape", [(), (0, 2), (2, 3)])
def test_tensors_keep_dtype_shape_and_values(dtype, shape):
    tensor = torch.ones(shape, dtype=getattr(torch, dtype)).t() if len(shape) == 2 else torch.ones(shape)
    back = decode(encode(tensor.requires_grad_() if tensor.is_floating_point() else tensor))
    assert back.dtype == tensor.dtype
    assert not back.requires_grad
    assert torch.equal(back, tensor.detach())


def test_layouts_and_byte_orders_are_normalised():
    array = np.arange(6, dtype=">f4").reshape(2, 3).T
    back = decode(encode(array))
    assert back.dtype == np.dtype("<f4")
    np.testing.assert_array_equal(back, array)


def test_scalars_stay_scalars():
    assert type(decode(encode(np.float32(1.5)))) is np.float32
    assert decode(encode(np.bool_(True))) is np.True_


def test_generators_go_on_where_they_were():
    generator = np.random.default_rng(3)
    generator.integers(0, 9, dtype=np.uint32)
    back = decode(encode(generator))
    np.testing.assert_array_equal(back.random(4), generator.random(4))


class Liar(np.ndarray):
    @property
    def shape(self):
        return (9, 9)


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (object(), "type object"),
        (10**400, "bits"),
        (np.array([object()]), "dtype object"),
        ({1: 2}, "type dict"),
        (torch.eye(2).to_sparse(), "layout"),
        (np.random.Generator(np.random.MT19937(0)), "MT19937"),
    ],
)
def test_what_does_not_cross_is_described(value, word):
    back = decode(encode([value]))[0]
    assert isinstance(back, Opaque)
    assert word in back.description


def test_subclasses_cross_as_what_they_hold():
    assert decode(encode(np.zeros((2, 3)).view(Liar))).shape == (2, 3)

    class Five(float):
        def __float__(self):
            return 5.0

    assert decode(encode(Five(1.0))) == 1.0


def test_endless_structures_are_cut_or_refused():
    deep: list = []
    deep.append(deep)
    assert "nested deeper" in repr(decode(encode(deep)))
    wide: list = []
    wide += [wide, wide]
    with pytest.raises(WireError, match="elements"):
        encode(wide)


def test_a_value_larger_than_a_frame_is_refused():
    with pytest.raises(WireError, match="larger than a frame"):
        encode(np.zeros(MAX_FRAME // 8))


def forged(code, data):
    return msgpack.packb(msgpack.ExtType(code, data))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xc1",
        b"\x93\x01",
        msgpack.packb({1: 2}),
        msgpack.packb([0] * (codec.MAX_ELEMENTS + 1)),
        forged(99, b""),
        msgpack.packb(msgpack.Timestamp(1, 2)),
        forged(codec.TUPLE, msgpack.packb("no list")),
        forged(codec.ARRAY, b"\x0b"),
        forged(codec.ARRAY, codec._header(codec.CODES["float64"], (2**40, 2**40)) + b"x" * 8),
        forged(codec.ARRAY, codec._header(codec.CODES["float64"], (2,)) + b"x" * 15),
        forged(codec.ARRAY, codec._header(codec.CODES["float64"], (0, 2**63))),
        forged(codec.ARRAY, codec._header(codec.CODES["bfloat16"], (1,)) + b"xx"),
        forged(codec.ARRAY, codec._header(codec.CODES["bool"], (1,)) + b"\x02"),
        forged(codec.ARRAY, codec._header(250, (1,)) + b"x"),
        forged(codec.ARRAY, b"\x0b\xff" + b"\0" * 64),
        forged(codec.SCALAR, codec._header(codec.CODES["int8"], (1,)) + b"x"),
        forged(codec.GENERATOR, b"short"),
        b"\x91" * 5000 + b"\xc0",
    ],
)
def test_forged_frames_are_refused(body):
    with pytest.raises(WireError):
        decode(body)


@settings(max_examples=300)
@given(st.binary(max_size=200))
def test_any_bytes_decode_or_are_refused(body):
    try:
        value = decode(body)
    except WireError:
        return
    encode(value)


@settings(max_examples=300)
@given(hnp.arrays(np.float32, hnp.array_shapes(max_dims=3, max_side=4)), st.data())
def test_any_change_of_a_frame_decodes_or_is_refused(array, data):
    body = bytearray(encode([array, (1, "two"), {"three": array}]))
    for _ in range(data.draw(st.integers(1, 4))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    try:
        decode(bytes(body))
    except WireError:
        return


def test_values_lie_where_they_can_be_used():
    """Of every dtype, at every offset in a frame. The long run is tests/fuzz/use.py."""
    use = runpy.run_path(str(Path(__file__).parents[2] / "fuzz" / "use.py"))
    rng = random.Random(1)
    values = list(use["every_value"]())
    one_each = [rng.choice(list(same)) for _, same in itertools.groupby(values, key=lambda value: value[:3])]
    decoded = [value for value in one_each if use["used"](value, rng)]
    assert {value[0] for value in decoded} == set(codec.DTYPES)
    assert {value[2] for value in decoded} == set(use["OFFSETS"])


def test_a_frame_takes_no_more_room_than_there_is():
    body = encode([1, "returned", [np.zeros(10), np.zeros((300, 2), np.float32), "text", np.zeros(5)], ["name"], 7])
    (count, kind, value, used, printed), taken = codec.decode_fields(body, 2000)
    assert (count, kind, used, printed) == (1, "returned", ["name"], 7)
    assert taken <= 5 * 2000
    np.testing.assert_array_equal(value[0], np.zeros(10))
    assert value[1] == Opaque("an array of shape (300, 2) and dtype float32")
    assert [type(item) for item in value[2:]] == [Opaque, Opaque]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ([0.5] * 300, "a list of 300"),
        ((0.5,) * 300, "a tuple of 300"),
        ({str(number): number for number in range(300)}, "a dict of 300"),
        ("x" * 900, "a text of 900 bytes"),
        (b"x" * 3000, "3000 bytes"),
        (torch.zeros(300), "a tensor of shape (300,)"),
        (np.zeros((0, 300)), "an array of shape (0, 300) and dtype float64"),
    ],
)
def test_what_does_not_fit_is_said(value, said):
    assert codec.decode_fields(encode([value]), 2000)[0] == [Opaque(said)]
    assert repr(codec.decode_fields(encode([value]), 1 << 20)[0]) == repr([value])


@settings(max_examples=300)
@given(plain, st.integers(0, 3000))
def test_what_follows_is_read_however_little_room_there_was(value, room):
    _, after = codec.decode_fields(encode([value, 7]), room)[0]
    assert after == 7
