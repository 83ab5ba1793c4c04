"""Pseudonyms for double marking: a gradebook without names, and the key that tells who is who.

A pseudonym is drawn at random and written into the key, a table that only its owner may read; the same gradebook with
the same key gives everybody the same pseudonym again, also where a roster has given somebody another id meanwhile. What
is shown instead of a person holds nothing of theirs but their answers: no name, id, path, section or time. What a
student wrote is left as it is, and may name its author.
"""

from __future__ import annotations

import csv
import io
import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import GraderError
from grader.gradebook.assignment.grades import Scores, notes_of
from grader.gradebook.decisions import Decisions, Entry
from grader.gradebook.export.cells import table, text
from grader.gradebook.people import People
from grader.gradebook.roster import Person

if TYPE_CHECKING:
    from grader.gradebook.store import Attempt, Grade, Gradebook, Unplaced

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that looks like another
COLUMNS = ["pseudonym", "student", "name"]
OWNER_ONLY = 0o600
WITH_NAMES = "the page with names says why"


class PseudonymError(GraderError):
    """A key that cannot be read or written. The message says what to do."""


class Key:
    """Who is who. Raises PseudonymError for a file that is no key."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows: dict[str, tuple[str, str]] = {}  # as written: student → (pseudonym, name)
        try:
            written = path.read_bytes().decode("utf-8-sig") if path.exists() else ""
        except (OSError, UnicodeDecodeError) as error:
            raise PseudonymError(f"The key {path} cannot be read: {error}.") from None
        lines = list(csv.reader(io.StringIO(written, newline="")))
        if lines and lines[0] != COLUMNS:
            raise PseudonymError(
                f"{path} is no key of pseudonyms, whose first line is {','.join(COLUMNS)}: name another."
            )
        for line in filter(None, lines[1:]):
            if len(line) != len(COLUMNS):
                raise PseudonymError(
                    f"The key {path} has a line with {len(line)} columns: mend it, or begin a new key."
                )
            self.rows[line[1]] = (line[0], line[2])

    def assign(self, people: People, students: dict[str, str]) -> dict[str, str]:
        """Person → pseudonym, drawing one for whoever has none. `students`: everybody, with their names."""
        taken = {pseudonym for pseudonym, _ in self.rows.values()}
        lower = {student.casefold(): row[0] for student, row in self.rows.items()}
        found: dict[str, str] = {}
        given: set[str] = set()
        for student, name in students.items():
            ids = (student, *sorted(people.ids(student)))
            known = next((lower[key] for id in ids if (key := text(id).casefold()) in lower), None)
            if known is None or known in given:
                known = draw(taken)
                taken.add(known)
            self.rows[text(student)] = (known, text(name))
            found[student] = known
            given.add(known)
        return found

    def write(self) -> None:
        """Only its owner may read it, from the first byte on."""
        rows = sorted([pseudonym, student, name] for student, (pseudonym, name) in self.rows.items())
        scratch = self.path.with_name(f".{self.path.name}.{os.getpid():x}")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            scratch.unlink(missing_ok=True)
            with open(
                os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "w", encoding="utf-8"
            ) as file:
                file.write(table([COLUMNS, *rows]))
            os.replace(scratch, self.path)
        except OSError as error:
            raise PseudonymError(f"The key {self.path} cannot be written: {error.strerror}.") from None
        finally:
            scratch.unlink(missing_ok=True)


def draw(taken: set[str]) -> str:
    while True:
        drawn = "Student " + "".join(secrets.choice(LETTERS) for _ in range(4))
        if drawn not in taken:
            return drawn


def beside(reports: Path) -> Path:
    """The key of a folder of reports: beside it and not in it, so that who gets the folder does not get the key."""
    folder = reports.resolve()
    return folder.with_name(f"{folder.name}-key.csv")


class Anonymous:
    """A gradebook as who must not know names sees it. Writes the key first."""

    def __init__(self, gradebook: Gradebook, key: Key) -> None:
        self._gradebook = gradebook
        self._people = gradebook.people()
        self.path = gradebook.path
        students = {one.id: one.name for one in self._people.persons.values()}
        students |= {each.student: each.name for each in gradebook.not_graded()}
        self.pseudonyms = key.assign(self._people, students)
        key.write()
        self.identities = {self.pseudonyms[id]: (id, name) for id, name in students.items()}
        self._reports: dict[str, str] = {}  # as it is called here → file of the true one

    def grades(self) -> Iterator[Grade]:
        """In the order of the pseudonyms: the order of the names would tell something."""
        return map(self._hide, self._gradebook.grades(names=self.pseudonyms))

    def _hide(self, grade: Grade) -> Grade:
        pseudonym, path = self.pseudonyms[grade.student], hidden(grade.path, grade.exercise)
        report = f"{grade.exercise}/{pseudonym}.html" if grade.report else ""
        self._reports[report] = grade.report
        result = replace(grade.result, student=pseudonym, submission=path, course=None, remarks=())
        return replace(
            grade,
            student=pseudonym,
            name=pseudonym,
            path=path,
            dated=False,
            report=report,
            result=result,
            decisions=self._hide_decisions(grade.decisions, pseudonym),
            handed_in_as=pseudonym,
            shared_report="",
        )

    def _hide_decisions(self, decisions: Decisions, pseudonym: str) -> Decisions:
        """What counts, and who of the staff decided so. A reason or a comment may speak of anybody."""

        def hide(entry: Entry) -> Entry:
            return replace(entry, bound=(), name=pseudonym, text=WITH_NAMES)

        return Decisions(
            decisions.override and hide(decisions.override),
            tuple(map(hide, decisions.checks)),
            tuple(map(hide, decisions.comments)),
        )

    def scores(self, scores: Iterable[Scores]) -> list[Scores]:
        """What assignments make of the grades. Notes of who is meant by an assignment are left out."""
        found = []
        for each in scores:
            standings = {
                pseudonym: each.standings[student]
                for pseudonym, student in sorted((pseudonym, student) for student, pseudonym in self.pseudonyms.items())
                if student in each.standings
            }
            made = replace(each, standings=standings, names={one: one for one in standings}, notes=[])
            made.notes += notes_of(made, {})
            found.append(made)
        return found

    def true_report(self, report: str) -> Path:
        """The report of a grade that came from here."""
        return self.path.parent / self._reports[report]

    def hand_ins(self) -> Iterator[tuple[Attempt, str]]:
        for attempt, _ in self._gradebook.hand_ins():
            for owner in self._people.of(attempt.student):
                pseudonym = self.pseudonyms[owner]
                path = hidden(attempt.path, attempt.exercise)
                yield replace(attempt, student=pseudonym, name=pseudonym, path=path), ""

    def not_graded(self) -> list[Unplaced]:
        found = []
        for each in self._gradebook.not_graded():
            pseudonym = self.pseudonyms[each.student]
            path = hidden(each.path, each.exercise or "file")
            hid = replace(each, student=pseudonym, name=pseudonym, handed_in_as=pseudonym)
            found.append(replace(hid, path=path, reason=WITH_NAMES, root=""))
        return sorted(found, key=lambda each: (each.student, each.exercise))

    def unplaced(self) -> list[Unplaced]:
        return self.not_graded()

    def count_ungraded(self) -> int:
        return self._gradebook.count_ungraded()

    def problems(self) -> list[tuple[str, str]]:
        return []  # their paths tell names

    def people(self) -> People:
        people = People(has_roster=self._people.has_roster)
        for pseudonym in sorted(self.pseudonyms.values()):
            people.persons[pseudonym] = Person(pseudonym, pseudonym)
            people.owners[pseudonym] = (pseudonym,)
        return people


def hidden(path: str, exercise: str) -> str:
    """A file's name that tells the exercise and the kind of file."""
    ending = path.rpartition("/")[2].rpartition(".")[2]
    return f"{exercise}.{ending}" if ending in ("py", "ipynb") else exercise
