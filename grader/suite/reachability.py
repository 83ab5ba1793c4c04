"""Reachability: the definitions that a call reaches, and those that an edit changes. With none in both, nothing shows.

A known mistake is the reference with a few edits, as a rule within one function. What never runs that function is
answered as the reference answers it, and need not be asked again.

Of what a call reaches, what it enters is called from outside of the file: by a probe, or by a library on its behalf.
What lies below that is the reference's own affair, and need not be there in another solution.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

EVERYTHING = ""  # stands for the statements of a module and of the bodies of its classes
DEFINITION = re.compile(r"(?:async +)?(def|class) +(\w+)")
METHOD = re.compile(r" {4}(?:async +)?def ")
STATEMENT = re.compile(r"(?: {4})?[^\s#)\]}]")


@dataclass(frozen=True)
class Reached:
    names: set[str] = field(default_factory=lambda: {EVERYTHING})  # of top-level definitions
    entered: set[str] = field(default_factory=set)  # functions and methods, by their qualified names


@contextmanager
def reached(filename: str) -> Iterator[Reached]:
    """What of a file runs meanwhile, in this thread."""
    found = Reached()

    def note(frame: FrameType, event: str, argument: object) -> None:
        if frame.f_code.co_filename == filename:
            name = frame.f_code.co_qualname
            found.names.add(name.partition(".")[0])
            if name not in found.entered and not is_below(frame.f_back, filename):
                found.entered.add(name)

    before = sys.gettrace()
    sys.settrace(note)
    try:
        yield found
    finally:
        sys.settrace(before)


def is_below(frame: FrameType | None, filename: str) -> bool:
    """Whether a frame is of a file, or called from there, by whatever way."""
    while frame is not None:
        if frame.f_code.co_filename == filename:
            return True
        frame = frame.f_back
    return False


def changed(source: str, other: str) -> frozenset[str]:
    """The top-level definitions that are not the same in two texts of a module."""
    one, two = blocks(source), blocks(other)
    return frozenset(name for name in one.keys() | two.keys() if one.get(name) != two.get(name))


def blocks(source: str) -> dict[str, str]:
    """The lines of each top-level definition. Those that run when the module is made count as EVERYTHING."""
    found: dict[str, str] = {}
    name = of_class = EVERYTHING
    for line in source.splitlines(keepends=True):
        if match := DEFINITION.match(line):
            of_class = match[2] if match[1] == "class" else EVERYTHING
            name = match[2]
        elif of_class and METHOD.match(line):
            name = of_class
        elif STATEMENT.match(line) and (of_class or not line.startswith(" ")):
            name = EVERYTHING
            of_class = of_class if line.startswith(" ") else EVERYTHING
        found[name] = found.get(name, "") + line
    return found
