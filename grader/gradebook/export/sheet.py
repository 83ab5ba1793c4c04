"""An existing CSV sheet of which single cells are filled in and all others stay byte for byte as they were.

A cell is kept as it is written, quotes and all, so that the sheet can be put together again; `csv` would forget which
cells were quoted and how lines ended.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.gradebook.export.outcome import ExportError

BOM = "\ufeff"
_FIRST_DELIMITER = re.compile(r'(?:"(?:[^"]|"")*"|[^",;\t\r\n]*)([,;\t])')
_LINE_END = re.compile("\r\n|\n|\r")


@dataclass
class Row:
    line: int  # in the file, from 1
    cells: list[str]  # as written
    end: str  # "\n", "\r\n", "\r", or "" at the end of the file


class Sheet:
    """A header and the rows under it. Raises ExportError where the text is no CSV."""

    def __init__(self, text: str, name: str = "the sheet") -> None:
        self.name = name
        self._mark = BOM if text.startswith(BOM) else ""
        found = _FIRST_DELIMITER.match(text, len(self._mark))
        self._delimiter = found[1] if found else ","  # a semicolon where the decimal sign is a comma
        self._lines = self._parse(text, len(self._mark))
        if not self._lines:
            raise ExportError(f"{name} is empty: download the sheet again.")
        self.header = self._lines[0]
        self.rows = [row for row in self._lines[1:] if any(row.cells)]

    @classmethod
    def read(cls, path: Path) -> Sheet:
        try:
            return cls(path.read_bytes().decode("utf-8"), path.name)
        except OSError as error:
            raise ExportError(f"{path} cannot be read: {error.strerror}.") from None
        except UnicodeDecodeError:
            raise ExportError(f"{path} is not UTF-8: download it again, or save it as CSV in UTF-8.") from None

    def _parse(self, text: str, place: int) -> list[Row]:
        cell = re.compile(rf'"[^"]*(?:""[^"]*)*"|[^"{self._delimiter}\r\n][^{self._delimiter}\r\n]*|')
        rows: list[Row] = []
        cells: list[str] = []
        line = start = 1
        while place < len(text):
            found = cell.match(text, place)
            assert found is not None  # it matches the empty cell
            cells.append(found[0])
            line += len(_LINE_END.findall(found[0]))
            place = found.end()
            if text.startswith(self._delimiter, place):
                place += 1
                if place < len(text):
                    continue
                cells.append("")
            end = _LINE_END.match(text, place)
            if end is None and place < len(text):
                raise ExportError(f"{self.name}, line {line}: the quotes of a cell do not match; download it again.")
            rows.append(Row(start, cells, end[0] if end else ""))
            cells, place, line = [], place + len(rows[-1].end), line + 1
            start = line
        return rows

    @property
    def text(self) -> str:
        return self._mark + "".join(self._delimiter.join(row.cells) + row.end for row in self._lines)

    @property
    def columns(self) -> list[str]:
        """The names in the header."""
        return [unquote(cell).strip() for cell in self.header.cells]

    def require(self, *names: str) -> dict[str, int]:
        """Where each of these columns is. Raises ExportError that names what is missing."""
        columns = self.columns
        missing = [name for name in names if name not in columns]
        if missing:
            listed = ", ".join(repr(name) for name in missing)
            noun = "column" if len(missing) == 1 else "columns"
            raise ExportError(f"{self.name} has no {noun} {listed}: name the sheet as it was downloaded, in English.")
        for name in names:
            if columns.count(name) > 1:
                raise ExportError(f"{self.name} has {columns.count(name)} columns {name!r}: keep one of them.")
        return {name: columns.index(name) for name in names}

    def cell(self, row: Row, column: int | None) -> str:
        """What a cell says; nothing where the row is shorter or the sheet has no such column."""
        return unquote(row.cells[column]).strip() if column is not None and column < len(row.cells) else ""

    def write(self, row: Row, column: int, value: str) -> None:
        """Fills one cell; a row that is too short grows."""
        row.cells += [""] * (column + 1 - len(row.cells))
        needs_quotes = any(character in value for character in (self._delimiter, '"', "\r", "\n"))
        row.cells[column] = '"' + value.replace('"', '""') + '"' if needs_quotes else value

    def add_column(self, name: str) -> int:
        """A new last column; every row but empty lines gets a cell."""
        column = max(len(row.cells) for row in (self.header, *self.rows))
        for row in self.rows:
            self.write(row, column, "")
        self.write(self.header, column, name)
        return column

    def match(
        self, rows: list[Row], students: Mapping[str, str], id: Callable[[Row], str], fallback: Callable[[Row], str]
    ) -> list[str | None]:
        """The student of each row, by id, else by the fallback; None for a row without one.

        `students`: by what they may be called, without capitals. A row is given once and a student once. Raises
        ExportError for an id that stands in two rows; a fallback that does tells nothing, and is not used.
        """
        ids = [id(row) for row in rows]
        lines: dict[str, int] = {}
        for row, key in zip(rows, ids, strict=True):
            if key and key in lines:
                raise ExportError(f"{self.name} has {key!r} in lines {lines[key]} and {row.line}: keep one of them.")
            lines[key] = row.line
        given = [students.get(key.casefold()) if key else None for key in ids]
        for student, times in Counter(filter(None, given)).items():
            if times > 1:
                found = [row.line for row, other in zip(rows, given, strict=True) if other == student]
                raise ExportError(f"{self.name} has {student!r} in lines {listed(found)}: keep one of them.")
        left = set(students.values()).difference(given)
        seconds = [fallback(row).casefold() for row in rows]
        counts = Counter(seconds)
        pairs = ((first, students.get(key), counts[key]) for first, key in zip(given, seconds, strict=True))
        return [first or (second if second in left and count == 1 else None) for first, second, count in pairs]


def listed(lines: list[int]) -> str:
    return f"{', '.join(map(str, lines[:-1]))} and {lines[-1]}"


def unquote(cell: str) -> str:
    return cell[1:-1].replace('""', '"') if cell.startswith('"') else cell
