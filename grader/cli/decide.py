"""`grader override` and `grader comment`: what people decide and say beside the grader, and how it is taken back."""

from __future__ import annotations

import difflib
import getpass
import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from functools import reduce
from pathlib import Path

import click

from grader.cli.options import FULL_MARKS, complete_exercise, leave, one_line_errors, reports_option
from grader.course.choice import find_course
from grader.errors import GraderError
from grader.gradebook.decisions import (
    COMMENT,
    OVERRIDE,
    UNDO,
    DecisionError,
    Entry,
    Ledger,
    ids_of,
)
from grader.gradebook.roster import Person
from grader.gradebook.store import Grade, Gradebook
from grader.text import day, flat, one_line, points

NAMED = 5  # checks in a message

OPTIONS = (
    click.option("--check", metavar="NAME", help="One check of the exercise, by name or title."),
    click.option("--author", metavar="NAME", help="Who decides.  [default: you, as the system knows you]"),
    click.option("--undo", is_flag=True, help="Take back the newest that is in force. This is kept as well."),
    click.option("--entry", type=int, metavar="N", help="With --undo: number N of --list or of the history."),
    click.option("--list", "show", is_flag=True, help="Show what is in force, of STUDENT or of everybody."),
    reports_option,
)


def decision(command: Callable[..., None]) -> Callable[..., None]:
    """A command that decides something beside the grader: what all such commands have."""
    return reduce(lambda made, option: option(made), reversed(OPTIONS), one_line_errors(command))


@click.command()
@click.argument("student", required=False)
@click.argument("exercise", required=False, shell_complete=complete_exercise)
@click.option("--points", "given", type=float, help="What counts instead of the score.")
@click.option("--reason", help="Why: the student reads it.")
@decision
def override(
    student: str | None,
    exercise: str | None,
    given: float | None,
    reason: str | None,
    check: str | None,
    author: str | None,
    undo: bool,
    entry: int | None,
    show: bool,
    reports: Path,
) -> None:
    """Give STUDENT other points in EXERCISE than the grader did, for a reason that the student reads.

    STUDENT is an id of any system, a login, an e-mail address or a name. The override stays whatever is graded again,
    until it is taken back; the score that the grader gave stays visible beside it.

    \b
    grader override "Ann Lee" softmax --points 80 --reason "Right but for a typo."
    grader override ann softmax --undo
    """
    with Gradebook.existing(reports) as gradebook:
        desk = Desk(gradebook, author)
        if show:
            desk.show(OVERRIDE, student, exercise)
        elif undo:
            desk.undo(OVERRIDE, entry, student, exercise, check, reason or "")
        else:
            desk.override(student, exercise, check, given, reason)
    leave(FULL_MARKS)


@click.command()
@click.argument("words", nargs=-1, metavar="STUDENT [EXERCISE] [TEXT]")
@decision
def comment(
    words: tuple[str, ...],
    check: str | None,
    author: str | None,
    undo: bool,
    entry: int | None,
    show: bool,
    reports: Path,
) -> None:
    """Say something to STUDENT in the report of EXERCISE, or in all reports where none is named.

    \b
    grader comment "Ann Lee" softmax "Well done; mind the names."
    grader comment ann softmax --undo
    """
    with Gradebook.existing(reports) as gradebook:
        desk = Desk(gradebook, author)
        if show or undo:
            if len(words) > 2:
                raise DecisionError("Name a student and perhaps an exercise, and nothing else.")
            student, exercise = (*words, None, None)[:2]
            if show:
                desk.show(COMMENT, student, exercise)
            else:
                desk.undo(COMMENT, entry, student, exercise, check, "")
        else:
            desk.comment(words, check)
    leave(FULL_MARKS)


class Desk:
    """A gradebook that somebody writes decisions into."""

    def __init__(self, gradebook: Gradebook, author: str | None) -> None:
        self.gradebook = gradebook
        self.author = author
        self.people = gradebook.people()
        self.titles = titles_at_hand()

    def override(
        self, student: str | None, exercise: str | None, check: str | None, given: float | None, reason: str | None
    ) -> None:
        if not (student and exercise):
            raise DecisionError(
                "Name a student and an exercise: grader override STUDENT EXERCISE --points N --reason TEXT"
            )
        if given is None:
            raise DecisionError("Say what counts: --points N, and why: --reason TEXT.")
        if not (reason and reason.strip()):
            raise DecisionError("Say why, for the student and for whoever asks later: --reason TEXT.")
        person, name = self.people.find(student), self.exercise(exercise)
        grade = self.grade(person, name)
        worth = grade.max_score if grade else self.gradebook.worth(name)
        if worth is None:
            raise DecisionError(f"Nobody has a grade in {name}, so nobody knows what it is worth: grade a class first.")
        found = find_check(grade, check, name) if check else None
        worth = found[1] if found else worth
        if not (0 <= given <= worth):  # not a number is neither
            what = f"{found[0]} in {name}" if found else name
            raise DecisionError(f"--points {given:g}: {what} is worth {points(worth)}; name a number from 0 to that.")
        made = self.entry(OVERRIDE, person, name, reason, grade, check=found[0] if found else "")
        self.write(replace(made, points=given, out_of=worth))
        after = self.grade(person, name)
        if after is not None:
            click.echo(one_line(f"{called(person)}, {name}: {after.told}"))
            if found and after.decisions.override:
                click.echo("The override of the whole exercise counts; --undo takes it back.")
        self.refresh(person, after)

    def comment(self, words: tuple[str, ...], check: str | None) -> None:
        if len(words) not in (2, 3) or (len(words) == 2 and words[1] in self.exercises()):
            raise DecisionError('Name a student, perhaps an exercise, and what to say: grader comment ann softmax "…"')
        if not words[-1].strip():
            raise DecisionError("An empty comment says nothing: write one, or take the newest back with --undo.")
        person = self.people.find(words[0])
        name = self.exercise(words[1]) if len(words) == 3 else ""
        if check and not name:
            raise DecisionError("Name the exercise that the check is of.")
        grade = self.grade(person, name) if name else None
        found = find_check(grade, check, name)[0] if check else ""
        self.write(self.entry(COMMENT, person, name, words[-1], grade, check=found))
        click.echo(one_line(f"{called(person)}, {name or 'all exercises'}: {flat(words[-1])}"))
        self.refresh(person, grade)

    def undo(
        self, kind: str, number: int | None, student: str | None, exercise: str | None, check: str | None, reason: str
    ) -> None:
        ledger = self.gradebook.ledger(self.people)
        if number is not None:
            found = next((each for each in ledger.entries if each.number == number), None)
            if found is None:
                raise DecisionError(f"There is no entry {number}: `grader {kind} --list` shows them.")
            if found.number not in active(ledger):
                raise DecisionError(f"Entry {number} is taken back already.")
        else:
            found = self.newest(ledger, kind, student, exercise, check)
        owners = [self.people.persons[id] for id in ledger.owners[found.number]]
        self.write(
            replace(
                found, kind=UNDO, undoes=found.number, points=None, out_of=None, number=0, made=time.time(),
                text=reason.strip(), author=self.author or user_name(),
            )
        )  # fmt: skip
        where = ", ".join(filter(None, [found.name, found.exercise, found.check]))
        click.echo(one_line(f"Taken back: {said_of(found)} ({where}), number {found.number}"))
        for person in owners:
            after = self.grade(person, found.exercise) if found.exercise else None
            if after is not None and found.kind != COMMENT:
                counts = "nothing" if after.points is None else f"{points(after.points)} of {points(after.max_score)}"
                click.echo(one_line(f"What counts now: {after.told or f'{counts}, as graded'}"))
            self.refresh(person, after)

    def newest(self, ledger: Ledger, kind: str, student: str | None, exercise: str | None, check: str | None) -> Entry:
        """What is taken back."""
        if not student or (kind == OVERRIDE and not exercise):
            raise DecisionError(f"Name whose {kind} it is, or a number of `grader {kind} --list` with --entry.")
        person, name = self.people.find(student), self.exercise(exercise) if exercise else ""
        found = [
            each for each in ledger.in_force()
            if person.id in ledger.owners[each.number] and each.kind == kind and each.exercise == name
        ]  # fmt: skip
        if check:
            grade = self.grade(person, name) if name else None
            ids = {check} if any(each.check == check for each in found) else {find_check(grade, check, name)[0]}
            found = [each for each in found if each.check in ids]
        elif kind == OVERRIDE and any(not each.check for each in found):
            found = [each for each in found if not each.check]
        if not found:
            raise DecisionError(
                f"{called(person)} has no {kind} in {name or 'general'}: `grader {kind} --list` shows all."
            )
        if kind == OVERRIDE and len({each.check for each in found}) > 1:
            names = ", ".join(sorted({each.check for each in found}))
            raise DecisionError(f"{called(person)} has overrides of several checks: name one with --check of {names}.")
        return found[-1]

    def show(self, kind: str, student: str | None, exercise: str | None) -> None:
        ledger = self.gradebook.ledger(self.people)
        person = self.people.find(student) if student else None
        name = self.exercise(exercise) if exercise else None
        shown = 0
        for each in ledger.in_force():
            owners = ledger.owners[each.number]
            if each.kind == kind and (person is None or person.id in owners) and name in (None, each.exercise):
                shown += 1
                for line in lines_of(each, [self.people.persons[id] for id in owners]):
                    click.echo(line)
        if not shown:
            click.echo(f"No {kind} is in force.", err=True)

    def entry(self, kind: str, person: Person, exercise: str, text: str, grade: Grade | None, check: str) -> Entry:
        return Entry(
            kind=kind,
            bound=ids_of(person.id, self.people, first=grade.handed_in_as if grade else ""),
            name=person.name,
            exercise=exercise,
            text=text.strip(),
            author=self.author or user_name(),
            made=time.time(),
            check=check,
            attempt=grade.source_digest if grade else "",
            graded=grade.score if grade else None,
        )

    def write(self, entry: Entry) -> None:
        if not entry.author.strip():
            raise DecisionError("Nobody knows who you are: say so with --author NAME.")
        self.gradebook.write_entry(entry)

    def refresh(self, person: Person, grade: Grade | None) -> None:
        from grader.report.decided import refresh_all

        page = refresh_all(self.gradebook, self.titles, [person.id])
        if grade is not None and grade.shared_report:
            grade = self.grade(person, grade.exercise)  # a report of one's own, perhaps
        if grade is not None and grade.report:
            click.echo(one_line(f"Report: {self.gradebook.path.parent / grade.report}"))
        click.echo(one_line(f"Overview: {page}"))

    def grade(self, person: Person, exercise: str) -> Grade | None:
        return next((each for each in self.gradebook.grades([person.id]) if each.exercise == exercise), None)

    def exercises(self) -> Collection[str]:
        return {*self.gradebook.exercises(), *self.titles}

    def exercise(self, name: str) -> str:
        """Raises DecisionError for one that nobody knows."""
        known = self.exercises()
        if name in known:
            return name
        close = difflib.get_close_matches(name, known, 1)
        hint = (
            f" Did you mean '{close[0]}'?" if close else f" There are {', '.join(sorted(self.gradebook.exercises()))}."
        )
        raise DecisionError(f"No exercise named '{name}'.{hint}")


def find_check(grade: Grade | None, text: str, exercise: str) -> tuple[str, float]:
    """(id, points) of a check of a grade, by id or title. Raises DecisionError."""
    checks = grade.result.checks if grade else ()
    if not checks:
        raise DecisionError(f"No check of {exercise} was run: leave out --check.")
    wanted = text.casefold().rstrip(".")
    forms: tuple[Callable[[str, str], bool], ...] = (
        lambda id, title: id == text,
        lambda id, title: wanted in (id.casefold(), id.casefold().removeprefix("test_"), title.casefold().rstrip(".")),
        lambda id, title: wanted in title.casefold() or wanted in id.casefold(),
    )
    for form in forms:
        found = [each for each in checks if form(each.id, each.title)]
        if len(found) == 1:
            return found[0].id, found[0].max_score
        if found:
            break
    ids = [each.id for each in found] or difflib.get_close_matches(text, [each.id for each in checks], NAMED, 0.4)
    names = ids or [each.id for each in checks]
    left = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    said = (
        f"Several checks of {exercise} are called '{text}'" if found else f"No check of {exercise} is called '{text}'"
    )
    raise DecisionError(f"{said}: name one of {', '.join(names[:NAMED])}{left}.")


def active(ledger: Ledger) -> set[int]:
    """The numbers of all that is not taken back, what takes back included."""
    undone: set[int] = set()
    for each in reversed(ledger.entries):
        if each.kind == UNDO and each.number not in undone:
            undone.add(each.undoes)
    return {each.number for each in ledger.entries} - undone


def called(person: Person) -> str:
    return person.name if person.name == person.id else f"{person.name} ({person.id})"


def said_of(entry: Entry) -> str:
    if entry.kind == OVERRIDE:
        return f"{points(entry.points or 0.0)} of {points(entry.out_of or 0.0)}"
    return f"the taking back of {entry.undoes}" if entry.kind == UNDO else f"“{flat(entry.text)}”"


def lines_of(entry: Entry, owners: Iterable[Person]) -> Iterator[str]:
    whose = " and ".join(map(called, owners)) or f"{entry.name} (whom nobody knows by these ids any more)"
    where = ", ".join(filter(None, [whose, entry.exercise or "all exercises", entry.check]))
    what = f": {said_of(entry)}" if entry.kind == OVERRIDE else ""
    graded = f" (graded {points(entry.graded)})" if what and entry.graded is not None and not entry.check else ""
    yield one_line(f"{entry.number:4}  {where}{what}{graded}")
    yield one_line(f"      {flat(entry.text)}")
    yield one_line(f"      {entry.author}, {day(entry.made)}")


def user_name() -> str:
    """Whoever works here, as the system knows them: by the full name, else by the login."""
    try:
        import pwd

        entry = pwd.getpwuid(os.getuid())
        return entry.pw_gecos.partition(",")[0].strip() or entry.pw_name
    except (ImportError, KeyError):
        pass
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def titles_at_hand() -> dict[str, str]:
    """Of the exercises of the course that is at hand, if there is one."""
    try:
        course = find_course(None, say=False)
        return {name: course.exercise(name).title for name in course.names}
    except GraderError:
        return {}
