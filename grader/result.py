"""The result of a submission, defined once: frozen records, the JSON document that they are written as, and the way
back. Everything that shows, stores or exports a result takes it from here.

The records are dataclasses and are written without any library; msgspec, which reads and checks a document by their
types, is imported by whoever reads one. `grade` itself starts without it. docs/result.schema.json is made from the same
types, and docs/results.md says what a new version of the format may change.

Nothing here holds student objects: every text was cut and cleaned on its way in, every array is a plain copy.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NoReturn, TypeVar

from grader.errors import GraderError

if TYPE_CHECKING:
    from numpy import ndarray as Array
else:
    Array = Any  # NumPy need not be imported for types to be looked up

VERSION = 1  # of the format: another number where what was written before is no longer read
MINOR = 3  # counts what was added since: whoever does not know it can pass it over

CheckStatus = Literal["passed", "failed", "error", "not_run"]
Evidence = Literal["values", "pattern"]
CourseKind = Literal["built-in", "open", "sealed"]
ResultStatus = Literal["graded", "error"]
DecisionKind = Literal["override", "comment"]
MarkState = Literal["graded", "missing", "not due", "exempt", "not graded"]

UNWRITTEN = {"written": False}  # a field that stays in this process
DIGITS = 6  # of a number as it is written
AS_THEY_ARE = {str, int, bool, type(None)}  # in JSON
NO_DOCUMENT = "This is no document of results ({}): write it with `grade --json`."

Record = TypeVar("Record")


class ResultError(GraderError):
    """A document that is none of results, or one of another version. The message says what to do."""


@dataclass(frozen=True, eq=False)
class Difference:
    """An array that came out wrong, kept for the picture in the report."""

    place: str  # where in the answer: "" for the answer itself, "[0]" for the first of a tuple
    got: Array
    expected: Array  # same shape as got


@dataclass(frozen=True)
class CheckResult:
    """What came of one check of the hidden suite."""

    id: str
    title: str
    status: CheckStatus
    score: float
    max_score: float
    message: str = ""
    hint: str = ""
    duration: float = 0.0  # seconds
    line: int | None = None  # line of the student's own file that the message speaks of
    printed: str = field(default="", metadata=UNWRITTEN)  # what the student's code printed during the check
    difference: Difference | None = field(default=None, metadata=UNWRITTEN)
    place: str = ""  # that line in words, as "line 4" or "code cell 2, line 3"


@dataclass(frozen=True)
class NamedMistake:
    """A known mistake that explains failed checks."""

    id: str
    title: str
    explanation: str
    checks: tuple[str, ...]  # ids of the failed checks that it explains
    evidence: Evidence
    textbook: bool = False  # a slip that printed answers make too
    formula: str = field(default="", metadata=UNWRITTEN)  # LaTeX


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


@dataclass(frozen=True)
class Layer:
    """One wall of the sandbox: in force or not, and what it keeps out."""

    name: str
    active: bool
    stops: str
    detail: str = ""  # why it is not in force, and the cure


@dataclass(frozen=True)
class Sandbox:
    """The walls around a submission. None of them: it ran in a process of its own, and that is all."""

    confined: bool = False  # every wall there is was in force
    layers: tuple[Layer, ...] = ()

    @staticmethod
    def of(layers: Iterable[Layer]) -> Sandbox:
        layers = tuple(layers)
        return Sandbox(bool(layers) and all(layer.active for layer in layers), layers)

    @property
    def missing(self) -> str:
        """The walls that were not in force, each cause once; empty where all were."""
        causes: dict[str, list[str]] = {}
        for layer in self.layers:
            if not layer.active:
                causes.setdefault(layer.detail, []).append(layer.name)
        return "; ".join(f"{', '.join(names)} ({cause})" for cause, names in causes.items())

    def __iter__(self) -> Iterator[Layer]:
        return iter(self.layers)

    def __len__(self) -> int:
        return len(self.layers)


@dataclass(frozen=True)
class CourseUsed:
    """The course that a result follows from."""

    kind: CourseKind
    path: str

    def __str__(self) -> str:
        return {"built-in": "built-in", "open": self.path, "sealed": f"{self.path} (student edition)"}[self.kind]


@dataclass(frozen=True)
class Decision:
    """What a person decided or said of a result."""

    kind: DecisionKind
    text: str  # the reason, or the comment
    author: str
    made: str  # date and time, as ISO 8601 has it
    check: str = ""  # the check that it is about; "" for all of the result
    points: float | None = None  # instead of what the grader gave
    max_points: float | None = None  # what they are out of


@dataclass(frozen=True)
class Decided:
    """What people decided and said beside what the grader gave."""

    points: float | None  # what counts
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True)
class Result:
    """What came of grading one submission."""

    exercise: str
    submission: str  # the file as the user named it
    status: ResultStatus
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
    sandbox: Sandbox = Sandbox()
    environment: dict[str, str] = field(default_factory=dict)  # name → version
    course: CourseUsed | None = None
    decided: Decided | None = None  # in exports of a gradebook: `score` is what the grader gave all the same
    title: str = field(default="", metadata=UNWRITTEN)  # of the exercise
    source: str = field(default="", metadata=UNWRITTEN)  # the student's file, for the report

    @property
    def full_marks(self) -> bool:
        return self.status == "graded" and all(check.status == "passed" for check in self.checks)

    def to_json(self) -> dict[str, Any]:
        """The result as the document has it."""
        written: dict[str, Any] = plain(self)
        return written

    @staticmethod
    def from_json(text: str | bytes) -> Result:
        """The result in a text that was written from `to_json`. Raises ResultError."""
        return _decoded(text, Result, "This is no result ({}).")


@dataclass(frozen=True)
class NotGraded:
    """Something that was handed in and is not graded."""

    student: str
    name: str
    exercise: str  # "" where it is not told
    path: str
    reason: str


@dataclass(frozen=True)
class AssignedExercise:
    """What counts of an exercise in an assignment."""

    state: MarkState
    points: float | None  # after lateness; null where it is not graded, or counts neither way
    before_lateness: float | None
    worth: float
    late: str  # in words; "" where it was in time
    dropped: bool


@dataclass(frozen=True)
class AssignedStudent:
    student: str
    name: str
    total: float | None
    late_days: int  # used up
    exercises: dict[str, AssignedExercise]


@dataclass(frozen=True)
class AssignedScores:
    """How everybody stands in an assignment. Points are rounded as it says."""

    title: str
    total: float
    unit: Literal["points", "percent"]
    students: tuple[AssignedStudent, ...]


@dataclass(frozen=True, kw_only=True)
class Document:
    """The results of one run, and of a class what follows from them."""

    version: int
    minor: int = 0
    results: tuple[Result, ...]
    not_graded: tuple[NotGraded, ...] = ()
    assignments: tuple[AssignedScores, ...] = ()


@dataclass(frozen=True)
class _Head:
    """What a document of any version has."""

    version: int


def document(
    results: Iterable[Result], not_graded: Iterable[NotGraded] = (), assignments: Iterable[AssignedScores] = ()
) -> dict[str, Any]:
    """The JSON document of one run."""
    whole = Document(
        version=VERSION,
        minor=MINOR,
        results=tuple(results),
        not_graded=tuple(not_graded),
        assignments=tuple(assignments),
    )
    written: dict[str, Any] = plain(whole)
    return written


def results_in(text: str | bytes) -> list[Result]:
    """The results in a document. Raises ResultError."""
    return list(read_document(text).results)


def read_document(text: str | bytes) -> Document:
    """All of a document. Fields that this version does not know are passed over. Raises ResultError."""
    version = _decoded(text, _Head, NO_DOCUMENT).version
    if version != VERSION:
        newer = "newer" if version > VERSION else "older"
        raise ResultError(
            f"These results are of format {version}, and this grader reads format {VERSION}: read them with the {newer}"
            " grader that wrote them, or grade again."
        )
    return _decoded(text, Document, NO_DOCUMENT)


def plain(value: Any) -> Any:
    """A record as JSON has it: the fields that are written, numbers rounded."""
    kind: Any = type(value)
    if kind is float:
        return round(value, DIGITS)
    if kind is tuple:
        return [plain(item) for item in value]
    if kind is dict:
        return {name: plain(item) for name, item in value.items()}
    if not (names := written_fields(kind)):
        return value
    made = {}
    for name in names:  # most need no call of this function, and a class has many thousands of checks
        item = getattr(value, name)
        of = type(item)
        made[name] = item if of in AS_THEY_ARE else round(item, DIGITS) if of is float else plain(item)
    return made


@cache
def written_fields(kind: type[Any]) -> tuple[str, ...]:
    """Of a record; what is none has no fields."""
    found = fields(kind) if is_dataclass(kind) else ()
    return tuple(each.name for each in found if each.metadata.get("written", True))


def _decoded(text: str | bytes, record: type[Record], complaint: str) -> Record:
    import msgspec

    try:
        try:
            return msgspec.json.decode(text, type=record)
        except msgspec.ValidationError:
            raise
        except msgspec.DecodeError:  # a name that is no UTF-8 is written with half a pair, which is no strict JSON
            return msgspec.convert(json.loads(text, parse_constant=_refuse), record)
    except (ValueError, RecursionError) as error:  # msgspec's own are ValueErrors
        raise ResultError(complaint.format(error)) from None


def _refuse(constant: str) -> NoReturn:
    """For NaN and the infinities, which JSON does not have and json takes: no score is one."""
    raise ValueError(f"{constant} is no number in JSON")
