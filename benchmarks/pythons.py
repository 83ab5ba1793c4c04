"""Whether the course grades alike under every Python, NumPy and torch at hand; the table of docs/installing.md.

    python benchmarks/pythons.py PYTHON... [--exercises softmax,lstm_cell] [--seed 11] [--write]

PYTHON: an interpreter with the packages that the grader needs, as `python3.13 -m venv V && V/bin/pip install .` makes
one. Each runs this checkout's code on the exercises whose libraries it has: the course check with one seed, and the
samples of tests/submissions/, whose scores and named mistakes must be the expected ones. Exit status 1 where one is
not. --write puts the rows into the table, in the place of those of the same versions; what is not run stays "not run".
"""

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import time
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "tests" / "submissions"
PAGE = ROOT / "docs" / "installing.md"
HEAD = "| Python | NumPy | torch | Exercises | Samples | Result | Run |\n|---|---|---|---|---|---|---|\n"
TABLE = re.compile(re.escape(HEAD) + r"((?:\|.*\n)*)")
VERSIONS = 3  # columns by which two rows are of the same versions


def main() -> None:
    parser = argparse.ArgumentParser(description="Grades the course under several Pythons.")
    parser.add_argument("pythons", nargs="*", metavar="PYTHON")
    parser.add_argument("--exercises", default="", help="names, by commas; else all that can be graded")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--write", action="store_true", help="put the rows into docs/installing.md")
    parser.add_argument("--here", action="store_true", help="run under this Python, and print what came of it as JSON")
    asked = parser.parse_args()
    if asked.here:
        sys.path.insert(0, str(ROOT))
        print(json.dumps(run(asked.exercises.split(",") if asked.exercises else [], asked.seed)))
        return
    reports = []
    for python in asked.pythons:
        reports.append(report_of(python, asked.exercises, asked.seed))
        for line in (*reports[-1]["findings"], row(reports[-1])):
            print(line, flush=True)
    if asked.write:
        PAGE.write_text(merged(PAGE.read_text(encoding="utf-8"), list(map(row, reports))), encoding="utf-8")
    sys.exit(any(report["findings"] for report in reports))


def report_of(python: str, exercises: str, seed: int) -> dict:
    """What one Python says; a Python that cannot say anything is one finding."""
    command = [python, __file__, "--here", "--exercises", exercises, "--seed", str(seed)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "default", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{python}: {done.stderr.strip()[-2000:]}")
    report = json.loads(done.stdout.splitlines()[-1])
    warned = dict.fromkeys(line for line in done.stderr.splitlines() if "Warning: " in line and str(ROOT) in line)
    return {**report, "findings": [*report["findings"], *warned]}


def run(names: list[str], seed: int) -> dict:
    from grader.authoring.check import check_exercise
    from grader.course.course import Course
    from grader.grading.examiner import Examiner
    from grader.grading.settings import Settings
    from grader.sandbox.host import Hosts
    from grader.submissions.submission import read

    start, course, findings, samples = time.monotonic(), Course(ROOT), [], 0
    exercises = [course.exercise(name) for name in names or course.names]
    exercises = [each for each in exercises if all(find_spec(library.partition(".")[0]) for library in each.libraries)]
    with Hosts() as hosts:
        for exercise in exercises:
            host = hosts.get(exercise.libraries)
            findings += [f"{exercise.name}: {finding}" for finding in check_exercise(exercise, host, [seed])]
            examiner = Examiner(exercise)
            folder = SAMPLES / exercise.name
            for name, expected in json.loads((folder / "expected.json").read_text(encoding="utf-8")).items():
                samples += 1
                result = examiner.grade(read(folder / name, exercise.name), host, Settings(seed))
                got = (round(result.score or 0.0, 2), {mistake.id for mistake in result.mistakes})
                if got != (expected["score"], set(expected.get("mistakes", []))) or result.status != "graded":
                    findings.append(f"{exercise.name}/{name}: {got} instead of {expected} {result.error}".strip())
    return {
        "python": platform.python_version(),
        "numpy": version("numpy"),
        "torch": version_of("torch"),
        "exercises": len(exercises),
        "samples": samples,
        "findings": findings,
        "seconds": round(time.monotonic() - start),
    }


def version_of(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "–"


def row(report: dict) -> str:
    result = "all as expected" if not report["findings"] else f"{len(report['findings'])} findings"
    cells = [report["python"], report["numpy"], report["torch"], report["exercises"], report["samples"], result]
    return f"| {' | '.join(map(str, cells))} | {date.today():%Y-%m-%d} |"


def merged(page: str, rows: list[str]) -> str:
    """The page with these rows in its table."""
    found = TABLE.search(page)
    if found is None:
        sys.exit(f"{PAGE} has no table that begins:\n{HEAD}")
    new = {versions_of(each): each for each in [*found[1].splitlines(), *rows]}
    lines = sorted(
        new.values(), key=lambda each: [int(part) if part.isdigit() else 0 for part in re.findall(r"\w+", each)]
    )
    return page[: found.start(1)] + "\n".join([*lines, ""]) + page[found.end(1) :]


def versions_of(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip("|").split("|")[:VERSIONS])


if __name__ == "__main__":
    main()
