"""The run of an autograder, in Gradescope's container: each exercise by `grade`, in a process of its own.

A process that crashes, hangs or is killed is a fault of the grader in one exercise; the others are graded all the same.
"""

from __future__ import annotations

import json
import math
import os
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import Any

import click

from grader.integrations import grade_process
from grader.integrations.gradescope import results
from grader.integrations.gradescope.assignment import Assignment, Part
from grader.integrations.gradescope.bundle import ASSIGNMENT
from grader.integrations.gradescope.matching import Handin, find
from grader.integrations.gradescope.results import ERROR, GRADED, Outcome
from grader.result import Result
from grader.submissions.submission import SubmissionError, read
from grader.text import visible

MAX_LOG = 100_000  # characters of what `grade` printed


def run(root: Path) -> None:
    """Grades root/submission into root/results/results.json. There is a valid file whatever happens on the way."""
    start = time.monotonic()
    target = root / "results" / "results.json"
    previous = previous_score(read_metadata(root / "submission_metadata.json"))
    results.write(results.failure(previous), target)
    try:
        assignment = Assignment.read(root / "source" / ASSIGNMENT)
        outcomes = grade_all(root, assignment, start + assignment.seconds)
        document = results.document(assignment, outcomes, previous, time.monotonic() - start)
        results.write(document, target)
    except Exception:  # whatever it is, the student must not pay for it
        traceback.print_exc(file=sys.stdout)  # for the instructor: what is printed is hidden from students
        results.write(results.failure(previous, time.monotonic() - start), target)


def grade_all(root: Path, assignment: Assignment, end: float) -> list[Outcome]:
    """`end`: when all must be graded, by the monotonic clock. What one exercise leaves of its share the rest get."""
    handins = find(root / "submission", [part.name for part in assignment.parts])
    outcomes = []
    for i, part in enumerate(assignment.parts):
        seconds = (end - time.monotonic()) / (len(assignment.parts) - i)
        outcome = grade_part(part, handins[part.name], assignment, root / "source", seconds)
        if outcome.fault:
            click.echo(f"{part.name} was not graded, through a fault of the grader: {outcome.fault}")
        outcomes.append(outcome)
    return outcomes


def grade_part(part: Part, handin: Handin, assignment: Assignment, course: Path, seconds: float) -> Outcome:
    if handin.file is None:
        return Outcome(part, missing=handin.missing)
    notes = (handin.note,) if handin.note else ()
    with tempfile.TemporaryDirectory(prefix="grade-") as scratch:
        # A copy: a link that took the file's place would not be followed, and names that students gave stay outside.
        path = Path(scratch, "submission", part.name + os.path.splitext(handin.file.parts[-1])[1].lower())
        path.parent.mkdir()
        try:
            path.write_bytes(handin.file.read())
            read(path, part.name)
        except SubmissionError as error:
            reason = without_folders(str(error), path.parent, course.parent / "submission")
            return Outcome(part, missing=reason, notes=notes)
        result, fault = grade_file(path, part, assignment, course, Path(scratch), seconds)
    return Outcome(part, result, fault=fault, notes=notes)


def without_folders(message: str, *folders: Path) -> str:
    for folder in folders:
        message = message.replace(f"{folder}{os.sep}", "")
    return message


def grade_file(
    path: Path, part: Part, assignment: Assignment, course: Path, scratch: Path, seconds: float
) -> tuple[Result | None, str]:
    """The result, or why there is none. `course` is named: the one found might be the student's."""
    options = ["-e", part.name, "--course", str(course)]
    options += ["--timeout", str(assignment.check_seconds), "--memory", str(assignment.memory)]
    options += ["--total", f"{grade_process.seconds_within(seconds):g}"]
    if assignment.allow_unsandboxed:
        options.append("--allow-unsandboxed")
    # By CI `grade` refuses to run without its walls.
    ended = grade_process.grade([path], scratch, options, seconds=seconds, environment={"CI": "true"})
    click.echo(visible(f"{ended.stderr}{ended.stdout}"[:MAX_LOG]))  # for the instructor
    if ended.status is None:
        return None, f"it took longer than {seconds:.0f} s and was stopped"
    if not ended.results:
        return None, f"it ended with status {ended.status} and without a result, see above"
    (result,) = ended.results
    return (result, "") if result.status == GRADED else (None, result.error)


def read_metadata(path: Path) -> Any:
    """What Gradescope tells of the submission; None where that cannot be read."""
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None


def previous_score(metadata: Any) -> float | None:
    """The score of the student's last submission that was graded, whatever shape the metadata has."""
    submissions = metadata.get("previous_submissions") if isinstance(metadata, dict) else None
    entries = [entry for entry in submissions if isinstance(entry, dict)] if isinstance(submissions, list) else []
    for entry in sorted(entries, key=lambda entry: str(entry.get("submission_time")), reverse=True):
        earlier = entry.get("results")
        extra = earlier.get("extra_data") if isinstance(earlier, dict) else None
        if isinstance(extra, dict) and extra.get("status") == ERROR:
            continue
        try:
            score = float(entry["score"])  # seen as a number and as a text
        except (LookupError, TypeError, ValueError, OverflowError):
            continue
        if math.isfinite(score) and score >= 0:
            return score
    return None
