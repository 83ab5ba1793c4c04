"""The course check: what an exercise must prove before anybody is graded by it.

The stub scores nothing and runs; the reference scores everything, whatever the seed and the order of the checks;
every known mistake, in each of its variants, loses points and is named as itself and as nothing else; the points
add up to 100 and every check has a title. One finding a line.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from grader.course import Course, CourseError, Exercise
from grader.grading import Examiner, Settings
from grader.sandbox.host import Host, Hosts
from grader.submission import Submission
from grader.suite.checks import SuiteError
from grader.suite.verdict import Verdict, judge

SEEDS = (0, 1, 2, 3, 4)
SECONDS = 60.0


@dataclass(frozen=True)
class Finding:
    exercise: str
    message: str

    def __str__(self) -> str:
        return f"{self.exercise}: {self.message}"


def check_course(
    course: Course, names: Sequence[str], seeds: Sequence[int] = SEEDS
) -> Iterator[tuple[str, list[Finding]]]:
    """(exercise, its findings) for each exercise in turn. Raises CourseError for a name that there is none of."""
    with Hosts() as hosts:
        for name in names or course.names:
            exercise = course.exercise(name)
            messages = check_exercise(exercise, hosts.get(exercise.libraries), seeds)
            yield name, [Finding(name, message) for message in messages]


def check_exercise(exercise: Exercise, host: Host, seeds: Sequence[int]) -> list[str]:
    """What is wrong with an exercise, a line each."""
    missing = [path.name for path in (exercise.stub, exercise.suite, exercise.mistakes) if not path.exists()]
    if missing:
        return [f"{name} is missing" for name in missing]
    try:
        examiner = Examiner(exercise)
    except (SuiteError, CourseError, SyntaxError) as error:
        return [str(error)]
    return [
        *check_form(examiner),
        *check_stub(examiner, host),
        *check_reference(examiner, host, seeds),
        *(finding for seed in seeds for finding in check_mistakes(examiner, seed)),
    ]


def check_form(examiner: Examiner) -> Iterator[str]:
    total = sum(check.points for check in examiner.checks)
    if total != 100:
        yield f"the points add up to {float(total):g}, not 100"
    for check in examiner.checks:
        if not check.title:
            yield f"{check.id} has no docstring: it is the title that the student reads"
        if check.points <= 0:
            yield f"{check.id} has no points"
        if check.reveals and check.reveals not in examiner.diagnosis.mistakes:
            yield f"{check.id} reveals {check.reveals!r}, which is no known mistake"
    for name in examiner.forbidden:
        if not exists(name):
            yield f"{name} is not allowed, but there is no such name"
    if not examiner.diagnosis.mistakes:
        yield "there is no known mistake"
    for mistake in examiner.diagnosis.mistakes.values():
        if not mistake.explanation or not mistake.title:
            yield f"mistake {mistake.id} has no title or no explanation"


def exists(name: str) -> bool:
    """Whether a dotted name, perhaps with a pattern at its end, is there to be called."""
    module_name, _, pattern = name.rpartition(".")
    try:
        module = importlib.import_module(module_name)
    except ImportError:
        return True  # a package that is not installed here: the worker has a stand-in for it
    return any(fnmatchcase(attribute, pattern) for attribute in dir(module))


def check_stub(examiner: Examiner, host: Host) -> Iterator[str]:
    name = examiner.exercise.name
    result = examiner.grade(Submission("stub", name, examiner.exercise.stub.read_bytes()), host, Settings(SEEDS[0]))
    if result.status != "graded":
        yield f"the stub cannot be graded: {result.error}"
    elif result.score or result.notes:
        yield f"the stub scores {result.score:g}, not 0: {'; '.join(result.notes) or passed_checks(result.checks)}"
    if result.mistakes:
        yield f"the stub is said to have mistakes: {', '.join(mistake.id for mistake in result.mistakes)}"


def passed_checks(checks: Sequence) -> str:
    return ", ".join(check.id for check in checks if check.status == "passed")


def check_reference(examiner: Examiner, host: Host, seeds: Sequence[int]) -> Iterator[str]:
    submission = Submission("reference", examiner.exercise.name, examiner.exercise.reference.encode())
    for seed in seeds:
        result = examiner.grade(submission, host, Settings(seed))
        if result.status != "graded":
            yield f"the reference cannot be graded: {result.error}"
        for check in result.checks:
            if check.status == "failed":
                yield f"the reference fails {check.id} with seed {seed}: {check.message}"
    reference = examiner.diagnosis.reference
    for verdict in verdicts(examiner, reversed(examiner.checks), reference, seeds[0]):
        if not verdict.passed:
            yield f"{verdict.check.id} depends on the order of the checks: {verdict.message}"


def verdicts(examiner: Examiner, checks, side, seed: int) -> list[Verdict]:
    return [judge(check, side, examiner.diagnosis.reference, seed, SECONDS) for check in checks]


def check_mistakes(examiner: Examiner, seed: int) -> Iterator[str]:
    for mistake in examiner.diagnosis.mistakes.values():
        for number, edits in enumerate(mistake.variants, 1):
            label = f"mistake {mistake.id}" + (f" (variant {number})" if len(mistake.variants) > 1 else "")
            side = examiner.diagnosis.side(edits)
            if side is None:
                yield f"{label} cannot be made: its edits do not fit the reference"
                continue
            found = verdicts(examiner, examiner.checks, side, seed)
            if all(verdict.passed for verdict in found):
                yield f"{label} loses no points with seed {seed}"
                continue
            named = [item.id for item in examiner.diagnosis.name_mistakes(found)]
            if named != [mistake.id]:
                yield f"{label} is named {', '.join(named) or 'nothing'} with seed {seed}"
