"""Who is in the class: people, with the ids that several systems know them by.

A roster is what makes one person one row: Moodle gives a person another number in every assignment, GitHub knows a
login, and a group hands in under the group's name.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache

from grader.errors import GraderError

# Kinds of ids: each is told apart, for Moodle's 55 is not Canvas's.
MOODLE, CANVAS, SIS, LOGIN, EMAIL, GITHUB = "moodle", "canvas", "sis", "login", "email", "github id"
STABLE = (EMAIL, LOGIN, SIS, CANVAS, GITHUB)  # the first that somebody has tells them apart in the gradebook
NAMES = 1 << 14  # of which the forms are kept: a class is looked up again and again
_WORD = re.compile(r"[^\W_]+")


class RosterError(GraderError):
    """A roster that cannot be understood, or a person who is not on it. The message says what to do."""


@dataclass(frozen=True)
class Person:
    id: str  # tells people apart in the gradebook
    name: str
    section: str = ""
    team: str = ""
    ids: frozenset[tuple[str, str]] = field(default_factory=frozenset)  # (kind, value)

    def joined(self, other: Person) -> Person:
        """With what another source says of the same person; what is new there counts."""
        return replace(
            self,
            name=other.name or self.name,
            section=other.section or self.section,
            team=other.team or self.team,
            ids=self.ids | other.ids,
        )


def person(name: str, ids: Iterable[tuple[str, str]], section: str = "", team: str = "") -> Person:
    """Someone with an id of the steadiest kind there is; by name where there is none."""
    written = ((kind, value.strip()) for kind, value in ids)
    known = frozenset((EMAIL if "@" in value[1:] else kind, value) for kind, value in written if value)
    first = (value for kind in STABLE for found, value in sorted(known) if found == kind)
    return Person(next(first, name), name, section, team, known)


def merge(known: Collection[Person], read: Iterable[Person]) -> tuple[list[Person], int, int]:
    """The people of both, each once, and how many are new and how many were known.

    The same is who shares an id; else who alone has a name on either side, and no two ids of one kind.
    """
    read = list(read)
    people = {one.id: one for one in known}
    named = Counter(words(one.name) for one in read)
    owners = {fold_id(*id): one.id for one in known for id in one.ids}
    added = updated = 0
    for each in read:
        same = {owners[key] for id in each.ids if (key := fold_id(*id)) in owners}
        if not same and named[words(each.name)] == 1:
            alike = [one for one in people.values() if words(one.name) == words(each.name) and may_be_one(one, each)]
            same = {one.id for one in alike} if len(alike) == 1 else set()
        if len(same) > 1:
            names = " and ".join(sorted(people[id].name for id in same))
            raise RosterError(f"{each.name} has ids of {names}: join them with `grader roster merge` first.")
        if same:
            id = same.pop()
            people[id] = people[id].joined(each)
            updated += 1
        else:
            id = each.id if each.id not in people else f"{each.id} ({each.name})"
            people[id] = replace(each, id=id)
            added += 1
        owners |= {fold_id(*key): id for key in each.ids}
    return list(people.values()), added, updated


def may_be_one(one: Person, other: Person) -> bool:
    """Whether no kind of id tells them apart. Moodle gives one person many."""
    kinds = {kind for kind, _ in one.ids} & {kind for kind, _ in other.ids} - {MOODLE}
    return not kinds


def fold_id(kind: str, value: str) -> tuple[str, str]:
    return kind, value.casefold()


@lru_cache(maxsize=NAMES)
def words(name: str) -> tuple[str, ...]:
    """A name in a form that does not depend on order, case or punctuation: "Lee, Ann" is "ann_lee"."""
    return tuple(sorted(_WORD.findall(unicodedata.normalize("NFKC", name).casefold())))


@lru_cache(maxsize=NAMES)
def plain(name: str) -> tuple[str, ...]:
    """The words without accents."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return words(bare)


@lru_cache(maxsize=NAMES)
def glued(name: str) -> str:
    """The words in the order in which they stand, with nothing between."""
    return "".join(_WORD.findall(unicodedata.normalize("NFKC", name).casefold()))


def is_same(one: str, other: str) -> bool:
    """Whether two names are the same person's but for words left out: a second given name, a title."""
    first, second = set(plain(one)), set(plain(other))
    return first <= second or second <= first


def agree(one: str, other: str) -> bool:
    """Whether two names may be the same person's: they share a word, or one of them says nothing."""
    first, second = set(plain(one)), set(plain(other))
    return not first or not second or not first.isdisjoint(second)
