"""What of a notebook is run: the definitions that an exercise's names need, and nothing else.

A notebook is handed over as one text with the first line of each code cell. Each cell is parsed by itself; lines that
are magics or shell escapes are blanked, never run, and listed. Then the last definition of each wanted name is taken,
and the last definition of whatever it uses: imports, functions, classes, constants. Demo cells, plots and training
loops are in nobody's way. Runs in the worker.
"""

from __future__ import annotations

import ast
import re
import symtable
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from grader.sandbox.worker.refusal import Refusal, refusal

NOT_RUN = "NotRun"
# Cell magics whose body is Python all the same; the body of any other is not.
PYTHON_BODY = re.compile(r"%%(time|timeit|capture|prun|debug)\b")
MAGIC = re.compile(r"\s*(%|!|\?)|\s*[\w.]+\s*=\s*[%!]|\s*[\w.]+\?\??\s*$")
# What an assignment notebook ends with: not run like any other magic, but nothing to tell a student.
OURS = re.compile(r"%(grade\b|(re)?load_ext\s+grader\b)")
MAX_SHOWN = 80

Problem = tuple[int, str] | Refusal


@dataclass(frozen=True)
class Definition:
    """A statement that binds names."""

    order: int
    statement: ast.stmt
    binds: frozenset[str]
    uses: frozenset[str]
    builds_on: frozenset[str]  # what it binds and needs an earlier value of


def definitions(source: str, starts: Sequence[int], wanted: Iterable[str]) -> tuple[list[ast.stmt], list[Problem]]:
    """The statements to run, in the notebook's order, and what was left out or cannot be read, by line of the text."""
    lines = source.split("\n")
    problems: list[Problem] = []
    found: list[Definition] = []
    for start, end in zip(starts, [*starts[1:], len(lines) + 1], strict=True):
        tree, said = parse(lines[start - 1 : end - 1], start)
        problems += said
        for statement in binding(tree):
            found.append(define(len(found), statement))
    return needed(found, wanted), problems


def parse(lines: list[str], start: int) -> tuple[list[ast.stmt], list[Problem]]:
    """A cell's statements, with lines counted from `start`. Magics are found as what the parser stumbles over."""
    problems: list[Problem] = []
    while True:
        try:
            tree = ast.parse("\n".join(lines))
            ast.increment_lineno(tree, start - 1)
            return tree.body, problems
        except SyntaxError as error:
            number = (error.lineno or 1) - 1
            if number >= len(lines) or not MAGIC.match(lines[number]):
                return [], [*problems, refusal(error, start - 1)]
            if not OURS.match(lines[number].strip()):
                problems.append((start + number, f"{NOT_RUN}: {lines[number].strip()[:MAX_SHOWN]}"))
            lines = blank(lines, number)
        except (ValueError, RecursionError, MemoryError) as error:
            return [], [*problems, (start, f"not readable as Python: {error}")]


def blank(lines: list[str], number: int) -> list[str]:
    """The cell without the magic in this line: with the lines that go on with it, and all that is not Python."""
    line = lines[number]
    if line.startswith("%%") and not PYTHON_BODY.match(line):
        return lines[:number] + [""] * (len(lines) - number)
    end = number
    while end < len(lines) - 1 and lines[end].rstrip().endswith("\\"):
        end += 1
    indent = line[: len(line) - len(line.lstrip())]
    return lines[:number] + [indent + "pass"] * (end - number + 1) + lines[end + 1 :]


def binding(statements: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that may define something. Loops are for training and `with` for measuring."""
    kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    values = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.If, ast.Try)
    return (statement for statement in statements if isinstance(statement, (*kinds, *values)))


def define(order: int, statement: ast.stmt) -> Definition:
    table = symtable.symtable(ast.unparse(statement), "cell", "exec")
    at_once = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_referenced()}
    later: set[str] = set()  # within functions, which run when all is defined
    scopes = table.get_children()
    while scopes:
        scope = scopes.pop()
        later |= {symbol.get_name() for symbol in scope.get_symbols() if symbol.is_global()}
        scopes += scope.get_children()
    binds = frozenset(bound(statement))
    return Definition(order, statement, binds, frozenset(at_once | later), binds & at_once)


def bound(statement: ast.stmt) -> Iterator[str]:
    """The names at the top level that a statement binds or changes."""
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        for alias in statement.names:
            yield alias.asname or alias.name.partition(".")[0]
    elif isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield statement.name
    elif isinstance(statement, ast.Assign):
        for target in statement.targets:
            parts = target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]
            yield from (root(part) for part in parts)
    elif isinstance(statement, (ast.AnnAssign, ast.AugAssign)):
        yield root(statement.target)
    elif isinstance(statement, (ast.If, ast.Try)):
        blocks = [statement.body, statement.orelse, getattr(statement, "finalbody", [])]
        blocks += [handler.body for handler in getattr(statement, "handlers", [])]
        for block in blocks:
            for inner in block:
                yield from bound(inner)


def root(target: ast.expr) -> str:
    """The name that an assignment reaches: `config` of `config["lr"].x`."""
    while isinstance(target, (ast.Attribute, ast.Subscript, ast.Starred)):
        target = target.value
    return target.id if isinstance(target, ast.Name) else ""


def needed(found: Sequence[Definition], wanted: Iterable[str]) -> list[ast.stmt]:
    """The last definition of every wanted name, and of all that those use."""
    by_name: dict[str, list[Definition]] = {}
    for definition in found:
        for name in definition.binds:
            by_name.setdefault(name, []).append(definition)
    chosen: dict[int, Definition] = {}
    left = [(name, len(found)) for name in (*wanted, "*")]
    seen = set()
    while left:
        name, before = left.pop()
        if (name, before) in seen:
            continue
        seen.add((name, before))
        for definition in reversed(by_name.get(name, [])):
            if definition.order >= before:
                continue
            chosen[definition.order] = definition
            left += [(use, len(found)) for use in definition.uses if use != name]
            changes = not replaces(definition.statement, name)
            if changes or name in definition.builds_on:
                left.append((name, definition.order))
            if name != "*":
                break
    return [chosen[order].statement for order in sorted(chosen)]


def replaces(statement: ast.stmt, name: str) -> bool:
    """Whether a statement gives a name a new value; else it changes the value that it has."""
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    if isinstance(statement, (ast.If, ast.Try, ast.AugAssign)):
        return False
    if isinstance(statement, (ast.Assign, ast.AnnAssign)):
        return any(isinstance(node, ast.Name) and node.id == name for t in targets if t for node in flat(t))
    return True


def flat(target: ast.expr) -> list[ast.expr]:
    return list(target.elts) if isinstance(target, (ast.Tuple, ast.List)) else [target]
