"""What a student may have meant by a name that is not there. Runs beside the student's code; what it says is shown,
and decides nothing."""

from __future__ import annotations

import builtins
import difflib
import re
from collections.abc import Iterable
from itertools import islice

MAX_NAMES = 2_000  # that are looked at
LIKENESS = 0.75  # as difflib measures it; transposed and missing letters are above it in names of five letters and more
REQUIRED = re.compile(r'Module \[(\w+)\] is missing the required "(\w+)" function')  # torch's words


def close(name: str, names: Iterable[str]) -> str:
    """The name that is most like it; "" where none is."""
    known = {plain(each): each for each in islice(names, MAX_NAMES) if isinstance(each, str) and each != name}
    return known.get(next(iter(difflib.get_close_matches(plain(name), known, 1, LIKENESS)), ""), "")


def plain(name: str) -> str:
    """As names are like each other: `LSTMCell`, `lstm_cell` and `lstmCell` are one."""
    return name.replace("_", "").casefold()


def rename(name: str, names: Iterable[str]) -> str:
    """How to call what was defined under a name that is almost right."""
    found = close(name, names)
    return f"; did you mean `{found}` to be `{name}`?" if found else ""


def advice(error: BaseException) -> str:
    """As Python's own tracebacks have it: ". Did you mean: 'forward'?". Empty where nothing is close."""
    name = getattr(error, "name", None)
    if not isinstance(error, (NameError, AttributeError)) or not isinstance(name, str):
        return ""
    found = close(name, dir(error.obj) if isinstance(error, AttributeError) else names_in_reach(error))
    return f". Did you mean: '{found}'?" if found else ""


def names_in_reach(error: BaseException) -> Iterable[str]:
    """The names that the line that failed could have used."""
    step = error.__traceback__
    while step is not None and step.tb_next is not None:
        step = step.tb_next
    frame = step.tb_frame if step is not None else None
    return [*frame.f_locals, *frame.f_globals, *dir(builtins)] if frame is not None else ()


def missing_method(error: BaseException, message: str) -> str:
    """What a class of the student's lacks, where torch misses it; "" for any other error."""
    found = REQUIRED.match(message) if isinstance(error, NotImplementedError) else None
    if found is None:
        return ""
    step = error.__traceback__
    while step is not None and step.tb_next is not None:
        step = step.tb_next
    methods = vars(type(step.tb_frame.f_locals.get("self"))) if step is not None else {}
    return f"{found[1]} has no {found[2]}{rename(found[2], methods)}"
