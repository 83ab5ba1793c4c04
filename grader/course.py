"""A course on disk: exercises/<name>.py for students, solutions/<name>/ for the grader; a name → its files."""

from __future__ import annotations

import ast
import difflib
import hashlib
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import GraderError
from grader.result import CourseKind, CourseUsed

if TYPE_CHECKING:
    from grader.answer_key import AnswerKey
    from grader.suite.sides import Local

PACKAGE = Path(__file__).parent
SEALED = "sealed"  # folder of a student edition, in place of solutions/
MAX_STUB = 1 << 20  # bytes


class CourseError(GraderError):
    """A course or an exercise that is not there. The message says what to do."""


@dataclass(frozen=True)
class Exercise:
    name: str
    stub: Path
    folder: Path
    shared: tuple[Path, ...] = ()  # what lies beside the folders of exercises: suites can import and read it, too

    @staticmethod
    def of_suite(path: Path) -> Exercise:
        """The exercise that a suite file belongs to."""
        folder = path.resolve().parent
        return Course(folder.parents[1]).exercise(folder.name)

    @property
    def suite(self) -> Path:
        return self.folder / f"test_{self.name}.py"

    @cached_property
    def reference(self) -> str:
        """The text of the reference."""
        return (self.folder / "reference.py").read_text(encoding="utf-8")

    @cached_property
    def probes(self) -> str:
        """The text of the exercise's own probes; empty where it has none."""
        path = self.folder / "probes.py"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    @property
    def mistakes(self) -> Path:
        return self.folder / "mistakes.py"

    @property
    def course(self) -> Course:
        return Course(self.folder.parents[1])

    @cached_property
    def libraries(self) -> tuple[str, ...]:
        """What the exercise is answered with: NumPy, and what its reference or its probes import beside it. A worker
        imports it before it is forked and can import nothing else but the standard library."""
        text = self.reference + "\n" + self.probes
        imported = dict.fromkeys(re.findall(r"^(?:import|from)[ \t]+(\w+)", text, re.MULTILINE))
        more = [name for name in imported if name not in sys.stdlib_module_names and name != "numpy"]
        if "torch" in more and re.search(r"\boptim\b", text):
            more.append("torch.optim")
        return ("numpy", *more)

    @cached_property
    def title(self) -> str:
        match = re.match(r'\s*"""(.+)', self._stub_text)
        return match[1].strip().rstrip('."') if match else self.name

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What a submission defines: the functions and classes of the reference that the stub has, too."""
        definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        tree = ast.parse(self.reference)
        asked = set(re.findall(r"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", self._stub_text, re.MULTILINE))
        return tuple(node.name for node in tree.body if isinstance(node, definitions) and node.name in asked)

    @property
    def _stub_text(self) -> str:
        """The stub as it is now: a student who works in place has made it a submission, which nobody parses here."""
        try:
            with self.stub.open("rb") as file:
                return file.read(MAX_STUB).decode("utf-8", "replace")
        except OSError:
            return ""

    @cached_property
    def digest(self) -> str:
        """Changes when any file does that the suite is made of, or can import or read."""
        content = hashlib.sha256()
        for root in (self.folder, *self.shared):
            for path in sorted(files_below(root)):
                content.update(path.relative_to(self.folder.parent).as_posix().encode() + b"\0" + digest_of(path))
        return content.hexdigest()

    @property
    def seeds(self) -> tuple[int, ...] | None:
        """The seeds that it can be graded with; None: any."""
        return None

    def answer_key(self) -> AnswerKey:
        """Raises SuiteError where the suite cannot be collected."""
        from grader.answer_key import OpenKey

        return OpenKey(self)

    def reference_side(self) -> Local:
        from grader.sandbox.calls import probe_functions
        from grader.suite.mistakes import module_of
        from grader.suite.sides import Local

        return Local(module_of(self.reference, self.name), probe_functions(self.probes))


@dataclass(frozen=True)
class Course:
    root: Path

    @cached_property
    def is_sealed(self) -> bool:
        """Whether it is a student edition (see grader.sealed), and stays one whatever else a student puts there."""
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
            near = difflib.get_close_matches(name, self.names, n=1)
            advice = f"Did you mean '{near[0]}'?" if near else f"There are: {', '.join(self.names)}."
            raise CourseError(f"No exercise named '{name}'. {advice}")
        if name not in self._exercises:
            self._exercises[name] = self._exercise(name, self.root / "exercises" / f"{name}.py")
        return self._exercises[name]

    def _exercise(self, name: str, stub: Path) -> Exercise:
        if not self.is_sealed:
            return Exercise(name, stub, self.root / "solutions" / name, self._shared)
        from grader.sealed.key import SealedExercise

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
        count = f"{len(self.seeds)} seed{'' if len(self.seeds) == 1 else 's'}"
        return (
            f"Graded by a student edition, which holds the answers for {count}: that is for learning."
            " A file that looks them up earns nothing from the course itself."
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


def is_ignored(name: str) -> bool:
    """Whether a file or folder is made or kept by a tool: no part of a suite."""
    return name.startswith(".") or name == "__pycache__"


def files_below(root: Path) -> Iterator[Path]:
    """A file itself, or all regular files of a folder, those behind links among them."""
    if root.is_file():
        yield root
    seen: set[str] = set()
    for folder, folders, files in os.walk(root, followlinks=True):
        place = os.path.realpath(folder)
        folders[:] = [name for name in folders if not is_ignored(name) and place not in seen]
        if place not in seen:
            yield from (path for name in files if not is_ignored(name) and (path := Path(folder, name)).is_file())
        seen.add(place)


def digest_of(path: Path) -> bytes:
    """Of what a file holds; nothing where it cannot be read: then no suite reads it either."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError:
        return b""


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
