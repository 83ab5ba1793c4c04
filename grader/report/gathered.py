"""What the page of a class tells, gathered in one pass over the gradebook's grades.

Of each grade stays what its cell of the table shows and what it adds to the statistics of its exercise.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from grader.gradebook.assignment.grades import Scores
from grader.gradebook.export.marksheet import Marksheet
from grader.gradebook.pseudonyms import Anonymous
from grader.gradebook.store import Grade, Gradebook
from grader.report.assigned import Assigned, assigned, mean, total_of
from grader.report.findings import findings
from grader.report.statistics import ExerciseStatistics


@dataclass(slots=True)
class Entry:
    """What the table shows of a grade."""

    score: float | None
    max_score: float
    report: str
    told: str = ""  # of an override
    assigned: Assigned | None = None  # where an assignment says what counts

    @property
    def share(self) -> float | None:
        if self.score is None:
            return None
        return self.score / self.max_score if self.max_score > 0 else 1.0


@dataclass
class Student:
    id: str
    name: str
    section: str = ""
    entries: dict[str, Entry] = field(default_factory=dict)  # by exercise
    lost: dict[str, str] = field(default_factory=dict)  # handed in, not graded: exercise, or "" → why
    totals: list[tuple[float, float] | None] = field(default_factory=list)  # (total, its share), by assignment
    number: int = 0  # of the row
    total: float | None = None  # of all there is, where no assignment says what counts
    percent: float | None = None

    @property
    def share(self) -> float | None:
        """The mean of the assignments' totals where there are any, else of all points there are."""
        if self.totals:
            return mean(total and total[1] for total in self.totals)
        return None if self.percent is None else self.percent / 100

    def count_by(self, scores: Scores) -> None:
        """Puts what an assignment makes of the scores in the place of what was graded."""
        self.totals.append(total_of(scores, self.id))
        for each in assigned(scores, self.id):
            known = self.entries.get(each.exercise)
            report, told = (known.report, known.told) if known else ("", "")
            self.entries[each.exercise] = Entry(each.points, each.worth, report, told, each)


@dataclass(frozen=True)
class Ungraded:
    student: str
    exercise: str
    report: str
    reason: str


@dataclass(frozen=True)
class Remarked:
    """A submission that names what an instructor may want to look at (see grader.sandbox.worker.inspection)."""

    student: str
    exercise: str
    report: str
    remarks: str


@dataclass(frozen=True)
class Lost:
    """What was handed in and is no submission that could be graded."""

    student: str
    exercise: str
    file: str
    reason: str


class Overview:
    """Everybody, every exercise, and what somebody should look at. `scores`: of the assignments in force."""

    def __init__(self, gradebook: Gradebook | Anonymous, scores: Sequence[Scores] = ()) -> None:
        self.exercises: dict[str, ExerciseStatistics] = {}
        self.ungraded: list[Ungraded] = []
        self.unloaded: list[Ungraded] = []  # graded: nothing of the file could be asked
        self.lost: list[Lost] = []
        self.overridden: list[Ungraded] = []
        self.remarked: list[Remarked] = []
        self.seeds: set[int] = set()
        self.versions: set[str] = set()
        self.results, self.newest = 0, 0.0
        self.identities = gradebook.identities
        people, lost = gradebook.people(), gradebook.not_graded()
        self.notes = people.notes
        students: dict[str, Student] = {}
        marks = Marksheet.collect(self._seen(gradebook.grades(), students), None, people, lost)
        for each in lost:
            student = students.setdefault(each.student, Student(each.student, each.name or each.student))
            for exercise in (each.exercise,) if each.exercise else each.among or ("",):
                student.lost.setdefault(exercise, f"{each.file}: {each.reason}")
            self.lost.append(Lost(student.name, each.exercise, each.file, each.reason))
            if each.exercise:
                self.exercises.setdefault(each.exercise, ExerciseStatistics())
        for person in people.persons.values() if people.has_roster else ():
            students.setdefault(person.id, Student(person.id, person.name)).section = person.section
        for counted in scores:
            for name in counted.assignment.exercises:
                self.exercises.setdefault(name, ExerciseStatistics())
            for id, name in counted.names.items():
                students.setdefault(id, Student(id, name)).count_by(counted)
        self.students = sorted(students.values(), key=lambda student: (student.name.casefold(), student.id))
        for number, student in enumerate(self.students, 1):
            student.number = number
            student.total, student.percent = marks.total(student.id), marks.percent(student.id)
        self.sections = sorted({student.section for student in self.students} - {""})
        self.exercises = dict(sorted(self.exercises.items()))
        self.waiting = gradebook.count_ungraded()
        problems = gradebook.problems()
        self.left_out = len(problems)
        self.problems = list(grouped(problems))

    def _seen(self, grades: Iterable[Grade], students: dict[str, Student]) -> Iterator[Grade]:
        """The grades as they go by."""
        for grade in grades:
            self._add(grade, students.setdefault(grade.student, Student(grade.student, grade.name)))
            yield grade

    def total_means(self) -> list[float | None]:
        """The mean share of each assignment's total."""
        columns = zip(*(student.totals for student in self.students), strict=True)
        return [mean(total and total[1] for total in column) for column in columns]

    def column_means(self) -> dict[str, float | None]:
        """The mean share of what the table shows of each exercise."""
        return {
            name: mean(entry.share for student in self.students if (entry := student.entries.get(name)))
            for name in self.exercises
        }

    def _add(self, grade: Grade, student: Student) -> None:
        statistics = self.exercises.setdefault(grade.exercise, ExerciseStatistics())
        counts = grade.points
        student.entries[grade.exercise] = Entry(counts, grade.max_score, grade.report, grade.told)
        name = grade.name or grade.student
        if grade.told:
            self.overridden.append(Ungraded(name, grade.exercise, grade.report, grade.told))
        if counts is not None:
            statistics.add(grade, self.identities.get(grade.student, ()))
            found = findings(grade.result)
            if grade.status == "graded" and found.is_unloaded:
                self.unloaded.append(Ungraded(name, grade.exercise, grade.report, found.headline))
        else:
            reason = grade.result.error or "The report has no reason."
            self.ungraded.append(Ungraded(name, grade.exercise, grade.report, reason))
        if remarks := grade.result.remarks:
            self.remarked.append(Remarked(name, grade.exercise, grade.report, "; ".join(remarks)))
        self.results += 1
        self.newest = max(self.newest, grade.graded_at)
        if grade.attempts:
            self.seeds.add(grade.seed)
        if version := grade.result.environment.get("grader"):
            self.versions.add(version)


def grouped(problems: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """(path, reason), those of one file name and reason once: a test file in every repository is one line."""
    groups: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for path, reason in problems:
        groups[path.rpartition("/")[2], reason].append(path)
    for (name, reason), paths in sorted(groups.items(), key=lambda group: (len(group[1]), group[1])):
        yield (paths[0] if len(paths) == 1 else f"{len(paths)} files {name}, one of them {paths[0]}"), reason
