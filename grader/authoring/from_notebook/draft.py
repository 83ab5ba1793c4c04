"""An instructor's notebook in nbgrader's form → the draft of an exercise.

    ### BEGIN SOLUTION … ### END SOLUTION             kept in the reference; in the stub `raise NotImplementedError`
    ### BEGIN HIDDEN TESTS … ### END HIDDEN TESTS     only in the suite
    Markdown before the first cell of code            the stub's docstring: title and statement
    Markdown before a later cell                      a comment above what that cell becomes

As in nbgrader, a cell marked as a solution that has no region is a solution as a whole, and an answer in Markdown is
no part of the statement. Of cells without a solution only what the solutions need is taken: imports, constants,
helpers. Demonstrations and plots are left out. Asserts become checks where they can
(grader.authoring.from_notebook.asserts).
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.authoring.from_notebook.asserts import Asserting, comment, suite
from grader.authoring.from_notebook.names import Statement, free_names, gather, layout, statements_of
from grader.authoring.from_notebook.regions import Line, SolutionCell, asserts_something, mark_regions, without_regions
from grader.authoring.scaffold import Draft, ScaffoldError
from grader.submissions import notebook
from grader.submissions.reading import SubmissionError

HIDDEN = "HIDDEN TESTS"
SOLUTION = "SOLUTION"
SCHEME = "MARK SCHEME"

MISTAKES = '''"""Known mistakes in {name}."""

from grader.suite import Mistake, replace

# TODO: name what students get wrong. Each is the reference with one small edit, and `grader check` proves that the
# suite catches it:
#
#     Mistake("sign_flipped", "The sign is flipped", "Why it is wrong, and how to see it.", replace("a - b", "b - a")),
MISTAKES: list[Mistake] = []
'''


@dataclass
class Cell:
    place: str  # "week1.ipynb, cell 3"
    number: int
    kind: str
    source: str
    marks: dict[str, Any]  # nbgrader's: grade, solution, points, grade_id
    comments: list[str] = field(default_factory=list)  # Markdown before it

    @property
    def points(self) -> float:
        points = self.marks.get("points")
        return float(points) if isinstance(points, (int, float)) and 0 < points < math.inf else 1.0


def draft_from(path: Path, name: str) -> Draft:
    """The exercise in a notebook. Raises ScaffoldError with one clear line."""
    notes: list[str] = []
    statement, cells = with_comments(read_cells(path), notes)
    solutions: dict[int, SolutionCell] = {}
    support: list[Statement] = []
    tests: list[Asserting] = []
    for cell in cells:
        lines = mark_regions(cell.source, (SOLUTION, HIDDEN), cell.place)
        if cell.marks.get("solution") or any(line.region == SOLUTION for line in lines):
            solution = SolutionCell.of(lines, cell.place, SOLUTION, HIDDEN)
            solutions[cell.number] = solution
            tests += [Asserting(cell.number, solution.asserts)] if solution.asserts else []
        elif is_test(lines, cell):
            text = runnable("\n".join(line.text for line in lines))
            tests.append(Asserting(cell.number, text, cell.points, cell.comments))
        else:
            found = statements_of(runnable(cell.source), cell.number)
            if found is None:
                notes.append(f"cell {cell.number} does not parse and was left out.")
            support += found or []
    if not solutions:
        raise ScaffoldError(
            f"{path} has no ### BEGIN SOLUTION … ### END SOLUTION region: put one around what students are to write."
        )
    functions = {name for solution in solutions.values() for name in solution.functions}
    classes = {name for solution in solutions.values() for name in solution.classes}
    if not functions | classes:
        raise ScaffoldError(f"{path} defines no function in its solutions: a check calls one. Wrap the code in `def`.")
    own = set().union(*(solution.binds for solution in solutions.values()))
    wanted = set().union(*(free_names(solution.reference) for solution in solutions.values())) - own
    kept = gather(support, wanted)
    title, body = statement_of(statement, name)
    checks, more = suite(name, tests, functions, functions | classes | own, support)
    return Draft(
        stub=module(docstring(title, body), cells, solutions, kept, stub=True),
        reference=module(f'"""{escaped(title)}: the reference."""', cells, solutions, kept, stub=False),
        suite=checks,
        mistakes=MISTAKES.format(name=name),
        notes=(*notes, *more, "mistakes.py names no mistake yet; `grader check` wants one at least."),
    )


def read_cells(path: Path) -> list[Cell]:
    """The cells of a notebook of any format. Raises ScaffoldError."""
    try:
        cells = notebook.cells_of(path.read_bytes(), str(path))
    except FileNotFoundError:
        raise ScaffoldError(f"{path} does not exist.") from None
    except OSError as error:
        raise ScaffoldError(f"{path} cannot be read: {error.strerror}.") from None
    except SubmissionError as error:
        raise ScaffoldError(str(error)) from None
    return [cell_of(cell, path, number) for number, cell in enumerate(cells, 1)]


def cell_of(cell: notebook.Cell, path: Path, number: int) -> Cell:
    text = cell.source.replace("\r\n", "\n").replace("\r", "\n")
    text = text.encode(errors="replace").decode()  # without halves of pairs, which no file can hold
    marks = cell.metadata.get("nbgrader")
    return Cell(f"{path.name}, cell {number}", number, cell.kind, text, marks if isinstance(marks, dict) else {})


def with_comments(cells: Sequence[Cell], notes: list[str]) -> tuple[str, list[Cell]]:
    """The Markdown before the first cell of code, and the cells of code, each with the Markdown before it."""
    code: list[Cell] = []
    waiting: list[str] = []
    statement = ""
    for cell in cells:
        if cell.kind == "markdown" and cell.marks.get("solution"):
            notes.append(f"cell {cell.number} is an answer in words, which no check can mark: it was left out.")
        elif cell.kind == "markdown":
            waiting.append(without_regions(cell.source, (SOLUTION, HIDDEN, SCHEME), cell.place).strip())
        elif cell.kind == "code" and cell.source.strip():
            if not code:
                statement, waiting = "\n\n".join(filter(None, waiting)), []
            cell.comments = [text for text in waiting if text]
            code.append(cell)
            waiting = []
    if waiting:
        notes.append("the Markdown after the last cell of code was left out.")
    return statement, code


def is_test(lines: Sequence[Line], cell: Cell) -> bool:
    if cell.marks.get("grade") or any(line.region == HIDDEN for line in lines):
        return True
    try:
        tree = ast.parse(runnable(cell.source))
    except (SyntaxError, ValueError):
        return False
    return any(map(asserts_something, tree.body))


def runnable(source: str) -> str:
    """A cell without magics and shell escapes; its lines keep their numbers."""
    try:
        ast.parse(source)
        return source
    except (SyntaxError, ValueError):
        return re.sub(r"^\s*[%!].*$", "", source, flags=re.MULTILINE)


def statement_of(markdown: str, name: str) -> tuple[str, str]:
    """(title, the rest)."""
    first, _, rest = markdown.partition("\n")
    title = first.strip("# \t") or name.replace("_", " ").capitalize()
    return title, rest.strip()


def docstring(title: str, body: str) -> str:
    text = escaped(f"{title}\n\n{body or 'TODO: the statement.'}")
    return f'"""{text}\n"""'


def escaped(text: str) -> str:
    """Text as it is written in a docstring: a formula's backslashes are no escapes."""
    return text.replace("\\", "\\\\").replace('"""', r"\"\"\"").replace("\0", "")


def module(
    head: str, cells: Sequence[Cell], solutions: dict[int, SolutionCell], kept: Sequence[Statement], *, stub: bool
) -> str:
    return head + "\n\n" + "\n\n\n".join(parts(cells, solutions, kept, stub=stub)) + "\n"


def parts(
    cells: Sequence[Cell], solutions: dict[int, SolutionCell], kept: Sequence[Statement], *, stub: bool
) -> Iterator[str]:
    """What each cell gives to the stub, or to the reference, in the order of the notebook."""
    for cell in cells:
        if cell.number in solutions:
            solution = solutions[cell.number]
            text = solution.stub if stub else solution.reference
            above = comment("\n\n".join(cell.comments)) if stub else []
            if text.strip():
                yield "\n".join([*above, text.strip("\n")])
        elif given := [statement for statement in kept if statement.cell == cell.number]:
            yield layout(given)
