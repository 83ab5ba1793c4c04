"""What is said of a class beside its scores: who is not graded and why, which file was taken, what was assumed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from grader.gradebook.people import People, few
from grader.gradebook.store import Unplaced
from grader.text import one_line

SHOWN_STUDENTS = 20
SHOWN_GROUPS = 12
SHOWN_CHOICES = 8


def lines_of_lost(lost: Sequence[Unplaced]) -> Iterator[str]:
    """Those who handed in something of which nothing is graded, one by one."""
    if lost:
        yield "Handed in, not graded:"
    for each in lost[:SHOWN_STUDENTS]:
        exercise = f", {each.exercise}" if each.exercise else ""
        yield f"  {one_line(who(each))}{exercise}: {one_line(each.file)}: {one_line(each.reason)}"
    if len(lost) > SHOWN_STUDENTS:
        yield f"  and {len(lost) - SHOWN_STUDENTS} more, listed in the overview"


def who(each: Unplaced) -> str:
    return each.name if each.name in ("", each.student) else f"{each.name} ({each.student})"


def lines_of_problems(problems: Iterable[Unplaced]) -> Iterator[str]:
    """The other files that were not taken, those of one name and reason in one line, rare ones first."""
    groups: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for each in problems:
        groups[each.path.rpartition("/")[2], each.reason].append(each.path)
    ordered = sorted(groups.items(), key=lambda group: (len(group[1]), group[1]))
    for (name, reason), paths in ordered[:SHOWN_GROUPS]:
        told = one_line(paths[0]) if len(paths) == 1 else f"{len(paths)} files {one_line(name)}"
        yield f"Left out: {told}: {one_line(reason)}"
    if left := ordered[SHOWN_GROUPS:]:
        yield f"Left out: {sum(len(paths) for _, paths in left)} more files, listed in the overview"


def lines_of_choices(choices: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Which of several files was taken."""
    ordered = sorted(choices.items(), key=lambda choice: (len(choice[1]), choice[0]))
    for said, names in ordered[:SHOWN_CHOICES]:
        yield f"  {said} ({few(names)})"
    if left := ordered[SHOWN_CHOICES:]:
        yield f"  and as much for {sum(len(names) for _, names in left)} more"


def lines_of_people(people: People, present: Iterable[str], *, is_whole: bool) -> Iterator[str]:
    """What was assumed of people, and by a roster who is missing.

    `present`: students who handed in what was graded in this run, which was all of a class if it `is_whole`.
    """
    yield from people.notes
    if not people.has_roster:
        return
    here = {person for student in present for person in people.of(student)}
    listed = [person for person in people.persons if person not in set(people.strangers)]
    missing = [people.name(person) for person in listed if person not in here]
    if missing and is_whole:
        yield f"Nothing handed in: {len(missing)} of the {len(listed)} on the roster: {few(missing)}"
    if strangers := [people.name(person) for person in people.strangers if person in here]:
        yield f"Not on the roster: {few(strangers)}"
