"""The small subset of Markdown in which hints, explanations and messages are written, and what it becomes.

`code` between backticks; in texts of ours also an index or an exponent after a single letter or a number: x_t, b_ih,
W_{out}, 2^b, r^(2i/d). Names with longer parts, as num_classes, are names. Pages and Markdown summaries get the same
elements; a terminal keeps the backticks, and gets the small characters that Unicode has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Literal

from grader.cache import Cache
from grader.report.plain_formula import LOWERED, RAISED
from grader.text import visible

if TYPE_CHECKING:
    from markupsafe import Markup

Kind = Literal["text", "code", "sub", "sup"]

WIDEST = 4  # bytes of a character
_pages: Cache[tuple[str, bool], Markup] = Cache(1 << 20)

_CODE = re.compile(r"`([^`\n]+)`")
_PIECE = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|(?<![\w.])(?P<base>[^\W\d_])_(?:\{(?P<sub_group>[^{}\n]{1,20})\}|(?P<sub>[^\W_]{1,2}))(?![\w(\[]|\.\w)"
    r"|(?<=[\w)\]])\^(?:\{(?P<sup_group>[^{}\n]{1,20})\}|\((?P<sup_round>[^()\n]{1,20})\)|(?P<sup>[−-]?\w{1,3}|⊤))"
)


def pieces(text: str, *, ours: bool = True) -> Iterator[tuple[Kind, str]]:
    """A text in pieces. Not `ours`: it may hold a student's words, in which only code is told from the rest."""
    start = 0
    for found in (_PIECE if ours else _CODE).finditer(text):
        if found.start() > start:
            yield "text", text[start : found.start()]
        start = found.end()
        named = {key: value for key, value in found.groupdict().items() if value is not None}
        if base := named.pop("base", ""):
            yield "text", base
        key, value = next(iter(named.items()), ("code", found[1]))
        kind: Kind = "code" if key == "code" else "sub" if key.startswith("sub") else "sup"
        yield kind, value
    if start < len(text):
        yield "text", text[start:]


def tagged(text: str, escape: Callable[[str], str], *, ours: bool = True) -> str:
    """With the elements that HTML and Markdown share. `escape` is given each text."""
    return "".join(
        escape(inside) if kind == "text" else f"<{kind}>{escape(inside)}</{kind}>"
        for kind, inside in pieces(text, ours=ours)
    )


def html(text: str, *, ours: bool = True) -> Markup:
    """For a page. In a class the same is said again and again, so it is kept."""
    known = _pages.get((text, ours))
    if known is not None:
        return known
    from markupsafe import Markup, escape

    made = Markup(tagged(visible(text), lambda inside: str(escape(inside)), ours=ours))
    return _pages.keep((text, ours), made, WIDEST * (len(text) + len(made)))


def plain(text: str, *, ours: bool = True) -> str:
    """For a terminal, or wherever there is nothing but text."""
    small = {"sub": LOWERED, "sup": RAISED}
    signs = {"sub": "_", "sup": "^"}
    parts = []
    for kind, inside in pieces(visible(text), ours=ours):
        if kind == "text":
            parts.append(inside)
        elif kind == "code":
            parts.append(f"`{inside}`")
        elif all(character in small[kind] for character in inside):
            parts.append("".join(small[kind][character] for character in inside))
        else:
            parts.append(signs[kind] + (inside if inside.isalnum() else f"({inside})"))
    return "".join(parts)
