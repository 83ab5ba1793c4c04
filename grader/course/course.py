"""A course on disk: exercises/<name>.py for students, solutions/<name>/ for the grader; a name → its files."""

from __future__ import annotations

import difflib
import os
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from grader.course.exercise import Exercise, is_ignored
from grader.errors import GraderError
from grader.result import CourseKind, CourseUsed
from grader.text import count, one_line

PACKAGE = Path(__file__).parents[1]
SEALED = "sealed"  # folder of a student edition, in place of solutions/


class CourseError(GraderError):
    """A course or an exercise that is not there. The message says what to do."""


@dataclass(frozen=True)
class Course:
    root: Path

    @staticmethod
    def of(exercise: Exercise) -> Course:
        """The course that an exercise belongs to."""
        return Course(exercise.folder.parents[1])

    @staticmethod
    def exercise_of(suite: Path) -> Exercise:
        """The exercise that a suite file belongs to."""
        folder = suite.resolve().parent
        return Course(folder.parents[1]).exercise(folder.name)

    @cached_property
    def is_sealed(self) -> bool:
        """Whether it is a student edition (grader.authoring.student_edition), whatever else a student puts there."""
        return any((self.root / SEALED).glob("*.sealed")) or not (self.root / "solutions").is_dir()

    @cached_property
    def used(self) -> CourseUsed:
        """What results say of it."""
        kind: CourseKind = "sealed" if self.is_sealed else "built-in" if self.root == built_in() else "open"
        return CourseUsed(kind, str(self.root))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The exercises that have a suite, or are sealed."""
        if self.is_sealed:
            return tuple(sorted(path.stem for path in (self.root / SEALED).glob("*.sealed")))
        suites = (self.root / "solutions").glob("*/test_*.py")
        return tuple(sorted(path.parent.name for path in suites if path.stem == f"test_{path.parent.name}"))

    def exercise(self, name: str) -> Exercise:
        """The exercise of that name. Raises CourseError with the nearest name there is."""
        if name not in self.names:
            near = difflib.get_close_matches(name.casefold(), self.names, n=1)
            advice = f"Did you mean '{near[0]}'?" if near else f"There are: {', '.join(self.names)}."
            raise CourseError(f"No exercise named '{one_line(name[:60])}'. {advice}")
        if name not in self._exercises:
            self._exercises[name] = self._exercise(name, self.root / "exercises" / f"{name}.py")
        return self._exercises[name]

    def _exercise(self, name: str, stub: Path) -> Exercise:
        if not self.is_sealed:
            return Exercise(name, stub, self.root / "solutions" / name, self._shared)
        from grader.course.sealed_exercise import SealedExercise

        return SealedExercise(name, stub, self.root / SEALED / f"{name}.sealed")

    @cached_property
    def _shared(self) -> tuple[Path, ...]:
        """What lies in solutions/ beside the exercises, as a conftest.py or a module of helpers."""
        return tuple(
            path
            for path in sorted((self.root / "solutions").iterdir())
            if path.name not in self.names and not is_ignored(path.name)
        )

    @cached_property
    def seeds(self) -> tuple[int, ...]:
        """Of a student edition: the few seeds that all its exercises have answers for."""
        everywhere = [set(self.exercise(name).seeds or ()) for name in self.names]
        return tuple(sorted(set.intersection(*everywhere))) if everywhere else ()

    @property
    def caveat(self) -> str:
        """What a grade by a student edition is not; nothing of a course itself."""
        if not self.is_sealed:
            return ""
        return (
            f"Graded by a student edition, which holds the answers for {count(len(self.seeds), 'seed')}:"
            " that is for learning. A file that looks them up earns nothing from the course itself."
        )

    def seed(self, given: int | None, drawn: int) -> int:
        """The seed to grade with: the one given, else the one drawn, or one of the few that are sealed.

        Raises CourseError for one that is not.
        """
        if not self.is_sealed:
            return drawn if given is None else given
        if not self.seeds or given not in (None, *self.seeds):
            there = ", ".join(map(str, self.seeds)) or "none"
            raise CourseError(f"{self.root / SEALED} has no answers for that seed. There are: {there}.")
        return self.seeds[drawn % len(self.seeds)] if given is None else given

    @cached_property
    def definitions(self) -> dict[str, tuple[str, ...]]:
        """Exercise → the names that it asks for."""
        return {name: self.exercise(name).names for name in self.names}

    @cached_property
    def _exercises(self) -> dict[str, Exercise]:
        return {}


def is_course(folder: Path) -> bool:
    """Whether a folder is a course; one that cannot be read is none."""
    if not os.path.isdir(folder / "exercises"):
        return False
    return os.path.isdir(folder / "solutions") or any(folder.glob(f"{SEALED}/*.sealed"))


@cache
def built_in() -> Path | None:
    """The course that ships with the grader, or lies beside it in a checkout; None where there is none."""
    folders = (PACKAGE / "builtin", PACKAGE.parent)
    return next((Path(os.path.realpath(folder)) for folder in folders if is_course(folder)), None)
