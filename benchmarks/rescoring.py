"""What it costs to score a class anew after its assignment has changed: nothing is graded for it.

    python benchmarks/rescoring.py [--students 1000] [--exercises 10] [--attempts 1] [--runs 3]

The time is that of the whole command `grader assignment apply`: start-up, the list of who gained and lost, the page of
the class. The results are of ten checks each, half of them failed with a message.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from grader.gradebook.store import FILE_NAME, Attempt, Gradebook, Key
from grader.result import CheckResult, Result

DUE = 1_800_000_000.0
TEXT = """\
title = "Term"
zone = "Europe/Berlin"
due = 2027-01-15T09:00:00
counts = "best"
drop_lowest = 1
exercises = [{exercises}]

[late]
percent = {percent}
grace = "15 minutes"
cap = 50
days = 3

[[extensions]]
students = [{students}]
by = "2 days"
"""


def fill(folder: Path, students: int, exercises: int, attempts: int) -> None:
    """A gradebook as a term leaves it. Every third attempt is late, every seventh is four days later still."""
    with Gradebook(folder / FILE_NAME) as gradebook:
        for number in range(students * exercises * attempts):
            student, exercise, attempt = (
                f"student{number // (exercises * attempts):04}",
                f"exercise{number // attempts % exercises:02}",
                number % attempts,
            )
            late = 3600.0 * (number % 3 == 0) * (1 + 96 * (number % 7 == 0))
            row = Attempt(student, exercise, f"{number}", student.title(), f"{number}.py", DUE - 60 + late, attempt)
            gradebook.hand_in([row], seed=1, noted=0.0)
            passed = number % 11
            checks = tuple(
                CheckResult(f"test_{i}", f"Check {i} is right.", *verdict(i < passed), "" if i < passed else MESSAGE)
                for i in range(10)
            )
            score = sum(check.score for check in checks)
            result = Result(exercise, row.path, "graded", score, 1, student=student, checks=checks)
            key = Key(student, exercise, row.source_digest, "suite", 1, "10 s", "{}")
            gradebook.add(key, "graded", score, 100.0, json.dumps(result.to_json()), f"{student}/{exercise}.html")


MESSAGE = "index (0, 3, 2): got 0.1803, expected 0.6894 (60 of 60 values differ) (line 3)"


def verdict(passed: bool) -> tuple[str, float, float]:
    return ("passed", 10.0, 10.0) if passed else ("failed", 0.0, 10.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, number in (("students", 1000), ("exercises", 10), ("attempts", 1), ("runs", 3)):
        parser.add_argument(f"--{name}", type=int, default=number)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fill(folder, asked.students, asked.exercises, asked.attempts)
        exercises = ", ".join(f'"exercise{number:02}"' for number in range(asked.exercises))
        students = ", ".join(f'"student{number:04}"' for number in range(0, asked.students, 10))
        seconds = []
        for run in range(asked.runs + 1):  # the first is not counted: nothing has changed in it
            file = folder / "assignment.toml"
            file.write_text(TEXT.format(exercises=exercises, students=students, percent=10 + run))
            start = time.perf_counter()
            command = [sys.executable, "-m", "grader", "assignment", "apply", str(file), "--reports", str(folder)]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
            seconds.append(time.perf_counter() - start)
            if done.returncode:
                sys.exit(done.stderr)
        print("\n".join(done.stdout.splitlines()[:5]))
        results = asked.students * asked.exercises * asked.attempts
        print(f"{asked.students} students, {results} results: {statistics.median(seconds[1:]):.1f} s")


if __name__ == "__main__":
    main()
