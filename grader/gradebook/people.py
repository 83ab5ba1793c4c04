"""Whose attempts are whose: from what downloads call students to people, with a roster or without.

A download tells a student by an id of its own. With a roster each is looked for there: as a group, by an id of that
system, by a name that one person has. Without it, ids count; only where they belong to the assignment, as Moodle's
numbers do, is the same name in several downloads taken for one person, and that is said. Two of one name in one
download are two people, and then nothing is taken for granted of that name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from grader.gradebook.roster import CANVAS, MOODLE, Person, RosterError, agree, fold_id, glued, plain, words
from grader.text import one_line

NAMED = 5  # people in a note; more are counted


@dataclass(frozen=True, slots=True)
class Handle:
    """A student as one download has it."""

    student: str
    name: str
    root: str = ""  # the download; "" where it is not known
    layout: str = ""
    renumbered: bool = False  # the id is that of the assignment


@dataclass
class People:
    persons: dict[str, Person] = field(default_factory=dict)  # everybody: on the roster, or handed in
    owners: dict[str, tuple[str, ...]] = field(default_factory=dict)  # student → people; a group's are its members
    notes: list[str] = field(default_factory=list)  # what was assumed
    strangers: list[str] = field(default_factory=list)  # people who handed in and are not on the roster
    has_roster: bool = False

    @cached_property
    def students(self) -> dict[str, list[str]]:
        """What each person alone hands in as."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for student, owners in self.owners.items():
            if len(owners) == 1:
                found[owners[0]].append(student)
        return dict(found)

    def of(self, student: str) -> tuple[str, ...]:
        return self.owners.get(student, (student,))

    def name(self, person: str) -> str:
        known = self.persons.get(person)
        return known.name if known else person

    def ids(self, person: str) -> set[str]:
        """All that a sheet may call somebody by, without capitals."""
        known = self.persons.get(person)
        values = [value for _, value in known.ids] if known else []
        return {id.casefold() for id in (person, *self.students.get(person, ()), *values)}

    def find(self, text: str) -> Person:
        """By an id, by what somebody hands in as, or by name. Raises RosterError for nobody, and for several."""
        folded = text.casefold()
        found = [each for each in self.persons.values() if folded in self.ids(each.id)]
        found = [each for each in found if each.id == text] or found
        for form in (str.casefold, words, plain):
            found = found or [each for each in self.persons.values() if form(each.name) == form(text)]
        if not found:
            team = tuple(each.id for each in self.persons.values() if each.team and glued(each.team) == glued(text))
            if members := self.owners.get(text) or team:
                names = ", ".join(f"{self.name(each)} ({each})" for each in members)
                raise RosterError(f"'{text}' is a group: name one of {names}.")
            raise RosterError(f"Nobody is known as '{text}': `grader roster show` lists everybody.")
        if len(found) > 1:
            ids = ", ".join(f"{each.id} ({each.name})" for each in found)
            raise RosterError(f"Several are known as '{text}': name one of {ids}.")
        return found[0]


@dataclass(frozen=True, slots=True)
class Match:
    people: tuple[str, ...] = ()
    is_certain: bool = False  # by an id, or by a group's name


class Directory:
    """A roster to look people up in."""

    def __init__(self, roster: Collection[Person]) -> None:
        self.by_id: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        self.any_id: defaultdict[str, set[str]] = defaultdict(set)
        self.by_name: list[defaultdict[object, set[str]]] = [defaultdict(set) for _ in FORMS]
        self.teams: defaultdict[str, list[str]] = defaultdict(list)
        self.persons = {one.id: one for one in roster}
        for one in roster:
            for kind, value in one.ids:
                self.by_id[fold_id(kind, value)].add(one.id)
                if kind not in (MOODLE, CANVAS):
                    self.any_id[value.casefold()].add(one.id)
            for form, index in zip(FORMS, self.by_name, strict=True):
                if one.name:
                    for key in form(one.name):
                        index[key].add(one.id)
            if one.team:
                self.teams[glued(one.team)].append(one.id)

    def find(self, handle: Handle) -> Match:
        for name in (handle.name, handle.student):
            if members := self.teams.get(glued(name)):
                return Match(tuple(members), is_certain=True)
        ids = self._by_id(handle)
        if len(ids) == 1:
            return Match(tuple(ids), is_certain=True)
        for form, index in zip(FORMS, self.by_name, strict=True):
            found = set().union(*(index.get(key, set()) for key in form(handle.name)))
            if found:
                return Match(tuple(found)) if len(found) == 1 else Match()  # namesakes
        return Match()

    def _by_id(self, handle: Handle) -> set[str]:
        student = handle.student.casefold().removesuffix(f" {handle.name.casefold()}")  # a number that others have, too
        if handle.layout in (MOODLE, CANVAS):
            found = self.by_id.get((handle.layout, student), set())
            return {id for id in found if handle.layout == CANVAS or agree(self.persons[id].name, handle.name)}
        found = set(self.any_id.get(student, set()))
        for half in student.split("-") if handle.renumbered else ():
            found |= self.any_id.get(half, set())
        if not handle.layout:  # noted before downloads were told apart
            found |= self.by_id.get((MOODLE, student), set()) | self.by_id.get((CANVAS, student), set())
        return found


def as_words(name: str) -> list[object]:
    return [words(name)]


def as_plain(name: str) -> list[object]:
    return [plain(name)]


def as_one(name: str) -> list[object]:
    """As Canvas writes names in its files: "leeann" is Ann Lee."""
    given, _, family = name.rpartition(" ")
    return [glued(name), glued(family + given)]


FORMS: tuple[Callable[[str], list[object]], ...] = (as_words, as_plain, as_one)


def find_people(roster: Collection[Person], handles: Iterable[Handle], same: Mapping[str, str]) -> People:
    """`same`: what was decided by hand, student → person."""
    teams = {glued(group) for one in roster for group in (one.team, one.section) if group}
    handles = [
        replace(each, name=without_group(each.name, teams)) if each.layout == MOODLE else each for each in handles
    ]
    people = People({one.id: one for one in roster}, has_roster=bool(roster))
    left: list[Handle] = []
    directory = Directory(roster)
    found = {handle: directory.find(handle) for handle in handles} if roster else {}
    doubtful = doubled(found)
    for handle in handles:
        if handle.student in same:
            people.owners[handle.student] = (same[handle.student],)
        elif handle in found and found[handle].people and handle not in doubtful:
            people.owners[handle.student] = found[handle].people
    left = [handle for handle in handles if handle.student not in people.owners]
    join_by_name(left, people)
    for handle in handles:
        for person in people.owners[handle.student]:
            if person not in people.persons:
                people.persons[person] = Person(person, handle.name or person)
    if roster:
        listed = {one.id for one in roster}
        people.strangers = sorted({id for owners in people.owners.values() for id in owners} - listed)
    return people


def without_group(name: str, groups: Collection[str]) -> str:
    """A name as it is without the group that Moodle puts before it: "Team 7-Ann Lee" is Ann Lee.

    `groups`: those of the roster. A group that is not known is told by a number, which no name has.
    """
    group, dash, person = name.partition("-")
    is_group = glued(group) in groups or any(map(str.isdigit, group))
    return person if dash and words(person) and " " in person.strip() and is_group else name


def doubled(found: Mapping[Handle, Match]) -> set[Handle]:
    """Those who are taken for one person by the name alone, though another in the same download is that person too."""
    claims: defaultdict[tuple[str, tuple[str, ...]], set[Handle]] = defaultdict(set)
    for handle, match in found.items():
        if handle.root and match.people:
            claims[handle.root, match.people].add(handle)
    several = [each for each in claims.values() if len({handle.student for handle in each}) > 1]
    return {handle for each in several for handle in each if not found[handle].is_certain}


def join_by_name(handles: Collection[Handle], people: People) -> None:
    """One person for a name that several downloads have once each, where the ids are the assignments'."""
    named: defaultdict[tuple[str, ...], list[Handle]] = defaultdict(list)
    for handle in handles:
        if handle.renumbered and words(handle.name):
            named[words(handle.name)].append(handle)
        else:
            people.owners.setdefault(handle.student, (handle.student,))
    joined, namesakes = [], []
    downloads: set[str] = set()
    for each in named.values():
        students = list(dict.fromkeys(handle.student for handle in each))
        roots = defaultdict(set)
        for handle in each:
            roots[handle.root].add(handle.student)
        is_one = all(len(inside) == 1 for inside in roots.values())
        for student in students:
            people.owners[student] = (students[0] if is_one else student,)
        if len(students) > 1 and is_one:
            joined.append(each[0].name)
            downloads |= roots.keys()
        elif len(roots) > 1 and not is_one:
            namesakes.append(each[0].name)
    advice = "`grader roster import FILE` says who is who"
    if joined:
        people.notes.append(
            f"Taken for one person each by the name, as the numbers are another download's: {few(joined)}; {advice}."
        )
    if namesakes:
        people.notes.append(
            f"Several have one name, so each number is a person of its own: {few(namesakes)}; {advice}."
        )


def few(names: Collection[str]) -> str:
    shown = [one_line(name) for name in sorted(names)]
    left = len(shown) - NAMED
    return ", ".join(shown[:NAMED]) + (f" and {left} more" if left > 0 else "")
