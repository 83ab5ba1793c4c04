"""What goes into a cell: texts that no spreadsheet takes for a formula, numbers, times; and cells as CSV."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime

from grader.text import points, visible

_MAXIMUM = re.compile(r"\d+(?:[.,]\d+)?")


def text(value: str) -> str:
    """A text that stays a text: an apostrophe goes before what a spreadsheet may run as a formula.

    That is = + - @, also in their full-width forms and after spaces, and a leading tab or line end, which some programs
    drop together with what keeps the next character harmless (OWASP, "CSV injection").
    """
    first = unicodedata.normalize("NFKC", value.lstrip()[:1])[:1]
    dangerous = first in ("=", "+", "-", "@") or value[:1] in ("\t", "\r", "\n")
    return visible(f"'{value}" if dangerous else value)


def number(value: float | None) -> str:
    """Points, two decimals at most; nothing where there is no score."""
    return "" if value is None else points(value)


def time(seconds: float | None) -> str:
    """Seconds since 1970 as date and time in UTC; nothing for times that are not known or that no calendar has."""
    if seconds is None:
        return ""
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")
    except (ValueError, OverflowError, OSError):
        return ""


def read_maximum(cell: str) -> float | None:
    """The points that a sheet says are possible, with a decimal point or comma; None where it says nothing usable."""
    written = cell.strip()
    value = float(written.replace(",", ".")) if _MAXIMUM.fullmatch(written) else 0.0
    return value or None


def table(rows: Iterable[list[str]]) -> str:
    """Rows as CSV. The cells are final: `text` and `number` made them."""
    target = io.StringIO()
    csv.writer(target, lineterminator="\n").writerows(rows)
    return target.getvalue()


def line(value: str) -> str:
    """A text within a note: one line, nothing hidden."""
    return visible(" ".join(value.split()))
