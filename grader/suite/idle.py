"""Idle submissions, which do nothing: what passes a check on one of them says nothing yet about a submission.

Each answers every call in one simple way, whatever was asked. A function is replaced by one that answers so, a class
by one of the same bases whose methods do.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from grader.suite.check import Check, Recorded
from grader.suite.oracles import Local, Trusted
from grader.suite.verdict import Verdict, judge


def first(*args: Any, **kwargs: Any) -> Any:
    return next(iter((*args, *kwargs.values())), None)


def second(*args: Any, **kwargs: Any) -> Any:
    return next(iter((*args[1:], *kwargs.values())), None)


def last(*args: Any, **kwargs: Any) -> Any:
    return next(reversed((*args, *kwargs.values())), None)


def nothing(*args: Any, **kwargs: Any) -> None:
    return None


def empty(*args: Any, **kwargs: Any) -> list[Any]:
    return []


def zero(*args: Any, **kwargs: Any) -> float:
    """For functions whose answer is a number."""
    return 0.0


def no_loss(*args: Any, **kwargs: Any) -> Any:
    """The same as a tensor, of the dtype of the first argument."""
    value = first(*args, **kwargs)
    return value.new_zeros(()) if hasattr(value, "new_zeros") else 0.0


def every(*args: Any, **kwargs: Any) -> Any:
    """For functions whose answer is places in their first argument."""
    return np.arange(len(first(*args, **kwargs)))


def copied(*args: Any, **kwargs: Any) -> Any:
    return copy.deepcopy(first(*args, **kwargs))


def filled(number: int, *args: Any, **kwargs: Any) -> Any:
    """As `first`, with one number in every place."""
    return like(first(*args, **kwargs), number)


def like(value: Any, number: int) -> Any:
    if isinstance(value, (list, tuple)):
        return type(value)(like(item, number) for item in value)
    if isinstance(value, np.ndarray):
        return np.full_like(value, number)
    if hasattr(value, "new_full"):  # a tensor
        return value.new_full(value.shape, number)
    return type(value)(number) if isinstance(value, (bool, int, float)) else value


def two(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
    """For functions with two answers."""
    return first(*args, **kwargs), first(*args, **kwargs)


def with_ones(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
    """For functions that answer with a mask as well."""
    return first(*args, **kwargs), filled(1, *args, **kwargs)


def three(*args: Any, **kwargs: Any) -> tuple[Any, Any, Any]:
    return (*two(*args, **kwargs), first(*args, **kwargs))


def refuse(*args: Any, **kwargs: Any) -> None:
    """For probes that answer with a word for an error."""
    raise ValueError("refused")


def applied(*args: Any, **kwargs: Any) -> Any:
    """For functions that take a model: what it answers to the rest."""
    model, *rest = (*args, *kwargs.values())
    return model(*rest)


WAYS: tuple[Callable[..., Any], ...] = (
    first,
    second,
    last,
    nothing,
    empty,
    zero,
    no_loss,
    every,
    copied,
    functools.partial(filled, 0),
    functools.partial(filled, 1),
    two,
    with_ones,
    three,
    applied,
    refuse,
)


SECONDS = 10.0  # a check


def idle_sides(reference: Local, names: Iterable[str]) -> list[Trusted]:
    """A side for each way to do nothing. `names`: what the exercise asks for."""
    sides: list[Trusted] = []
    for way in WAYS:
        module = ModuleType(reference.module.__name__)
        for name in names:
            setattr(module, name, idle(getattr(reference.module, name, None), way))
        sides.append(Local(module, reference.probes))
    return sides


def idle(original: Any, way: Callable[..., Any]) -> Any:
    """What stands in for a function or a class of the reference."""
    if not isinstance(original, type):
        return way if callable(original) else None

    base: Any = original.__base__

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        base.__init__(self)

    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        return way(*args, **kwargs)

    methods = [name for name, value in vars(original).items() if isinstance(value, FunctionType)]
    return type(original.__name__, original.__bases__, dict.fromkeys(methods, method) | {"__init__": __init__})


class Idling:
    """Tells which checks a submission that does nothing passes. Found out where it is asked, as it seldom matters."""

    def __init__(self, verdicts: Sequence[Verdict], sides: Callable[[], Sequence[Trusted]], reference: Trusted) -> None:
        """`verdicts`: those on the reference."""
        self._verdicts = {verdict.check.id: verdict for verdict in verdicts}
        self._make_sides, self._reference = sides, reference
        self._found: dict[str, bool] = {}

    @cached_property
    def _sides(self) -> Sequence[Trusted]:
        return self._make_sides()

    def __contains__(self, id: object) -> bool:
        if id not in self._found:
            verdict = self._verdicts[str(id)]
            self._found[str(id)] = any(self._passes(in_short(verdict), side) for side in self._sides)
        return self._found[str(id)]

    def _passes(self, check: Check, side: Trusted) -> bool:
        return judge(check, side, self._reference, 0, SECONDS).passed


def in_short(verdict: Verdict) -> Check:
    """A check as the calls that it made."""
    return Recorded.of(verdict.check, tuple(call for call in verdict.calls if not call.observed))
