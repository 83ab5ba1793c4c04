"""A stub → the cells of its section: the statement, what the stub sets up, and a cell a function or class.

A cell's id follows from the names of the exercise and the function: a notebook that is made again has the same ids, and
so has a section in whatever company.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal

from grader.authoring.assignment.statement import markdown
from grader.course.course import Course
from grader.course.exercise import Exercise
from grader.errors import GraderError

MAX_ID = 64  # characters, as nbformat has it
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
LOAD = "%load_ext grader"
CLOSING = """# Your grade

Run all cells from the top, then the last one: it grades them as they are and shows a report. Run both again after every
change. Graded is what the exercises ask for, with all that it uses; what else you try out is in nobody's way."""


class AssignmentError(GraderError):
    """A notebook that cannot be made. The message says what to do."""


@dataclass(frozen=True)
class Cell:
    id: str
    kind: Literal["markdown", "code"]
    source: str
    # What students do with it: read it, leave it as it is, fill it in, run it to be graded.
    role: Literal["statement", "given", "answer", "grade"]
    blanks: tuple[tuple[int, int], ...] = ()  # first and last line of what is to be filled in, counted from 0
    exercises: tuple[str, ...] = ()  # what a grading cell grades


@dataclass(frozen=True)
class Part:
    """A statement of the stub with the comments above it."""

    node: ast.stmt
    text: str
    first: int  # its first line in the stub, counted from 1

    @property
    def last(self) -> int:
        return self.first + self.text.count("\n")


def sections(course: Course, names: Sequence[str]) -> list[Cell]:
    """The cells of several exercises. Raises AssignmentError where they cannot share a notebook."""
    exercises = [course.exercise(name) for name in dict.fromkeys(names)]
    owners: dict[str, tuple[str, str]] = {}  # top-level name → the exercise that brings it, and as what
    cells: list[Cell] = []
    for exercise in exercises:
        docstring, parts = read(exercise)
        for name, text in brought(parts):
            owner, before = owners.setdefault(name, (exercise.name, text))
            # The same line twice does no harm; a definition that is asked for twice could only have one answer.
            if owner != exercise.name and (name in exercise.names or text != before):
                raise AssignmentError(
                    f"'{owner}' and '{exercise.name}' both define '{name}', and a notebook has one of that name: "
                    "make two notebooks."
                )
        cells += section(exercise, docstring, parts)
    return cells


def read(exercise: Exercise) -> tuple[str, list[Part]]:
    """(the stub's docstring, its statements). Raises AssignmentError where the stub cannot be read."""
    try:
        text = exercise.stub.read_text(encoding="utf-8")
        tree = ast.parse(text)
    except SyntaxError as error:
        raise AssignmentError(f"{exercise.stub} has no valid Python in line {error.lineno}: {error.msg}.") from None
    except (OSError, ValueError) as error:
        raise AssignmentError(f"{exercise.stub} cannot be read: {error}.") from None
    docstring = ast.get_docstring(tree)
    parts = list(split(tree.body, text.split("\n")))
    return (exercise.title, parts) if docstring is None else (docstring, parts[1:])


def split(statements: Sequence[ast.stmt], lines: Sequence[str]) -> Iterator[Part]:
    """The statements, each with all that stands between it and the one before."""
    end = 0
    for node in statements:
        last = node.end_lineno or node.lineno
        if last <= end:  # a second statement in the line of the first
            continue
        first = end + 1
        while not lines[first - 1].strip():
            first += 1
        yield Part(node, "\n".join(lines[first - 1 : last]), first)
        end = last


def brought(parts: Sequence[Part]) -> Iterator[tuple[str, str]]:
    """The names that definitions and constants bind, with their text. Imports of one name mean one thing."""
    from grader.sandbox.worker.effects import bound

    for part in parts:
        if not isinstance(part.node, (ast.Import, ast.ImportFrom)):
            yield from ((name, ast.unparse(part.node)) for name in bound(part.node) if name)


def section(exercise: Exercise, docstring: str, parts: Sequence[Part]) -> Iterator[Cell]:
    yield Cell(cell_id(exercise.name, "statement"), "markdown", markdown(docstring), "statement")
    variables = {id(part): names for part in parts if (names := variables_of(part, exercise))}
    setup = [part for part in parts if not isinstance(part.node, DEFINITIONS) and id(part) not in variables]
    if setup:
        yield Cell(cell_id(exercise.name, "setup"), "code", joined(setup), "given")
    for part in parts:
        if isinstance(part.node, DEFINITIONS):
            blanks = tuple(
                (node.lineno - part.first, (node.end_lineno or node.lineno) - part.first) for node in missing(part.node)
            )
            name = definition_id(exercise.name, part.node.name)
            yield Cell(name, "code", part.text, "answer" if blanks else "given", blanks)
        elif id(part) in variables:
            yield Cell(definition_id(exercise.name, variables[id(part)][0]), "code", part.text, "answer")


def variables_of(part: Part, exercise: Exercise) -> list[str]:
    """The variables that the exercise asks for which a statement sets."""
    from grader.sandbox.worker.effects import bound

    if isinstance(part.node, DEFINITIONS):
        return []
    return [name for name in bound(part.node) if name in exercise.names]


def joined(parts: Sequence[Part]) -> str:
    """Statements in one cell, apart where they are apart in the stub."""
    text = parts[0].text
    for before, part in itertools.pairwise(parts):
        text += ("\n" if part.first == before.last + 1 else "\n\n") + part.text
    return text


def missing(definition: ast.stmt) -> list[ast.Raise]:
    """Where a definition raises NotImplementedError, from top to bottom."""
    found = []
    for node in ast.walk(definition):
        if isinstance(node, ast.Raise) and node.exc is not None:
            raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            if isinstance(raised, ast.Name) and raised.id == "NotImplementedError":
                found.append(node)
    return sorted(found, key=lambda node: node.lineno)


def closing(names: Sequence[str]) -> list[Cell]:
    """The end of a notebook: its last cell grades all of it."""
    names = tuple(dict.fromkeys(names))
    return [*loading(CLOSING), Cell("grade", "code", f"%grade {' '.join(names)}", "grade", exercises=names)]


def loading(text: str) -> list[Cell]:
    """The heading of the end, and the cell that brings the magic: of its own, for a second load would be told."""
    return [Cell("grade--statement", "markdown", text, "statement"), Cell("grade--setup", "code", LOAD, "given")]


def cell_id(exercise: str, part: str) -> str:
    """Two dashes, which no id of a definition has: neither names of exercises nor of functions hold a dash."""
    return short(f"{exercise}--{part}")


def definition_id(exercise: str, name: str) -> str:
    return short(f"{exercise}-{name}")


def short(name: str) -> str:
    """An id of the letters and the length that nbformat and nbgrader take; different names stay different."""
    safe = re.sub(r"[^A-Za-z0-9_-]", "_", name)
    if safe == name and len(name) <= MAX_ID:
        return name
    digest = blake2b(name.encode(), digest_size=4).hexdigest()
    return f"{safe[: MAX_ID - len(digest) - 1]}-{digest}"
