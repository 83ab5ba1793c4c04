"""What people decide and say beside the results: overrides and comments, as entries that are only ever added.

An entry is bound to a person by all ids that the person had then, the surest first: that of the attempt it speaks of.
So it stays with the person when a roster is imported or people are merged, and when Moodle numbers them anew. Whatever
is graded again, an entry stays. What takes it back is an entry as well, and can be taken back itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from grader.errors import GraderError
from grader.gradebook.roster import MOODLE, fold_id
from grader.result import Decided, Decision, Result
from grader.text import flat, points

if TYPE_CHECKING:
    from grader.gradebook.people import People


class DecisionError(GraderError):
    """An override or a comment that cannot be taken. The message says what to do."""


OVERRIDE, COMMENT, UNDO = "override", "comment", "undo"
STUDENT = ""  # the kind of an id that a gradebook has itself: a person's, or what somebody hands in as
Id = tuple[str, str]  # kind, value


@dataclass(frozen=True)
class Entry:
    kind: str  # OVERRIDE, COMMENT or UNDO
    bound: tuple[Id, ...]  # whose it is: the first of these ids that somebody has tells
    name: str  # as the person was called then
    exercise: str  # "" for a comment on everything
    text: str  # the reason, or the comment
    author: str
    made: float  # seconds since 1970
    check: str = ""  # "" for the whole exercise
    points: float | None = None  # of an override
    out_of: float | None = None  # what the exercise or the check was worth then
    attempt: str = ""  # digest of the source that counted then
    graded: float | None = None  # what the grader had given then
    undoes: int = 0  # the number of the entry that is taken back
    number: int = 0  # given by the gradebook

    @property
    def key(self) -> tuple[str, str]:
        return self.exercise, self.check

    def scaled(self, maximum: float) -> float:
        """The points, where the exercise or check is worth something else by now."""
        given = self.points or 0.0
        return given * maximum / self.out_of if self.out_of and self.out_of != maximum else given


@dataclass(frozen=True)
class Decisions:
    """What is in force of a person's result in an exercise."""

    override: Entry | None = None
    checks: tuple[Entry, ...] = ()  # overrides of single checks
    comments: tuple[Entry, ...] = ()  # on the exercise, its checks, and on everything

    def __bool__(self) -> bool:
        return bool(self.override or self.checks or self.comments)

    @property
    def overrides(self) -> tuple[Entry, ...]:
        return (*((self.override,) if self.override else ()), *self.checks)

    def apply(self, score: float | None, max_score: float, result: Result) -> float | None:
        """The score after overrides of checks, then of the exercise. Checks that the suite has no more tell nothing."""
        if self.override:
            return self.override.scaled(max_score)
        if score is None or not self.checks:
            return score
        known = {check.id: check for check in result.checks}
        changes = [
            entry.scaled(known[entry.check].max_score) - known[entry.check].score
            for entry in self.checks
            if entry.check in known
        ]
        return min(max(score + sum(changes), 0.0), max_score)

    def written(self, counts: float | None) -> Decided:
        """As a document has it."""
        return Decided(
            points=counts,
            decisions=tuple(
                Decision(
                    kind="override" if each.kind == OVERRIDE else "comment",
                    check=each.check,
                    points=each.points,
                    max_points=each.out_of,
                    text=each.text,
                    author=each.author,
                    made=datetime.fromtimestamp(each.made).astimezone().isoformat(timespec="seconds"),
                )
                for each in (*self.overrides, *self.comments)
            ),
        )

    def in_words(self, counts: float, score: float | None, max_score: float, attempt: str) -> str:
        """In one line: "80 of 100, by override of A. Meyer: two lines were right; graded 62".

        `attempt`: the digest of the one that counts now.
        """
        told = "; ".join(
            f"{each.check and f'{each.check} '}by override of {each.author}: {flat(each.text).rstrip('.')}"
            for each in ((self.override,) if self.override else self.checks)
        )
        graded = f"graded {points(score)}" if score is not None else "not graded"
        if any(each.attempt != attempt for each in ((self.override,) if self.override else self.checks)):
            graded += ", of a newer attempt than the override" if attempt else ""
        return f"{points(counts)} of {points(max_score)}, {told}; {graded}"


NONE = Decisions()


@dataclass
class Ledger:
    """All entries, and what they come to for people as they are known now."""

    entries: list[Entry]
    owners: dict[int, tuple[str, ...]] = field(default_factory=dict)  # number → people: one, or those of a group
    decisions: dict[tuple[str, str], Decisions] = field(default_factory=dict)  # (person, exercise); "" for all

    def of(self, person: str, exercise: str) -> Decisions:
        own = self.decisions.get((person, exercise), NONE)
        general = self.decisions.get((person, ""), NONE).comments if exercise else ()
        return Decisions(own.override, own.checks, (*own.comments, *general)) if general else own

    def in_force(self) -> list[Entry]:
        counts = in_force(self.entries)
        return [each for each in self.entries if each.number in counts]

    @cached_property
    def touched(self) -> set[str]:
        """Everybody of whom there is any entry, taken back or not."""
        return {person for owners in self.owners.values() for person in owners}


def open_ledger(entries: Iterable[Entry], people: People) -> Ledger:
    ledger = Ledger(list(entries))
    if not ledger.entries:
        return ledger
    whose = owners_by_id(people)
    for each in ledger.entries:
        ledger.owners[each.number] = next((whose[id] for id in each.bound if id in whose), ())
    counts = in_force(ledger.entries)
    grouped: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
    for each in ledger.entries:
        for owner in ledger.owners[each.number] if each.number in counts else ():
            grouped[owner, each.exercise].append(each)
    for key, found in grouped.items():
        newest = {each.check: each for each in found if each.kind == OVERRIDE}
        whole = newest.pop("", None)
        comments = tuple(each for each in found if each.kind == COMMENT)
        ledger.decisions[key] = Decisions(whole, tuple(newest[check] for check in sorted(newest)), comments)
    return ledger


def in_force(entries: Iterable[Entry]) -> set[int]:
    """The numbers of overrides and comments that are not taken back. An earlier override stays under a newer one."""
    undone: set[int] = set()
    found: set[int] = set()
    for each in reversed(list(entries)):
        if each.number in undone:
            continue
        if each.kind == UNDO:
            undone.add(each.undoes)
        else:
            found.add(each.number)
    return found


def owners_by_id(people: People) -> Mapping[Id, tuple[str, ...]]:
    """Whose each id is: one person's, or that of a group's members. Another id of several people is nobody's."""
    claims: defaultdict[Id, set[str]] = defaultdict(set)
    for person in people.persons:
        for id in ids_of(person, people):
            claims[id].add(person)
    found: dict[Id, tuple[str, ...]] = {
        (STUDENT, student): owners for student, owners in people.owners.items() if len(owners) > 1
    }
    return found | {id: tuple(persons) for id, persons in claims.items() if len(persons) == 1}


def ids_of(person: str, people: People, first: str = "") -> tuple[Id, ...]:
    """All ids of a person, the surest first. `first`: what the attempt was handed in as, if by this person alone."""
    own = people.students.get(person, [])
    known = people.persons.get(person)
    listed = sorted(fold_id(*id) for id in known.ids if id[0] != MOODLE) if known else []
    lead = [first] if first in own else []
    return tuple(dict.fromkeys([*((STUDENT, each) for each in (*lead, person)), *listed, *((STUDENT, s) for s in own)]))
