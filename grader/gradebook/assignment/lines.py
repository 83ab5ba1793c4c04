"""On which line of a TOML file a key stands: tomllib does not tell."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator

MAX_LINES = 200  # of one value: further on no line is told

Path = tuple[str | int, ...]  # keys from the top; numbers count the tables of an array from 0


def lines_of(text: str) -> dict[Path, int]:
    """Of a text that tomllib reads: the first line of each table and key, from 1."""
    found: dict[Path, int] = {}
    times: Counter[Path] = Counter()
    table: Path = ()
    for line, statement in statements(text):
        keys = tuple(way_into(tomllib.loads(statement)))
        if statement.lstrip().startswith("["):
            table = place(keys, times, is_new=statement.lstrip().startswith("[["))
            keys = ()
        for end in range(len(table) + len(keys) + 1):
            found.setdefault((*table, *keys)[:end], line)
    return found


def statements(text: str) -> Iterator[tuple[int, str]]:
    """The first line of each, and all of it; empty lines and comments are none."""
    begun, start = "", 0
    for number, line in enumerate(text.split("\n"), 1):
        start = start if begun else number
        begun += f"{line}\n"
        try:
            is_something = bool(tomllib.loads(begun))
        except ValueError:
            if number - start >= MAX_LINES:
                return
            continue
        if is_something:
            yield start, begun
        begun = ""


def way_into(parsed: object) -> Iterator[str]:
    """The keys of a header or of the left side of one assignment; what an inline table holds comes after them."""
    while True:
        if isinstance(parsed, list):
            parsed = parsed[0] if parsed else None
        if not isinstance(parsed, dict) or len(parsed) != 1:
            return
        ((key, parsed),) = parsed.items()
        yield key


def place(keys: tuple[str, ...], times: Counter[Path], *, is_new: bool) -> Path:
    """Where a header leads to, with the numbers of the tables of arrays; `times` counts them."""
    way: Path = ()
    for number, key in enumerate(keys, 1):
        way = (*way, key)
        if is_new and number == len(keys):
            times[way] += 1
        if way in times:
            way = (*way, times[way] - 1)
    return way
