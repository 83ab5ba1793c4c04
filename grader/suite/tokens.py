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
OPENERS, CLOSERS = {"(", "[", "{"}, {")", "]", "}"}
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
    """What is compared of a text, in its order. `fragment`: it need not be whole, and may begin anywhere in a line."""
    starts, found, before = offsets(text), [], ""
    if fragment:  # as its first line may stand in from the others by anything, no line is indented for the tokenizer
        lines = text.split("\n")
        starts = [start + len(line) - len(line.lstrip()) for start, line in zip(starts, [*lines, ""], strict=False)]
        text = dedented(text)
    raw = [token for token in partial_tokens(text, fragment) if token.type not in IGNORED]
    depth = unopened(raw)
    assigned = False  # within the statement, outside of all brackets
    for number, token in enumerate(raw):
        depth += (token.string in OPENERS) - (token.string in CLOSERS)
        if token.type == tokenize.NEWLINE:
            before, assigned = "", False
            continue
        after = raw[number + 1].string if number + 1 < len(raw) else ""
        # "a, b = c" outside of brackets assigns to b, unless it is a piece of a call: "a=1, b=2".
        is_argument = after == "=" and before in ("(", ",") and (depth > 0 or assigned)
        start, end = (starts[row - 1] + column for row, column in (token.start, token.end))
        shown = unquoted(token.string) if token.type == tokenize.STRING else token.string
        found.append(Token(shown, is_variable(token) and before != "." and not is_argument, start, end))
        assigned = assigned or (token.string == "=" and depth == 0)
        before = token.string
    return tuple(found)


def unopened(raw: Sequence[tokenize.TokenInfo]) -> int:
    """How many brackets are closed that a piece of code does not open."""
    depth = lowest = 0
    for token in raw:
        depth += (token.string in OPENERS) - (token.string in CLOSERS)
        lowest = min(lowest, depth)
    return -lowest


def in_keyword_order(found: Sequence[Token]) -> list[Token]:
    """The tokens with the keyword arguments of each call in the order of their names."""
    result: list[Token] = []
    opened: list[int | None] = []  # for each open bracket, where the arguments begin; None: it is no call's
    for number, token in enumerate(found):
        if token.text in CLOSERS and opened:
            start = opened.pop()
            if start is not None:
                result[start:] = sorted_arguments(result[start:])
        result.append(token)
        if token.text in OPENERS:
            is_definition = number > 1 and found[number - 2].text in ("def", "class")
            opened.append(len(result) if token.text == "(" and not is_definition else None)
    return result


def sorted_arguments(inside: Sequence[Token]) -> list[Token]:
    """What stands between the parentheses of a call, with the keyword arguments sorted."""
    arguments: list[list[Token]] = [[]]
    commas, depth = [], 0
    for token in inside:
        depth += (token.text in OPENERS) - (token.text in CLOSERS)
        if token.text == "," and not depth:
            commas.append(token)
            arguments.append([])
        else:
            arguments[-1].append(token)
    keywords = [number for number, argument in enumerate(arguments) if [t.text for t in argument[1:2]] == ["="]]
    by_name = sorted((arguments[number] for number in keywords), key=lambda argument: argument[0].text)
    for number, argument in zip(keywords, by_name, strict=True):
        arguments[number] = argument
    result = arguments[0]
    for comma, argument in zip(commas, arguments[1:], strict=True):
        result = [*result, comma, *argument]
    return result


def unquoted(literal: str) -> str:
    """A text by its value, whatever its quotes; one with a prefix as it is written."""
    try:
        return repr(ast.literal_eval(literal)) if literal[0] in "\"'" else literal
    except (ValueError, SyntaxError):
        return literal


@lru_cache(64)
def one_line_each(source: str, fragment: bool = False) -> str:
    """The same program with each statement on one line, without comments, the types of arguments, results and local
    variables, trailing commas, and parentheses around the whole of a line's right side."""
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
    blocks: list[tuple[int, bool]] = []  # classes and functions around a line: indentation, whether it is a class
    for statement in filter(None, lines):
        indent, words = statement[0].start[1], [token.string for token in statement[:2]]
        blocks = [block for block in blocks if block[0] < indent]
        fields = bool(blocks) and blocks[-1][1]  # what a dataclass has are its types
        if {"class", "def"}.intersection(words):
            blocks.append((indent, words[0] == "class"))
        text, at = " " * indent, None
        for token in unwrapped(untyped(statement, variables=not fields)):
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


def untyped(line: Sequence[tokenize.TokenInfo], *, variables: bool) -> list[tokenize.TokenInfo]:
    """The tokens of a statement without the types of a function's arguments and result, or of a variable."""
    words = [token.string for token in line]
    is_definition = "def" in words[:2]
    left: list[tokenize.TokenInfo] = []
    depth = lambdas = 0
    end: tuple[int, tuple[str, ...]] | None = None  # of the type that is left out: the depth and the word after it
    for number, (word, token) in enumerate(zip(words, line, strict=True)):
        if end and depth == end[0] and word in end[1]:
            end = None
        if not end and is_definition and word == ":" and lambdas:
            lambdas -= 1
        elif not end and is_definition and word == ":" and depth == 1 and words[number - 2] in ("(", ",", "*", "**"):
            end = (1, (",", "=", ")"))
        elif not end and is_definition and word == "->" and depth == 0:
            end = (0, (":",))
        elif variables and number == 1 and word == ":" and "=" in words and is_variable(line[0]):
            end = (0, ("=",))
        depth += (word in OPENERS) - (word in CLOSERS)
        lambdas += word == "lambda"
        if not end:
            left.append(token)
    return left


def is_variable(token: tokenize.TokenInfo) -> bool:
    return token.type == tokenize.NAME and not keyword.iskeyword(token.string)


def unwrapped(line: Sequence[tokenize.TokenInfo]) -> list[tokenize.TokenInfo]:
    """The tokens of a statement without trailing commas and needless parentheses."""
    pairs, opened = {}, []
    for number, token in enumerate(line):
        if token.string in OPENERS:
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
    words = set(outside_of_brackets(line[start + 1 : end]))
    before = line[start - 1].string if start else ""
    after = [token.string for token in line[end + 1 : end + 2]]
    if before == "return" or before in ASSIGNMENTS:
        return not after and words.isdisjoint({"for", ":=", "yield"})
    is_condition = line[0].string in CONDITIONS and (start == 1 or (before == "in" and line[0].string == "for"))
    return is_condition and after in ([], [":"]) and words.isdisjoint({"for", ":=", "yield", ","})


def outside_of_brackets(line: Sequence[tokenize.TokenInfo]) -> Iterator[str]:
    """The words of a piece of code that stand in no brackets of its own."""
    depth = 0
    for token in line:
        depth += (token.string in OPENERS) - (token.string in CLOSERS)
        if not depth:
            yield token.string
