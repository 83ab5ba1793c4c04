"""An exercise → its sealed file."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from grader.course.course import Course
from grader.course.exercise import Exercise
from grader.course.sealed_file import AS_REFERENCE, About, Answered, Asked, Sealed, SealError, variant_key
from grader.diagnosis.diagnosis import Diagnosis
from grader.grading.examiner import Examiner
from grader.grading.settings import Settings
from grader.sandbox.protocol.calls import Outcome, Raised, encode_outcome
from grader.suite.check import Check, Recorded
from grader.suite.fixtures import Call
from grader.suite.mistakes import Mistake, Variant
from grader.suite.oracles import Trusted


def seal(exercise: Exercise, seeds: Sequence[int]) -> bytes:
    """The sealed file for some seeds. Raises SealError where a check asks more than can be recorded."""
    examiner = Examiner(exercise)
    about = About(
        name=exercise.name,
        title=exercise.title,
        names=exercise.names,
        libraries=exercise.libraries,
        probes=exercise.probes,
        seeds=tuple(seeds),
        checks=examiner.checks,
    )
    asked, answered, idle = {}, {}, {}
    for seed in seeds:
        checks = recorded_checks(examiner, seed)
        plan = examiner.plan(Settings(seed))
        asked[seed] = {
            check.id: [asked_of(call, entered_by(call, examiner)) for call in check.calls] for check in checks
        }
        answered[seed] = answers(examiner.diagnosis, checks)
        idle[seed] = [check.id for check in checks if check.id in plan.idle]
    return Sealed.write(about, examiner.key.mistakes, asked, answered, idle)


def draw(number: int) -> tuple[int, ...]:
    """Seeds that nobody knows before."""
    return tuple(secrets.randbits(32) for _ in range(number))


def seal_all(course: Course, names: Sequence[str], seeds: tuple[int, ...], jobs: int) -> Iterator[tuple[str, bytes]]:
    """(name, sealed file) of each exercise, as each is done."""
    work = [(course, name, seeds) for name in dict.fromkeys(names)]
    if jobs == 1:
        yield from map(seal_one, work)
        return
    # Spawned, not forked: a process that has used torch must not be.
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        yield from pool.map(seal_one, work)


def seal_one(work: tuple[Course, str, tuple[int, ...]]) -> tuple[str, bytes]:
    course, name, seeds = work
    return name, seal(course.exercise(name), seeds)


def recorded_checks(examiner: Examiner, seed: int) -> list[Recorded]:
    settings = Settings(seed)
    plan = examiner.plan(settings)
    for id, message in plan.broken.items():
        raise SealError(f"{examiner.exercise.name}: the reference fails {id} with seed {seed}: {message}")
    examiner.record(settings)
    return [recorded(examiner.exercise, check) for check in examiner.plan(settings).checks]


def recorded(exercise: Exercise, check: Check) -> Recorded:
    if isinstance(check, Recorded):
        return check
    raise SealError(
        f"{exercise.name}: {check.id} cannot be sealed, for it does more than `agree` and `observe`: what it asserts "
        "of an answer itself belongs into a probe, whose answer `agree` compares."
    )


def asked_of(call: Call, entered: Collection[str]) -> Asked:
    return Asked(
        name=call.name,
        body=call.body,
        answer=encode_outcome(call.got),
        tolerances=call.tolerances,
        any_error=call.any_error,
        observed=call.observed,
        parts=call.parts,
        entered=tuple(entered),
    )


def entered_by(call: Call, examiner: Examiner) -> list[str]:
    """What a call enters, without the names that are the reference's own."""
    entered = examiner.diagnosis.reference.entered(call.body)
    return sorted(name for name in entered if name.partition(".")[0] in examiner.exercise.names)


def answers(diagnosis: Diagnosis, checks: Sequence[Recorded]) -> Answered:
    """What every mistake answers to every call, and every pair of mistakes that diagnosis may try."""
    bodies = list(dict.fromkeys(call.body for check in checks for call in check.calls))
    outcomes = {body: diagnosis.reference.perform(body) for body in bodies}
    right = {body: written(outcome) for body, outcome in outcomes.items()}
    known: dict[bytes, int] = {}

    def number_of(side: Trusted, body: bytes) -> int:
        outcome = side.perform(body)
        if outcome is outcomes[body] or (answer := written(outcome)) == right[body]:
            return AS_REFERENCE
        return known.setdefault(answer, len(known))

    sides = {key: [number_of(side, body) for body in bodies] for key, side in sides_of(diagnosis, checks)}
    return Answered(list(known), sides)


def written(outcome: Outcome) -> bytes:
    if isinstance(outcome, Raised):  # of a mistake's error only the kind is ever looked at
        outcome = Raised(outcome.kinds, "")
    return encode_outcome(outcome)


def sides_of(diagnosis: Diagnosis, checks: Sequence[Recorded]) -> Iterator[tuple[str, Trusted]]:
    for mistake in diagnosis.mistakes.values():
        for number, variant in enumerate(mistake.variants):
            if (side := diagnosis.side(variant)) is not None:
                yield variant_key(mistake, number), side
    seen: set[str] = set()
    for check in checks:
        for end in range(1, len(check.calls) + 1):  # a check ends at the first call that is answered wrongly
            for (one, variant), (other, more) in diagnosis.pairs(check.calls[:end]):
                key = f"{key_of(one, variant)} {key_of(other, more)}"
                if key not in seen and (side := diagnosis.side((*variant, *more))) is not None:
                    seen.add(key)
                    yield key, side


def key_of(mistake: Mistake, variant: Variant) -> str:
    return variant_key(mistake, mistake.variants.index(variant))
