"""What each piece of the fork server's tuning saves: CPU and page faults of a submission with it and without it.

    python benchmarks/forking.py [--rounds 5] [--submissions 100] [--exercises softmax,lstm_cell] [--write]

Each piece is taken out of a copy of the grader by an edit, and the copy grades the samples of an exercise in one judge.
CPU is that of all processes, of workers that have ended as well; faults are minor page faults, the pages that a worker
has to copy or to get: they are counted, so they hold on a busy machine, too. The table has ratios of medians: 1.05 says
that a submission costs 5 % more without the piece. The first row, of a copy with all pieces, says how far the others
can be trusted. --write puts the table into benchmarks/forking.md. Linux.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PAGE = Path(__file__).with_suffix(".md")
HOST, MEMORY, WORKER = "sandbox/host.py", "sandbox/worker/memory.py", "sandbox/worker/main.py"
# Piece → (file, what stands there, what stands there without it).
NOTHING = "nothing, measured again"
PIECES = {
    NOTHING: (HOST, "", ""),
    "objects on huge pages": (HOST, '{"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1", "PYTHONMALLOC": "malloc"}', "{}"),
    "holes of the heap filled": (MEMORY, "range(LARGEST_HOLE, 0, -16)", "()"),
    "type cache emptied": (MEMORY, "clear_type_cache(sys)", "pass"),
    "no hooks in forked processes": (HOST, "memory.forget_fork_hooks(); ", ""),
    "what is imported is not collected": (MEMORY, "gc.freeze()", "pass"),
    "a rehearsal": (WORKER, "rehearse(settings[", "(lambda *_: None)(settings["),
    "an exercise made ready before the fork": (
        HOST,
        "host = self._equipped.pop(key, None) or root.split(setup, known)",
        "return root",
    ),
    "calls decoded before the fork": (HOST, "small = sum(map(len, known)) <= MAX_KNOWN", "small = False"),
}


class Cost(NamedTuple):
    milliseconds: float  # of CPU
    faults: float


def main() -> None:
    parser = argparse.ArgumentParser(description="What the pieces of the fork server's tuning save.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--submissions", type=int, default=100)
    parser.add_argument("--exercises", default="softmax,lstm_cell")
    parser.add_argument("--write", action="store_true", help="put the table into benchmarks/forking.md")
    parser.add_argument("--here", metavar="EXERCISE", help="grade with the grader that is imported, and print its CPU")
    asked = parser.parse_args()
    if asked.here:
        print(*costs_here(asked.here, asked.submissions), flush=True)
        os._exit(0)
    exercises = asked.exercises.split(",")
    with tempfile.TemporaryDirectory() as scratch:
        trees = {piece: tree(Path(scratch) / str(number), piece) for number, piece in enumerate(["", *PIECES])}
        costs: dict[tuple[str, str], list[Cost]] = {(piece, name): [] for piece in trees for name in exercises}
        for number in range(asked.rounds):
            for (piece, name), found in costs.items():
                print(f"round {number + 1} of {asked.rounds}: {name}, {piece or 'as it is'}", file=sys.stderr)
                found.append(measured(trees[piece], name, asked.submissions))
    medians = {key: Cost(*map(statistics.median, zip(*found, strict=True))) for key, found in costs.items()}
    text = table(medians, exercises, asked)
    print(text)
    if asked.write:
        PAGE.write_text(text, encoding="utf-8")


def tree(folder: Path, piece: str) -> Path:
    """A copy of the grader without a piece."""
    shutil.copytree(ROOT / "grader", folder / "grader", ignore=shutil.ignore_patterns("__pycache__"))
    if piece:
        name, old, new = PIECES[piece]
        path = folder / "grader" / name
        text = path.read_text(encoding="utf-8")
        if old and text.count(old) != 1:
            sys.exit(f"{name} does not hold {old!r} once: give the piece '{piece}' another edit")
        path.write_text(text.replace(old, new) if old else text, encoding="utf-8")
    return folder


def measured(copy: Path, name: str, count: int) -> Cost:
    command = [sys.executable, __file__, "--here", name, "--submissions", str(count)]
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # else each process would compile the copy
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return Cost(*map(float, done.stdout.split()))


def costs_here(name: str, count: int) -> Cost:
    """Of a submission, in a judge that has graded all samples before."""
    from grader.course.course import Course
    from grader.grading.examiner import Examiner, Settings
    from grader.sandbox.host import Hosts
    from grader.sandbox.limits import Limits
    from grader.submissions.submission import read

    exercise, settings, hosts = Course(ROOT).exercise(name), Settings(1, Limits()), Hosts()
    hosts.get(exercise.libraries)
    examiner = Examiner(exercise)
    calls = examiner.plan(settings).calls
    examiner.record(settings)
    samples = [read(path, name) for path in sorted((ROOT / "tests" / "submissions" / name).glob("*.py"))]

    def grade(number: int) -> None:
        host = hosts.equipped(exercise.libraries, examiner.setup, calls)
        examiner.grade(samples[number % len(samples)], host, settings)

    for number in range(2 * len(samples)):
        grade(number)
    own, before = time.process_time(), below(os.getpid())
    for number in range(count):
        grade(number)
    own, after = time.process_time() - own, below(os.getpid())
    return Cost((1000 * own + after.milliseconds - before.milliseconds) / count, (after.faults - before.faults) / count)


def below(pid: int) -> Cost:
    """Of all processes that a process has started, and of those that they have seen end."""
    fields: dict[int, list[str]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields[int(path.parent.name)] = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
    found = {pid}
    while more := {each for each, values in fields.items() if int(values[1]) in found} - found:
        found |= more
    ticks = sum(sum(map(int, fields[each][11:15])) for each in found - {pid})
    faults = sum(sum(map(int, fields[each][7:9])) for each in found - {pid})
    return Cost(1000 * ticks / os.sysconf("SC_CLK_TCK"), faults)


def table(medians: dict[tuple[str, str], Cost], exercises: list[str], asked: argparse.Namespace) -> str:
    base = ", ".join(f"{name} {medians['', name].milliseconds:.1f} ms" for name in exercises)
    lines = [
        "# The fork server's tuning",
        "",
        f"What a submission costs without a piece, as a ratio of that with all of them ({base}):",
        f"medians of {asked.rounds} rounds in turn of {asked.submissions} submissions,"
        f" Python {sys.version.split()[0]}, {date.today()}.",
        "",
        "| Without | " + " | ".join(f"{name}: CPU | page faults" for name in exercises) + " |",
        "|---|" + "---|---|" * len(exercises),
    ]
    for piece in PIECES:
        ratios = [
            f"{ours / theirs:.2f}"
            for name in exercises
            for ours, theirs in zip(medians[piece, name], medians["", name], strict=True)
        ]
        lines.append(f"| {piece} | {' | '.join(ratios)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
