"""Known mistakes: the few edits that make a reference wrong in one way.

    Mistake(
        "no_max_subtracted",
        "The maximum is not subtracted before the exponential",
        "exp overflows to infinity near 710 ...",
        replace("x - x.max(axis=axis, keepdims=True)", "x"),
    )

A mistake may have several variants, since students make the same slip in more than one way; each is a list of
edits to the text of the reference. Edits of two mistakes can be applied together, which is how a submission with
both is recognised.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

Edit = Callable[[str], str]
Variant = Edit | Sequence[Edit]


class EditError(ValueError):
    """An edit does not fit the reference: its text is not there, or not just once."""


def replace(old: str, new: str) -> Edit:
    """Replaces a piece of the reference that occurs exactly once."""

    def edit(source: str) -> str:
        if source.count(old) != 1:
            raise EditError(f"{old!r} occurs {source.count(old)} times in the reference, expected once")
        return source.replace(old, new)

    return edit


def define(code: str) -> Edit:
    """Adds definitions at the end; a function of the same name takes the place of the reference's."""

    def edit(source: str) -> str:
        return f"{source}\n\n{textwrap.dedent(code)}\n"

    return edit


@dataclass(frozen=True)
class Mistake:
    """A mistake that students make. `textbook` marks a slip that printed answers make too."""

    id: str
    title: str
    explanation: str
    variants: tuple[tuple[Edit, ...], ...]
    formula: str = ""  # LaTeX
    textbook: bool = False

    def __init__(
        self, id: str, title: str, explanation: str, *variants: Variant, formula: str = "", textbook: bool = False
    ) -> None:
        sequences = tuple((variant,) if callable(variant) else tuple(variant) for variant in variants)
        for name, value in (
            ("id", id),
            ("title", title),
            ("explanation", " ".join(explanation.split())),
            ("variants", sequences),
            ("formula", formula),
            ("textbook", textbook),
        ):
            object.__setattr__(self, name, value)


def edited(source: str, edits: Sequence[Edit]) -> str:
    """The reference with a mistake in it. Raises EditError."""
    for edit in edits:
        source = edit(source)
    return source


def module_of(source: str, name: str) -> ModuleType:
    """A module with the definitions of a trusted source: a reference, or one made wrong."""
    module = ModuleType(name)
    exec(compile(source, f"{name}.py", "exec"), module.__dict__)
    return module


def load_mistakes(path: Path) -> tuple[Mistake, ...]:
    """The list MISTAKES of a mistakes.py; none where there is no such file."""
    if not path.exists():
        return ()
    module = module_of(path.read_text(encoding="utf-8"), "mistakes")
    return tuple(module.MISTAKES)
