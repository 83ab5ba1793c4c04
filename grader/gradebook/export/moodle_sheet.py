"""Moodle's grading worksheet in whatever language its user has: columns are told by what stands in them.

Moodle writes them in one order: the participant, the name and what else is shown of people, the status, the grade, its
maximum, whether it can be changed. The participant is a word and the number, the word of one language in every row.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from grader.gradebook.export.cells import read_maximum
from grader.gradebook.export.outcome import ExportError
from grader.gradebook.export.sheet import Row, Sheet

PARTICIPANT = re.compile(r"([^\d]*[^\W\d][^\d]*?)\s*(\d+)")
GRADE = re.compile(r"-?\d*(?:[.,]\d+)?|-")
YES = {
    "yes", "ja", "oui", "sí", "si", "sì", "sim", "tak", "ano", "igen", "kyllä", "evet", "да", "так", "はい", "예", "是",
}  # fmt: skip
NO = {
    "no", "nein", "non", "não", "nao", "nee", "nie", "ne", "nem", "ei", "hayır", "нет", "ні", "nei", "nej", "いいえ",
    "아니오", "아니요", "否", "不", "不是",
}  # fmt: skip
MAXIMA = {
    "maximum grade", "bestwertung", "note maximale", "calificación máxima", "nota máxima", "valutazione massima",
    "maximumcijfer", "maksymalna ocena", "最大評点", "최대 성적", "最高分", "最高成績",
}  # fmt: skip
COMMENTS = {
    "feedback", "comment", "kommentar", "coment", "opmerking", "koment", "комментар", "коментар", "yorum", "palaute",
    "コメント", "댓글", "의견", "코멘트", "评语", "評語", "评论", "評論", "意见", "意見", "回饋",
}  # fmt: skip


@dataclass(frozen=True)
class Columns:
    """Where what is; None where the sheet has no such column."""

    identifier: int
    name: int | None
    email: int | None
    grade: int
    maximum: int
    is_open: int | None  # whether the grade can be changed
    comments: int | None = None  # that the student sees


def number_of(cell: str) -> str:
    """The participant's number; the cell itself where it has none."""
    found = PARTICIPANT.fullmatch(cell)
    return found[2] if found else cell


def find_columns(sheet: Sheet) -> Columns | None:
    """None for a sheet that is not Moodle's."""
    width = len(sheet.columns)
    cells = {column: [sheet.cell(row, column) for row in sheet.rows] for column in range(width)}

    def first(test: Callable[[list[str]], bool], start: int = 0) -> int | None:
        return next((column for column in range(start, width) if test(cells[column])), None)

    identifier = first(are_participants)
    if identifier is None and "Identifier" in sheet.columns:
        identifier = sheet.columns.index("Identifier")
    if identifier is None:
        return None
    maximum = find_maximum(sheet, cells, identifier)
    if maximum is None:
        return None
    email = first(are_emails, identifier + 1)
    name = identifier + 1 if identifier + 1 not in (email, maximum - 1) else None
    is_open = first(say_yes_or_no, maximum + 1)
    comments = find_comments(sheet, cells, maximum + 1)
    return Columns(identifier, name, email, maximum - 1, maximum, is_open, comments)


def require_columns(sheet: Sheet) -> Columns:
    columns = find_columns(sheet)
    if columns is None:
        sheet.require("Identifier", "Grade", "Maximum Grade")
        raise ExportError(f"{sheet.name} is no grading worksheet of Moodle's: download it there and name that.")
    return columns


def find_maximum(sheet: Sheet, cells: dict[int, list[str]], identifier: int) -> int | None:
    """The column of the points that are possible, after that of the grades."""
    named = [column for column, title in enumerate(sheet.columns) if title.casefold() in MAXIMA and column]
    if named:
        return named[0] if len(named) == 1 else None
    found = [
        column
        for column in range(identifier + 2, len(sheet.columns))
        if cells[column]
        and all(read_maximum(cell) for cell in cells[column])
        and all(GRADE.fullmatch(cell) for cell in cells[column - 1])
    ]
    # An id of the university's may stand beside another number: of people it is another one each, a maximum is not.
    return min(found, key=lambda column: (len(set(cells[column])), -column), default=None)


def find_comments(sheet: Sheet, cells: dict[int, list[str]], start: int) -> int | None:
    """The column whose title speaks of comments; else the only one that is empty, as dates never are."""
    after = range(start, len(sheet.columns))
    told = [column for column in after if any(word in sheet.columns[column].casefold() for word in COMMENTS)]
    found = told or [column for column in after if cells[column] and not any(cells[column])]
    return found[0] if len(found) == 1 else None


def are_participants(cells: list[str]) -> bool:
    found = [PARTICIPANT.fullmatch(cell) for cell in cells]
    return bool(found) and all(found) and len({match[1].strip() for match in found if match}) == 1


def are_emails(cells: list[str]) -> bool:
    return any(cells) and all("@" in cell[1:] for cell in cells if cell)


def say_yes_or_no(cells: list[str]) -> bool:
    return bool(cells) and all(cell.casefold() in YES | NO for cell in cells)


def is_closed(cell: str) -> bool:
    return cell.casefold() in NO


def participants(sheet: Sheet, columns: Columns) -> list[tuple[Row, str, str, str]]:
    """(row, number, name, e-mail address) of each."""
    return [
        (
            row,
            number_of(sheet.cell(row, columns.identifier)),
            sheet.cell(row, columns.name),
            sheet.cell(row, columns.email),
        )
        for row in sheet.rows
    ]
