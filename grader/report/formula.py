"""Formulas of known mistakes: LaTeX as MathML for a page, and as a line of plain text for a terminal."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from grader.text import visible

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from markupsafe import Markup

LONGEST_FORMULA = 1_000

_MATH = re.compile(
    "math|mrow|mi|mn|mo|mtext|mspace|mfrac|msqrt|mroot|msub|msup|msubsup|munder|mover|munderover|mmultiscripts"
    "|mtable|mtr|mtd|mstyle|mpadded|mphantom|menclose"
)
_MATH_ATTRIBUTES = re.compile(
    "display|accent|accentunder|stretchy|fence|form|separator|lspace|rspace|minsize|maxsize|movablelimits|largeop"
    "|linethickness|mathvariant|displaystyle|scriptlevel|width|height|depth|columnalign|columnlines|rowlines|notation"
)


@lru_cache(maxsize=256)
def mathml(latex: str) -> Markup | str:
    """LaTeX as MathML; the LaTeX itself, a plain text, where that cannot be done.

    The converter hands through tags and attributes that it finds in the formula, so its output is not trusted: it is
    written anew with the elements and attributes that a formula needs, and its texts escaped.
    """
    if len(latex) > LONGEST_FORMULA:
        return latex
    try:
        from latex2mathml.converter import convert_to_element
        from markupsafe import Markup

        return Markup(_written(convert_to_element(latex, display="block")))
    except Exception:  # whatever the converter stumbles over: a report with LaTeX in it is better than none
        return latex


def _written(node: Element) -> str:
    from markupsafe import escape

    if not _MATH.fullmatch(node.tag):
        raise ValueError(f"<{node.tag}> has no place in a formula")
    attributes = "".join(f' {k}="{escape(visible(v))}"' for k, v in node.items() if _MATH_ATTRIBUTES.fullmatch(k))
    inside = str(escape(visible(text_of(node)))) + "".join(map(_written, node))
    return f"<{node.tag}{attributes}>{inside}</{node.tag}>"


def text_of(node: Element) -> str:
    from html import unescape  # the standard library's: the converter writes a symbol as "&#x003C3;"

    return unescape(node.text or "")
