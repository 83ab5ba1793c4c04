"""What Classroom 50 keeps of a class, students.csv and scores.json, beside the gradebook of a central run.

The scores there were made in the students' own repositories, so what counts is graded again: the repositories are
cloned and graded with the course itself. Here the two come together, one row a student: the members of a group get its
score, and where the two scores differ the row says so.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.gradebook.export.cells import line, number, table, text
from grader.gradebook.export.outcome import Export
from grader.gradebook.store import Grade
from grader.integrations.classroom50.bundle import Classroom50Error

HEAD = (
    "username", "name", "email", "section", "score", "max_score", "classroom50_score", "classroom50_max_score", "late",
    "submitted", "commit", "note",
)  # fmt: skip
LARGEST = 10**9  # score
SAME = 0.005  # share of the points by which two scores may differ


@dataclass(frozen=True)
class Student:
    """A row of students.csv (of roster.csv, in later versions)."""

    username: str
    name: str = ""
    email: str = ""
    section: str = ""


@dataclass(frozen=True)
class Entry:
    """The newest submission of a repository."""

    owner: str
    members: tuple[str, ...]
    score: int
    max_score: int
    late: str
    submitted: str
    commit: str
    exercises: tuple[str, ...]  # that its tests speak of
    note: str = ""


def read_students(path: Path) -> list[Student]:
    """Raises Classroom50Error."""
    reader = csv.DictReader(lines_of(path))
    if "username" not in (reader.fieldnames or ()):
        raise Classroom50Error(f"{path} has no column 'username': name the students.csv of a classroom.")
    students = [student_of(row) for row in reader]
    return [student for student in students if student.username]


def student_of(row: dict[str, Any]) -> Student:
    cells = {key: (row.get(key) or "").strip() for key in ("username", "first_name", "last_name", "email", "section")}
    name = " ".join(filter(None, (cells["first_name"], cells["last_name"])))
    return Student(cells["username"], name, cells["email"], cells["section"])


def read_scores(path: Path, assignment: str | None) -> list[Entry]:
    """The entries of an assignment; of the only one where none is named. Raises Classroom50Error."""
    content = "".join(lines_of(path))
    try:
        buckets = json.loads(content)["assignments"]
        slug = chosen(buckets, assignment, path)
        return [entry_of(each) for each in buckets[slug]["entries"] if each["submissions"]]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise Classroom50Error(
            f"{path} is not a scores.json of Classroom 50 ({type(error).__name__}): download it anew."
        ) from None


def chosen(buckets: dict[str, Any], assignment: str | None, path: Path) -> str:
    there = ", ".join(buckets) or "none"
    if not buckets:
        raise Classroom50Error(f"{path} has no assignments yet: Classroom 50 has collected nothing.")
    if assignment is None and len(buckets) != 1:
        raise Classroom50Error(f"{path} has several assignments: choose one with --assignment. There are: {there}.")
    slug = next(iter(buckets)) if assignment is None else assignment
    if slug not in buckets:
        raise Classroom50Error(f"{path} has no assignment '{slug}'. There are: {there}.")
    return slug


def entry_of(found: dict[str, Any]) -> Entry:
    """What was published in a student's repository is the student's to write: what is no result costs that one row."""
    owner = str(found["owner"])
    members = tuple(map(str, found.get("member_usernames") or [owner]))
    newest = found["submissions"][0]
    try:
        score, worth = (int(newest[key]) for key in ("score", "max-score"))
        if not 0 <= score <= worth <= LARGEST:
            raise ValueError
        late = {True: "yes", False: "no"}.get(newest.get("late"), "")
        exercises = tuple(dict.fromkeys(str(test["exercise"]) for test in newest["tests"] if "exercise" in test))
        return Entry(owner, members, score, worth, late, str(newest["datetime"]), str(newest["commit"]), exercises)
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError):
        note = "What Classroom 50 has of the repository is no result: look at its workflow."
        return Entry(owner, members, 0, 0, "", "", "", (), note)


def exercises_in(entries: Sequence[Entry]) -> set[str]:
    """The exercises of the assignment, where nobody names them: those that most results speak of. A student may have
    written another one into the own result."""
    told = [entry.exercises for entry in entries if entry.exercises]
    named = Counter(name for names in told for name in names)
    return {name for name, times in named.items() if 2 * times > len(told)}


@dataclass(frozen=True)
class Central:
    """What a central run gave a student, over the exercises of an assignment."""

    score: float | None
    max_score: float
    missing: tuple[str, ...]
    not_graded: tuple[str, ...]

    @staticmethod
    def of(grades: dict[str, Grade], exercises: dict[str, float]) -> Central:
        """`exercises`: what each is worth."""
        here = [grades[name] for name in exercises if name in grades]
        failed = tuple(grade.exercise for grade in here if grade.points is None)
        score = None if failed or not here else sum(grade.points or 0.0 for grade in here)
        missing = tuple(name for name in exercises if name not in grades)
        return Central(score, sum(exercises.values()), missing, failed)


def beside(
    students: Sequence[Student], entries: Sequence[Entry], grades: Iterable[Grade], exercises: Iterable[str] = ()
) -> Export:
    """A row for each student that any of the three knows, those of students.csv first. `exercises`: what counts."""
    by_login: dict[str, dict[str, Grade]] = {}
    for grade in grades:
        by_login.setdefault(grade.student.casefold(), {})[grade.exercise] = grade
    repositories = {member.casefold(): entry for entry in entries for member in entry.members}
    repositories |= {entry.owner.casefold(): entry for entry in entries}  # whoever else names them a member
    wanted = set(exercises) or exercises_in(entries)
    worth = {
        grade.exercise: grade.max_score
        for graded in by_login.values()
        for grade in graded.values()
        if not wanted or grade.exercise in wanted
    }
    known = {student.username.casefold(): student for student in students}
    logins = [*known, *(login for login in (*repositories, *by_login) if login not in known)]
    rows = [list(HEAD)]
    notes = []
    for login in dict.fromkeys(logins):
        student, entry = known.get(login) or Student(login), repositories.get(login)
        central = Central.of(by_login.get(entry.owner.casefold() if entry else login, {}), worth)
        note = " ".join(remarks(central, entry, on_roster=not known or login in known))
        rows.append(row(student, central, entry, note))
        if note:
            notes.append(f"{line(student.username)}: {note}")
    return Export(table(rows), tuple(notes))


def remarks(central: Central, entry: Entry | None, *, on_roster: bool) -> Iterable[str]:
    if not on_roster:
        yield "Not in the list of students."
    if central.not_graded:
        yield f"Not graded, through no fault of the student: {', '.join(central.not_graded)}."
    elif central.score is None:
        yield "Handed in, but the central run has no grade: clone the repository." if entry else "Handed in nothing."
    elif central.missing:
        yield f"Missing: {', '.join(central.missing)}."
    if entry and entry.note:
        yield entry.note
    if entry and central.score is not None and entry.max_score and central.max_score:
        difference = entry.score / entry.max_score - central.score / central.max_score
        if abs(difference) > SAME:
            yield (
                f"Classroom 50 has {'more' if difference > 0 else 'less'}: compare the graded commit, and look at the "
                "repository's workflow."
            )


def row(student: Student, central: Central, entry: Entry | None, note: str) -> list[str]:
    theirs = [str(entry.score), str(entry.max_score), entry.late, entry.submitted, entry.commit] if entry else [""] * 5
    who = [student.username, student.name, student.email, student.section]
    return [*map(text, who), number(central.score), number(central.max_score or None), *map(text, theirs), text(note)]


def lines_of(path: Path) -> list[str]:
    """The lines of a text file. Raises Classroom50Error where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise Classroom50Error(f"{path} cannot be read: {reason}.") from None
