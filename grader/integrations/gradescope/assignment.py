"""What an autograder is to grade and how: decided when it is built, read when it runs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from grader.course.course import Course
from grader.errors import GraderError

VISIBLE = "visible"
VISIBILITIES = (VISIBLE, "after_due_date", "after_published", "hidden")


class GradescopeError(GraderError):
    """An autograder that cannot be built or is incomplete. The message says what to do."""


@dataclass(frozen=True)
class Part:
    """One exercise of an assignment."""

    name: str
    title: str
    points: float
    visibility: dict[str, str]  # id of a check → when students see it, where that is not always


@dataclass(frozen=True)
class Assignment:
    parts: tuple[Part, ...]
    points: float | None = None  # what full marks come to; None: the exercises' own points
    check_seconds: float = 10.0
    memory: int = 1024  # MiB
    seconds: float = 540.0  # for all of it
    allow_unsandboxed: bool = False

    @property
    def scale(self) -> float:
        """Points on Gradescope for a point of an exercise."""
        own = sum(part.points for part in self.parts)
        return 1.0 if self.points is None or not own else self.points / own

    @property
    def conceals(self) -> bool:
        return any(part.visibility for part in self.parts)

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n"

    @staticmethod
    def read(path: Path) -> Assignment:
        """Raises GradescopeError where the file is not what `to_json` wrote."""
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            return Assignment(**{**values, "parts": tuple(Part(**part) for part in values["parts"])})
        except (OSError, ValueError, TypeError, LookupError) as error:
            raise GradescopeError(f"{path} cannot be read ({error}): build the autograder again.") from None


def parts_of(course: Course, names: Sequence[str], hidden_input: str) -> tuple[Part, ...]:
    """The exercises of an assignment. Raises CourseError for an unknown name, GradescopeError for a broken suite.

    `hidden_input`: when students see the checks that bear this mark.
    """
    from grader.errors import SuiteError

    parts = []
    for name in dict.fromkeys(names):
        exercise = course.exercise(name)
        try:
            checks = exercise.answer_key().checks
        except SuiteError as error:
            raise GradescopeError(f"{error}.") from None
        concealed = {check.id: hidden_input for check in checks if check.hidden_input and hidden_input != VISIBLE}
        parts.append(Part(name, exercise.title, float(sum(check.points for check in checks)), concealed))
    return tuple(parts)
