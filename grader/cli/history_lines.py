"""Output of `grader history` and `grader diff`: as lines for a terminal, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from grader.gradebook.decisions import COMMENT, OVERRIDE, UNDO
from grader.grading.difference import Change, CheckTotal, Difference, Exercise, why
from grader.grading.history import DIGITS, GRADED, HANDED_IN, NOT_GRADED, Event, History, iso
from grader.text import day, flat, points

SHOWN = 20  # students of an exercise whose score is another; --all shows the others
SHOWN_CHECKS = 3  # of a student


def lines_of_history(found: History) -> Iterator[str]:
    person = found.person
    others = [each for each in found.handed_in_as if each != person.id]
    ids = [person.id] if person.id != person.name else []
    ids += [f"handed in as {', '.join(others)}"] if others else []
    told = f" ({'; '.join(ids)})" if ids else ""
    yield f"{person.name}{told}, times in {datetime.now().astimezone():%Z}"
    grades = {each.exercise: each for each in found.grades}
    exercises = {event.exercise for event in found.events} | grades.keys()
    for exercise in sorted(exercises):
        yield ""
        counts = ""
        if grade := grades.get(exercise):
            score = "no score" if grade.points is None else f"{points(grade.points)} of {points(grade.max_score)}"
            counts = f": {grade.told or score}"
        yield f"{exercise or 'In all exercises'}{counts}"
        for event in found.events:
            if event.exercise == exercise:
                yield from lines_of_event(event)


def lines_of_event(event: Event) -> Iterator[str]:
    facts = event.facts
    when = f"{datetime.fromtimestamp(event.when):%Y-%m-%d %H:%M:%S}" if event.dated else "time not known     "
    said, more = facts_in_words(event)
    yield f"  {when}  {said}"
    for line in more:
        yield f"{'':23}{line}"
    if event.kind == GRADED and facts["counts"]:
        yield f"{'':23}this result counts"


def facts_in_words(event: Event) -> tuple[str, list[str]]:
    facts = event.facts
    where = f"{facts['check']} " if facts.get("check") else ""
    if event.kind == HANDED_IN:
        return f"handed in {facts['path']}", [f"source {short(facts['source'])}, as {facts['student']}"]
    if event.kind == NOT_GRADED:
        return f"not graded: {facts['path']}", [str(facts["reason"])]
    if event.kind == GRADED:
        score = f"graded {number(facts['score'])} of {number(facts['max_score'])}"
        grader = f", grader {facts['grader']}" if facts["grader"] else ""
        because = [f"anew: {facts['because']}"] if facts["because"] else []
        follows = f"source {short(facts['source'])}, suite {short(facts['suite'])}, seed {facts['seed']}{grader}"
        return (score if facts["status"] == GRADED else "could not be graded"), [*because, follows]
    by = f"{facts['author']}, number {facts['number']}"
    text = [flat(str(facts["text"]))] if facts["text"] else []
    if event.kind == UNDO:
        return f"number {facts['undoes']} taken back", [*text, by]
    past = "" if facts["in_force"] else " (taken back later)"
    if event.kind == OVERRIDE:
        return f"override {where}{number(facts['points'])} of {number(facts['max_points'])}{past}", [*text, by]
    assert event.kind == COMMENT
    return f"comment {where}".rstrip() + past, [*text, by]


def short(digest: object) -> str:
    return str(digest)[:DIGITS]


def number(value: object) -> str:
    return points(value) if isinstance(value, (int, float)) else "?"


def difference_written(found: Difference) -> dict[str, object]:
    return {
        "since": iso(found.since),
        "exercises": [
            {
                "exercise": name,
                "graded_anew": len(each.changes),
                "gained": each.gained,
                "lost": each.lost,
                "mean_gain": round(each.mean_gain, 6),
                "causes": why(name, each.causes),
                "checks": [vars(total) | {"points": round(total.points, 6)} for total in each.checks()],
            }
            for name, each in found.exercises.items()
        ],
        "students": [each.written() for each in found.changes if each.is_other or each.checks],
    }


def lines_of_difference(found: Difference, *, is_last_run: bool, everybody: bool) -> Iterator[str]:
    since = f"{day(found.since)}, {datetime.fromtimestamp(found.since):%H:%M}{' (the last run)' if is_last_run else ''}"
    if not found.changes:
        yield f"Nothing was graded anew since {since}."
    else:
        yield f"Graded anew since {since}:"
    for name, exercise in found.exercises.items():
        yield ""
        yield from lines_of_exercise(name, exercise, everybody=everybody)
    if found.earlier and is_last_run:
        yield f"Others were graded anew before, last on {day(found.earlier)}: --since WHEN looks further back."


def lines_of_exercise(name: str, exercise: Exercise, *, everybody: bool) -> Iterator[str]:
    others = exercise.others
    yield f"{name}: {len(exercise.changes)} graded anew: {why(name, exercise.causes)}"
    if others:
        yield (
            f"  {len(others)} scores changed: {exercise.gained} gained, {exercise.lost} lost,"
            f" {signed(exercise.mean_gain)} in the mean"
        )
    else:
        yield "  no score changed"
    for total in exercise.checks():
        yield f"  {line_of_check(total)}"
    shown = others if everybody else others[:SHOWN]
    for change in shown:
        yield from lines_of_change(change)
    if len(others) > len(shown):
        yield f"  and {len(others) - len(shown)} more: --all lists them"


def line_of_check(total: CheckTotal) -> str:
    told = "gone" if total.is_gone else "new" if total.is_new else ""
    moved = [f"{total.up} gained" if total.up else "", f"{total.down} lost" if total.down else ""]
    gained = f"{signed(total.points)} in all" if total.up or total.down else ""
    return f"check {total.check}: {', '.join(filter(None, [told, *moved, gained]))}"


def lines_of_change(change: Change) -> Iterator[str]:
    name = change.name if change.name == change.student else f"{change.name} ({change.student})"
    scale = f" of {points(change.max_before)}" if change.max_before != change.max_now else ""
    before = "not graded" if change.before is None else points(change.before) + scale
    now = (
        "not graded" if change.now is None else points(change.now) + (f" of {points(change.max_now)}" if scale else "")
    )
    stays = f"; {points(change.counts or 0.0)} counts, by override" if change.overridden else ""
    yield f"    {name}: {before} → {now} ({signed(change.gain)}){stays}"
    named = sorted(change.checks, key=lambda each: (-abs(each.gain), each.check))
    told = [f"{each.check} {signed(each.gain)}" for each in named[:SHOWN_CHECKS]]
    more = [f"{len(named) - SHOWN_CHECKS} more"] if len(named) > SHOWN_CHECKS else []
    if told:
        yield f"      {', '.join([*told, *more])}"


def signed(value: float) -> str:
    written = points(abs(value))
    return "±0" if written == "0" else f"{'+' if value > 0 else '−'}{written}"
