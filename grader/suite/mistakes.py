"""Known mistakes: the few edits that make a reference wrong in one way.

    Mistake(
        "no_max_subtracted",
        "The maximum is not subtracted before the exponential",
        "exp overflows to infinity near 710 ...",
        replace("x - x.max(axis=axis, keepdims=True)", "x"),
    )

or, as a whole function that takes the place of the reference's of that name, up to the two underscores:

    def softmax__no_max(x, axis=-1):
        e = np.exp(x)
        return e / e.sum(axis=axis, keepdims=True)

    wrong("no_max_subtracted", "The maximum is not subtracted …", "exp overflows …", softmax__no_max)

A mistake may have several variants, since students make the same slip in more than one way; each is a list of
edits to the text of the reference. Edits of two mistakes can be applied together, which is how a submission with
both is recognised.
"""

from __future__ import annotations

import inspect
import re
import sys
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from grader.errors import blaming
from grader.suite.edits import Definitions, Edit

Variant = Edit | Sequence[Edit]


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


def wrong(
    id: str, title: str, explanation: str, *functions: Callable[..., Any], formula: str = "", textbook: bool = False
) -> Mistake:
    """A mistake as whole functions, or classes, each a variant: `f__words` takes the place of the reference's f."""
    variants = [Definitions(*as_asked(function)) for function in functions]
    return Mistake(id, title, explanation, *variants, formula=formula, textbook=textbook)


def as_asked(function: Callable[..., Any]) -> tuple[str, str]:
    """The text of a function under the name that stands before its two underscores, and that name."""
    name = function.__name__.partition("__")[0]
    if not name.isidentifier():
        raise ValueError(f"a mistake is written as a function or a class of its own, not as {function.__name__}")
    text = textwrap.dedent(inspect.getsource(function))
    return re.sub(rf"\b{function.__name__}\b", name, text), name


def module_of(source: str, name: str) -> ModuleType:
    """A module with the definitions of a trusted source: a reference, or one made wrong.

    It can be found among the imported ones, as dataclasses and type hints need it, but by no name that anybody imports.
    """
    module = ModuleType(f"solutions.{name}")
    module.__file__ = f"{name}.py"
    sys.modules[module.__name__] = module
    exec(compile(source, f"{name}.py", "exec"), module.__dict__)
    return module


def load_mistakes(path: Path) -> tuple[Mistake, ...]:
    """The list MISTAKES of a mistakes.py; none where there is no such file. Raises SuiteError."""
    if not path.exists():
        return ()
    module = ModuleType("mistakes")
    module.__file__ = str(path)  # where the text of its functions is found; of its classes by their module's name
    before = sys.modules.get(module.__name__)
    sys.modules[module.__name__] = module
    try:
        with blaming(path, str(path)):
            exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), module.__dict__)
            return tuple(module.MISTAKES)
    finally:
        del sys.modules[module.__name__]
        if before is not None:
            sys.modules[module.__name__] = before
