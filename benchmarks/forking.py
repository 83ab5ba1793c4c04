"""What each piece of the fork server's tuning saves: CPU and page faults of a submission with it and without it.

    python benchmarks/forking.py [--rounds 20] [--submissions 20] [--exercises softmax,lstm_cell] [--write]

Each piece is taken out of a copy of the grader by an edit, and the copy grades the samples of an exercise in one judge.
The judges take short turns, so a machine that is now fast and now slow is so for all of them. CPU is that of all
processes, of workers that have ended as well; faults are minor page faults, the pages that a worker has to copy or to
get. The table has the median of the ratios of a round, with its standard error: 1.05 says that a submission costs 5 %
more without the piece. The first row, of a copy with all pieces, says how far the others can be trusted. --write puts
the table into benchmarks/forking.md. Linux; ten judges with torch take 6 GiB.
"""

import argparse
import itertools
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import NamedTuple, NoReturn

ROOT = Path(__file__).parents[1]
PAGE = Path(__file__).with_suffix(".md")
HOST, WORKER, MEMORY = "sandbox/host.py", "sandbox/worker/main.py", "sandbox/worker/memory.py"
# Piece → (file, what stands there, what stands there without it).
NOTHING = "nothing, measured again"
PIECES = {
    NOTHING: (HOST, "", ""),
    "objects on huge pages": (HOST, '{"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1", "PYTHONMALLOC": "malloc"}', "{}"),
    "code on huge pages": (WORKER, "code_on_huge_pages()\n", "pass\n"),
    "holes of the heap filled": (MEMORY, "range(LARGEST_HOLE, 0, -16)", "()"),
    "type cache emptied": (MEMORY, "clear_type_cache(sys)", "pass"),
    "no hooks in forked processes": (HOST, "memory.forget_fork_hooks(); ", ""),
    "what is imported is not collected": (MEMORY, "gc.freeze()", "pass"),
    "an exercise made ready before the fork": (
        HOST,
        "host = other.split(root) if other else root.equipped(setup, known)",
        "return root",
    ),
    "calls decoded before the fork": (HOST, "small = sum(map(len, known)) <= MAX_KNOWN", "small = False"),
}


class Cost(NamedTuple):
    milliseconds: float  # of CPU
    faults: float


def main() -> None:
    parser = argparse.ArgumentParser(description="What the pieces of the fork server's tuning save.")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--submissions", type=int, default=20, help="of a turn")
    parser.add_argument("--exercises", default="softmax,lstm_cell")
    parser.add_argument("--write", action="store_true", help="put the table into benchmarks/forking.md")
    parser.add_argument("--here", metavar="EXERCISE", help="grade with the grader that is imported, and print its CPU")
    asked = parser.parse_args()
    if asked.here:
        serve(asked.here)
    exercises = asked.exercises.split(",")
    with tempfile.TemporaryDirectory() as scratch:
        trees = {piece: tree(Path(scratch) / str(number), piece) for number, piece in enumerate(["", *PIECES])}
        rounds = {name: measured(trees, name, asked) for name in exercises}
    text = table(rounds, asked)
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


def measured(trees: dict[str, Path], name: str, asked: argparse.Namespace) -> list[dict[str, Cost]]:
    """What a submission costs in each tree, a round after the other."""
    judges = {piece: Judge(copy, name) for piece, copy in trees.items()}
    rounds = []
    for number in range(asked.rounds):
        print(f"{name}: round {number + 1} of {asked.rounds}", file=sys.stderr)
        order = list(judges)[:: -1 if number % 2 else 1]
        rounds.append({piece: judges[piece].turn(asked.submissions) for piece in order})
    for judge in judges.values():
        judge.process.kill()
    return rounds


class Judge:
    """A process that grades with one copy of the grader when it is asked to."""

    def __init__(self, copy: Path, name: str) -> None:
        environment = {**os.environ, "PYTHONPATH": str(copy)}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # else each process would compile the copy
        self.process = subprocess.Popen(
            [sys.executable, "-P", __file__, "--here", name],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._answer()

    def turn(self, count: int) -> Cost:
        assert self.process.stdin is not None
        print(count, file=self.process.stdin, flush=True)
        return Cost(*map(float, self._answer().split()))

    def _answer(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline() or sys.exit("a judge ended")


def serve(name: str) -> NoReturn:
    """Grades as many samples as each line of the standard input says, and tells what one cost. All have been graded
    before."""
    from grader.course.course import Course
    from grader.grading.examiner import Examiner
    from grader.grading.settings import Settings
    from grader.sandbox.host import MANY_WORKERS, Hosts
    from grader.sandbox.limits import Limits
    from grader.submissions.submission import read

    exercise, settings, hosts = Course(ROOT).exercise(name), Settings(1, Limits()), Hosts()
    hosts.get(exercise.libraries, MANY_WORKERS)
    examiner = Examiner(exercise)
    calls = examiner.plan(settings).calls
    examiner.record(settings)
    samples = [read(path, name) for path in sorted((ROOT / "tests" / "submissions" / name).glob("*.py"))]
    following = itertools.cycle(samples)

    def grade(count: int) -> None:
        for sample in itertools.islice(following, count):
            examiner.grade(sample, hosts.equipped(exercise.libraries, examiner.setup, calls), settings)

    grade(2 * len(samples))
    print("ready", flush=True)
    for line in sys.stdin:
        count = int(line)
        own, before = time.process_time(), below(os.getpid())
        grade(count)
        own, after = time.process_time() - own, below(os.getpid())
        spent = 1000 * own + after.milliseconds - before.milliseconds
        print(spent / count, (after.faults - before.faults) / count, flush=True)
    os._exit(0)


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


def table(rounds: dict[str, list[dict[str, Cost]]], asked: argparse.Namespace) -> str:
    base = ", ".join(
        f"{name} {statistics.median(costs[''].milliseconds for costs in found):.1f} ms"
        for name, found in rounds.items()
    )
    lines = [
        "# The fork server's tuning",
        "",
        f"What a submission costs without a piece, as a ratio of that with all of them ({base}):",
        f"medians of {asked.rounds} rounds in turn of {asked.submissions} submissions,"
        f" Python {sys.version.split()[0]}, {date.today()}.",
        "",
        "| Without | " + " | ".join(f"{name}: CPU | page faults" for name in rounds) + " |",
        "|---|" + "---|---|" * len(rounds),
    ]
    for piece in PIECES:
        cells = []
        for found in rounds.values():
            cpu = [costs[piece].milliseconds / costs[""].milliseconds for costs in found]
            faults = statistics.median(costs[piece].faults / costs[""].faults for costs in found)
            error = statistics.stdev(cpu) / len(cpu) ** 0.5
            cells.append(f"{statistics.median(cpu):.2f} ± {error:.2f} | {faults:.2f}")
        lines.append(f"| {piece} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
