"""The class as a table holds it: students, exercises, marks, and what each exercise is worth."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.gradebook.assignment.scoring import Mark as AssignmentMark
from grader.gradebook.export.cells import line
from grader.gradebook.export.comments import OURS, said_of, short
from grader.gradebook.export.outcome import ExportError
from grader.text import points

if TYPE_CHECKING:
    from grader.gradebook.assignment.grades import Scores
    from grader.gradebook.people import People
    from grader.gradebook.store import Grade, Unplaced


@dataclass(frozen=True)
class Mark:
    """What a grade comes to in a table. The results themselves are large and are not kept."""

    score: float | None  # None: handed in, but the grader could not grade it
    max_score: float
    submitted: float
    graded_at: float
    error: str
    dated: bool = True  # whether `submitted` is known
    override: str = ""  # what it counts by instead of what was graded
    said: str = ""  # in a few words, for the student

    @classmethod
    def of(cls, grade: Grade) -> Mark:
        score = grade.points
        error = grade.result.error or "the grader could not grade it; grade it again"
        told = "" if score is not None else error
        return cls(
            score, grade.max_score, grade.submitted, grade.graded_at, told, grade.dated, grade.told, said_of(grade)
        )

    def out_of(self, maximum: float) -> float | None:
        """The score on another scale."""
        if self.score is None or maximum == self.max_score or self.max_score <= 0:
            return self.score
        return self.score * maximum / self.max_score


@dataclass(frozen=True)
class Marksheet:
    names: dict[str, str]  # student → name as people write it, in the order of the grades
    maxima: dict[str, float]  # exercise → what it is worth, by the exercise's name
    marks: dict[tuple[str, str], Mark]  # (student, exercise) → mark
    notes: tuple[str, ...]
    lost: dict[str, list[Unplaced]] = field(default_factory=dict)  # by student, what was handed in and is not graded
    ids: dict[str, str] = field(default_factory=dict)  # what a sheet may call a student by, without capitals → student
    scores: Scores | None = None  # where an assignment says what counts

    @classmethod
    def collect(
        cls,
        grades: Iterable[Grade],
        maximum: float | None = None,
        people: People | None = None,
        lost: Iterable[Unplaced] = (),
        scores: Scores | None = None,
        exercise: str | None = None,
    ) -> Marksheet:
        """`maximum` is what each exercise is worth, if not what its results say. Raises ExportError.

        `lost`: what was handed in and is not graded. Everybody on the roster has a row, and who handed in anything.
        `scores`: of an assignment, of which one `exercise` may be meant alone; then everybody of it has a row.
        """
        if scores is not None and maximum is not None:
            raise ExportError(
                f"The assignment {scores.assignment.title!r} says what exercises are worth: leave out --maximum,"
                " or the assignment with --no-assignment."
            )
        if maximum is not None and not (0 < maximum < math.inf):
            raise ExportError(f"An exercise cannot be worth {maximum:g} points: name a number above 0.")
        names: dict[str, str] = {}
        marks: dict[tuple[str, str], Mark] = {}
        for grade in grades:
            if scores is not None and grade.exercise not in scores.assignment.exercises:
                continue
            names.setdefault(grade.student, grade.name or grade.student)
            marks[grade.student, grade.exercise] = Mark.of(grade)
        left: dict[str, list[Unplaced]] = {}
        for each in lost:
            if scores is None or each.may_be(*scores.assignment.exercises):
                names.setdefault(each.student, each.name or each.student)
                left.setdefault(each.student, []).append(each)
        if people is not None and people.has_roster:
            for person in people.persons.values():
                names.setdefault(person.id, person.name)
        if scores is not None:
            names |= {person: name for person, name in scores.names.items() if person not in names}
        if left or scores is not None or (people is not None and people.has_roster):
            names = dict(sorted(names.items(), key=lambda item: (item[1].casefold(), item[0])))
        columns = defaultdict(list)
        for (_, column), mark in marks.items():
            columns[column].append(mark)
        if scores is not None:
            worths = {each.name: float(each.worth) for each in scores.assignment.exercises.values()}
            own = {exercise: worths[exercise]} if exercise else worths
            notes = list(scores.notes)
        else:
            own = {column: newest_maximum(columns[column]) for column in sorted(columns)}
            notes = [] if maximum else [note for column in own for note in describe_scales(column, columns[column])]
        collected = cls(names, dict.fromkeys(own, maximum) if maximum else own, marks, ())
        notes += [collected.ungraded(*key) for key, mark in marks.items() if mark.score is None]
        notes += [collected.overridden(*key) for key, mark in marks.items() if mark.override]
        notes += [collected.left_out(each) for those in left.values() for each in those]
        return cls(names, collected.maxima, marks, tuple(notes), left, known_by(names, people), scores)

    @property
    def exercises(self) -> tuple[str, ...]:
        return tuple(self.maxima)

    @property
    def maximum(self) -> float:
        """What all exercises are worth together, handed in or not."""
        if self.is_total:
            assert self.scores is not None
            return float(self.scores.assignment.total)
        return math.fsum(self.maxima.values())

    def score(self, student: str, exercise: str, out_of: float | None = None) -> float | None:
        """None for missing and for ungraded work. `out_of` is what the exercise is worth, if not given.

        By an assignment what is missing counts 0 once it is due.
        """
        if self.scores is not None:
            found = self.scores.mark(student, exercise)
            return None if found is None else self.scores.points(found, out_of)
        mark = self.marks.get((student, exercise))
        return mark.out_of(out_of or self.maxima[exercise]) if mark else None

    @property
    def is_total(self) -> bool:
        """Whether a total is the assignment's, and not that of one exercise of it."""
        return self.scores is not None and len(self.maxima) == len(self.scores.assignment.exercises)

    def assigned(self, student: str) -> list[AssignmentMark]:
        """By an assignment, the student's mark in each exercise that is shown."""
        found = [self.scores.mark(student, exercise) for exercise in self.maxima] if self.scores is not None else []
        return [mark for mark in found if mark is not None]

    def is_exempt(self, student: str, exercise: str) -> bool:
        return any(mark.exercise == exercise and mark.state == "exempt" for mark in self.assigned(student))

    def total(self, student: str, out_of: float | None = None) -> float | None:
        """The sum of the student's scores, to which missing work adds nothing; None where one is not known.

        `out_of` is what all are worth together, if not given. By an assignment it is what that says.
        """
        if self.scores is not None:
            if self.is_total:
                return self.scores.total(student, out_of)
            return self.score(student, next(iter(self.maxima)), out_of)
        known = self._sum(student)
        if known is None or out_of in (None, self.maximum):
            return known
        return known * out_of / self.maximum if self.maximum and out_of else None

    def _sum(self, student: str) -> float | None:
        marks = [(self.marks[key], key[1]) for key in self._keys(student)]
        scores = [mark.out_of(self.maxima[exercise]) for mark, exercise in marks]
        known = [score for score in scores if score is not None]
        return math.fsum(known) if known and len(known) == len(scores) else None

    def percent(self, student: str) -> float | None:
        """Of all points there are: what is missing counts as zero. None where there is no total.

        By an assignment that of its total, which is rounded as the assignment says.
        """
        if self.scores is not None:
            return self.total(student, 100.0)
        total = self.total(student)
        return None if total is None or not self.maximum else 100 * total / self.maximum

    def missing(self, student: str) -> list[str]:
        """The exercises that the student did not hand in, though others did."""
        if self.scores is not None:
            return [mark.exercise for mark in self.assigned(student) if mark.state == "missing"]
        left = self.lost.get(student, ())  # may be meant for several
        none = [exercise for exercise in self.maxima if (student, exercise) not in self.marks]
        return [exercise for exercise in none if not any(each.may_be(exercise) for each in left)]

    def not_graded(self, student: str) -> list[str]:
        """The exercises that could not be graded, or a file of which nobody knows for which it is."""
        if self.scores is not None:
            return [mark.exercise for mark in self.assigned(student) if mark.state == "not graded"]
        ungraded = [key[1] for key in self._keys(student) if self.marks[key].score is None]
        return [*ungraded, *sorted(each.exercise or each.file for each in self.lost.get(student, ()))]

    def comment(self, student: str) -> str:
        """What is said to the student of each exercise; "" where nothing was handed in."""
        if not self._has_any(student):
            return ""
        said = {exercise: mark.said for exercise in self.maxima if (mark := self.marks.get((student, exercise)))}
        for exercise in said:
            counts = self.scores.told(student, exercise) if self.scores is not None else ""
            said[exercise] = f"{said[exercise].rstrip('.')}; {counts}" if counts else said[exercise]
        for each in self.lost.get(student, ()):
            said[each.exercise or "a file"] = short(f"not graded: {each.file}: {each.reason}")
        said |= dict.fromkeys(self.missing(student), "nothing handed in")
        if len(self.maxima) == 1 and len(said) == 1:
            return OURS + "".join(said.values())
        return OURS + ". ".join(f"{exercise}: {text.rstrip('.')}" for exercise, text in said.items()) + "."

    def submitted(self, student: str) -> float | None:
        """When the student last handed something in; None where that is not known."""
        return max((mark.submitted for key in self._keys(student) if (mark := self.marks[key]).dated), default=None)

    def handed_in(self, student: str) -> bool:
        if self.scores is not None:
            return self.total(student) is not None
        return self._has_any(student)

    def _has_any(self, student: str) -> bool:
        return bool(self._keys(student)) or student in self.lost

    def _keys(self, student: str) -> list[tuple[str, str]]:
        return [(student, exercise) for exercise in self.maxima if (student, exercise) in self.marks]

    def person(self, student: str) -> str:
        """A student in a note."""
        name, id = line(self.names[student]), line(student)
        return id if name == id else f"{name} ({id})"

    def outside(self, students: Collection[str | None]) -> list[str]:
        """A note for each student who is not among those of a sheet."""
        found = set(students)
        left = (student for student in self.names if student not in found)
        graded = {student for student, _ in self.marks}
        return [f"{self.person(student)} has a grade and is not in the sheet." for student in left if student in graded]

    def left_out(self, lost: Unplaced) -> str:
        """What is said of something that was handed in and is not graded."""
        where = f" for {lost.exercise}" if lost.exercise else ""
        said = line(f"{lost.file}: {lost.reason}").rstrip(".")
        return f"{self.person(lost.student)} handed in{where}, not graded: {said}."

    def overridden(self, student: str, exercise: str) -> str:
        return f"{self.person(student)}, {exercise}: {line(self.marks[student, exercise].override)}."

    def overrides(self, student: str) -> list[str]:
        """The exercises in which something counts by an override."""
        return [key[1] for key in self._keys(student) if self.marks[key].override]

    def ungraded(self, student: str, exercise: str) -> str:
        reason = line(self.marks[student, exercise].error).rstrip(".")
        return f"{self.person(student)} has no score in {exercise}: {reason}."


def known_by(names: Collection[str], people: People | None) -> dict[str, str]:
    """Ids that are one student's → that student. What several are called by tells nobody."""
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for student in names:
        for id in (student.casefold(), *(people.ids(student) if people is not None else ())):
            owners[id].add(student)
    return {id: students.pop() for id, students in owners.items() if len(students) == 1}


def newest_maximum(marks: list[Mark]) -> float:
    """What the exercise is worth by the result that was graded last."""
    return max(marks, key=lambda mark: (mark.score is not None, mark.graded_at)).max_score


def describe_scales(exercise: str, marks: list[Mark]) -> list[str]:
    """Scores of several suites stand side by side where only some submissions were graded again."""
    maximum = newest_maximum(marks)
    others = [mark.max_score for mark in marks if mark.score is not None and mark.max_score != maximum]
    if not others:
        return []
    scales = ", ".join(map(points, sorted(set(others))))
    return [
        f"{exercise}: {len(others)} of {len(marks)} scores were out of {scales} and are scaled to {points(maximum)};"
        " grade all submissions again to compare like with like."
    ]
