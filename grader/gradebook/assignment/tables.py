"""Tables of a TOML file, read strictly: a key that nobody asks for, or a value of another kind, is told with its line.

The kinds are few and each says what is allowed. A decoder by types knows the keys of a record, but not which exercise
or which of several extensions it was in, and those are what a line is told by.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from grader.gradebook.assignment.lines import Path, lines_of
from grader.gradebook.assignment.settings import AssignmentFileError, Duration
from grader.text import LAST_YEAR, one_line

MAX_NUMBER = 1_000_000
MAX_DECIMALS = 6
FIRST_DUE = 1971  # a year
MAX_TEXT = 200  # characters of a value that is shown, or of a title
DURATION = re.compile(r"(\d{1,6}) ?(minute|hour|day|week)s?")
NEITHER = 'a time like 2026-05-03T23:59:00+02:00, or without +02:00 where `zone = "Europe/Berlin"` says where that is'


class Source:
    """A TOML text and where it is from."""

    def __init__(self, text: str, path: str) -> None:
        self.text, self.path = text, path
        try:
            # A last line without an end would be "end of document" in messages, and have no number.
            self.parsed: dict[str, Any] = tomllib.loads(f"{text}\n", parse_float=Decimal)
        except RecursionError:
            raise AssignmentFileError(f"{path} is nested too deeply to be an assignment.") from None
        except ValueError as error:
            raise AssignmentFileError(f"{path} is no TOML: {one_line(str(error))}.") from None

    @cached_property
    def lines(self) -> dict[Path, int]:
        return lines_of(self.text)

    def line(self, way: Path) -> int:
        return next((self.lines[way[:end]] for end in range(len(way), -1, -1) if way[:end] in self.lines), 1)

    def fail(self, way: Path, message: str) -> AssignmentFileError:
        return AssignmentFileError(f"{self.path}, line {self.line(way)}: {message}")


class Table:
    """A table and where it stands. `zone` is that of times without one."""

    def __init__(self, source: Source, way: Path, value: dict[str, Any], zone: tzinfo | None = None) -> None:
        self.source, self.way, self.value, self.zone = source, way, value, zone

    def __contains__(self, key: str) -> bool:
        return key in self.value

    def fail(self, key: str, message: str) -> AssignmentFileError:
        return self.source.fail((*self.way, key), message)

    def refuse(self, key: str, allowed: str) -> AssignmentFileError:
        written = one_line(show(self.value[key]))
        cut = written if len(written) <= MAX_TEXT else f"{written[:MAX_TEXT]}…"
        return self.fail(key, f"{self.called(key)} = {cut} is not understood: allowed is {allowed}.")

    def called(self, key: str) -> str:
        return one_line(".".join([*(part for part in self.way if isinstance(part, str)), key]))

    def only(self, *allowed: str) -> None:
        """Raises AssignmentFileError for any other key."""
        for key in self.value:
            if key not in allowed:
                raise self.fail(key, f"nothing is called {one_line(key)!r} here{near(key, allowed)}")

    def number(self, key: str, high: int = MAX_NUMBER) -> Fraction | None:
        value = self.value.get(key)
        if value is None:
            return None
        number = as_number(value, high)
        if number is None:
            raise self.refuse(key, f"a number from 0 to {high:,}, with {MAX_DECIMALS} decimals at most")
        return number

    def whole(self, key: str, high: int) -> int | None:
        value = self.value.get(key)
        if value is None:
            return None
        if type(value) is not int or not 0 <= value <= high:
            raise self.refuse(key, f"a whole number from 0 to {high}")
        return value

    def text(self, key: str) -> str:
        value = self.value.get(key)
        if value is None:
            return ""
        if not isinstance(value, str) or not value.strip() or len(value) > MAX_TEXT:
            raise self.refuse(key, f"a text in quotes, of {MAX_TEXT} characters at most")
        return one_line(value.strip())

    def one_of(self, key: str, allowed: Sequence[str]) -> Any:
        """The first where nothing is said."""
        value = self.value.get(key)
        if value is None:
            return allowed[0]
        if value not in allowed:
            raise self.refuse(key, " or ".join(f'"{each}"' for each in allowed))
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.value.get(key)
        if value is None:
            return ()
        texts = [each.strip() for each in value if isinstance(each, str)] if isinstance(value, list) else []
        if not texts or len(texts) < len(value) or not all(texts):
            raise self.refuse(key, 'a list of texts, like ["ann@uni.edu", "Bo Ek"]')
        return tuple(texts)

    def duration(self, key: str) -> Duration | None:
        value = self.value.get(key)
        if value is None:
            return None
        match = DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
        if not match:
            raise self.refuse(key, 'a text like "15 minutes", "2 hours", "3 days" or "1 week"')
        number, unit = int(match[1]), match[2]
        if unit in ("day", "week"):
            return Duration(days=min(number * (7 if unit == "week" else 1), 36500))
        return Duration(seconds=number * (3600 if unit == "hour" else 60))

    def moment(self, key: str) -> datetime | None:
        """A date alone is the end of that day."""
        value = self.value.get(key)
        if value is None:
            return None
        if not isinstance(value, date):
            raise self.refuse(key, NEITHER)
        if not FIRST_DUE <= value.year <= LAST_YEAR:
            raise self.refuse(key, f"{NEITHER}, from {FIRST_DUE} to {LAST_YEAR}")
        if self.zone is None and (not isinstance(value, datetime) or value.tzinfo is None):
            raise self.fail(key, f"{self.called(key)} = {value} has no zone: write {NEITHER}.")
        if not isinstance(value, datetime):
            value = datetime.combine(value + timedelta(days=1), time())
        if value.tzinfo is None:
            return value.replace(tzinfo=self.zone)
        return value.astimezone(self.zone) if self.zone else value

    def table(self, key: str) -> Table | None:
        value = self.value.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self.refuse(key, f"a table, which begins with [{self.called(key)}]")
        return Table(self.source, (*self.way, key), value, self.zone)

    def tables(self, key: str) -> Iterator[Table]:
        value = self.value.get(key)
        if value is None:
            return
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise self.refuse(key, f"tables, each of which begins with [[{self.called(key)}]]")
        for number, each in enumerate(value):
            yield Table(self.source, (*self.way, key, number), each, self.zone)


def as_number(value: object, high: int) -> Fraction | None:
    """None for what is no number that can be meant: not finite, below 0, above `high`, or with too many decimals."""
    if type(value) is int:
        return Fraction(value) if 0 <= value <= high else None
    if not isinstance(value, Decimal) or not value.is_finite() or not 0 <= value <= high:
        return None
    exponent = value.as_tuple().exponent
    return Fraction(value) if isinstance(exponent, int) and exponent >= -MAX_DECIMALS else None


def near(word: str, known: Sequence[str]) -> str:
    """What may be meant, else what there is: the end of a sentence."""
    found = difflib.get_close_matches(word.casefold(), known, n=1, cutoff=0.6)
    if found:
        return f"; did you mean {one_line(found[0])!r}?"
    return f": allowed are {one_line(', '.join(known))}."


def show(value: object) -> str:
    """As the file has it, more or less."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, list):
        return "[…]" if value else "[]"
    return "a table" if isinstance(value, dict) else str(value)
