"""What the answers to an exercise are judged by: its checks, its known mistakes, and what the reference answers.

There are two kinds: an open key is made from the files of solutions/<name>/, a sealed one
(grader.authoring.student_edition) was recorded from it for some seeds and holds values only.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from grader.errors import blaming
from grader.sandbox.host import check_installed
from grader.suite.check import Check
from grader.suite.idle import idle_sides
from grader.suite.mistakes import Mistake, load_mistakes
from grader.suite.oracles import EditedVersions, Trusted, Versions
from grader.suite.plan import Plan, plan
from grader.suite.suite_cache import checks_of


class AnswerKey(Protocol):
    checks: tuple[Check, ...]

    @property
    def mistakes(self) -> tuple[Mistake, ...]: ...

    @property
    def versions(self) -> Versions: ...

    def plan(self, seed: int, seconds: float) -> Plan:
        """The checks as they are to be run with a seed, and what they ask."""


class Files(Protocol):
    """What a key is made from: an exercise has it."""

    @property
    def name(self) -> str: ...

    @property
    def names(self) -> tuple[str, ...]: ...

    @property
    def suite(self) -> Path: ...

    @property
    def reference(self) -> str: ...

    @property
    def libraries(self) -> tuple[str, ...]: ...

    @property
    def mistakes(self) -> Path: ...

    def probe_functions(self) -> dict[str, Callable[..., Any]]: ...

    def digest_now(self) -> str: ...


class OpenKey:
    """From the files of an exercise. Raises SuiteError where one of them cannot be read or run, and SandboxError where
    a library of the exercise is not installed."""

    def __init__(self, exercise: Files) -> None:
        check_installed(exercise.libraries, exercise.name)
        self.checks: tuple[Check, ...] = checks_of(exercise.suite, exercise.digest_now)
        self.mistakes = load_mistakes(exercise.mistakes)
        self.names = exercise.names
        probes = exercise.probe_functions()
        variants = [variant for mistake in self.mistakes for variant in mistake.variants]
        self.versions: Versions
        with blaming(exercise.suite.parent / "reference.py", f"{exercise.name}.py"):
            self.versions = self._edited = EditedVersions(exercise.reference, exercise.name, probes, variants)

    def plan(self, seed: int, seconds: float) -> Plan:
        return plan(self.checks, self.versions.reference, seed, seconds, self._idle_sides)

    def _idle_sides(self) -> list[Trusted]:
        return idle_sides(self._edited.original, self.names)
