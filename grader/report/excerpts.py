"""A few lines of a student's code, taken from the report that shows it: the function in which something went wrong.

The gradebook keeps no sources; a report has each line in an element of its own. Nothing is parsed: a function ends
where a line stands as far to the left as the one that it begins with.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape
from pathlib import Path

SOURCE = '<ol class="source"'
LINE = re.compile(r'<li id="L\d+"[^>]*><code>(.*?)</code>', re.DOTALL)
TAG = re.compile(r"<[^>]*>")
BEGINNING = re.compile(r"\s*(?:async\s+def|def|class)\b|\S")
MOST_LINES, LONGEST_LINE = 14, 160  # shown of a function; characters of a line
LARGEST_REPORT = 1 << 21  # bytes looked at


def excerpt(report: Path, line: int | None) -> tuple[int, list[str]]:
    """(number of the first line, lines) around a line of the file that a report shows; no lines where it has none."""
    if line is None:
        return 0, []
    try:
        with report.open(encoding="utf-8", errors="replace") as file:
            page = file.read(LARGEST_REPORT)
    except OSError:
        return 0, []
    lines = [unescape(TAG.sub("", code)) for code in LINE.findall(page.partition(SOURCE)[2])]
    return function_around(lines, line)


def function_around(lines: Sequence[str], line: int) -> tuple[int, list[str]]:
    """The lines of the innermost function that a line is in, at most so many; the number counts from 1."""
    if not 1 <= line <= len(lines):
        return 0, []
    start = next((i for i in range(line - 1, -1, -1) if BEGINNING.match(lines[i])), line - 1)
    margin = indent(lines[start])
    end = start + 1
    while end < len(lines) and (not lines[end].strip() or indent(lines[end]) > margin):
        end += 1
    start = max(start, line - MOST_LINES // 2) if line - start > MOST_LINES else start
    shown = [text.rstrip() for text in lines[start : min(end, start + MOST_LINES)]]
    while shown and not shown[-1]:
        shown.pop()
    return start + 1, [f"{text[margin:LONGEST_LINE]}…" if len(text) > LONGEST_LINE else text[margin:] for text in shown]


def indent(text: str) -> int:
    return len(text) - len(text.lstrip())
