"""What went wrong while a file was loaded: the causes of checks that failed for it, and notes on all the rest.

Which checks fail for it is read off the words: a name that a failed statement was to make is missed by what is asked
afterwards. This decides what is told first, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from grader.result import Cause
from grader.sandbox.client import LEFT_OUT, Examinee
from grader.sandbox.worker.notebook import NOT_RUN
from grader.suite.wording import Wording

MISSED = re.compile(r"name '(\w+)' is not defined|^(\w+) is not defined in your file")
ADVICE = 'Put what is no part of the answer below `if __name__ == "__main__":`, which grading does not run'
NOT_TEXT = "This is no text in UTF-8: it was saved as UTF-16, perhaps, or is a file of another kind. Save it as UTF-8"
NOT_CODE = (  # how a line begins that Python cannot read, and what it is
    (r"[<=>]{7}(?![<=>])", "Git left this mark where two versions were merged: keep one, and delete the marks"),
    (r"```", "This is Markdown: hand in what stands between the fences, without them"),
    (r">>>|In ?\[\d*\]:", "This is a prompt: hand in the code alone"),
    (r"else\s+if\b", "Python writes it `elif`"),
)
MAX_CODE = 500  # characters of a line that are shown
MAX_LINES = 50  # of a statement that are looked at

Problem = tuple[int, str]


def causes_and_notes(examinee: Examinee, words: Wording, messages: Iterable[str]) -> tuple[list[Cause], list[str]]:
    """`messages`: what the failed checks said."""
    missed = {name for message in messages for name in missed_names(message)}
    causes: list[Cause] = []
    notes: list[str] = []
    for line, message in reversed(examinee.problems):  # what failed first may be missed by what failed later
        of_all = bool(examinee.unreadable) and (not line or line in examinee.refused)
        if of_all or (not message.startswith(NOT_RUN) and missed & set(made(words, examinee, line))):
            causes.insert(0, cause_of(line, message, examinee, words))
            missed |= missed_names(message)
        else:
            notes.insert(0, note_of(line, message, words))
    if examinee.unreadable and not causes:
        causes = [Cause(f"The file {examinee.unreadable}")]
    return causes, notes


def missed_names(message: str) -> set[str]:
    return {name for found in MISSED.findall(message) for name in found if name}


def made(words: Wording, examinee: Examinee, line: int) -> Sequence[str]:
    """The names that stand in the statement at a line; where Python refused a cell, in all of it."""
    if not 1 <= line <= len(words.lines):
        return ()
    if line in examinee.refused:
        starts = [1, *examinee.opening.cells, len(words.lines) + 1]
        first = max(start for start in starts if start <= line)
        return re.findall(r"\w+", "\n".join(words.lines[first - 1 : min(s for s in starts if s > line) - 1]))
    text = ""
    for each in words.lines[line - 1 : line - 1 + MAX_LINES]:
        text += each + "\n"
        if text.count("(") <= text.count(")") and not each.rstrip().endswith("\\"):
            break
    return re.findall(r"\w+", text)


def cause_of(line: int, message: str, examinee: Examinee, words: Wording) -> Cause:
    kind, _, said = message.partition(": ")
    advice = words.explain((kind, "ImportError"), said).strip(" ()")
    if kind == LEFT_OUT:
        message, advice = f"The statement was left out, as it {said}", ADVICE
    code = words.lines[line - 1][:MAX_CODE].rstrip() if 1 <= line <= len(words.lines) else ""
    if kind == "SyntaxError":
        advice = advice or (NOT_TEXT if "null bytes" in said else slip_in(code))
    start, end = examinee.refused.get(line, (0, 0))
    start, end = (start, min(end, len(code) + 1)) if 0 <= start < end and start <= len(code) else (0, 0)
    return Cause(
        message=message,
        advice=advice,
        place=examinee.opening.place(line) if line else "",
        line=line or None,
        code=code,
        span=(start, end),
    )


def slip_in(code: str) -> str:
    """What a line is that is no Python at all; "" where that is not known."""
    return next((told for begins, told in NOT_CODE if re.match(begins, code.lstrip())), "")


def note_of(line: int, message: str, words: Wording) -> str:
    if message.startswith(f"{NOT_RUN}: "):
        return f"In {words.opening.place(line)}, not run: {message.removeprefix(f'{NOT_RUN}: ')}"
    kind, _, said = message.partition(": ")
    if kind == LEFT_OUT:
        return f"The statement in {words.opening.place(line)} was left out, as it {said}. {ADVICE}."
    message += words.explain((kind, "ImportError"), said)
    if not line:
        return f"The file was not loaded: {message}"
    place = words.opening.place(line)
    return f"{place[0].upper()}{place[1:]} failed while the file was loaded: {message}"
