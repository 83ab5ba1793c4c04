"""A test of a suite as it was found, and the check that its marks make of it."""

from __future__ import annotations

import inspect
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

GIVEN = ("submission", "reference", "agree", "observe", "rng")


class Mark(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def args(self) -> tuple[Any, ...]: ...


@dataclass(frozen=True)
class Test:
    name: str
    family: tuple[str, str]  # what the cases of a parametrised test have in common
    function: Callable[..., Any]
    marks: Sequence[Mark]  # the nearest first
    parameters: dict[str, Any]
    case: str | None  # of a parametrised test: which one it is

    def argument(self, mark: str, default: Any) -> Any:
        nearest = next((each for each in self.marks if each.name == mark), None)
        return nearest.args[0] if nearest is not None and nearest.args else default

    def names(self, mark: str) -> tuple[str, ...]:
        return tuple(name for each in self.marks if each.name == mark for name in each.args)

    @property
    def title(self) -> str:
        """The first paragraph of the docstring; {names} in it stand for the parameters."""
        text = inspect.getdoc(self.function) or ""
        title = " ".join(text.partition("\n\n")[0].split())
        if self.case is None:
            return title
        filled = title
        for name, value in self.parameters.items():
            filled = filled.replace("{" + name + "}", str(getattr(value, "__name__", value)))
        return filled if filled != title else f"{title} ({self.case})" if title else ""


def facts(tests: Sequence[Test]) -> Iterator[dict[str, Any]]:
    """The fields of each test's check."""
    cases = Counter(test.family for test in tests)
    for test in tests:
        yield {
            "id": test.name,
            "title": test.title,
            "points": Fraction(str(test.argument("points", 0))) / cases[test.family],
            "hint": str(test.argument("hint", "")),
            "not_allowed": test.names("not_allowed"),
            "not_allowed_within": test.names("not_allowed_within"),
            "reveals": str(test.argument("reveals", "")),
            "hidden_input": any(mark.name == "hidden_input" for mark in test.marks),
            "inputs": str(test.argument("same_inputs", "")),
        }


@contextmanager
def failing_as_asserted() -> Iterator[None]:
    """Within it `pytest.fail` is a failed assertion."""
    try:
        yield
    except BaseException as failure:
        pytest = sys.modules.get("pytest")  # nobody has called it where it was not imported
        if pytest is not None and isinstance(failure, pytest.fail.Exception):
            raise AssertionError(str(failure)) from None
        raise
