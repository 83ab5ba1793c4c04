"""The main path: submissions in, results out.

A worker host is started first, so that it imports its libraries while this process imports pytest, collects the
suite and asks the reference all that it will ask. Then each check of the suite runs here and its probes run there;
what came back is compared here, failed checks are diagnosed, and one `Result` tells it all. Every check starts as not
run: a verdict is only ever given for a check that ran to its end.
"""

from __future__ import annotations

import functools
import platform
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from grader.course import Course, Exercise
from grader.report.text import visible
from grader.result import CheckResult, Result
from grader.sandbox.cells import NOT_RUN
from grader.sandbox.examinee import Examinee, Limits, Opening, is_forbidden, without_paths
from grader.sandbox.host import Host, Hosts, SandboxError
from grader.sandbox.keeping import uncollected
from grader.sandbox.kit import Kit
from grader.submission import Submission

if TYPE_CHECKING:
    from grader.answer_key import AnswerKey
    from grader.diagnosis import Diagnosis
    from grader.suite.check import Check
    from grader.suite.plan import Plan
    from grader.suite.verdict import Verdict

MAX_PLANS = 8  # seeds whose plan is kept
LESS = 10  # times less than `check_seconds` for a function that ran into that limit before
MAX_DECODED = 1024  # answers that are kept
MAX_NOTE = 2000  # characters of what was printed while loading


@dataclass(frozen=True)
class Settings:
    seed: int
    limits: Limits = field(default_factory=Limits)
    must_confine: bool = False  # refuse to run without every wall of the sandbox


class Examiner:
    """One exercise, ready to grade: its checks collected, its reference and its mistakes at hand."""

    def __init__(self, exercise: Exercise) -> None:
        from grader.diagnosis import Diagnosis
        from grader.suite.sides import Memory

        self.exercise = exercise
        with uncollected():
            self.key: AnswerKey = exercise.answer_key()
        self.checks: tuple[Check, ...] = self.key.checks
        names = (name for check in self.checks for name in (*check.not_allowed, *check.not_allowed_within))
        self.kit = Kit(exercise.probes, tuple(dict.fromkeys(names)))
        self.diagnosis: Diagnosis = Diagnosis(self.key.mistakes, self.key.sides)
        self._plans: dict[int, Plan] = Memory(MAX_PLANS)
        self._decoded: dict[bytes, Any] = Memory(MAX_DECODED)

    def plan(self, settings: Settings) -> Plan:
        """What the suite asks with a seed; made once."""
        if settings.seed not in self._plans:
            self._plans[settings.seed] = self.key.plan(settings.seed, settings.limits.check_seconds)
        return self._plans[settings.seed]

    def record(self, settings: Settings) -> None:
        """Spares many submissions to come that their checks are run anew for each; for a few it would take longer."""
        from grader.suite.plan import record

        plan = self.plan(settings)
        self._plans[settings.seed] = record(
            plan, self.diagnosis.reference, settings.seed, settings.limits.check_seconds
        )

    def forget(self, settings: Settings) -> None:
        """Lets go of what was answered with a seed that is done with; a recorded answer stays."""
        if settings.seed in self._plans:
            self.key.sides.forget(self._plans[settings.seed].calls)

    def grade(self, submission: Submission, host: Host, settings: Settings) -> Result:
        """Grades one submission. A fault of the grader is a result with status "error" and no score."""
        start = time.perf_counter()
        blank = Result(
            exercise=self.exercise.name,
            submission=submission.path,
            student=submission.student,
            status="error",
            score=None,
            seed=settings.seed,
            title=self.exercise.title,
            source=submission.source.decode("utf-8", "replace"),
            environment=environment(self.exercise.libraries),
        )
        try:
            result = self._graded(blank, submission, host, settings)
        except SandboxError as error:
            result = replace(blank, error=str(error))
        return replace(result, duration=time.perf_counter() - start)

    def _graded(self, blank: Result, submission: Submission, host: Host, settings: Settings) -> Result:
        opening = Opening(
            source=submission.source,
            filename=submission.filename,
            cells=submission.cells,
            names=self.exercise.names,
            kit=self.kit,
        )
        plan = self.plan(settings)
        examinee = Examinee(host, opening, settings.limits, plan.calls, self._decoded if plan.is_recorded else None)
        slow: set[str] = set()
        judged: list[tuple[Verdict, CheckResult]] = []
        try:
            examinee.load()
            notes = notes_on_loading(examinee)
            examinee.take_used()
            for check in plan.checks:
                judged.append(self._judge(check, examinee, settings, slow))
                slow |= judged[-1][0].timed_out
        finally:
            examinee.close()
        verdicts = [verdict for verdict, _ in judged]
        unearned = plan.unearned({verdict.check.id for verdict in verdicts if verdict.passed})
        results = [
            withhold(forbid(result, check, check.not_allowed, examinee.used), unearned.get(check.id))
            for check, (_, result) in zip(self.checks, judged, strict=True)
        ]
        graded = replace(blank, checks=tuple(results), sandbox=host.layers, notes=notes)
        broken = next((result for result in results if result.status == "error"), None)
        if broken is not None:
            return replace(graded, error=f"{broken.id}: {broken.message}")
        earned = sum(check.points for check, result in zip(self.checks, results, strict=True) if result.score)
        return replace(
            graded,
            status="graded",
            score=float(earned),
            max_score=float(sum(check.points for check in self.checks)),
            mistakes=() if all(verdict.passed for verdict in verdicts) else self.diagnosis.name_mistakes(verdicts),
            not_allowed=tuple(sorted(examinee.used)),
        )

    def _judge(
        self, check: Check, examinee: Examinee, settings: Settings, slow: set[str]
    ) -> tuple[Verdict, CheckResult]:
        """Runs a check. `slow`: functions that ran into the limit before, and are not waited for as long again."""
        from grader.suite.verdict import Verdict, judge

        start = time.perf_counter()
        plan = self.plan(settings)
        seconds = settings.limits.check_seconds
        if not slow.isdisjoint(plan.targets[check.id]):
            seconds = min(seconds, max(1.0, seconds / LESS))
        if check.id in plan.broken:
            message = f"the reference fails this check with seed {settings.seed}: {plan.broken[check.id]}"
            verdict = Verdict(check, "error", message)
        elif examinee.out_of_time:
            verdict = Verdict(check, "not_run", f"not run: the checks before it took {examinee.spent:.0f} s")
        else:
            verdict = judge(check, examinee, self.diagnosis.reference, settings.seed, seconds)
        printed = examinee.take_output()
        target = verdict.calls[-1].target if verdict.calls else ""
        worth = float(check.points)
        result = CheckResult(
            id=check.id,
            title=check.title,
            status=verdict.status,
            score=worth if verdict.passed else 0.0,
            max_score=worth,
            message=without_paths(visible(verdict.message)),
            hint="" if verdict.passed else check.hint,
            duration=time.perf_counter() - start,
            line=None if verdict.passed else verdict.raised_at or examinee.lines.get(target),
            printed="" if check.hidden_input else printed,
            difference=verdict.difference,
        )
        return verdict, forbid(result, check, check.not_allowed_within, examinee.take_used())


def notes_on_loading(examinee: Examinee) -> tuple[str, ...]:
    notes = [note_of(examinee.opening, line, message) for line, message in examinee.problems]
    printed = examinee.take_output().strip()
    if printed:
        notes.append(f"Printed while the file was loaded: {printed[:MAX_NOTE]}")
    return tuple(notes)


def note_of(opening: Opening, line: int, message: str) -> str:
    if not line:
        return f"The file was not loaded: {message}"
    place = opening.place(line)
    if message.startswith(f"{NOT_RUN}: "):
        return f"In {place}, not run: {message.removeprefix(f'{NOT_RUN}: ')}"
    return f"{place[0].upper()}{place[1:]} failed while the file was loaded: {message}"


def forbid(result: CheckResult, check: Check, patterns: tuple[str, ...], used: set[str]) -> CheckResult:
    """The result of a check whose work a forbidden call may have done."""
    names = sorted(name for name in used if is_forbidden(name, patterns))
    if not names or result.status != "passed":
        return result
    return replace(result, status="failed", score=0.0, message=f"not allowed: {', '.join(names)}", hint=check.hint)


def withhold(result: CheckResult, function: str | None) -> CheckResult:
    """The result of a check that counts only once the function answers others."""
    if function is None or result.status != "passed":
        return result
    return replace(result, status="failed", score=0.0, message=f"counts once {function} gives a right answer elsewhere")


@functools.cache
def environment(libraries: tuple[str, ...]) -> dict[str, str]:
    """Versions to reproduce a result with."""
    found = {"grader": version("dl-grader"), "python": platform.python_version()}
    return found | {name: version(name) for name in libraries if "." not in name}


class Grading:
    """Grades the submissions of a run, or of several: each exercise's suite is collected once."""

    def __init__(self, course: Course, hosts: Hosts) -> None:
        self.course, self.hosts = course, hosts
        self._examiners: dict[str, Examiner] = {}

    def grade(self, submissions: Iterable[Submission], settings: Settings) -> Iterator[Result]:
        """Raises CourseError, SuiteError, and SandboxError where a wall is missing."""
        for submission in submissions:
            exercise = self.course.exercise(submission.exercise)
            host = self.hosts.get(exercise.libraries)
            if exercise.name not in self._examiners:
                self._examiners[exercise.name] = Examiner(exercise)
            if settings.must_confine:
                check_walls(host)
            yield self._examiners[exercise.name].grade(submission, host, settings)


def check_walls(host: Host) -> None:
    """Raises SandboxError where a wall is missing."""
    missing = [f"{layer.name} ({layer.detail})" for layer in host.layers if not layer.active]
    if missing:
        raise SandboxError(
            f"The sandbox lacks: {'; '.join(missing)}. Grading others' files, or in CI, needs all of it. "
            "`grader doctor` tells more; --allow-unsandboxed grades all the same."
        )
