"""A stub's docstring as Markdown.

Docstrings are near to Markdown already: paragraphs, lists, `code`, $formulas$. What Markdown would read otherwise is
made safe: indented formulas and examples with >>> become fenced blocks (Markdown sees an example as a quotation in a
quotation, and a formula that is indented too little as prose), and signs that are meant as such are escaped.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

ITEM = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])\s+(?=\S)")
# What is not to be touched: code, and formulas in TeX.
VERBATIM = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)|\$\$.+?\$\$|\$[^$\n]+\$", re.DOTALL)
# An underscore at the edge of a word, a star between two factors, a "<" that begins a tag: signs, not markup.
SIGN = re.compile(r"(?<![^\W_])_|_(?![^\W_])|(?<=[\w)\]])\*(?=[\w(\[])|<(?=[A-Za-z/!?])")
NEWLINES = "\r\n"
LETTERED = re.compile(r"(?<=\S)\n(?=[ ]*[a-z][.)] \S)")  # a list that Markdown does not know
INDENT = 4  # columns by which code stands in from its surroundings


def markdown(docstring: str) -> str:
    """The first line as heading, the rest as Markdown that shows what the docstring says."""
    title, _, rest = docstring.strip().partition("\n")
    return f"# {escape(title.strip())}\n\n{body(rest.strip(NEWLINES))}".strip()


def body(text: str) -> str:
    lines = text.expandtabs().split("\n")
    parts: list[str] = []
    prose: list[str] = []
    margins = [0]  # where the text of the list items that are open begins, the innermost last
    number = 0
    while number < len(lines):
        line = lines[number]
        indent = indent_of(line)
        after_blank = number == 0 or not lines[number - 1].strip()
        if line.strip() and (after_blank or ITEM.match(line)):
            while indent < margins[-1]:
                margins.pop()
        if line.lstrip().startswith(">>>"):
            end = next((n for n in range(number, len(lines)) if not lines[n].strip()), len(lines))
            language = "python"
        elif line.strip() and after_blank and indent >= margins[-1] + INDENT:
            end = end_of_block(lines, number, margins[-1] + INDENT)
            language = "text"
        else:
            if item := ITEM.match(line):
                margins.append(item.end())
            prose.append(line)
            number += 1
            continue
        parts += [escape("\n".join(prose))] if prose else []
        parts.append(fenced(lines[number:end], language, margins[-1]))
        prose = []
        number = end
    return "\n".join([*parts, escape("\n".join(prose))] if prose else parts)


def end_of_block(lines: Sequence[str], start: int, indent: int) -> int:
    """The line after an indented block; blank lines within belong to it."""
    end = start
    for number in range(start, len(lines)):
        if lines[number].strip():
            if indent_of(lines[number]) < indent:
                break
            end = number + 1
    return end


def fenced(lines: Sequence[str], language: str, margin: int) -> str:
    """A block of code, in the list item whose text begins in column `margin`."""
    text = textwrap.dedent("\n".join(lines))
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return textwrap.indent(f"{fence}{language}\n{text}\n{fence}", " " * margin)


def escape(text: str) -> str:
    """Prose whose signs Markdown shows as they are. Items a., b., … stay on lines of their own."""
    parts: list[str] = []
    end = 0
    for found in VERBATIM.finditer(text):
        parts += [SIGN.sub(r"\\\g<0>", text[end : found.start()]), found[0]]
        end = found.end()
    escaped = "".join([*parts, SIGN.sub(r"\\\g<0>", text[end:])])
    return LETTERED.sub("\\\\\n", escaped)


def indent_of(line: str) -> int:
    return len(line) - len(line.lstrip())
