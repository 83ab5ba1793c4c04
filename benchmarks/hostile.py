"""What hostile submissions cost the judge: memory at the peak, CPU, and what stays of it.

    python benchmarks/hostile.py [--submissions 1000] [--exercises softmax,lstm_cell] [--kinds WORD]

Grades submissions of each kind in turn, all different, with real workers in one judging process, as a judge of a batch
does, report included. Exit status 1 where one of them costs more than a bound: 200 MiB or 5 s of CPU beyond what an
honest one costs, or 32 MiB that are still there after it, or after all of them.
"""

import argparse
import gc
import os

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}

import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from grader.course.course import Course
from grader.course.exercise import Exercise
from grader.grading.examiner import Examiner
from grader.grading.process import Graded
from grader.grading.settings import Settings
from grader.sandbox.host import Host
from grader.sandbox.limits import Limits
from grader.submissions.submission import Submission

ROOT = Path(__file__).parents[1]
PEAK, CPU, STAYS = 200.0, 5.0, 32.0  # MiB, seconds, MiB

# Expressions of what every call answers. SIZE differs from submission to submission, `n` from call to call.
VALUES = {
    "int8 array": "np.ones(15_000_000 + SIZE + n, np.int8)",
    "int8 array of 6 MB": "np.ones(6_000_000 + SIZE + n, np.int8)",
    "bool array": "np.ones(15_000_000 + SIZE + n, bool)",
    "float16 array": "np.ones(7_000_000 + SIZE + n, np.float16)",
    "float64 array of NaN": "np.full(1_900_000 + SIZE + n, np.nan)",
    "complex array": "np.ones(900_000 + SIZE + n, np.complex128)",
    "matrix": "np.ones((1500, 1200 + SIZE % 50 + n))",
    "array of 200 KB": "np.ones(200_000 + SIZE + n, np.int8)",
    "array of 32 dimensions": "np.ones((1,) * 31 + (1_000_000 + SIZE + n,))",
    "empty array of a large shape": "np.zeros((0, 16_000_000 - SIZE - n))",
    "the right shape widened": "np.ones(np.shape(a[0]) + (4000 + n,), np.complex128)",
    "six large arrays": "[np.ones(2_000_000 + SIZE + n + i, np.int8) for i in range(7)]",
    "deep lists": "deep(lambda inner: [inner])",
    "deep tuples of an array": "deep(lambda inner: (inner,), np.ones(14_000_000 + n, np.int8))",
    "deep dicts of long keys": "deep(lambda inner: {'k' * 400_000: inner})",
    "text": "'x' * (15_000_000 + SIZE + n)",
    "text of four bytes a character": "'\\U0001f600' * (3_000_000 + SIZE + n)",
    "bytes": "bytes(15_000_000 + SIZE + n)",
    "more than a frame": "np.ones(20_000_000 + SIZE, np.int8)",
}
# Statements in the place of an answer.
DEEDS = {
    "error of 15 MB": "raise ValueError('x' * 15_000_000)",
    "errors, all different": "raise ValueError(f'{SIZE} {n} ' + '\\U0001f600' * 5000)",
    "error of many kinds": "raise type('E' * 5_000_000, (ValueError,), {})('x' * 500)",
    "error as deep as can be": "answer()",
    "prints": "print('<' * 60_000, SIZE, n); return 0.0",
    "prints of control characters": "print('\\x1b' * 60_000, SIZE, n); return np.float32(n)",
    "prints of 10 MB": "print('\\U0001f600' * 2_500_000, SIZE, n) if n % 7 == 0 else None; return n",
}
TORCH_VALUES = {
    "tensor": "torch.ones(15_000_000 + SIZE + n, dtype=torch.int8)",
    "bfloat16 tensor": "torch.ones(7_000_000 + SIZE + n, dtype=torch.bfloat16)",
    "complex tensor": "torch.ones(1_500_000 + SIZE + n, dtype=torch.complex64)",
    "tuple of tensors": "(torch.ones(1_000_000 + n), torch.ones(1_000_000 + SIZE))",
}
# Bytes on the wire in the place of what each call answered: those that take long to write, or that nobody honest sends.
FRAMES = {
    "90,000 numbers": "honest([0.5 + SIZE] * 90_000)",
    "90,000 large integers": "honest(list(range(2**63 + SIZE, 2**63 + SIZE + 90_000)))",
    "90,000 texts": "honest([str(SIZE + i) for i in range(90_000)])",
    "90,000 empty lists": "honest([[] for _ in range(90_000)])",
    "90,000 empty dicts": "honest([{} for _ in range(90_000)])",
    "90,000 tuples": "honest([(i,) for i in range(45_000)])",
    "90,000 scalars": "honest(list(np.ones(90_000, np.float32)))",
    "90,000 small arrays": "honest([np.full(1, i + SIZE) for i in range(90_000)])",
    "90,000 generators": "honest([np.random.default_rng(0)] * (90_000))",
    "90,000 odd objects": "honest([object()] * (90_000))",
    "dict of 90,000": "honest({str(i + SIZE): i for i in range(90_000)})",
    "15 million nothings": "b'\\xdd' + (15_000_000).to_bytes(4, 'big') + b'\\xc0' * 15_000_000",
    "lists of 99,999 nothings": "b'\\xdc\\x00\\x90' + (b'\\xdd\\x00\\x01\\x86\\x9f' + b'\\xc0' * 99_999) * 144",
    "lists of 60,000 empty lists": "b'\\xdc\\x00\\xc8' + (b'\\xdc\\xea\\x60' + b'\\x90' * 60_000) * 200",
    "open lists without end": "b'\\xdd\\x00\\x01\\x86\\xa0' * 1000",
    "tuples in tuples": "tuples()",
    "another protocol": "b'\\xc1' * SIZE",
}
TORCH_FRAMES = {
    "90,000 tensors": "honest([torch.ones(1)] * (90_000))",
}

PROGRAM = """
import sys
import numpy as np
try:
    import torch
except ImportError:
    pass
SIZE, n = {number}, 0


def deep(wrap, inner=None):
    for _ in range(29):
        inner = wrap(inner)
    return inner


def answer(*a, **k):
    global n
    n += 1
    {deed}


{names} = answer
"""
FORGERY = """
def tuples():
    body = bytes(100) + bytes(14_000_000)
    for _ in range(30):
        body = b"\\x91\\xc6" + len(body).to_bytes(4, "big") + body if _ == 0 else b"\\x91" + body
        body = b"\\xc9" + len(body).to_bytes(4, "big") + b"\\x01" + body
    return body


wire = sys.modules["grader.sandbox.protocol.codec"]
honest = wire.encode
forged = {frame}
wire.encode = lambda value: honest(value).replace(b"\\xa4FAKE", forged, 1)
"""


@dataclass
class Cost:
    peak: float = 0.0  # MiB over what was there before
    cpu: float = 0.0  # seconds
    stays: float = 0.0  # MiB

    def worst(self, other: "Cost") -> "Cost":
        return Cost(max(self.peak, other.peak), max(self.cpu, other.cpu), max(self.stays, other.stays))


def programs(exercise: Exercise) -> dict[str, str]:
    """Kind → a program, which needs a number."""
    names, with_torch = " = ".join(exercise.names), "torch" in exercise.libraries
    values = VALUES | (TORCH_VALUES if with_torch else {})
    frames = FRAMES | (TORCH_FRAMES if with_torch else {})
    deeds = {kind: f"return {value}" for kind, value in values.items()} | DEEDS
    found = {kind: PROGRAM.replace("{names}", names).replace("{deed}", deed) for kind, deed in deeds.items()}
    fake = PROGRAM.replace("{names}", names).replace("{deed}", "return 'FAKE'")
    return found | {kind: fake + FORGERY.replace("{frame}", frame) for kind, frame in frames.items()}


def honest(exercise: Exercise) -> list[str]:
    """Right and wrong ones."""
    samples = sorted((ROOT / "tests" / "submissions" / exercise.name).glob("*.py"))
    return [path.read_text(encoding="utf-8") for path in samples]


class Judge:
    def __init__(self, exercise: Exercise) -> None:
        self.exercise, self.host = exercise, Host(exercise.libraries)
        self.examiner, self.settings = Examiner(exercise), Settings(1, Limits())
        self.examiner.plan(self.settings)
        self.examiner.record(self.settings)

    def grade(self, source: str) -> tuple[Cost, Graded]:
        settle()
        before, busy = resident("VmRSS"), time.process_time()
        submission = Submission(f"{self.exercise.name}.py", self.exercise.name, source.encode())
        graded = Graded.of(self.examiner.grade(submission, self.host, self.settings))
        cpu, peak = time.process_time() - busy, resident("VmHWM")
        gc.collect()
        return Cost(peak - before, cpu, resident("VmRSS") - before), graded


def settle() -> None:
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # the peak is counted from here


def resident(name: str) -> float:
    """MiB of this process: now (VmRSS) or at the peak (VmHWM)."""
    lines = dict(line.split(":") for line in Path("/proc/self/status").read_text().splitlines())
    return int(lines[name].split()[0]) / 1024


def run(exercise: Exercise, count: int, kinds: str) -> bool:
    """Whether all bounds held."""
    judge = Judge(exercise)
    usual = Cost()
    for turn in range(3):
        for source in honest(exercise):
            cost, _ = judge.grade(source)
            usual = usual.worst(cost) if turn else usual  # first the known mistakes are asked, for all that follow
    gc.collect()
    base = resident("VmRSS")
    made = {kind: program for kind, program in programs(exercise).items() if kinds in kind}
    costs: defaultdict[str, Cost] = defaultdict(Cost)
    statuses: defaultdict[str, set[str]] = defaultdict(set)
    for number in range(count):
        kind = list(made)[number % len(made)]
        cost, graded = judge.grade(made[kind].replace("{number}", str(number)))
        costs[kind] = costs[kind].worst(cost)
        statuses[kind].add(graded.status if graded.status == "error" else f"{graded.score:g}")
        kept = resident("VmRSS") - base
        print(f"\r{exercise.name}: {number + 1} of {count}, {kept:.0f} MiB more", end="", file=sys.stderr)
    gc.collect()
    left = resident("VmRSS") - base
    print(
        f"\n{exercise.name}: {count} submissions of {len(made)} kinds; an honest one takes up to {usual.peak:.0f} MiB"
    )
    print(f"and {usual.cpu:.2f} s of CPU. Each beyond that, at the worst:")
    held = left <= STAYS
    for kind, cost in costs.items():
        peak, cpu = cost.peak - max(usual.peak, 0.0), cost.cpu - usual.cpu
        within = peak <= PEAK and cpu <= CPU and cost.stays <= STAYS and "error" not in statuses[kind]
        held &= within
        scores = ", ".join(sorted(statuses[kind]))
        print(
            f"  {kind:32} {peak:7.1f} MiB {cpu:6.2f} s, stays {cost.stays:6.1f} MiB, score {scores}"
            f"{'' if within else '   TOO MUCH'}",
            flush=True,
        )
    print(f"  after all of them {left:.1f} MiB more are taken than before{'' if left <= STAYS else '   TOO MUCH'}")
    judge.host.close()
    return held


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--submissions", type=int, default=1000, help="in all")
    parser.add_argument("--exercises", default="softmax,lstm_cell")
    parser.add_argument("--kinds", default="", help="only those with this word in their name")
    arguments = parser.parse_args()
    course, names = Course(ROOT), arguments.exercises.split(",")
    held = [run(course.exercise(name), arguments.submissions // len(names), arguments.kinds) for name in names]
    sys.stdout.flush()
    os._exit(0 if all(held) else 1)


if __name__ == "__main__":
    main()
