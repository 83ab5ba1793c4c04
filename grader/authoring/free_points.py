"""What must earn nothing: doing nothing, and answering with an object that a probe holds.

A probe runs in the worker beside the student's code, which can read all of it. So each thing that an exercise's
probes.py defines, and each standard probe, is tried in the place of everything that the exercise asks for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from types import CodeType, FunctionType, ModuleType
from typing import Any

from grader.grading.examiner import Examiner
from grader.grading.settings import Settings
from grader.sandbox.host import Host
from grader.sandbox.protocol.calls import GIVEN, STANDARD_PROBES
from grader.submissions.submission import Submission
from grader.suite.idle import WAYS, idle_sides, in_short
from grader.suite.oracles import Local, Original, Trusted
from grader.suite.verdict import Verdict, judge

SECONDS = 60.0

IDLE = "def {name}(*args, **kwargs):\n    return {answer}\n"
ANSWERS = ("None", "next(iter((*args, *kwargs.values())), None)")


def check_free_points(examiner: Examiner, host: Host, settings: Settings) -> Iterator[str]:
    """What earns points and must not, a line each."""
    reference = examiner.diagnosis.reference
    assert isinstance(reference, Original)
    names = examiner.exercise.names
    verdicts = [judge(check, reference, reference, settings.seed, SECONDS) for check in examiner.checks]
    earned = earnings(examiner, verdicts, settings)
    for way, side in zip(WAYS, idle_sides(reference, names), strict=True):
        for check in earned(side):
            yield f"{check} gives points for nothing: every function may be `{way_name(way)}` of grader.suite.idle"
    for answer in ANSWERS:
        text = "\n".join(IDLE.format(name=name, answer=answer) for name in names)
        result = examiner.grade(Submission("idle", examiner.exercise.name, text.encode()), host, settings)
        if result.score != 0:
            yield f"a submission of functions that return {answer} scores {result.score}, not 0"
    for name, helper in helpers(examiner.exercise.probes).items():
        module = ModuleType(reference.module.__name__)
        vars(module).update(dict.fromkeys(names, helper))
        for check in earned(Local(module, reference.probes)):
            yield f"{check} gives points for `{name}` of the probes, which the submission can read: it must not help"


def way_name(way: Callable[..., Any]) -> str:
    return getattr(way, "__name__", "filled")


def earnings(examiner: Examiner, verdicts: Sequence[Verdict], settings: Settings) -> Callable[[Trusted], list[str]]:
    plan, reference = examiner.plan(settings), examiner.diagnosis.reference
    checks = [in_short(verdict) for verdict in verdicts]

    def earned(side: Trusted) -> list[str]:
        """The ids of the checks that give a side points."""
        passed = {check.id for check in checks if judge(check, side, reference, settings.seed, SECONDS).passed}
        return sorted(passed - plan.unearned(passed).keys())

    return earned


def helpers(source: str) -> dict[str, Any]:
    """All that the text of a probes.py defines, and the standard probes, as functions and classes by name."""
    namespace = dict(GIVEN)
    code = compile(source, "probes.py", "exec")
    exec(code, namespace)
    found: dict[str, Any] = dict(STANDARD_PROBES)
    for name, value in namespace.items():
        if name not in GIVEN and name != "__builtins__":
            found |= things_in(name, value)
    return found | functions_within(code, namespace)


def things_in(name: str, value: Any) -> dict[str, Any]:
    """A value of a module as something that can be called, with what it holds."""
    if isinstance(value, ModuleType) or getattr(value, "__module__", "probes") != "probes":
        return {}  # imported
    if isinstance(value, type):
        methods = {f"{name}.{key}": each for key, each in vars(value).items() if isinstance(each, FunctionType)}
        return {name: value, **methods}
    if callable(value):
        return {name: value}
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list | tuple) else ()
    inside = {f"{name}[{key!r}]": each for key, each in items if callable(each)}
    return inside or {name: lambda *args, **kwargs: value}


def functions_within(code: CodeType, namespace: dict[str, Any]) -> dict[str, Any]:
    """The functions that stand inside others, as far as they need nothing of these."""
    found: dict[str, Any] = {}
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            if not constant.co_freevars and constant.co_name.isidentifier():
                found[constant.co_qualname] = FunctionType(constant, namespace)
            found |= functions_within(constant, namespace)
    return found
