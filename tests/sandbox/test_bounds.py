"""Whatever is answered, the judge takes little memory and little time over it, and keeps neither.

The answers come as bytes from a worker that is none, so that each can be made in no time; benchmarks/hostile.py does
the same with real ones.
"""

import functools
import gc
import struct
import time
from pathlib import Path

import msgpack
import numpy as np
import pytest

from grader.course.course import Course
from grader.grading.examiner import Examiner
from grader.grading.process import Graded
from grader.grading.settings import Settings
from grader.sandbox.protocol import codec
from grader.sandbox.protocol.calls import Returned
from grader.sandbox.protocol.journal import Journal
from grader.submissions.submission import Submission
from grader.suite.compare import Mismatch
from grader.suite.oracles import Trusted

ROOT = Path(__file__).parents[2]
MIB = 1 << 20
PEAK, SECONDS, STAYS = 200, 5.0, 32  # of one submission, beyond an honest one
pytestmark = pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="memory is measured by Linux")


class Liar:
    """A host whose workers answer every call with the same bytes."""

    layers = ()

    def __init__(self, value):
        self.value, self.count, self.journal = value, 0, Journal()
        self.settings = {"libraries": []}

    def connect(self):
        return self

    def post(self, body):
        pass

    def receive(self, seconds, more=False):
        self.count += 1
        if self.count == 1:
            return codec.encode([0, "ready"])
        if self.count == 2:
            return codec.encode([1, "loaded", [], {}, 0])
        body = msgpack.packb(self.count - 1) + msgpack.packb("returned") + self.value(self.count)
        return b"\x95" + body + msgpack.packb(None) + b"\0"

    def take_output(self, size=None):
        return ""

    def close(self):
        pass


def array(dtype, *shape):
    data = codec._header(codec.CODES[dtype], shape) + bytes(int(np.prod(shape)) * np.dtype(dtype).itemsize)
    return msgpack.packb(msgpack.ExtType(codec.ARRAY, data))


def array32(count):
    return b"\xdd" + struct.pack(">I", count)


@functools.cache
def nested_tuples():
    inner = array("int8", 14_000_000)
    for _ in range(30):
        inner = msgpack.packb(msgpack.ExtType(codec.TUPLE, b"\x91" + inner))
    return inner


TOO_MANY = b"\xdc\0\xc8" + 200 * (b"\xdc\xea\x60" + b"\x90" * 60_000)

# A worker that forges its frames: number of the submission, number of the call → a value.
FORGED = {
    "int8 arrays": lambda one, call: array("int8", 6_000_000 + 100 * one + call),
    "bools": lambda one, call: array("bool", 15_000_000 + 100 * one + call),
    "complex numbers": lambda one, call: array("complex128", 900_000 + 100 * one + call),
    "many small arrays": lambda one, call: array32(90_000) + 90_000 * array("int8", 1),
    "many texts": lambda one, call: array32(90_000) + 90_000 * msgpack.packb(f"{one:9} {call:9}"),
    "many tuples": lambda one, call: array32(40_000) + 40_000 * msgpack.packb(msgpack.ExtType(codec.TUPLE, b"\x91\0")),
    "many generators": lambda one, call: array32(90_000) + 90_000 * codec.encode(np.random.default_rng(0)),
    "many objects": lambda one, call: (
        array32(90_000) + 90_000 * msgpack.packb(msgpack.ExtType(codec.OPAQUE, b"x" * 99))
    ),
    "more elements than there may be": lambda one, call: TOO_MANY,
    "lists that are never closed": lambda one, call: 1000 * array32(100_000),
    "tuples in tuples": lambda one, call: nested_tuples(),
    "text of wide characters": lambda one, call: msgpack.packb("\U0001f600" * 3_900_000 + f"{one} {call}"),
    "a text as key": lambda one, call: msgpack.packb({"k" * 15_000_000: call}),
    "lists of few": lambda one, call: array32(8_000) + 8_000 * msgpack.packb([one, call, "text"]),
}


@pytest.fixture(scope="module")
def judge():
    examiner = Examiner(Course(ROOT).exercise("lr_schedule"))  # which has the fewest calls
    settings = Settings(1)
    examiner.record(settings)

    def grade(value):
        submission = Submission("lr_schedule.py", "lr_schedule", b"pass")
        return Graded.of(examiner.grade(submission, Liar(value), settings))

    grade(lambda call: codec.encode(0.5))  # what an honest wrong one leaves behind, too
    return grade


def resident(name):
    """Bytes of this process: now (VmRSS), or at the peak since `settle` (VmHWM)."""
    return int(Path("/proc/self/status").read_text().split(f"{name}:")[1].split()[0]) * 1024


def settle():
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")
    return resident("VmRSS")


@pytest.mark.parametrize("kind", FORGED)
def test_a_submission_is_bounded_in_memory_and_time_and_leaves_nothing(judge, within, kind):
    start = settle()
    for number in range(2):
        before, busy = settle(), time.process_time()
        graded = judge(lambda call, number=number: FORGED[kind](number, call))
        spent, peak = time.process_time() - busy, resident("VmHWM")
        assert (graded.status, graded.score) == ("graded", 0)
        assert peak - before < PEAK * MIB
        assert within(spent, SECONDS)
    gc.collect()
    assert resident("VmRSS") - start < STAYS * MIB


def test_wrong_answers_of_a_large_array_are_not_kept():
    right = Returned(np.zeros(2_000_000, np.float32))
    reference = Trusted()
    start = settle()
    for number in range(12):
        wrong = Returned(np.full(2_000_000, number + 1, np.float32), b"%d" % number)
        with pytest.raises(Mismatch, match="2000000 of 2000000"):
            reference.compare(b"call", (), wrong, right, "value", {})
        del wrong
    assert resident("VmHWM") - start < 80 * MIB
    gc.collect()
    assert resident("VmRSS") - start < STAYS * MIB
    with pytest.raises(Mismatch, match="got 1, expected 0"):  # and is known
        reference.compare(b"call", (), Returned(None, b"0"), right, "value", {})


def test_an_answer_that_was_judged_is_no_garbage(judge):
    """Reference cycles would keep answers until the collector comes by."""
    gc.collect()
    gc.disable()
    try:
        for number in range(3):
            judge(lambda call, number=number: array("float64", 100 + number))
        assert gc.collect() < 10  # objects
    finally:
        gc.enable()


def test_what_a_worker_tells_is_bounded():
    told, start = Journal(), settle()
    for first in range(0, 1_000_000, 10_000):
        told.feed(b"".join(b"!0 torch.a%d\n" % number for number in range(first, first + 10_000)))
    assert told.is_spoilt  # every forbidden call counts as made
    assert resident("VmHWM") - start < 50 * MIB
