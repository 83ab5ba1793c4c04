"""A suite that pytest collects: it finds the checks, and this runs them without pytest's cost for each test.

Collection is pytest's own (marks, parametrize, fixtures, classes, rewritten asserts), once a suite. Running a
check is a plain call of its function with its fixtures, which takes microseconds where pytest's protocol and its
representation of failures take milliseconds. Fixtures of the suite live as long as one check, whatever their scope.
"""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from grader.compat import fixture_definitions
from grader.errors import SuiteError
from grader.suite.check import Check
from grader.suite.fixtures import CheckRun
from grader.suite.marked import GIVEN, Test, facts, failing_as_asserted


@dataclass(frozen=True)
class Collected(Check):
    """A check with its test."""

    item: pytest.Function = field(kw_only=True)

    @cached_property
    def _arguments(self) -> tuple[str, ...]:
        return tuple(inspect.signature(self.item.obj).parameters)

    def run(self, check_run: CheckRun) -> None:
        """Calls the test. Raises what the test raises."""
        with ExitStack() as finalizers:
            values: dict[str, Any] = {}
            arguments = {name: self._fixture(name, check_run, values, finalizers) for name in self._arguments}
            with failing_as_asserted():
                self.item.obj(**arguments)

    def _fixture(self, name: str, check_run: CheckRun, values: dict[str, Any], finalizers: ExitStack) -> Any:
        if name in GIVEN:
            return check_run.fixture(name)
        parameters = self.item.callspec.params if hasattr(self.item, "callspec") else {}
        definitions = fixture_definitions(self.item, name)
        definition = definitions[-1] if definitions else None
        own = definition is not None and definition.func.__module__ == self.item.module.__name__
        if name in parameters and not own:
            return parameters[name]
        if definition is None:
            raise SuiteError(f"{self.id} wants a fixture {name!r} that there is none of")
        if name not in values:
            arguments = {
                key: SimpleNamespace(param=parameters.get(name))
                if key == "request"
                else self._fixture(key, check_run, values, finalizers)
                for key in definition.argnames
            }
            if inspect.isgeneratorfunction(definition.func):
                values[name] = finalizers.enter_context(contextmanager(definition.func)(**arguments))
            else:
                values[name] = definition.func(**arguments)
        return values[name]


class _Collector:
    """Takes pytest's place where it would run the tests."""

    items: list[pytest.Item]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.items = list(session.items)
        return True


# What pytest would set up around tests that it runs itself, and does not here.
UNUSED = [
    "terminal",
    "cacheprovider",
    "junitxml",
    "doctest",
    "unittest",
    "faulthandler",
    "logging",
    "capture",
    "pastebin",
    "setuponly",
    "setupplan",
    "stepwise",
    "debugging",
    "legacypath",
    "recwarn",
    "tmpdir",
    "threadexception",
    "unraisableexception",
    "warnings",
]

OF_USERS = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")  # of the environment: options and plugins for every run of pytest


def collect(path: Path) -> tuple[Collected, ...]:
    """The checks of a suite, in the order of its file. Raises SuiteError with what pytest has to say."""
    collector = _Collector()
    options = [str(path), "--rootdir", str(path.parent), "-c", os.devnull, "--import-mode=importlib"]
    options += ["--confcutdir", str(path.parents[1])]  # above solutions/ it is not the course's: it may be anyone's
    options += ["--disable-plugin-autoload", *(option for name in UNUSED for option in ("-p", f"no:{name}"))]
    options += ["-p", "grader.pytest_plugin"]
    before = set(sys.modules)
    with by_itself():
        status = pytest.main(options, plugins=[collector])
    # What a suite of the same name has, of another course or before an edit, must not be taken for what this one has.
    for name in [name for name in sys.modules if name.endswith(path.stem)] + left_by(path, before):
        sys.modules.pop(name, None)
    if status == pytest.ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    if status != pytest.ExitCode.OK or not getattr(collector, "items", None):
        raise SuiteError(f"{path} cannot be collected; see `pytest --collect-only {path}`")
    return tuple(checks_of(collector.items))


def left_by(path: Path, before: set[str]) -> list[str]:
    """The modules that a suite brought along out of its course: its package, a conftest, helpers."""
    folder = os.path.realpath(path.parents[1]) + os.sep
    new = [name for name in sys.modules if name not in before]
    files = {name: getattr(sys.modules[name], "__file__", None) for name in new}  # which may import still more
    return [name for name, file in files.items() if file and os.path.realpath(file).startswith(folder)]


@contextmanager
def by_itself() -> Iterator[None]:
    """Within it pytest takes nothing of what somebody set for test runs of their own."""
    kept = {name: os.environ.pop(name) for name in OF_USERS if name in os.environ}
    try:
        yield
    finally:
        os.environ |= kept


def checks_of(items: list[pytest.Item]) -> Iterator[Collected]:
    functions = [item for item in items if isinstance(item, pytest.Function)]
    tests = [test_of(item) for item in functions]
    for fields, item in zip(facts(tests), functions, strict=True):
        yield Collected(**fields, item=item)


def test_of(item: pytest.Function) -> Test:
    family = (item.parent.nodeid if item.parent else "", item.originalname)
    parameters, case = (item.callspec.params, item.callspec.id) if hasattr(item, "callspec") else ({}, None)
    return Test(item.name, family, item.obj, tuple(item.iter_markers()), parameters, case)
