"""The text of a reference as tokens: what is the same program whatever its spaces, comments and line breaks."""

from __future__ import annotations

import ast
import io
import keyword
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

IGNORED = {tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING, tokenize.ENDMARKER}
CLOSERS = {")", "]", "}"}
ASSIGNMENTS = {"=", "+=", "-=", "*=", "/=", "@="}
CONDITIONS = {"if", "elif", "while", "for", "assert"}  # at the start of a statement: what parentheses may stand after


@dataclass(frozen=True)
class Token:
    text: str  # as it is compared
    is_name: bool  # of a variable: neither an attribute's nor an argument's
    start: int
    end: int


def dedented(text: str) -> str:
    """Lines without their indentation: a piece may start anywhere in a line."""
    return "\n".join(line.strip() for line in text.split("\n"))


def offsets(text: str) -> list[int]:
    """Where each line starts."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    return starts


def partial_tokens(text: str, fragment: bool) -> Iterator[tokenize.TokenInfo]:
    try:
        yield from tokenize.generate_tokens(io.StringIO(text).readline)
    except (tokenize.TokenError, IndentationError):
        if not fragment:
            raise


@lru_cache(64)
def tokens(text: str, fragment: bool = False) -> tuple[Token, ...]:
    """What is compared of a text, in its order. `fragment`: it need not be whole."""
    starts, found, before = offsets(text), [], ""
    raw = [token for token in partial_tokens(text, fragment) if token.type not in {*IGNORED, tokenize.NEWLINE}]
    for number, token in enumerate(raw):
        after = raw[number + 1].string if number + 1 < len(raw) else ""
        is_argument = after == "=" and before in ("(", ",")
        is_name = token.type == tokenize.NAME and not keyword.iskeyword(token.string)
        start, end = (starts[row - 1] + column for row, column in (token.start, token.end))
        shown = unquoted(token.string) if token.type == tokenize.STRING else token.string
        found.append(Token(shown, is_name and before != "." and not is_argument, start, end))
        before = token.string
    return tuple(found)


def unquoted(literal: str) -> str:
    """A text by its value, whatever its quotes; one with a prefix as it is written."""
    try:
        return repr(ast.literal_eval(literal)) if literal[0] in "\"'" else literal
    except (ValueError, SyntaxError):
        return literal


@lru_cache(64)
def one_line_each(source: str, fragment: bool = False) -> str:
    """The same program with each statement on one line, without comments, trailing commas and parentheses around the
    whole of a line's right side."""
    starts = offsets(source)
    lines: list[list[tokenize.TokenInfo]] = []
    line: list[tokenize.TokenInfo] = []
    for token in partial_tokens(source, fragment):
        if token.type in (tokenize.NEWLINE, tokenize.ENDMARKER):
            lines.append(line)
            line = []
        elif token.type not in IGNORED:
            line.append(token)
    lines.append(line)
    found: list[str] = []
    for statement in filter(None, lines):
        text, at = " " * statement[0].start[1], None
        for token in unwrapped(statement):
            start, end = (starts[row - 1] + column for row, column in (token.start, token.end))
            gap = "" if at is None else source[at:start]
            broken = "\n" in gap or gap.strip(" ") or not gap.isspace()
            text += (" " if gap and not is_tight(text, token.string) else "") if broken else gap
            text, at = text + source[start:end], end
        found.append(text)
    return "\n".join(found) + ("" if fragment else "\n")


def is_tight(text: str, token: str) -> bool:
    """Whether nothing need stand between a text and a token, where a line was broken."""
    return text[-1:] in "([{" or token in {*CLOSERS, ",", ":"} or token.startswith(".")


def unwrapped(line: Sequence[tokenize.TokenInfo]) -> list[tokenize.TokenInfo]:
    """The tokens of a statement without trailing commas and needless parentheses."""
    pairs, opened = {}, []
    for number, token in enumerate(line):
        if token.string in {"(", "[", "{"}:
            opened.append(number)
        elif token.string in CLOSERS and opened:
            pairs[opened.pop()] = number
    dropped: set[int] = set()
    for start, end in pairs.items():
        inside = line[start + 1 : end]
        is_broken = line[start].start[0] != line[end].start[0]
        if inside and line[start].string == "(" and is_needless(line, start, end):
            dropped |= {start, end}
        if inside and inside[-1].string == "," and is_broken and sum(token.string == "," for token in inside) > 1:
            dropped.add(end - 1)
        elif inside and inside[-1].string == "," and is_broken and start and line[start - 1].type == tokenize.NAME:
            dropped.add(end - 1)  # the only argument of a call
    return [token for number, token in enumerate(line) if number not in dropped]


def is_needless(line: Sequence[tokenize.TokenInfo], start: int, end: int) -> bool:
    """Whether parentheses only hold what is returned or assigned, or a condition, as a whole."""
    words = {token.string for token in line[start + 1 : end]}
    before = line[start - 1].string if start else ""
    after = [token.string for token in line[end + 1 : end + 2]]
    if before == "return" or before in ASSIGNMENTS:
        return not after and words.isdisjoint({"for", ":=", "yield"})
    is_condition = line[0].string in CONDITIONS and (start == 1 or (before == "in" and line[0].string == "for"))
    return is_condition and after in ([], [":"]) and words.isdisjoint({"for", ":=", "yield", ","})
