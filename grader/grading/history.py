"""All that there is to say of one student's grades, in order of time: what a complaint needs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from grader.gradebook.decisions import UNDO, Entry
from grader.gradebook.records import Grade, Grading
from grader.gradebook.roster import Person
from grader.gradebook.store import Gradebook
from grader.grading.regrading import causes, describe

DIGITS = 8  # of a digest that people read
HANDED_IN, GRADED, NOT_GRADED = "handed in", "graded", "not graded"


@dataclass(frozen=True)
class Event:
    kind: str  # HANDED_IN, GRADED, NOT_GRADED, or that of an entry
    exercise: str  # "" for all
    when: float  # seconds since 1970
    dated: bool = True  # whether `when` is known, or only that it was before what follows
    facts: Mapping[str, object] = field(default_factory=dict)

    def written(self) -> dict[str, object]:
        when = iso(self.when) if self.dated else None
        return {"when": when, "kind": self.kind, "exercise": self.exercise or None, **self.facts}


@dataclass(frozen=True)
class History:
    person: Person
    handed_in_as: tuple[str, ...]
    grades: tuple[Grade, ...]
    events: tuple[Event, ...]  # in order of time

    def written(self) -> dict[str, object]:
        """As JSON has it."""
        return {
            "student": self.person.id,
            "name": self.person.name,
            "handed_in_as": list(self.handed_in_as),
            "grades": [
                {
                    "exercise": each.exercise,
                    "points": each.points,
                    "max_score": each.max_score,
                    "score": each.score,
                    "path": each.path,
                    "source": each.source_digest,
                    "report": each.report,
                }
                for each in self.grades
            ],
            "events": [each.written() for each in self.events],
        }


def history(gradebook: Gradebook, person: Person, exercise: str = "") -> History:
    """Of one exercise, or of all."""
    people = gradebook.people()
    students = sorted(student for student, owners in people.owners.items() if person.id in owners)
    grades = [each for each in gradebook.grades([person.id]) if exercise in ("", each.exercise)]
    gradings = gradebook.gradings(students, exercise)
    counting = {(each.handed_in_as, each.exercise, each.source_digest): each.graded_at for each in grades}
    first: dict[tuple[str, str, str], float] = {}
    for one in gradings:
        first.setdefault((one.key.student, one.key.exercise, one.key.source_digest), one.graded_at)
    events: list[Event] = []
    for attempt, noted in gradebook.attempts(students, exercise):
        key = attempt.student, attempt.exercise, attempt.source_digest
        when = attempt.submitted if attempt.dated else min(noted, first.get(key, noted))
        facts = {"path": attempt.path, "source": attempt.source_digest, "student": attempt.student}
        events.append(Event(HANDED_IN, attempt.exercise, when, attempt.dated, facts))
    events += of_gradings(gradings, counting)
    ledger = gradebook.ledger(people)
    active = {each.number for each in ledger.in_force()}
    for entry in ledger.entries:
        if person.id in ledger.owners[entry.number] and exercise in (
            "",
            entry.exercise,
            entry.exercise or exercise,
        ):
            events.append(of_entry(entry, in_force=entry.number in active))
    for each in gradebook.unplaced():
        if each.student == person.id and exercise in ("", each.exercise):
            events.append(Event(NOT_GRADED, each.exercise, 0.0, False, {"path": each.path, "reason": each.reason}))
    order = {HANDED_IN: 0, GRADED: 1}
    events.sort(key=lambda event: (event.when, order.get(event.kind, 2)))
    return History(person, tuple(students), tuple(grades), tuple(events))


def of_gradings(gradings: list[Grading], counting: Mapping[tuple[str, str, str], float]) -> Iterator[Event]:
    before: dict[tuple[str, str, str], Grading] = {}
    for one in gradings:
        attempt = one.key.student, one.key.exercise, one.key.source_digest
        environment = json.loads(one.document).get("environment", {}) if one.document else {}
        last = before.get(attempt)
        yield Event(
            GRADED,
            one.key.exercise,
            one.graded_at,
            facts={
                "status": one.status,
                "score": one.score,
                "max_score": one.max_score,
                "because": why(last, one) if last else "",
                "counts": counting.get(attempt) == one.graded_at,
                "source": one.key.source_digest,
                "seed": one.key.seed,
                "suite": one.key.suite_digest,
                "limits": one.key.limits,
                "grader": environment.get("grader", ""),
                "circumstances": json.loads(one.key.circumstances or "{}"),
                "report": one.report,
            },
        )
        before[attempt] = one


def why(last: Grading, one: Grading) -> str:
    """Why an attempt was graded again."""
    found = causes(last.key, one.key)
    if found:
        return describe(found, [one.key.exercise])
    return "the grader failed before" if last.status != "graded" else "asked for, with everything as it was"


def of_entry(entry: Entry, *, in_force: bool) -> Event:
    facts: dict[str, object] = {
        "number": entry.number,
        "check": entry.check or None,
        "text": entry.text,
        "author": entry.author,
    }
    if entry.kind == UNDO:
        facts["undoes"] = entry.undoes
    else:
        facts |= {"points": entry.points, "max_points": entry.out_of, "in_force": in_force}
    return Event(entry.kind, entry.exercise, entry.made, facts=facts)


def iso(when: float) -> str:
    return datetime.fromtimestamp(when).astimezone().isoformat(timespec="seconds")
