"""The checks of a plain suite, without pytest: its functions with their marks, and no fixtures or classes of its own.

To import pytest and to collect by it takes a third of a grade. A suite that was collected by it before, and was found
to be plain, is run with a stand-in in its place (see grader.suite.suite_cache). The stand-in notes marks; whatever else
of pytest a check asks for while it runs, as `pytest.raises`, is pytest's own, imported then.
"""

from __future__ import annotations

import builtins
import inspect
import itertools
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FunctionType, ModuleType, SimpleNamespace
from typing import Any

from grader.compat import REWRITE
from grader.suite.check import Check
from grader.suite.fixtures import CheckRun
from grader.suite.marked import GIVEN, Test, facts, failing_as_asserted

BY_NAME = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
LONGEST = 100  # characters of a parameter that names a case


class NotPlain(Exception):
    """A suite that pytest has to collect."""


@dataclass(frozen=True)
class Plain(Check):
    """A check that is a function, whose arguments are given or listed."""

    test: Test = field(kw_only=True)

    def run(self, check_run: CheckRun) -> None:
        """Calls the test. Raises what the test raises."""
        parameters = self.test.parameters
        names = inspect.signature(self.test.function).parameters
        arguments = {name: check_run.fixture(name) if name in GIVEN else parameters[name] for name in names}
        with failing_as_asserted():
            self.test.function(**arguments)


@dataclass(frozen=True)
class Noted:
    """A mark, and the decorator that gives it to a function."""

    name: str
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if len(args) == 1 and not kwargs and callable(args[0]):
            if not isinstance(args[0], FunctionType) or args[0].__name__ == "<lambda>":
                raise NotPlain(f"{self.name} of {args[0]}")
            args[0].pytestmark = [*getattr(args[0], "pytestmark", ()), self]  # type: ignore[attr-defined]
            return args[0]
        return Noted(self.name, self.args + args, self.kwargs | kwargs)


class Marks:
    def __getattr__(self, name: str) -> Noted:
        return Noted(name)


class StandIn:
    """What a suite has for pytest. While its module is run there is nothing but marks."""

    def __init__(self) -> None:
        self.mark = Marks()
        self.is_ready = False

    def __getattr__(self, name: str) -> Any:
        if not self.is_ready:
            raise NotPlain(f"pytest.{name}")
        import pytest

        return getattr(pytest, name)


class Later:
    """A module that is imported once something of it is asked for, as by an assert that fails."""

    def __getattr__(self, name: str) -> Any:
        from importlib import import_module

        return getattr(import_module(REWRITE), name)


def plain_checks(code: CodeType, path: Path) -> tuple[Plain, ...]:
    """The checks of a suite. Raises NotPlain, and whatever its module raises."""
    module = module_of(code, path)
    shared = getattr(module, "pytestmark", ())
    around = list(shared) if isinstance(shared, (list, tuple)) else [shared]
    tests: list[Test] = []
    for name, value in vars(module).items():
        if name.startswith("test") and callable(value):
            if not isinstance(value, FunctionType):
                raise NotPlain(name)
            tests += cases(name, value, [*getattr(value, "pytestmark", ()), *around])
        elif name.startswith(("Test", "pytest_")):
            raise NotPlain(name)
    return tuple(Plain(**fields, test=test) for fields, test in zip(facts(tests), tests, strict=True))


def module_of(code: CodeType, path: Path) -> ModuleType:
    """A suite's module, run with the stand-in."""
    stand_in = StandIn()
    rewrite = SimpleNamespace(assertion=SimpleNamespace(rewrite=Later()))

    def import_(
        name: str, globals: Any = None, locals: Any = None, fromlist: Sequence[str] = (), level: int = 0
    ) -> Any:
        if name == "pytest":
            return stand_in
        if name == REWRITE and not fromlist:
            return rewrite
        return builtins.__import__(name, globals, locals, fromlist, level)

    module = ModuleType(path.stem)
    vars(module).update(__file__=str(path), __builtins__=vars(builtins) | {"__import__": import_})
    before = sys.modules.get(path.stem)
    sys.modules[path.stem] = module  # where classes look for what their annotations name
    try:
        exec(code, module.__dict__)
    finally:
        del sys.modules[path.stem]
        if before is not None:
            sys.modules[path.stem] = before
    stand_in.is_ready = True
    return module


def cases(name: str, function: FunctionType, marks: Sequence[Noted]) -> Iterator[Test]:
    """A test; one for each case where it is parametrised."""
    lists = [sets(mark) for mark in marks if mark.name == "parametrize"]
    for chosen in itertools.product(*lists):
        parameters = {name: value for _, values in chosen for name, value in values.items()}
        case = "-".join(id for id, _ in chosen) if lists else None
        for argument in inspect.signature(function).parameters.values():
            is_there = argument.name in GIVEN or argument.name in parameters
            if not is_there or argument.default is not argument.empty or argument.kind not in BY_NAME:
                raise NotPlain(f"{name} wants {argument}")
        whole = name if case is None else f"{name}[{case}]"
        yield Test(whole, ("", name), function, marks, parameters, case)


def sets(mark: Noted) -> list[tuple[str, dict[str, Any]]]:
    """What `parametrize` lists: the name of each case, and the parameters in it."""
    if len(mark.args) != 2 or mark.kwargs.keys() - {"ids"} or isinstance(mark.args[1], Iterator):
        raise NotPlain(str(mark))
    names, listed = mark.args[0], list(mark.args[1])
    ids = mark.kwargs.get("ids")
    if isinstance(names, str):
        names = [name.strip() for name in names.split(",") if name.strip()]
        listed = [(value,) for value in listed] if len(names) == 1 else listed
    found = []
    for number, values in enumerate(listed):
        if not isinstance(values, (list, tuple)) or len(values) != len(names):
            raise NotPlain(str(mark))
        if isinstance(ids, (list, tuple)) and len(ids) == len(listed) and ids[number] is not None:
            id = worded(ids[number]) or ""
        else:
            made = [ids(value) if callable(ids) else None for value in values]
            worded_values = [worded(value if own is None else own) for own, value in zip(made, values, strict=True)]
            id = "-".join(word or f"{name}{number}" for word, name in zip(worded_values, names, strict=True))
        found.append((id, dict(zip(names, values, strict=True))))
    if not found or len({id for id, _ in found}) < len(found) or any(not id for id, _ in found):
        raise NotPlain(str(mark))
    return found


def worded(value: Any) -> str | None:
    """What stands for a parameter in the name of a case; None where it has no word of its own."""
    if isinstance(value, (str, bytes)):
        if not isinstance(value, str) or not value.isascii() or not value.isprintable() or len(value) > LONGEST:
            raise NotPlain(repr(value))
        return value
    if value is None or isinstance(value, (float, int, bool, complex)):
        return str(value)
    name = getattr(value, "__name__", None)
    return name if isinstance(name, str) else None
