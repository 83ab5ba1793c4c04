"""The known mistakes of a course: found by name, and asked which checks of the hidden suite show them.

A mistake has one variant for each way in which students make it. Each variant runs through the suite, as in `grader
check`; the checks that it fails are those that show the mistake. The seed is always the same, and so is what is told.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.course.course import Course, CourseError
from grader.course.exercise import Exercise
from grader.errors import GraderError
from grader.suite.mistakes import Mistake, load_mistakes
from grader.text import one_line

if TYPE_CHECKING:
    from grader.course.answer_key import AnswerKey
    from grader.suite.edits import Edit

SEED = 0
SECONDS = 60.0  # for one check
SEPARATOR = "/"  # between an exercise and its mistake, in a name


class ExplainError(GraderError):
    """What is to be explained is not known, or not clear. The message says what there is."""


@dataclass(frozen=True)
class ShownBy:
    """A check that shows a mistake. `variants`: how many of the mistake's variants fail it."""

    id: str
    title: str
    points: float
    variants: int


@dataclass(frozen=True)
class Explained:
    """A known mistake as plain values: without its edits, which are part of the solution."""

    exercise: str
    id: str
    title: str
    explanation: str
    formula: str  # LaTeX; empty where there is none
    textbook: bool
    variants: int
    checks: tuple[ShownBy, ...]  # in the order of the suite
    checks_in_suite: int

    @property
    def name(self) -> str:
        return f"{self.exercise}{SEPARATOR}{self.id}"


@dataclass(frozen=True)
class Chapter:
    """An exercise with all its mistakes."""

    exercise: str
    title: str
    mistakes: tuple[Explained, ...]


def find(course: Course, name: str) -> tuple[Exercise, Mistake | None]:
    """What a name stands for: an exercise, or a mistake as EXERCISE/ID or as ID where only one exercise has it.

    Raises CourseError or ExplainError with the nearest names there are.
    """
    exercise_name, separator, id = name.partition(SEPARATOR)
    if separator:
        exercise = course.exercise(exercise_name)
        mistakes = {mistake.id: mistake for mistake in load_mistakes(exercise.mistakes)}
        if id not in mistakes:
            raise ExplainError(
                f"{exercise_name} has no known mistake '{one_line(id[:60])}'. {advice(id, list(mistakes))}"
            )
        return exercise, mistakes[id]
    if name in course.names:
        return course.exercise(name), None
    known = [(each, mistake) for each in course.names for mistake in load_mistakes(course.exercise(each).mistakes)]
    found = [(each, mistake) for each, mistake in known if mistake.id == name]
    if len(found) == 1:
        return course.exercise(found[0][0]), found[0][1]
    if found:
        places = ", ".join(f"{each}{SEPARATOR}{name}" for each, _ in found)
        raise ExplainError(f"{len(found)} exercises have a mistake '{name}': name one of {places}.")
    names = dict.fromkeys([*course.names, *(mistake.id for _, mistake in known)])
    near = difflib.get_close_matches(name.casefold(), names, n=1)
    tip = f"Did you mean '{near[0]}'?" if near else f"The exercises are: {', '.join(course.names)}."
    raise ExplainError(f"No exercise and no known mistake is named '{one_line(name[:60])}'. {tip}")


def advice(id: str, ids: Sequence[str]) -> str:
    near = difflib.get_close_matches(id.casefold(), ids, n=1)
    return f"Did you mean '{near[0]}'?" if near else f"There are: {', '.join(ids)}."


def refuse_edition(course: Course) -> None:
    """Raises CourseError for a student edition, which holds no mistake that can be asked."""
    if course.is_sealed:
        raise CourseError(
            f"{course.root} is a student edition, which tells the titles of what a report named and no more: "
            "`grader explain` needs the course itself."
        )


def explain_all(exercise: Exercise) -> Chapter:
    """All mistakes of an exercise. Raises SuiteError where its suite cannot be collected."""
    return Chapter(exercise.name, exercise.title, tuple(explained(exercise, load_mistakes(exercise.mistakes))))


def explained(exercise: Exercise, mistakes: Sequence[Mistake]) -> Iterator[Explained]:
    """Some mistakes of an exercise with the checks that show them."""
    key = exercise.answer_key()
    for mistake in mistakes:
        counts = Counter(id for variant in mistake.variants for id in failed_by(key, variant))
        checks = [
            ShownBy(check.id, check.title or check.id, float(check.points), counts[check.id])
            for check in key.checks
            if check.id in counts
        ]
        yield Explained(
            exercise.name,
            mistake.id,
            mistake.title,
            mistake.explanation,
            mistake.formula,
            mistake.textbook,
            len(mistake.variants),
            tuple(checks),
            len(key.checks),
        )


def failed_by(key: AnswerKey, variant: tuple[Edit, ...]) -> Iterator[str]:
    """The ids of the checks that a variant fails; none where its edits do not fit (`grader check` finds that)."""
    from grader.suite.verdict import judge

    side = key.versions.side(variant)
    if side is None:
        return
    for check in key.checks:
        if judge(check, side, key.versions.reference, SEED, SECONDS).status == "failed":
            yield check.id
