"""`grader roster`: who is in the class, and by which ids several systems know them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import click

from grader.cli import gradebook_trust
from grader.cli.options import FULL_MARKS, leave, one_line_errors, reports_option
from grader.gradebook.roster import Person, RosterError, merge
from grader.gradebook.store import FILE_NAME, Gradebook
from grader.text import one_line


@click.group()
def roster() -> None:
    """Say who is who: one person is one row of the gradebook, whatever a system calls them."""


@roster.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@reports_option
@one_line_errors
def import_(file: Path, reports: Path) -> None:
    """Add the people of a CSV: Classroom 50's students.csv, a sheet of Canvas's or Moodle's, or a list of your own.

    A list of your own has a first line with some of: name (or first_name and last_name), email, username, student_id,
    section, group. Who shares an id with somebody who is on the roster is that person.
    """
    from grader.gradebook.roster_import import read_roster

    with Gradebook(reports / FILE_NAME) as gradebook:
        gradebook_trust.remember(gradebook.path)
        people, added, updated = merge(gradebook.roster(), read_roster(file))
        settle(gradebook, people)
        notes = gradebook.people().notes
    click.echo(f"{added} added, {updated} known already, {len(people)} on the roster")
    for note in notes:
        click.echo(one_line(note))
    leave(FULL_MARKS)


@roster.command()
@reports_option
@one_line_errors
def show(reports: Path) -> None:
    """List everybody, with section, group, ids, and what they handed in by."""
    with Gradebook.existing(reports) as gradebook:
        people = gradebook.people()
    for one in sorted(people.persons.values(), key=lambda one: (one.name.casefold(), one.id)):
        by = sorted(student for student, owners in people.owners.items() if one.id in owners)
        ids = {value for _, value in one.ids} | {one.id}
        parts = [
            one.section and f"section {one.section}",
            one.team and f"group {one.team}",
            ", ".join(sorted(ids)),
            f"handed in as {', '.join(by)}" if by and set(by) - ids else "handed in" if by else "nothing handed in",
            "not on the roster" if one.id in people.strangers else "",
        ]
        click.echo(one_line(f"{one.name}: {'; '.join(filter(None, parts))}"))
    for note in people.notes:
        click.echo(one_line(note), err=True)
    leave(FULL_MARKS)


@roster.command("merge")
@click.argument("student")
@click.argument("person")
@reports_option
@one_line_errors
def merge_(student: str, person: str, reports: Path) -> None:
    """STUDENT is PERSON: what was handed in as the one is the other's. Each by id, e-mail address, login or name."""
    with Gradebook.existing(reports) as gradebook:
        people = gradebook.people()
        other = people.find(person)
        if student in people.owners and student not in people.persons:  # one of several numbers of somebody
            settle(gradebook, gradebook.roster(), gradebook.same() | {student: other.id})
            click.echo(one_line(f"{student} is {other.name} ({other.id})."))
            leave(FULL_MARKS)
        one = people.find(student)
        if one.id == other.id:
            raise RosterError(f"{one.name} is one person already.")
        students = [known for known, owners in people.owners.items() if owners == (one.id,)]
        known = {each.id: each for each in gradebook.roster()}
        if one.id in known and other.id not in known:
            one, other = other, one
            students = [known for known, owners in people.owners.items() if owners == (one.id,)]
        listed = known.pop(one.id, None)
        if listed is not None:
            known[other.id] = replace(known[other.id], ids=known[other.id].ids | listed.ids)
        same = {key: other.id if owner == one.id else owner for key, owner in gradebook.same().items()}
        settle(gradebook, known.values(), same | dict.fromkeys(students, other.id))
    click.echo(one_line(f"{one.name} ({one.id}) is {other.name} ({other.id})."))
    leave(FULL_MARKS)


@roster.command()
@click.argument("person")
@reports_option
@one_line_errors
def forget(person: str, reports: Path) -> None:
    """Take PERSON off the roster, and take back what was merged into them. What was handed in and graded stays.

    Of a number or login that was merged, PERSON may be that: then only this is taken back.
    """
    with Gradebook.existing(reports) as gradebook:
        if person in gradebook.same():
            kept = gradebook.same()
            del kept[person]
            settle(gradebook, gradebook.roster(), kept)
            click.echo(one_line(f"{person} is merged with nobody any more."))
            leave(FULL_MARKS)
        one = gradebook.people().find(person)
        left = [each for each in gradebook.roster() if each.id != one.id]
        same = {key: owner for key, owner in gradebook.same().items() if one.id not in (key, owner)}
        settle(gradebook, left, same)
    click.echo(one_line(f"{one.name} ({one.id}) is forgotten; results stay."))
    leave(FULL_MARKS)


def settle(gradebook: Gradebook, people: Iterable[Person], same: Mapping[str, str] | None = None) -> None:
    """Takes a roster, and brings reports up to date where what was decided is another one's now."""
    gradebook.set_roster(people, same)
    if gradebook.ledger().entries:
        from grader.report.decided import refresh

        refresh(gradebook)
