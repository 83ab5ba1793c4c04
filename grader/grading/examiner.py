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
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from grader.cache import Cache
from grader.course.course import Course
from grader.course.exercise import Exercise
from grader.grading.causes import causes_and_notes
from grader.grading.hints import hints_that_fit
from grader.grading.settings import Settings, check_walls
from grader.result import CheckResult, Result, Sandbox
from grader.sandbox.answers import Used, without_paths
from grader.sandbox.client import Examinee, Opening
from grader.sandbox.host import CAN_FORK, MAX_EQUIPPED, Host, Hosts, SandboxError
from grader.sandbox.protocol.setup import Setup
from grader.sandbox.worker.memory import give_back, uncollected
from grader.submissions.submission import Submission
from grader.suite.installed import version
from grader.text import visible

if TYPE_CHECKING:
    from grader.course.answer_key import AnswerKey
    from grader.diagnosis.diagnosis import Diagnosis
    from grader.suite.check import Check
    from grader.suite.plan import Plan
    from grader.suite.verdict import Verdict
    from grader.suite.wording import Wording

    Judged = tuple[Verdict, CheckResult, set[Used]]  # the last: what was called that must not be, while it ran

MAX_PLANS = 8  # settings whose plan is kept
SEED_BYTES = 4
LESS = 10  # times less than `check_seconds` for a function that ran into that limit before
MAX_DECODED = 8 << 20  # bytes of answers that are kept
NOT_ASKED = "not run: the file could not be loaded"
MAX_NOTE = 2000  # characters of what was printed while loading


class Examiner:
    """One exercise, ready to grade: its checks collected, its reference and its mistakes at hand."""

    def __init__(self, exercise: Exercise) -> None:
        from grader.diagnosis.diagnosis import Diagnosis

        self.exercise = exercise
        self.course_used = Course.of(exercise).used
        give_back()
        with uncollected():
            self.key: AnswerKey = exercise.answer_key()
        self.checks: tuple[Check, ...] = self.key.checks
        names = (name for check in self.checks for name in (*check.not_allowed, *check.not_allowed_within))
        self.max_score = float(sum(check.points for check in self.checks))
        self.setup = Setup(exercise.probes, tuple(dict.fromkeys(names)), exercise.is_trusted)
        self.diagnosis: Diagnosis = Diagnosis(self.key.mistakes, self.key.versions, exercise.names)
        self._plans: dict[Settings, Plan] = {}
        self._words: Wording | None = None  # of the submission that was graded last
        self._decoded: Cache[tuple[bytes, int], tuple[list[Any], int]] = Cache(MAX_DECODED)

    def plan(self, settings: Settings) -> Plan:
        """What the suite asks with a seed; made once."""
        if settings not in self._plans:
            if len(self._plans) == MAX_PLANS:
                self._plans.clear()
                self.diagnosis.reference.planned.clear()
            plan = self._plans[settings] = self.key.plan(settings.seed, settings.limits.check_seconds)
            self.diagnosis.reference.planned.update(plan.calls + plan.hidden_calls)
        return self._plans[settings]

    def has_plan(self, settings: Settings) -> bool:
        return settings in self._plans

    def words(self, opening: Opening) -> Wording:
        """What messages about a submission call what failed; made once for it."""
        from grader.suite.wording import Wording

        if self._words is None or self._words.opening is not opening:
            self._words = Wording(self._phrases, self.exercise.libraries, opening)
        return self._words

    @cached_property
    def _phrases(self) -> dict[str, str]:
        from grader.suite.wording import phrases

        return phrases(self.exercise.probes, self.exercise.names)

    def record(self, settings: Settings) -> None:
        """Spares many submissions to come that their checks are run anew for each; for a few it would take longer."""
        from grader.suite.plan import record

        plan = self.plan(settings)
        self._plans[settings] = record(plan, self.diagnosis.reference, settings.seed, settings.limits.check_seconds)

    def grade(self, submission: Submission, host: Host, settings: Settings) -> Result:
        """Grades one submission. A fault of the grader is a result with status "error" and no score."""
        start = time.perf_counter()
        blank = self.blank(submission, settings)
        try:
            result = self._graded(blank, submission, host, settings)
        except SandboxError as error:
            result = replace(blank, error=str(error))
        return replace(result, duration=time.perf_counter() - start)

    def blank(self, submission: Submission, settings: Settings, error: str = "") -> Result:
        """The result of a submission that was not graded."""
        return Result(
            exercise=self.exercise.name,
            submission=submission.path,
            student=submission.student,
            status="error",
            score=None,
            seed=settings.seed,
            title=self.exercise.title,
            source=submission.source.decode("utf-8", "replace"),
            environment=environment(self.exercise.libraries),
            course=self.course_used,
            error=error,
        )

    def _graded(self, blank: Result, submission: Submission, host: Host, settings: Settings) -> Result:
        opening = Opening(
            source=submission.source,
            filename=submission.filename,
            cells=submission.cells,
            names=self.exercise.names,
            setup=self.setup,
        )
        judged: dict[str, Judged] = {}
        hidden = {check.id for check in self.checks if check.hidden_input}
        open_checks = {check.id for check in self.checks} - hidden
        seen, printed, settings = self._examined(host, opening, open_checks, settings, judged)
        plan = self.plan(settings)
        used = set(seen.used)
        if hidden:
            # In a worker of its own: what answers the other checks never sees their inputs. And nothing of this worker
            # is shown that could tell them.
            examinee, _, _ = self._examined(host, opening, hidden, settings, judged, seen)
            used |= {Used(one.pattern, one.pattern) for one in examinee.used}
        verdicts = [judged[check.id][0] for check in self.checks]
        causes, notes = causes_and_notes(seen, self.words(opening), (verdict.message for verdict in verdicts))
        if printed:
            notes.append(f"Printed while the file was loaded: {printed[:MAX_NOTE]}")
        fitting = hints_that_fit(verdicts)
        own = [forbid(judged[check.id][1], check.not_allowed, used) for check in self.checks]
        unearned = plan.unearned({result.id for result in own if result.status == "passed"})
        counted = [withhold(result, unearned.get(result.id)) for result in own]
        results = [replace(one, hint=fitting[one.id]) if fitting.get(one.id) else one for one in counted]
        graded = replace(
            blank,
            causes=tuple(causes),
            checks=tuple(results),
            sandbox=Sandbox.of(host.layers),
            notes=tuple(notes),
            remarks=tuple(f"{opening.place(line)}: {what}" for line, what in seen.remarks),
        )
        broken = next((result for result in results if result.status == "error"), None)
        if broken is not None:
            return replace(graded, error=f"{broken.id}: {broken.message}")
        earned = sum(check.points for check, result in zip(self.checks, results, strict=True) if result.score)
        return replace(
            graded,
            status="graded",
            score=float(earned),
            max_score=self.max_score,
            mistakes=() if all(verdict.passed for verdict in verdicts) else self.diagnosis.name_mistakes(verdicts),
            not_allowed=names_of(self._forbidden(used).union(*(made for _, _, made in judged.values()))),
        )

    def _examined(
        self,
        host: Host,
        opening: Opening,
        ids: Collection[str],
        settings: Settings,
        judged: dict[str, Judged],
        before: Examinee | None = None,
    ) -> tuple[Examinee, str, Settings]:
        """A submission that was asked the checks of these ids, what it printed while it was loaded, and the settings
        with which it was asked. `before`: the same with other checks.

        Where it makes a forbidden call it is asked once more, from the beginning and call by call: a worker that has
        all calls at once can make that call for any of them ahead. It is asked about other inputs then. Two workers on
        one machine cannot be kept from leaving each other signs (when a file was read last, how many processes there
        were), but what the first could tell is of no use to the second.
        """
        hidden = before is not None
        for one_by_one in (False, True):
            if one_by_one:
                settings = self._with_other_inputs(settings)
            plan = self.plan(settings)
            calls = plan.hidden_calls if hidden else plan.calls
            decoded = self._decoded if plan.is_recorded and not hidden else None
            examinee = Examinee(host, opening, settings.limits, calls, decoded, plan.sizes, one_by_one=one_by_one)
            if before:
                examinee.go_on_from(before)
            try:
                examinee.load()
                printed = examinee.take_output().strip()
                checks = [check for check in plan.checks if check.id in ids]
                self._ask(examinee, checks, plan, settings, judged)
            finally:
                examinee.close()
            if not examinee.is_to_be_asked_again:
                break
            before = examinee
        return examinee, printed, settings

    def _with_other_inputs(self, settings: Settings) -> Settings:
        """The next seed, where an exercise has few of them; else one that follows from this one."""
        seeds = self.exercise.seeds
        if seeds is None:
            digest = blake2b(str(settings.seed).encode(), digest_size=SEED_BYTES).digest()
            return replace(settings, seed=int.from_bytes(digest, "big"))
        place = seeds.index(settings.seed) if settings.seed in seeds else -1
        return replace(settings, seed=seeds[(place + 1) % len(seeds)])

    def _ask(
        self,
        examinee: Examinee,
        checks: Sequence[Check],
        plan: Plan,
        settings: Settings,
        judged: dict[str, Judged],
    ) -> None:
        slow: set[str] = set()
        for check in checks:
            if examinee.is_to_be_asked_again:
                return
            judged[check.id] = self._judge(check, examinee, plan, settings, slow)
            slow |= judged[check.id][0].timed_out

    def _judge(self, check: Check, examinee: Examinee, plan: Plan, settings: Settings, slow: set[str]) -> Judged:
        """Runs a check. `slow`: functions that ran into the limit before, and are not waited for as long again."""
        from grader.suite.verdict import Verdict, judge

        start = time.perf_counter()
        seconds = settings.limits.check_seconds
        if not slow.isdisjoint(plan.targets[check.id]):
            seconds = min(seconds, max(1.0, seconds / LESS))
        if check.id in plan.broken:
            message = f"the reference fails this check with seed {settings.seed}: {plan.broken[check.id]}"
            verdict = Verdict(check, "error", message)
        elif examinee.unreadable:
            verdict = Verdict(check, "not_run", NOT_ASKED)
        elif examinee.out_of_time:
            verdict = Verdict(check, "not_run", f"not run: all before it took {examinee.spent:.0f} s")
        else:
            words = self.words(examinee.opening)
            verdict = judge(check, examinee, self.diagnosis.reference, settings.seed, seconds, words=words)
        printed = examinee.take_output()
        worth = float(check.points)
        used = examinee.take_used()
        hidden = check.hidden_input
        if hidden:
            used = {Used(one.pattern, one.pattern) for one in used}
        line = None if verdict.passed or hidden else verdict.raised_at or examinee.lines.get(verdict.last_function)
        result = CheckResult(
            id=check.id,
            title=check.title,
            status=verdict.status,
            score=worth if verdict.passed else 0.0,
            max_score=worth,
            message=without_paths(visible(verdict.message)),
            duration=0.0 if hidden else time.perf_counter() - start,
            line=line,
            place=examinee.opening.place(line) if line else "",
            printed="" if hidden else printed,
            difference=verdict.difference,
        )
        made = {one for one in used if one.pattern in check.not_allowed_within}
        return verdict, forbid(result, check.not_allowed_within, used), made

    def _forbidden(self, used: set[Used]) -> set[Used]:
        """What of the calls is forbidden wherever it is made."""
        patterns = {pattern for check in self.checks for pattern in check.not_allowed}
        return {one for one in used if one.pattern in patterns}


def forbid(result: CheckResult, patterns: tuple[str, ...], used: set[Used]) -> CheckResult:
    """The result of a check whose work a forbidden call may have done."""
    made = {one for one in used if one.pattern in patterns} if used else used
    if not made or result.status != "passed":
        return result
    names = names_of(made)
    return replace(result, status="failed", score=0.0, message=f"not allowed: {', '.join(names)}")


def names_of(used: set[Used]) -> tuple[str, ...]:
    """The forbidden calls as a student is told: of all that one call leads to, what the exercise itself speaks of."""
    spoken_of = {one.name for one in used if fnmatchcase(one.name, one.pattern)}
    return tuple(sorted(spoken_of or {one.name for one in used}))


def withhold(result: CheckResult, function: str | None) -> CheckResult:
    """The result of a check that counts only once the function answers others."""
    if function is None or result.status != "passed":
        return result
    return replace(result, status="failed", score=0.0, message=f"counts once {function} gives a right answer elsewhere")


@functools.cache
def environment(libraries: tuple[str, ...]) -> dict[str, str]:
    """Versions to reproduce a result with."""
    found = {"grader": version("dl-grader"), "python": platform.python_version()}
    for name in libraries:
        with suppress(ImportError):  # a part of a package, or one that is called otherwise
            found[name] = version(name)
    return found


class Grading:
    """Grades the submissions of a run, or of several: each exercise's suite is collected once."""

    def __init__(
        self, course: Course, hosts: Hosts, ready: Callable[[Exercise], Examiner | None] = lambda exercise: None
    ) -> None:
        """`ready`: an examiner that is at hand already."""
        self.course, self.hosts, self._ready = course, hosts, ready
        self.examiners: dict[str, Examiner] = {}

    def grade(self, submissions: Iterable[Submission], settings: Settings) -> Iterator[Result]:
        """Several are judged in a process of their own, which may die over one of them.

        Raises CourseError, SuiteError, and SandboxError where a wall is missing.
        """
        submissions = list(submissions)
        first = list(dict.fromkeys(submission.exercise for submission in submissions))[:MAX_EQUIPPED]
        for submission in submissions:
            exercise = self.course.exercise(submission.exercise)
            host = self.hosts.get(exercise.libraries)
            if exercise.name not in self.examiners:
                self.examiners[exercise.name] = self._ready(exercise) or Examiner(exercise)
            examiner = self.examiners[exercise.name]
            if exercise.name in first:
                self.hosts.equipped(exercise.libraries, examiner.setup)  # while this process makes its plan
            examiner.plan(settings)
            if settings.must_confine:
                check_walls(host)

        def grade(submission: Submission, hosts: Hosts) -> Result:
            examiner = self.examiners[submission.exercise]
            return examiner.grade(submission, hosts.equipped(examiner.exercise.libraries, examiner.setup), settings)

        def blank(submission: Submission, error: str) -> Result:
            return self.examiners[submission.exercise].blank(submission, settings, error)

        self.hosts.let_go()
        if len(submissions) > 1 and CAN_FORK:
            from grader.grading.forked_judge import graded_apart

            yield from graded_apart(submissions, grade, self.hosts, blank)
        else:
            yield from (grade(submission, self.hosts) for submission in submissions)
