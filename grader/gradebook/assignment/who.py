"""Whom an assignment means: students by any id or by name, sections and groups of the roster."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from grader.gradebook.assignment.settings import Assignment, Special
from grader.gradebook.assignment.tables import near
from grader.gradebook.people import People, few
from grader.gradebook.roster import words
from grader.text import one_line


class Directory:
    def __init__(self, people: People) -> None:
        self.people = people
        self.ids: defaultdict[str, set[str]] = defaultdict(set)
        self.names: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
        self.sections: defaultdict[str, set[str]] = defaultdict(set)
        self.teams: defaultdict[str, set[str]] = defaultdict(set)
        for person in people.persons.values():
            for id in people.ids(person.id):
                self.ids[id].add(person.id)
            self.names[words(person.name)].add(person.id)
            self.sections[person.section.casefold()].add(person.id)
            self.teams[person.team.casefold()].add(person.id)
        for student, owners in people.owners.items():
            if len(owners) > 1:  # a group, under the name by which it hands in
                self.teams[student.casefold()].update(owners)

    def student(self, text: str) -> set[str]:
        return self.ids.get(text.casefold()) or self.names.get(words(text), set()) if words(text) else set()

    def meant(self, assignment: Assignment, special: Special, notes: list[str]) -> set[str]:
        """People. Raises AssignmentFileError for a name of several; who is not known is a note."""
        found: set[str] = set()
        for text in special.students:
            these = self.student(text)
            if len(these) > 1:
                names = [f"{self.people.name(id)} ({id})" for id in these]
                raise assignment.fail(special.line, f"{one_line(text)!r} may be {few(names)}: write an id.")
            if not these:
                known = [person.name for person in self.people.persons.values()]
                advice = guess(text, [*known, *self.ids])
                notes.append(self.unknown(assignment, special, f"nobody is known as {one_line(text)!r} yet", advice))
            found |= these
        for kind, wanted, index in (
            ("section", special.sections, self.sections),
            ("group", special.groups, self.teams),
        ):
            for text in wanted:
                if not (these := index.get(text.casefold(), set())):
                    advice = guess(text, list(index))
                    notes.append(self.unknown(assignment, special, f"no {kind} is called {one_line(text)!r}", advice))
                found |= these
        return found

    @staticmethod
    def unknown(assignment: Assignment, special: Special, what: str, advice: str) -> str:
        return f"{assignment.path}, line {special.line}: {what}{advice}"


def guess(text: str, known: list[str]) -> str:
    said = near(text, known)
    return said if "did you mean" in said else "; `grader roster show` lists everybody."


def resolved(
    assignment: Assignment, specials: Iterable[Special], directory: Directory, notes: list[str]
) -> Iterator[tuple[Special, set[str]]]:
    for special in specials:
        yield special, directory.meant(assignment, special, notes)
