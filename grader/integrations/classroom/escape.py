"""Texts of strangers on their way into a log, a workflow command or a Markdown summary: shown, never obeyed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.report.typeset import tagged
from grader.text import visible

# What is structure in GitHub's Markdown: marks, underscores but those within words, and what makes a bare link of text.
_STRUCTURE = re.compile(r"[\\`*{}\[\]<>#|~!&@$^]|(?<![^\W_])_|_(?![^\W_])|:(?=/)|(?<=www)\.", re.IGNORECASE)
_START = re.compile(r"\A[-+=]|(?<=\d)[.)](?=\s|\Z)")  # of a list or a line, and of a numbered list


def shorten(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


def markdown(text: str, length: int, *, ours: bool = False) -> str:
    """For one line of Markdown, also in a table. `ours`: a text of a suite, typeset with indices and exponents."""
    lines = (" ".join(line.split()) for line in shorten(visible(text).strip(), length).splitlines())
    return "<br>".join(_START.sub(_refer, tagged(line, _as_text, ours=ours)) for line in lines)


def block(lines: Sequence[str], length: int) -> str:
    """Lines of code as they stand: an element that holds no empty line, in which Markdown has no marks."""
    return "<pre>" + "<br>".join(_as_text(shorten(visible(line), length)) or " " for line in lines) + "</pre>"


def _as_text(text: str) -> str:
    return _STRUCTURE.sub(_refer, text)


def _refer(mark: re.Match[str]) -> str:
    """A reference to a character, which stands for the character and never for structure (CommonMark 0.31, 2.5)."""
    return f"&#{ord(mark[0])};"


def one_line(text: str, length: int) -> str:
    """For a line of a log, without what a runner takes for a command: "::" in front, "##[" anywhere."""
    line = shorten(" ".join(visible(text).split()), length).replace("##[", "# #[")
    return f"> {line}" if line.startswith("::") else line


def command(name: str, message: str, **properties: str | int) -> str:
    """A workflow command: `::name key=value,…::message`."""
    pairs = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{name}{pairs and f' {pairs}'}::{_data(message)}"


def _data(text: str) -> str:
    return visible(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return re.sub("[:,]", lambda mark: f"%{ord(mark[0]):02X}", _data(text))
