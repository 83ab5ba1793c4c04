"""Canvas's gradebook sheet: one row a student, one column an assignment, and a row of the points possible.

What Canvas does with it is read off its importer: it takes a row by "ID", else by "SIS Login ID"; an assignment by the
number in its column's name; "EX" for excused; and it skips rows and columns as `_students` and `_column` do.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from grader.gradebook.export.cells import line, number, read_maximum, table, text
from grader.gradebook.export.marksheet import Marksheet
from grader.gradebook.export.outcome import Export, ExportError
from grader.gradebook.export.sheet import Row, Sheet
from grader.text import points

ABOUT_STUDENTS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
ALSO_ABOUT_STUDENTS = ("LastName", "FirstName", "Integration ID", "Root Account")
POINTS_POSSIBLE = "Points Possible"
EXCUSED = "EX"
SET_BY_HAND = ("ex", "n/a")  # excused; not given to this student
TEST_STUDENTS = ("Student, Test", "Test Student")  # what a course has for looking at it as a student does
TOTAL = "total"  # stands for an exercise where all of them are one assignment
NEW = "new"  # stands for a column where Canvas is to make an assignment
_NUMBER = re.compile(r"\s*\((\d+)\)$")  # of the assignment, after its title
_WORD = re.compile(r"[^\W_]+")
_POSTING = re.compile(r"\s*(muted|manual posting.*)?\s*", re.IGNORECASE | re.DOTALL)


def create(marksheet: Marksheet) -> Export:
    """A new sheet. Canvas's user ids are numbers; any other id of a student is taken for the login."""
    rows = [[*ABOUT_STUDENTS, *(text(exercise) for exercise in marksheet.exercises)]]
    rows.append([POINTS_POSSIBLE, "", "", "", "", *map(number, marksheet.maxima.values())])
    for student, name in marksheet.names.items():
        is_id = student.isascii() and student.isdecimal()
        ids = [text(student) if is_id else "", "", "" if is_id else text(student)]
        scores = (_cell(marksheet, student, exercise) for exercise in marksheet.exercises)
        rows.append([text(name), *ids, "", *scores])
    return Export(table(rows), marksheet.notes)


def fill(
    sheet: Sheet, marksheet: Marksheet, columns: Mapping[str, str] | None = None, known: Collection[str] = ()
) -> Export:
    """Fills in an existing sheet, whose points possible count; adds a column for an exercise that has none.

    An exercise's column is the one of whose title it is a part, unless a longer name of those that are `known` is; or
    the one that `columns` has for it: the number of the assignment, its title, or "new". Of `total` that is the column
    of all exercises together. Excused students stay excused. Raises ExportError.
    """
    places = sheet.require("LastName" if "LastName" in sheet.columns else "Student", "ID")
    first, id = places.values()
    login = sheet.columns.index("SIS Login ID") if "SIS Login ID" in sheet.columns else None
    possible = next((row for row in sheet.rows if POINTS_POSSIBLE in sheet.cell(row, first)), None)
    rows = _students(sheet, first)
    notes = list(marksheet.notes)
    own = marksheet.maxima
    if title := _total_column(sheet, marksheet, columns or {}):
        columns = {**(columns or {}), TOTAL: title}
    if columns and TOTAL in columns:
        own = {TOTAL: marksheet.maximum} | {name: own[name] for name in columns if name in own}
    places_of, maxima = {}, {}
    titles = Titles(sheet, possible, columns or {}, {*known, *own})
    for exercise, worth in own.items():
        places_of[exercise], maxima[exercise], said = titles.column(exercise, worth)
        notes += said
    titles.check(places_of)
    students = sheet.match(rows, marksheet.ids, lambda row: sheet.cell(row, id), lambda row: sheet.cell(row, login))
    for row, student in zip(rows, students, strict=True):
        who = line(sheet.cell(row, first) or f"line {row.line}")
        who = f"{who} ({line(sheet.cell(row, id) or sheet.cell(row, login) or 'without an ID')})"
        missing = list(marksheet.exercises) if student is None else _without(marksheet, student)
        if missing and not (student is None and sheet.cell(row, first) in TEST_STUDENTS) and TOTAL not in own:
            notes.append(f"{who} is in the sheet and has no grade in {', '.join(missing)}: cells left as they are.")
        for exercise, column in places_of.items():
            score = None if student is None else _score(marksheet, student, exercise, maxima[exercise])
            if score is not None and sheet.cell(row, column).casefold() in SET_BY_HAND:
                notes.append(f"{who} has {sheet.cell(row, column)} in {exercise}: left as it is.")
            elif score is not None:
                sheet.write(row, column, number(score))
            elif student is not None and marksheet.is_exempt(student, exercise):
                sheet.write(row, column, EXCUSED)
    notes += marksheet.outside(students)
    return Export(sheet.text, tuple(notes))


def _students(sheet: Sheet, first: int) -> list[Row]:
    """The rows that are a student's: not the points possible, and not the row that says how grades are posted."""
    return [
        row
        for row in sheet.rows
        if POINTS_POSSIBLE not in sheet.cell(row, first)
        and not all(_POSTING.fullmatch(sheet.cell(row, column)) for column in range(len(row.cells)))
    ]


def _score(marksheet: Marksheet, student: str, exercise: str, maximum: float) -> float | None:
    if exercise != TOTAL:
        return marksheet.score(student, exercise, maximum)
    return marksheet.total(student, maximum)


def _cell(marksheet: Marksheet, student: str, exercise: str) -> str:
    return EXCUSED if marksheet.is_exempt(student, exercise) else number(marksheet.score(student, exercise))


def _without(marksheet: Marksheet, student: str) -> list[str]:
    """The exercises of which nothing can be told: by an assignment what is missing counts 0 once it is due."""
    if marksheet.scores is None:
        return marksheet.missing(student)
    return [mark.exercise for mark in marksheet.assigned(student) if mark.state == "not due"]


def _total_column(sheet: Sheet, marksheet: Marksheet, columns: Mapping[str, str]) -> str:
    """The title of the column that is called like the assignment, if there is one and nothing else was asked for."""
    if marksheet.scores is None or not marksheet.is_total or columns:
        return ""
    title = marksheet.scores.assignment.title.casefold()
    return title if title in map(_bare, sheet.columns) else ""


class Titles:
    """The columns of assignments, and which exercise is whose."""

    def __init__(self, sheet: Sheet, possible: Row | None, chosen: Mapping[str, str], known: Collection[str]) -> None:
        self.known = known
        fixed = (*ABOUT_STUDENTS, *ALSO_ABOUT_STUDENTS)
        self.sheet, self.possible, self.chosen = sheet, possible, chosen
        self.places = [place for place, name in enumerate(sheet.columns) if name not in fixed]

    def column(self, exercise: str, own: float) -> tuple[int, float, list[str]]:
        """The exercise's column, what it is worth there, and what to tell. Raises ExportError."""
        sheet = self.sheet
        found = self._chosen(exercise) if exercise in self.chosen else self._named(exercise)
        if len(found) > 1:
            names = " and ".join(repr(sheet.columns[place]) for place in found)
            raise ExportError(
                f"{sheet.name} has {len(found)} columns for {exercise}, {names}: name one with --column {exercise}=ID,"
                " or delete all but one."
            )
        if not found:
            self._ask(exercise)
            column = sheet.add_column(text(exercise))
            if self.possible:
                sheet.write(self.possible, column, number(own))
            return column, own, [f"{exercise}: the sheet had no such column; Canvas will make a new assignment of it."]
        says = self._says(found[0])
        if "read only" in says:
            raise ExportError(
                f"{sheet.name} has {exercise} as a read-only column: rename it in Canvas and download again."
            )
        title = sheet.columns[found[0]]
        notes = [] if _NUMBER.sub("", title).casefold() == exercise.casefold() else [f"{exercise} goes into {title!r}."]
        maximum = read_maximum(says)
        if maximum is None:
            notes.append(f"{exercise}: the sheet does not say its points; scores are out of {points(own)}.")
            return found[0], own, notes
        if maximum != own:
            notes.append(
                f"{exercise}: worth {points(maximum)} in the sheet; scores out of {points(own)} are scaled to that."
            )
        return found[0], maximum, notes

    def check(self, places: Mapping[str, int]) -> None:
        """Raises ExportError where two exercises would go into one column."""
        for one, place in places.items():
            others = [other for other in places if places[other] == place and other != one]
            if others:
                title = self.sheet.columns[place]
                raise ExportError(
                    f"{one} and {others[0]} would both go into {title!r}: name columns with --column {one}=ID."
                )

    def _says(self, place: int) -> str:
        return self.sheet.cell(self.possible, place) if self.possible else ""

    def _chosen(self, exercise: str) -> list[int]:
        wanted = self.chosen[exercise]
        if wanted == NEW:
            return []
        names = {place: self.sheet.columns[place] for place in self.places}
        number = {place: match[1] for place, name in names.items() if (match := _NUMBER.search(name))}
        found = [place for place in names if number.get(place) == wanted]
        found = found or [place for place, name in names.items() if wanted.casefold() in (name.casefold(), _bare(name))]
        if not found:
            raise ExportError(f"{self.sheet.name} has no column {wanted!r} for {exercise}: {self._listed()}.")
        return found

    def _named(self, exercise: str) -> list[int]:
        """The columns whose title is the exercise's name; else those of assignments that have it among their words."""
        titles = {place: _bare(self.sheet.columns[place]) for place in self.places}
        exact = [place for place, title in titles.items() if title == exercise.casefold()]
        return exact or [place for place in self._assignments() if self._told(titles[place]) == exercise]

    def _told(self, title: str) -> str:
        """The exercise of which a title speaks: of several names the longest."""
        return max((name for name in self.known if has_words(title, name)), key=len, default="")

    def _assignments(self) -> list[int]:
        return [place for place in self.places if _NUMBER.search(self.sheet.columns[place])]

    def _ask(self, exercise: str) -> None:
        """Raises ExportError where the exercise may be an assignment that goes by another name."""
        if self.chosen.get(exercise) != NEW and self._assignments():
            raise ExportError(
                f"{self.sheet.name} has no column that is named like {exercise}: name one with --column {exercise}=ID,"
                f" or --column {exercise}={NEW}; {self._listed()}."
            )

    def _listed(self) -> str:
        return f"there are {', '.join(repr(self.sheet.columns[place]) for place in self._assignments()) or 'none'}"


def _bare(title: str) -> str:
    return _NUMBER.sub("", title).casefold()


def has_words(title: str, exercise: str) -> bool:
    """Whether the words of an exercise's name stand in a title, one after another: "HW3: Multi-Head Attention"."""
    inside, wanted = _WORD.findall(title.casefold()), _WORD.findall(exercise.casefold())
    return any(inside[i : i + len(wanted)] == wanted for i in range(len(inside) - len(wanted) + 1))
