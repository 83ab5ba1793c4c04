"""What passes between the modules once a submission is judged: frozen records, and their JSON.

Nothing here holds student objects: every text was cut and cleaned on its way in, every array is a plain copy.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import numpy as np

VERSION = 1

CheckStatus = Literal["passed", "failed", "error", "not_run"]
Evidence = Literal["values", "pattern"]
CourseKind = Literal["built-in", "open", "sealed"]


@dataclass(frozen=True, eq=False)
class Difference:
    """An array that came out wrong, kept for the picture in the report."""

    place: str  # where in the answer: "" for the answer itself, "[0]" for the first of a tuple
    got: np.ndarray
    expected: np.ndarray  # same shape as got


@dataclass(frozen=True)
class CheckResult:
    id: str
    title: str
    status: CheckStatus
    score: float
    max_score: float
    message: str = ""
    hint: str = ""
    duration: float = 0.0  # seconds
    line: int | None = None  # line of the student's own file that the message speaks of
    printed: str = ""  # what the student's code printed during the check
    difference: Difference | None = None
    place: str = ""  # that line in words, as "line 4" or "code cell 2, line 3"

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "title": self.title,
            "status": self.status,
            "score": round(self.score, 6),
            "max_score": round(self.max_score, 6),
            "message": self.message,
            "hint": self.hint,
            "line": self.line,
            "place": self.place,
            "duration": round(self.duration, 6),
        }


@dataclass(frozen=True)
class NamedMistake:
    id: str
    title: str
    explanation: str
    checks: tuple[str, ...]  # ids of the failed checks that it explains
    evidence: Evidence
    textbook: bool = False  # a slip that printed answers make too
    formula: str = ""  # LaTeX

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "title": self.title,
            "explanation": self.explanation,
            "checks": list(self.checks),
            "evidence": self.evidence,
            "textbook": self.textbook,
        }


@dataclass(frozen=True)
class Cause:
    """What went wrong before any check was asked, and failed checks follow from: a file that Python cannot read, an
    import that is not there."""

    message: str  # "SyntaxError: expected ':'"
    advice: str = ""  # what it means here, and what to do
    place: str = ""  # in words, as "line 4" or "code cell 2, line 3"
    line: int | None = None  # of the student's own file
    code: str = ""  # that line
    span: tuple[int, int] = (0, 0)  # the characters of it that Python stumbled over; equal where that is not known

    def to_json(self) -> dict[str, Any]:
        return {
            "message": self.message,
            "advice": self.advice,
            "place": self.place,
            "line": self.line,
            "code": self.code,
            "span": list(self.span),
        }


@dataclass(frozen=True)
class Layer:
    """One wall of the sandbox: in force or not, and what it keeps out."""

    name: str
    active: bool
    stops: str
    detail: str = ""  # why it is not in force, and the cure

    def to_json(self) -> dict[str, Any]:
        return {"name": self.name, "active": self.active, "stops": self.stops, "detail": self.detail}


@dataclass(frozen=True)
class CourseUsed:
    """The course that a result follows from."""

    kind: CourseKind
    path: str

    def __str__(self) -> str:
        return {"built-in": "built-in", "open": self.path, "sealed": f"{self.path} (student edition)"}[self.kind]

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "path": self.path}


@dataclass(frozen=True)
class Result:
    exercise: str
    submission: str  # the file as the user named it
    status: Literal["graded", "error"]
    score: float | None  # None when the grader could not grade: no score is claimed
    seed: int
    student: str | None = None
    max_score: float = 100.0
    duration: float = 0.0  # seconds
    causes: tuple[Cause, ...] = ()
    checks: tuple[CheckResult, ...] = ()
    mistakes: tuple[NamedMistake, ...] = ()
    not_allowed: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()  # what an instructor may want to look at, and no report of the student's shows
    notes: tuple[str, ...] = ()  # what the reader should know beside the checks: lines that failed while loading
    error: str = ""  # why the grader could not grade
    sandbox: tuple[Layer, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)  # name → version
    course: CourseUsed | None = None
    title: str = ""  # of the exercise
    source: str = ""  # the student's file, for the report

    @property
    def full_marks(self) -> bool:
        return self.status == "graded" and all(check.status == "passed" for check in self.checks)

    def to_json(self) -> dict[str, Any]:
        return {
            "exercise": self.exercise,
            "submission": self.submission,
            "student": self.student,
            "status": self.status,
            "score": None if self.score is None else round(self.score, 6),
            "max_score": self.max_score,
            "seed": self.seed,
            "duration": round(self.duration, 6),
            "causes": [cause.to_json() for cause in self.causes],
            "checks": [check.to_json() for check in self.checks],
            "mistakes": [mistake.to_json() for mistake in self.mistakes],
            "not_allowed": list(self.not_allowed),
            "remarks": list(self.remarks),
            "notes": list(self.notes),
            "error": self.error,
            "sandbox": {
                "confined": bool(self.sandbox) and all(layer.active for layer in self.sandbox),
                "layers": [layer.to_json() for layer in self.sandbox],
            },
            "environment": dict(self.environment),
            "course": None if self.course is None else self.course.to_json(),
        }


def document(results: list[Result]) -> dict[str, Any]:
    """The JSON document of one run."""
    return {"version": VERSION, "results": [result.to_json() for result in results]}
