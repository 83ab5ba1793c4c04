r"""A formula as a line of plain text, for a terminal: \frac{e^{x_i}}{\sum_j e^{x_j}} is "e^xᵢ/(∑ⱼ e^xⱼ)".

Made from the same MathML as the formula on a page. What it nests is written with brackets; indices and exponents that
Unicode has small characters for are written with these.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from grader.report.formula import LONGEST_FORMULA, text_of
from grader.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from xml.etree.ElementTree import Element

OPEN, CLOSE = set("([{⌊⌈⟨"), set(")]}⌋⌉⟩")
TIGHT = set("|‖!′'/")  # written without spaces
SEPARATORS = set(",;")
SIGNS = set("−-+±")
BIG = set("∑∏∫")
PREFIXES = set("∂∇#")  # belong to what follows them
ATOMS = {"…", "⋯", ".", "∞", "∅"}
RAISED = dict(zip("0123456789+−-=()niT⊤′*∘", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱᵀᵀ′*°", strict=True))
LOWERED = dict(zip("0123456789+−-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
ACCENTS = {"¯": "\u0304", "‾": "\u0304", "^": "\u0302", "~": "\u0303", "˙": "\u0307", "→": "\u20d7"}
BRACES = {"⏟", "⏞"}
THIN = 0.25  # em; a narrower space sets two factors apart
MAX_SMALL = 3  # characters; a longer index is hard to read in small ones


class Token(NamedTuple):
    """A piece of a line. `kind`: atom, word (an atom of a text or a function's name), operator, sign, open, close,
    tight, separator, gap."""

    kind: str
    text: str


def plain(latex: str) -> str:
    """LaTeX as a line of text; the LaTeX itself where that cannot be done."""
    try:
        if len(latex) > LONGEST_FORMULA:
            return one_line(latex)
        from latex2mathml.converter import convert_to_element

        return one_line(joined(tokens(convert_to_element(latex))))
    except Exception:  # whatever the converter stumbles over: LaTeX can be read, too
        return one_line(latex)


def joined(found: Iterable[Token]) -> str:
    line, before = "", Token("start", "")
    for token in signed(found):
        line += space_between(before, token) + token.text
        before = token
    return line.strip()


def signed(found: Iterable[Token]) -> Iterator[Token]:
    """A plus or minus that nothing stands before is a sign."""
    before = Token("start", "")
    for token in found:
        if token.text in SIGNS and (
            before.kind in ("start", "open", "operator", "separator", "sign") or is_big(before)
        ):
            token = Token("sign", token.text)
        yield token
        before = before if token.kind == "gap" else token


def space_between(before: Token, token: Token) -> str:
    kinds = {before.kind, token.kind}
    if before.kind == "start" or token.kind in ("close", "separator") or before.kind in ("open", "sign"):
        return ""
    if before.text == ":" and token.text == "=":
        return ""
    if before.kind == "gap" and not before.text:
        return ""  # it was written before it
    if "gap" in kinds or "operator" in kinds or before.kind == "separator":
        return " "
    if "tight" in kinds:
        return ""
    if token.kind == "open":
        apart = before.kind == "close" or before.text[-1:] == ")" or "/" in before.text or is_big(before)
        return " " if apart else ""
    if before.kind == "close":
        return " "
    if before.text in PREFIXES:
        return ""
    return "" if len(before.text) == len(token.text) == 1 else " "


def is_big(token: Token) -> bool:
    return token.text[:1] in BIG


def tokens(node: Element) -> list[Token]:
    """The pieces of a node, in order."""
    children = list(node)
    match node.tag:
        case "mi" | "mn":
            text = text_of(node)
            if node.tag == "mi" and not text.isalnum():
                return [operator(text)]
            return [Token("word" if len(text) > 1 and text.isalpha() else "atom", text)]
        case "mtext":
            return list(pieces_of(text_of(node)))
        case "mo":
            return [operator(text_of(node))]
        case "mspace":
            match = re.fullmatch(r"([\d.]+)em", node.get("width", ""))
            width = float(match[1]) if match else 0.0
            return [Token("gap", " " if width >= 1 else "")] if width > THIN else []
        case "mphantom":
            return []
        case "mfrac":
            return [Token("atom", f"{numerator(children[0])}/{denominator(children[1])}")]
        case "msqrt":
            inside = [piece for child in children for piece in tokens(child)]
            return [Token("atom", f"√{bracketed(inside)}")]
        case "mroot":
            return [Token("atom", f"{script(children[1], '^', RAISED)}√{grouped(children[0])}")]
        case "msub" | "msup" | "msubsup" | "munder" | "mover" | "munderover":
            return [scripted(node.tag, *children)]
        case "mtable":
            return [Token("atom", "; ".join(", ".join(joined(tokens(cell)) for cell in row) for row in children))]
    return [piece for run in runs(children) for piece in run]


def pieces_of(text: str) -> Iterator[Token]:
    """A text, with a gap where it begins or ends with a space."""
    words = " ".join(text.split())
    if text[:1].isspace():
        yield Token("gap", "")
    if words:
        yield Token("word", words)
        if text[-1:].isspace():
            yield Token("gap", "")


def runs(children: Iterable[Element]) -> Iterator[list[Token]]:
    """The pieces of a row; upright letters beside each other are a word."""
    word = ""
    for child in children:
        if child.tag == "mi" and child.get("mathvariant") == "normal" and text_of(child).isalpha():
            word += text_of(child)
            continue
        if word:
            yield [Token("word", word)]
            word = ""
        yield tokens(child)
    if word:
        yield [Token("word", word)]


def operator(text: str) -> Token:
    if text in OPEN:
        return Token("open", text)
    if text in CLOSE:
        return Token("close", text)
    if text in SEPARATORS:
        return Token("separator", text)
    if text in TIGHT:
        return Token("tight", "|" if text == "∣" else text)
    if text in BIG | PREFIXES | ATOMS:
        return Token("atom", text)
    return Token("word" if text.isalpha() else "operator", text)


def scripted(tag: str, base: Element, *scripts: Element) -> Token:
    """A base with what stands below and above it."""
    above = scripts[-1] if tag != "msub" and tag != "munder" else None
    below = scripts[0] if tag not in ("msup", "mover") else None
    found = tokens(base)
    written = joined(found)
    mark = joined(tokens(scripts[0])) if tag in ("mover", "munder") else ""
    if mark in BRACES:
        return Token("atom", written)
    if tag == "mover" and mark in ACCENTS:
        return Token("atom", written + ACCENTS[mark] if len(written) == 1 else f"{written}{mark}")
    if tag == "munder" and base.tag == "munder" and joined(tokens(base[1])) in BRACES:
        return Token("atom", f"{written} [{mark}]")
    if len(written) > 1 and tag in ("msub", "msup", "msubsup"):
        written = bracketed(found)
    kind = found[0].kind if len(found) == 1 and found[0].kind != "word" else "atom"
    lower = script(below, "_", LOWERED) if below is not None else ""
    return Token(kind, written + lower + (script(above, "^", RAISED) if above is not None else ""))


def script(node: Element, mark: str, small: dict[str, str]) -> str:
    """An index or an exponent: in small characters, where there are some and it is no word."""
    found = tokens(node)
    written = joined(found)
    for wide in ("=", "+", "−"):
        written = written.replace(f" {wide} ", wide)
    written = written.replace(", ", ",")
    if len(written) <= MAX_SMALL and not is_word(found) and all(character in small for character in written):
        return "".join(small[character] for character in written)
    alone = len(found) == 1 and not set(written) & set(" /")
    return mark + (written if alone or (mark == "_" and written.isalnum()) else f"({written})")


def is_word(found: list[Token]) -> bool:
    return any(token.kind == "word" for token in found)


def numerator(node: Element) -> str:
    written = joined(tokens(node))
    return f"({written})" if set(written) & set(" /") else written


def denominator(node: Element) -> str:
    written = joined(tokens(node))
    return written if written.startswith("∂") and " " not in written else bracketed(tokens(node))


def grouped(node: Element) -> str:
    return bracketed(tokens(node))


def bracketed(found: list[Token]) -> str:
    """A piece that stands for itself, or several in brackets."""
    written = joined(found)
    return written if len(found) == 1 and not set(written) & set(" /") else f"({written})"
