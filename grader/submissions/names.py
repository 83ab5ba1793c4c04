"""Names of exercises in names of files: what a file answers, whose it is, which copy, and what was probably meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

# What downloads and people add to the name of a second copy: "(1)", "(copy)", " - Copy", "-2", "_v2".
BRACKETED = re.compile(r"\s*\((?:([0-9]{1,3})|copy)\)$", re.IGNORECASE)
COPY = re.compile(rf"(?:{BRACKETED.pattern[:-1]}|[\s_-]+copy|[\s_-]+v?([0-9]{{1,3}}))$", re.IGNORECASE)
SEPARATOR = re.compile(r"[\s_.-]+")
ENDING = re.compile(r"\.[A-Za-z]{1,5}\d?_?$")  # as ".txt"; there may be two: "softmax.py.txt"


class Names:
    """The exercises' names, and how to find them in names of files. `only`: the exercise that every file answers."""

    def __init__(self, exercises: Iterable[str], only: str | None = None) -> None:
        self.only = only
        self._names = {name.casefold(): name for name in (*exercises, *([only] if only else []))}

    def exact(self, text: str) -> str | None:
        return self._names.get(text.casefold())

    def match(self, stem: str) -> tuple[str, int] | None:
        """The exercise that a file of this name answers, and which copy it is."""
        for text, number in copies(stem):
            if name := self.exact(text):
                return self.only or name, number
        return (self.only, number_of(stem)) if self.only else None

    def split(self, stem: str) -> tuple[str, str, int] | None:
        """(student, exercise, copy) of "ann_lee_lstm_cell (1)". The longest name of an exercise at the end counts."""
        if found := self.end(stem):
            return found[0], self.only or found[1], found[2]
        return (bare(stem), self.only, number_of(stem)) if self.only and not self.named(stem) else None

    def end(self, stem: str) -> tuple[str, str, int] | None:
        """What stands before the name of an exercise at the end, that name, and which copy it is."""
        for text, number in copies(stem):
            if self.exact(text):
                return None  # nothing
            for separator in SEPARATOR.finditer(text):
                name = self.exact(text[separator.end() :])
                if name and separator.start():
                    return text[: separator.start()], name, number
        return None

    def named(self, stem: str) -> str:
        """The exercise whose name this is, whichever copy; "" where it is none's."""
        return next(filter(None, (self.exact(text) for text, _ in copies(stem))), "")

    def near(self, stem: str) -> str | None:
        """The exercise that was probably meant."""
        base = [stem, *(text for text, _ in copies(stem))][-1]
        return near(base.casefold(), tuple(self._names.values()))


@lru_cache(maxsize=4096)  # a class makes the same slips, and helpers have the same few names
def near(text: str, names: tuple[str, ...]) -> str | None:
    return next(iter(difflib.get_close_matches(text, names, n=1, cutoff=0.75)), None)


def copies(stem: str, mark: re.Pattern[str] = COPY) -> Iterator[tuple[str, int]]:
    """The stem, then what is left of it as marks of copies are taken off its end, with the sum of their numbers."""
    number = 0
    while stem:
        yield stem, number
        found = mark.search(stem)
        if not found:
            return
        number += int(next(filter(None, found.groups()), 1))
        stem = stem[: found.start()]


def bare(stem: str) -> str:
    """A student's name without marks of copies in brackets: other numbers may belong to the name."""
    return [stem, *(text for text, _ in copies(stem, BRACKETED))][-1]


def number_of(stem: str) -> int:
    return [0, *(number for _, number in copies(stem, BRACKETED))][-1]


def plain(name: str) -> str:
    """A file's name without its endings, of which there may be two."""
    for _ in range(2):
        name = ENDING.sub("", name) or name
    return name
