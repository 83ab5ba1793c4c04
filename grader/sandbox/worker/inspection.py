"""Static inspection of a submission before any of its code runs: names that an instructor may want to look at.

It costs no points, and no report of the student's shows it: a name proves nothing. What counts is what is called (see
grader.sandbox.worker.forbidden_calls). Looked at is the compiled code: attributes that are read, what is imported, and
whether the grader's own modules are spoken of.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from functools import lru_cache
from opcode import opmap
from types import CodeType

# What reaches into other functions, other frames or the interpreter; and into torch below what is watched.
INWARD = {
    *("_getframe", "_current_frames", "currentframe", "f_back", "f_locals", "f_globals"),
    *("tb_frame", "gi_frame", "cr_frame", "ag_frame", "settrace", "setprofile", "addaudithook"),
    *("__code__", "__closure__", "__globals__", "__subclasses__", "cell_contents", "co_consts"),
    *("get_objects", "get_referrers", "get_referents", "ctypes", "meta_path"),
    *("_op_dk", "redispatch", "_dispatch_library", "_dispatch_call_boxed", "_get_operation_overload", "py_kernels"),
}
OURS = re.compile(r"grader(\.|$)")
NAMED = {opmap[name] for name in ("LOAD_ATTR", "LOAD_METHOD", "IMPORT_FROM", "IMPORT_NAME") if name in opmap}
# From Python 3.12 on the lowest bit of what LOAD_ATTR takes says whether a method is meant.
MARKED = {opmap["LOAD_ATTR"]} if sys.version_info >= (3, 12) else set()

Found = tuple[int, str]  # line, name


def look_over(code: CodeType, forbidden: Sequence[str]) -> Iterator[Found]:
    """What code names of the kind, with all functions in it. `forbidden`: names of functions, or patterns of them."""
    names, pattern = worth_a_look(tuple(forbidden))
    left = [code]
    while left:
        one = left.pop()
        for number, name in enumerate(one.co_names):
            if name in names or (pattern.match(name) and name.isascii()):
                yield from ((line, name) for line in lines_with(one, number))
        for constant in one.co_consts:
            if isinstance(constant, CodeType):
                left.append(constant)
            elif isinstance(constant, str) and OURS.match(constant):
                yield one.co_firstlineno, "grader"


@lru_cache(maxsize=64)
def worth_a_look(forbidden: tuple[str, ...]) -> tuple[frozenset[str], re.Pattern[str]]:
    """Names, and what matches others: our own modules, and those that a pattern forbids. Of what is forbidden the last
    part is looked for. Kept: to compile it takes longer than to look a file over."""
    parts = {name.rpartition(".")[2] for name in forbidden}
    patterns = sorted(re.escape(part).replace(r"\*", ".*") for part in parts if "*" in part)
    return frozenset(INWARD | parts), re.compile("|".join([OURS.pattern, *(f"(?:{each})$" for each in patterns)]))


def lines_with(code: CodeType, number: int) -> Iterator[int]:
    """The lines in which the name of that number is an attribute or imported; what a student names so is no matter."""
    steps = code.co_code
    places = [at for at in range(0, len(steps), 2) if steps[at] in NAMED and named(steps[at], steps[at + 1]) == number]
    if places:
        lines = [(start, end, line) for start, end, line in code.co_lines() if line]
        yield from (line for at in places for start, end, line in lines if start <= at < end)


def named(step: int, argument: int) -> int:
    """The number of the name in an instruction; those beyond the first 256 names are passed over."""
    return argument >> 1 if step in MARKED else argument
