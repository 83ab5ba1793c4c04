"""What Python says of a text that it cannot read, as plain values. Runs in the worker."""

from __future__ import annotations

MAX_COLUMN = 1_000

Refusal = tuple[int, str, int, int]  # line, message, the first character that it is about and the one after the last


def refusal(error: SyntaxError, before: int = 0) -> Refusal:
    """`before`: lines that stand before the text. The characters are 0, 0 where Python does not say."""
    line, first = error.lineno or 0, error.offset or 0
    last = error.end_offset or 0
    if error.end_lineno is not None and error.end_lineno != line:
        last = MAX_COLUMN  # to the end of the line
    if first > 0 and last <= first:
        last = first + 1
    span = (first - 1, last - 1) if 0 < first < MAX_COLUMN else (0, 0)
    return (line and line + before, f"{type(error).__name__}: {error.msg}", *span)
