"""The course check: what an exercise must prove before anybody is graded by it.

The stub scores nothing and runs; the reference scores everything, whatever the seed and the order of the checks;
every known mistake, in each of its variants, loses points and is named as itself and as nothing else; doing nothing,
and answering with what the probes hold, earns nothing; the points add up to 100 and every check has a title. One
finding a line, and one line for what has the same cause in several mistakes or with several seeds.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from fnmatch import fnmatchcase
from multiprocessing import get_context

from grader.authoring.free_points import check_free_points
from grader.course.course import Course, CourseError
from grader.course.exercise import Exercise
from grader.errors import SuiteError
from grader.grading.examiner import Examiner
from grader.grading.settings import Settings
from grader.result import CheckResult
from grader.sandbox.host import Host, Hosts, SandboxError, check_installed
from grader.sandbox.protocol.calls import Outcome, Raised
from grader.submissions.submission import Submission
from grader.suite.check import Check
from grader.suite.edits import EditError
from grader.suite.oracles import EditedVersions, Side
from grader.suite.verdict import Verdict, judge
from grader.text import count

SEEDS = (0, 1, 2, 3, 4)
SECONDS = 60.0


def check_course(
    course: Course, names: Sequence[str], *, jobs: int = 1, mutants: bool = False
) -> Iterator[tuple[str, list[str]]]:
    """(how an exercise fares, its findings, a line each), in turn. Raises CourseError for an unknown name."""
    work = [(course, name, mutants) for name in names or course.names]
    if jobs == 1:
        with Hosts() as hosts:
            yield from (check_one(*item, hosts) for item in work)
        return
    # Spawned, not forked: a process that has used torch must not be.
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        yield from pool.map(check_alone, work)


def check_alone(work: tuple[Course, str, bool]) -> tuple[str, list[str]]:
    with Hosts() as hosts:
        return check_one(*work, hosts)


def check_one(course: Course, name: str, mutants: bool, hosts: Hosts) -> tuple[str, list[str]]:
    """One exercise: its findings, or how its suite fares against mutants."""
    exercise = course.exercise(name)
    try:
        check_installed(exercise.libraries, "it")
    except SandboxError as error:  # which the other exercises may do without
        return f"{name}: not checked", [f"{name}: {error}"]
    if not mutants:
        findings = [f"{name}: {finding}" for finding in check_exercise(exercise, hosts, SEEDS)]
        return f"{name}: {count(len(findings), 'finding') if findings else 'proven'}", findings
    from grader.authoring.mutation import try_suite

    report = try_suite(Examiner(exercise), hosts.get(exercise.libraries))
    return str(report), [f"{name}: survived in {found.function}\n{found.diff}" for found in report.survived]


def check_exercise(exercise: Exercise, hosts: Hosts, seeds: Sequence[int]) -> list[str]:
    """What is wrong with an exercise, a line each."""
    missing = [path.name for path in (exercise.stub, exercise.suite, exercise.mistakes) if not path.exists()]
    if missing:
        return [f"{name} is missing" for name in missing]
    try:
        examiner = Examiner(exercise)
    except (SuiteError, CourseError) as error:
        return [str(error)]
    host = hosts.equipped(exercise.libraries, examiner.setup)
    return [
        *check_form(examiner),
        *check_stub(examiner, host),
        *check_reference(examiner, host, seeds),
        *check_edits(examiner),
        *check_mistakes(examiner, seeds),
        # Last: by then the mistakes have answered its calls.
        *check_free_points(examiner, host, Settings(seeds[0])),
    ]


def check_form(examiner: Examiner) -> Iterator[str]:
    total = sum(check.points for check in examiner.checks)
    if total != 100:
        yield f"the points add up to {float(total):g}, not 100"
    for check in examiner.checks:
        if not check.title:
            yield f"{check.id} has no docstring: it is the title that the student reads"
        if check.points <= 0:
            yield f"{check.id} has no points"
        if check.reveals and check.reveals not in examiner.diagnosis.mistakes:
            yield f"{check.id} reveals {check.reveals!r}, which is no known mistake"
    for name in examiner.setup.forbidden:
        if not exists(name):
            yield f"{name} is not allowed, but there is no such name"
    if not examiner.diagnosis.mistakes:
        yield "there is no known mistake"
    for mistake in examiner.diagnosis.mistakes.values():
        if not mistake.explanation or not mistake.title:
            yield f"mistake {mistake.id} has no title or no explanation"


def exists(name: str) -> bool:
    """Whether a dotted name, perhaps with a pattern at its end, is there to be called."""
    module_name, _, pattern = name.rpartition(".")
    try:
        module = importlib.import_module(module_name)
    except ImportError:
        return True  # a package that is not installed here: the worker has a stand-in for it
    return any(fnmatchcase(attribute, pattern) for attribute in dir(module))


def check_stub(examiner: Examiner, host: Host) -> Iterator[str]:
    name = examiner.exercise.name
    result = examiner.grade(Submission("stub", name, examiner.exercise.stub.read_bytes()), host, Settings(SEEDS[0]))
    if result.status != "graded":
        yield f"the stub cannot be graded: {result.error}"
    elif result.score or result.notes:
        yield f"the stub scores {result.score:g}, not 0: {'; '.join(result.notes) or passed_checks(result.checks)}"
    if result.mistakes:
        yield f"the stub is said to have mistakes: {', '.join(mistake.id for mistake in result.mistakes)}"


def passed_checks(checks: Sequence[CheckResult]) -> str:
    return ", ".join(check.id for check in checks if check.status == "passed")


def check_reference(examiner: Examiner, host: Host, seeds: Sequence[int]) -> Iterator[str]:
    submission = Submission("reference", examiner.exercise.name, examiner.exercise.reference.encode())
    failed: dict[str, tuple[str, list[int]]] = {}
    for seed in seeds:
        result = examiner.grade(submission, host, Settings(seed))
        if result.status != "graded":
            failed.setdefault("the reference cannot be graded", (result.error, []))[1].append(seed)
        for check in result.checks:
            if check.status == "failed":
                failed.setdefault(f"the reference fails {check.id}", (check.message, []))[1].append(seed)
    for finding, (message, where) in failed.items():
        yield f"{finding} {with_seeds(where, seeds)}: {message}"
    reference = examiner.diagnosis.reference
    for verdict in verdicts(examiner, reversed(examiner.checks), reference, seeds[0]):
        if not verdict.passed:
            yield f"{verdict.check.id} depends on the order of the checks: {verdict.message}"


def verdicts(examiner: Examiner, checks: Iterable[Check], side: Side, seed: int) -> list[Verdict]:
    return [judge(check, side, examiner.diagnosis.reference, seed, SECONDS) for check in checks]


def check_edits(examiner: Examiner) -> Iterator[str]:
    """Edits that do not fit the reference: each once, with the mistakes that need it."""
    found: dict[str, list[str]] = {}
    versions = examiner.key.versions
    for mistake in examiner.diagnosis.mistakes.values():
        for edits in mistake.variants:
            if examiner.diagnosis.side(edits) is None and isinstance(versions, EditedVersions):
                try:
                    reason = f"the reference with it is not Python: {versions.text(edits)[-80:]!r}"
                except EditError as error:
                    reason = str(error)
                found.setdefault(reason, []).append(mistake.id)
    for reason, ids in found.items():
        yield f"{reason} (mistake {', '.join(dict.fromkeys(ids))})"


def check_mistakes(examiner: Examiner, seeds: Sequence[int]) -> Iterator[str]:
    broken: dict[str, dict[str, None]] = {}  # an error → the mistakes that raise it
    found: dict[str, list[int]] = {}  # what is wrong → with which seeds
    for seed in seeds:
        examiner.record(Settings(seed))  # their checks are asked for every mistake: as for a class
        checks = examiner.plan(Settings(seed)).checks
        for mistake in examiner.diagnosis.mistakes.values():
            for number, edits in enumerate(mistake.variants, 1):
                label = mistake.id + (f" (variant {number})" if len(mistake.variants) > 1 else "")
                side = examiner.diagnosis.side(edits)
                if side is None:
                    continue  # see check_edits
                tried = verdicts(examiner, checks, side, seed)
                errors = {error for verdict in tried for call in verdict.calls for error in broken_by(call.outcome)}
                named = [item.id for item in examiner.diagnosis.name_mistakes(tried)]
                if errors:
                    for error in errors:
                        broken.setdefault(error, {})[label] = None
                elif all(verdict.passed for verdict in tried):
                    found.setdefault(f"mistake {label} loses no points", []).append(seed)
                elif named != [mistake.id]:
                    found.setdefault(f"mistake {label} is named {', '.join(named) or 'nothing'}", []).append(seed)
    for error, labels in broken.items():
        yield f"an edit does not run: {error} (mistake {', '.join(labels)})"
    for finding, where in found.items():
        yield f"{finding} {with_seeds(where, seeds)}"


def with_seeds(found: Sequence[int], seeds: Sequence[int]) -> str:
    """With which of the seeds something was found."""
    if len(found) == len(seeds) > 1:
        return "whatever the seed"
    return f"with seed{'' if len(found) == 1 else 's'} {', '.join(map(str, found))}"


def broken_by(outcome: Outcome) -> Iterator[str]:
    """Errors that no student's mistake is, but a slip of the pen in an edit."""
    if isinstance(outcome, Raised):
        for kind in ("NameError", "SyntaxError", "ImportError"):
            if kind in outcome.kinds:
                yield f"{kind}: {outcome.message}"
