"""Who gained and who lost since the scores were told last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from grader.gradebook.assignment.grades import Scores
from grader.gradebook.assignment.stored import Marks
from grader.text import one_line, points

SHOWN = 20


@dataclass(frozen=True)
class Change:
    person: str
    name: str
    before: float | None
    after: float | None
    parts: tuple[str, ...]  # the exercises that changed, in words

    @property
    def by(self) -> float:
        """How much was gained; nothing where there was no total, or is none."""
        return 0.0 if self.before is None or self.after is None else round(self.after - self.before, 6)

    def line(self) -> str:
        who = self.name if self.name == self.person else f"{self.name} ({self.person})"
        sign = "+" if self.by > 0 else ""
        how = f" ({sign}{points(self.by)})".replace("-", "−") if self.by else ""
        parts = f": {'; '.join(self.parts)}" if self.parts else ""
        return one_line(f"{who}  {say(self.before)} → {say(self.after)}{how}{parts}")


def changes(scores: Scores, before: Marks) -> list[Change]:
    """Of those who had a place in the assignment before; who lost most comes first."""
    path = scores.assignment.path
    found = []
    for person, standing in scores.standings.items():
        key = (path, person, "")
        if key not in before:
            continue
        parts = []
        for exercise, mark in standing.marks.items():
            was, now = before.get((path, person, exercise)), scores.points(mark)
            if was != now:
                parts.append(f"{exercise} {say(was)} → {say(now)}")
        total = scores.total(person)
        if parts or before[key] != total:
            found.append(Change(person, scores.names.get(person, person), before[key], total, tuple(parts)))
    return sorted(found, key=lambda change: (change.by, change.name.casefold(), change.person))


def lines_of_changes(scores: Scores, before: Marks, shown: int = SHOWN) -> Iterator[str]:
    """In words; nothing where nobody was scored before."""
    if not any(path == scores.assignment.path for path, _, _ in before):
        return
    found = changes(scores, before)
    gained, lost = [each for each in found if each.by > 0], [each for each in found if each.by < 0]
    parts = [
        f"{len(some)} {verb} (by {points(abs(sum(each.by for each in some)) / len(some))} on average)"
        for verb, some in (("lost", lost), ("gained", gained))
        if some
    ]
    still = [each for each in found if not each.by]
    gone = sum(each.before is not None and each.after is None for each in still)
    come = sum(each.before is None and each.after is not None for each in still)
    for number, what in (
        (gone, "no total any more"),
        (come, "a total now"),
        (len(still) - gone - come, "the same total"),
    ):
        if number:
            parts.append(f"{number} with {what}")
    yield f"{scores.assignment.title}: {', '.join(parts) if parts else 'no score changed'}"
    for each in found[:shown]:
        yield f"  {each.line()}"
    if len(found) > shown:
        yield f"  and {len(found) - shown} more"


def say(value: float | None) -> str:
    return "–" if value is None else points(value)
