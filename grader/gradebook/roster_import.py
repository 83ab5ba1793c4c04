"""A roster from a CSV: that of Classroom 50, Canvas's or Moodle's sheet, or any with columns that say what they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from grader.gradebook.export.moodle_sheet import find_columns, participants
from grader.gradebook.export.outcome import ExportError
from grader.gradebook.export.sheet import Row, Sheet
from grader.gradebook.roster import CANVAS, EMAIL, GITHUB, LOGIN, MOODLE, SIS, Person, RosterError, person

# What a column says, by its name without capitals, spaces and punctuation.
FULL, GIVEN, FAMILY, SECTION, TEAM = "name", "first name", "last name", "section", "group"
NAMES = {
    FULL: ("name", "fullname", "student", "studentname", "displayname"),
    GIVEN: ("firstname", "givenname", "forename"),
    FAMILY: ("lastname", "surname", "familyname"),
    EMAIL: ("email", "emailaddress", "mail", "emails"),
    LOGIN: ("username", "login", "github", "githublogin", "githubusername", "user", "account", "loginid", "gitlab"),
    SIS: ("studentid", "sid", "id", "idnumber", "studentnumber", "matriculation", "number", "orgdefinedid", "sisid"),
    GITHUB: ("githubid",),
    SECTION: ("section", "sections", "class", "tutorial", "lab"),
    TEAM: ("group", "team", "groups", "groupname", "teamname"),
}
CANVAS_NAMES = {CANVAS: ("id",), SIS: ("sisuserid",), LOGIN: ("sisloginid",), FULL: ("student",)}
NOT_PEOPLE = ("Points Possible", "Student, Test", "Test Student")


def read_roster(path: Path) -> list[Person]:
    """Raises RosterError."""
    try:
        sheet = Sheet.read(path)
    except ExportError as error:
        raise RosterError(str(error)) from None
    people = list(read_people(sheet))
    if not people:
        raise RosterError(f"{sheet.name} names nobody: it needs a row for each person.")
    return people


def read_people(sheet: Sheet) -> Iterator[Person]:
    columns = find_columns(sheet)
    if columns is not None:
        for _, number, name, email in participants(sheet, columns):
            yield person(name or email or number, [(MOODLE, number), (EMAIL, email)])
        return
    is_canvas = {"Student", "ID"} <= set(sheet.columns) or {"LastName", "FirstName", "ID"} <= set(sheet.columns)
    places = find_places(sheet, NAMES | CANVAS_NAMES if is_canvas else NAMES)
    if not places.keys() & {FULL, FAMILY, GIVEN, LOGIN, EMAIL}:
        raise RosterError(
            f"{sheet.name} has no column for a name, a login or an e-mail address: name them so in its first line,"
            " as in username,first_name,last_name,email,section,group."
        )
    for row in sheet.rows:
        one = read_person(sheet, row, places)
        if one is not None:
            yield one


def find_places(sheet: Sheet, names: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    plain = ["".join(filter(str.isalnum, column.casefold())) for column in sheet.columns]
    return {kind: plain.index(name) for kind, known in names.items() for name in known[::-1] if name in plain}


def read_person(sheet: Sheet, row: Row, places: Mapping[str, int]) -> Person | None:
    """None for a row that is nobody's."""
    said = {kind: sheet.cell(row, column) for kind, column in places.items()}
    if any(mark in said.get(FULL, "") for mark in NOT_PEOPLE):
        return None
    name = said.get(FULL, "")
    if "," in name:  # "Lee, Ann"
        family, _, given = name.partition(",")
        name = f"{given.strip()} {family.strip()}".strip()
    name = name or " ".join(filter(None, (said.get(GIVEN, ""), said.get(FAMILY, ""))))
    ids = [(kind, said[kind]) for kind in (EMAIL, LOGIN, SIS, CANVAS, GITHUB) if said.get(kind)]
    if not name and not ids:
        return None
    return person(name or ids[0][1], ids, said.get(SECTION, ""), said.get(TEAM, ""))
