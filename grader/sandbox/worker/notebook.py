"""What of a notebook is run: the statements that an exercise's names need, and nothing else.

A notebook is handed over as one text with the first line of each code cell. Each cell is read by itself, as Jupyter
does: one that Python refuses costs itself and no other; lines that are magics, commands or shell escapes are blanked,
never run, and listed. Then the last definition of each wanted name is taken with all that changed its value since, and
the same for whatever these use, as it was when they used it. Demos, plots and training loops are left out,
unless they make what is needed. Runs in the worker.
"""

from __future__ import annotations

import ast
import bisect
import re
import symtable
import warnings
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass

from grader.sandbox.worker.effects import ANY, Reader, bound, by_calls, functions_in, reached
from grader.sandbox.worker.refusal import Refusal, refusal

NOT_RUN = "NotRun"
# Cell magics whose body is Python all the same; the body of any other is not.
PYTHON_BODY = re.compile(r"%%(time|timeit|capture|prun|debug)\b")
# What IPython runs without its percent sign, and what is often typed without an exclamation mark.
COMMANDS = (
    "alias apt apt-get bookmark cat cd clear conda cp curl dhist dirs env git grep head hist history ldir less load "
    "load_ext ls lsmagic mamba man matplotlib mkdir more mv notebook pdb pinfo pip pip3 popd precision prun psource "
    "pushd pwd pylab python python3 quickref reload_ext reset rm rmdir run set_env sudo system tail tar time timeit "
    "touch unzip uv wget who whos xmode"
)
NAMED = rf"(?:{COMMANDS.replace(' ', '|')})(?![\w.]|\s*[-+*/|&^]?[=(:\[,])"
MAGIC = re.compile(rf"\s*(%|!|\?)|\s*[\w., ]+\s*=\s*[%!]|\s*[\w.]+\?\??\s*$|\s*{NAMED}")
# What an assignment notebook ends with: not run like any other magic, but nothing to tell a student.
OURS = re.compile(r"%(grade\b|(re)?load_ext\s+grader\b)")
PROMPT = re.compile(r"\s*(?:>>>|\.\.\.|In \[\d*\]:|\s*\.\.\.:)(?: |$)")
MAX_SHOWN = 80
# What may run before it is run to its end: without these flags only a cell's last value would be lost.
AS_JUPYTER = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
# Through these a function finds any name.
EVERYWHERE = {"globals", "eval", "exec"}
# Statements that may bind their names, or not; any other binds all of them.
AT_ONCE = {"listcomp", "setcomp", "dictcomp", "genexpr"}  # scopes that are run where they stand
PERHAPS = (
    *(ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Match),
    *(ast.AugAssign, ast.Expr),
)

Problem = tuple[int, str] | Refusal


@dataclass(frozen=True)
class Definition:
    """A statement that binds names, or changes what they stand for."""

    order: int
    statement: ast.stmt
    binds: Set[str]
    changes: Set[str]
    uses: Set[str]  # at once
    uses_later: Set[str]  # in functions, when they are called

    @property
    def is_final(self) -> bool:
        """Whether nothing is left of the values that its names had before."""
        return not isinstance(self.statement, PERHAPS)


def definitions(source: str, starts: Sequence[int], wanted: Iterable[str]) -> tuple[list[ast.stmt], list[Problem]]:
    """The statements to run, in the notebook's order, and what was left out or cannot be read, by line of the text."""
    lines = source.split("\n")
    problems: list[Problem] = []
    found: list[ast.stmt] = []
    for start, end in zip(starts, [*starts[1:], len(lines) + 1], strict=True):
        statements, said = parse(lines[start - 1 : end - 1], start)
        problems += said
        found += statements
    chosen = needed(define(found), wanted)
    return [one.statement for one in chosen], problems


def parse(lines: list[str], start: int) -> tuple[list[ast.stmt], list[Problem]]:
    """A cell's statements, with lines counted from `start`. Magics are found as what the parser stumbles over."""
    problems: list[Problem] = []
    lines = plain(lines)
    while True:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # they come when the statements are compiled to be run
                text = "\n" * (start - 1) + "\n".join(lines)
                compile(text, "cell", "exec", AS_JUPYTER, dont_inherit=True)
                return ast.parse(text).body, problems
        except SyntaxError as error:
            number = max((error.lineno or start) - start, 0)
            if number >= len(lines) or not MAGIC.match(lines[number]):
                return [], [*problems, refusal(error)]
            if not OURS.match(lines[number].strip()):
                problems.append((start + number, f"{NOT_RUN}: {lines[number].strip()[:MAX_SHOWN]}"))
            lines = blank(lines, number)
        except (ValueError, RecursionError, MemoryError) as error:
            return [], [*problems, (start, f"not readable as Python: {error}")]


def plain(lines: list[str]) -> list[str]:
    """A cell as IPython takes it: without a byte order mark, prompts and what all of it is indented by."""
    first = next((line for line in lines if line.strip()), "").removeprefix("\ufeff")
    if PROMPT.match(first):
        lines = [PROMPT.sub("", line, count=1) for line in lines]
        first = PROMPT.sub("", first, count=1)
    indent = first[: len(first) - len(first.lstrip(" \t"))]
    return [line.removeprefix("\ufeff").removeprefix(indent) for line in lines]


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


def define(statements: Sequence[ast.stmt]) -> list[Definition]:
    """What each statement of a notebook does to names."""
    spoken_of = [names_used(statement) for statement in statements]
    libraries = {
        alias.asname or alias.name.partition(".")[0]: (getattr(node, "module", None) or alias.name).partition(".")[0]
        for statement in statements
        for node in imports_in(statement)
        for alias in node.names
    }
    later = [(statement, used[1]) for statement, used in zip(statements, spoken_of, strict=True)]
    functions = functions_in(later, libraries)
    effects = []
    holds: dict[str, set[str]] = {}
    for statement in statements:
        reader = Reader(libraries)
        reader.visit(statement)
        effects.append(reader.effects)
        for name, held in reader.effects.holds.items():
            holds.setdefault(name, set()).update(held)
    found = []
    for order, (statement, used, effect) in enumerate(zip(statements, spoken_of, effects, strict=True)):
        changes = reached(effect.changes | by_calls(effect.calls, functions), holds)
        found.append(Definition(order, statement, frozenset(bound(statement)), changes, *used))
    return found


def imports_in(statement: ast.stmt) -> Iterator[ast.Import | ast.ImportFrom]:
    """Those that bind names where the statement stands."""
    left: list[ast.AST] = [statement]
    while left:
        node = left.pop()
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield node
        elif isinstance(node, PERHAPS) and not isinstance(node, (ast.AugAssign, ast.Expr)):
            left += [part for part in ast.iter_child_nodes(node) if not isinstance(part, ast.expr)]
        elif isinstance(node, (ast.ExceptHandler, ast.match_case)):
            left += node.body


def names_used(statement: ast.stmt) -> tuple[set[str], set[str]]:
    """The names that a statement uses at once, and those that the functions in it use when they are called."""
    at_once: set[str] = set()
    later: set[str] = set()
    try:
        table = symtable.symtable(ast.unparse(statement), "cell", "exec")
    except (SyntaxError, ValueError, RecursionError):  # not every statement can be written as text again
        every = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
        return every, every
    scopes = [(table, False)]
    while scopes:
        scope, is_later = scopes.pop()
        if scope is table:
            at_once |= {symbol.get_name() for symbol in scope.get_symbols() if symbol.is_referenced()}
        else:
            is_later = is_later or (scope.get_type() == "function" and scope.get_name() not in AT_ONCE)
            names = {symbol.get_name() for symbol in scope.get_symbols() if symbol.is_global()}
            at_once |= set() if is_later else names
            later |= names if is_later else set()
        scopes += [(child, is_later) for child in scope.get_children()]
    if isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
        at_once.add(statement.target.id)
    return at_once, later


def first_line(statement: ast.stmt) -> int:
    parts: tuple[ast.expr | ast.stmt, ...] = (statement, *getattr(statement, "decorator_list", ()))
    return min(part.lineno for part in parts)


def needed(found: Sequence[Definition], wanted: Iterable[str]) -> list[Definition]:
    """The last definition of every wanted name with what changed it since, and of all that those use."""
    places: dict[str, list[int]] = {}
    for one in found:
        for name in one.binds | one.changes:
            places.setdefault(name, []).append(one.order)
    by_order = {one.order: one for one in found}
    end = max(by_order, default=0) + 1
    chosen: set[int] = set()
    left = [(name, end) for name in (*wanted, ANY)]
    seen: set[tuple[str, int, int]] = set()
    while left:
        name, before = left.pop()
        orders = places.get(name, [])
        count = bisect.bisect_left(orders, before)
        if count == 0 and orders and before != end:
            left.append((name, end))  # as the cells stand it comes too late: they were run in another order
            continue
        for order in reversed(orders[:count]):
            one = by_order[order]
            if (name, order, before) in seen:
                break
            seen.add((name, order, before))
            chosen.add(order)
            left += [(use, order) for use in one.uses]
            left += [(use, before) for use in one.uses_later]
            if not EVERYWHERE.isdisjoint(one.uses_later):
                left += [(each, before) for each in places]
            if name != ANY and name in one.binds and one.is_final:
                break
    return [by_order[order] for order in sorted(chosen)]
