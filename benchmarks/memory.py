"""What grading takes of a container's memory, judge, host and worker together; the table of docs/gradescope.md.

    python benchmarks/memory.py [EXERCISE...] [--write]

Grades each reference by `grade`, and the first wrong sample of tests/submissions/, whose mistakes are looked for. Many
times a second it adds up what all processes have for themselves and their share of what they share (PSS, Linux), so
nothing else should use this Python's libraries meanwhile. --write puts the table into docs/gradescope.md.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from grader.course.course import Course

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "gradescope.md"
GRADE = [sys.executable, "-c", "from grader.cli.grade import grade; grade()"]
HEAD = "| MiB at most | Exercises |\n|--:|:--|\n"
TABLE = re.compile(re.escape(HEAD) + r"(?:\|.*\n)*")
STEP = 100  # MiB to which the table rounds up
PAUSE = 0.02  # seconds between two looks


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures the memory that grading takes.")
    parser.add_argument("exercises", nargs="*", metavar="EXERCISE")
    parser.add_argument("--write", action="store_true", help="put the table into docs/gradescope.md")
    asked = parser.parse_args()
    course, groups = Course(ROOT), defaultdict(list)
    for name in asked.exercises or course.names:
        samples = sorted((ROOT / "tests" / "submissions" / name).glob("wrong_*.py"))
        peak = max(
            measured(course, name, path) for path in (course.exercise(name).folder / "reference.py", *samples[:1])
        )
        print(f"{name:24} {peak:6.0f} MiB", flush=True)
        groups[-(-int(peak) // STEP) * STEP].append(name)
    table = HEAD + "".join(f"| {most} | {', '.join(sorted(names))} |\n" for most, names in sorted(groups.items()))
    if asked.write:
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(TABLE.sub(lambda found: table, page), encoding="utf-8")
    else:
        print(table, end="")


def measured(course: Course, name: str, path: Path) -> float:
    """MiB at the peak of grading a file."""
    command = [*GRADE, str(path), "-e", name, "--course", str(course.root)]
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen([*command, "--quiet", "--reports", folder], stdout=subprocess.DEVNULL)
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, sum(map(share_of, family(process.pid))))
            time.sleep(PAUSE)
    if process.returncode not in (0, 1):
        sys.exit(f"{name}: `grade` ended with status {process.returncode}")
    return peak


def family(parent: int) -> set[int]:
    """The process and all that descend from it."""
    children = defaultdict(list)
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            status = Path("/proc", entry, "stat").read_text()
        except OSError:
            continue
        children[int(status.rpartition(")")[2].split()[1])].append(int(entry))
    found, waiting = set(), [parent]
    while waiting:
        found.add(waiting[-1])
        waiting += children[waiting.pop()]
    return found


def share_of(process: int) -> float:
    """MiB of one process; 0 for one that has ended."""
    try:
        text = Path("/proc", str(process), "smaps_rollup").read_text()
    except OSError:
        return 0.0
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


if __name__ == "__main__":
    main()
