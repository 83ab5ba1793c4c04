"""One test of a suite, as the student and the judge see it, wherever it comes from."""

from __future__ import annotations

from dataclasses import dataclass, fields
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.suite.fixtures import Call, CheckRun


@dataclass(frozen=True)
class Check:
    id: str
    title: str
    points: Fraction
    hint: str
    not_allowed: tuple[str, ...]  # anywhere in the submission
    not_allowed_within: tuple[str, ...]  # in the calls of this check
    reveals: str
    hidden_input: bool
    inputs: str = ""  # a name that checks with the same inputs share

    def run(self, check_run: CheckRun) -> None:
        """Asks a submission. Raises AssertionError or StudentError where it is wrong."""
        raise NotImplementedError


@dataclass(frozen=True)
class Recorded(Check):
    """A check that does nothing but `agree` and `observe`, as the calls it makes (see grader.suite.plan).

    It need not draw and encode its inputs anew for each submission, nor have the test at hand.
    """

    calls: tuple[Call, ...] = ()

    @staticmethod
    def of(check: Check, calls: tuple[Call, ...]) -> Recorded:
        return Recorded(**{field.name: getattr(check, field.name) for field in fields(Check)}, calls=calls)

    def run(self, check_run: CheckRun) -> None:
        check_run.replay(self.calls)
