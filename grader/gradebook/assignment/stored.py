"""What the gradebook keeps of assignments: those in force, and what was told last of everybody's scores."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from grader.gradebook.store import Gradebook

Marks = Mapping[
    tuple[str, str, str], float | None
]  # (assignment's path, person, exercise or "" for the total) → points


@dataclass(frozen=True)
class Applied:
    """An assignment that is in force: its file, and what that said."""

    path: str  # absolute
    text: str
    is_named: bool = field(default=False, compare=False)  # by whoever grades: one that was found may be a student's


def assignments(gradebook: Gradebook) -> list[Applied]:
    """In the order in which they came."""
    with gradebook.connected() as connection:
        rows = connection.execute("SELECT path, text, named FROM assignments ORDER BY number").fetchall()
    return [Applied(path, text, bool(named)) for path, text, named in rows]


def set_assignments(gradebook: Gradebook, applied: Iterable[Applied]) -> None:
    """Takes these for the ones in force, in place of all others."""
    with gradebook.connected(writing=True) as connection:
        connection.execute("DELETE FROM assignments")
        connection.executemany(
            "INSERT INTO assignments VALUES (?, ?, ?, ?)",
            [(number, each.path, each.text, each.is_named) for number, each in enumerate(applied)],
        )


def forget(gradebook: Gradebook, path: str) -> None:
    """Takes the assignment of a file out of force, and what was told by it."""
    set_assignments(gradebook, [each for each in assignments(gradebook) if each.path != path])
    set_marks(gradebook, {key: value for key, value in marks(gradebook).items() if key[0] != path})


def marks(gradebook: Gradebook) -> dict[tuple[str, str, str], float | None]:
    with gradebook.connected() as connection:
        rows = connection.execute("SELECT path, person, exercise, points FROM marks").fetchall()
    return {(path, person, exercise): points for path, person, exercise, points in rows}


def set_marks(gradebook: Gradebook, marks: Marks) -> None:
    with gradebook.connected(writing=True) as connection:
        connection.execute("DELETE FROM marks")
        connection.executemany(
            "INSERT INTO marks VALUES (?, ?, ?, ?)", [(*key, points) for key, points in marks.items()]
        )
