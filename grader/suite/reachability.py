"""Reachability: the definitions that a call reaches, and those that an edit changes. With none in both, nothing shows.

A known mistake is the reference with a few edits, as a rule within one function. What never runs that function is
answered as the reference answers it, and need not be asked again.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

EVERYTHING = ""  # stands for the statements of a module and of the bodies of its classes
DEFINITION = re.compile(r"(?:async +)?(def|class) +(\w+)")
METHOD = re.compile(r" {4}(?:async +)?def ")
STATEMENT = re.compile(r"(?: {4})?[^\s#)\]}]")


@contextmanager
def reached(filename: str) -> Iterator[set[str]]:
    """The top-level definitions of a file that run meanwhile, in this thread."""
    names = {EVERYTHING}

    def note(frame: FrameType, event: str, argument: object) -> None:
        if frame.f_code.co_filename == filename:
            names.add(frame.f_code.co_qualname.partition(".")[0])

    before = sys.gettrace()
    sys.settrace(note)
    try:
        yield names
    finally:
        sys.settrace(before)


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
