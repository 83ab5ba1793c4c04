"""The asserts of a notebook → the checks of a suite, where that is mechanical; a comment that says why where not.

A cell becomes one check, worth its share of nbgrader's points. Its code stays as it is but for the calls of what
students write. An assert of equality (`f(x) == y`, `np.allclose(f(x), y)`, `assert_allclose(f(x), y)`, …) asks
`agree("f", x)`, which also compares with the reference, type and shape first; any other call becomes
`submission.f(x)`, and what is asserted of its answer is all that is judged.

Only calls of functions cross to the submission. A cell that makes objects of a student's class, hands a function on,
or uses what another cell computed becomes a comment with a TODO.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from grader.authoring.from_notebook.names import Statement, free_names, gather, layout
from grader.authoring.from_notebook.rewriting import called_function, is_assertion, last_name, rewritten

TOTAL = 100
# A submission's errors of these kinds reach an `except` of the suite as what they are.
CAUGHT = {"ValueError", "TypeError", "Exception", "AssertionError"}


@dataclass(frozen=True)
class Asserting:
    """A cell that asserts something."""

    cell: int
    text: str
    points: float = 1.0  # nbgrader's
    comments: Sequence[str] = ()  # Markdown before it


@dataclass(frozen=True)
class Check:
    name: str
    title: str
    body: str
    uses: frozenset[str]


class NotMechanical(Exception):
    """Why a cell cannot become a check."""


def suite(
    name: str, cells: Sequence[Asserting], functions: set[str], own: set[str], support: Sequence[Statement]
) -> tuple[str, list[str]]:
    """(the text of the suite, what the author has to see to). `own`: all names that students define."""
    known = [statement for statement in support if not statement.uses & own]
    made: list[tuple[Asserting, Check | str]] = []
    for cell in cells:
        try:
            made.append((cell, check_of(cell, functions, own, known)))
        except NotMechanical as reason:
            made.append((cell, str(reason)))
    checks = [(cell, check) for cell, check in made if isinstance(check, Check)]
    notes = [
        f"the asserts of cell {cell.cell} are a comment in the suite: {it}." for cell, it in made if isinstance(it, str)
    ]
    points = dict(zip([cell.cell for cell, _ in checks], share([cell.points for cell, _ in checks]), strict=True))
    blocks = [
        written(cell, it, points[cell.cell]) if isinstance(it, Check) else commented(cell, it) for cell, it in made
    ]
    if not checks:
        notes.append("the suite has no check yet: write one, as in the comment at its end.")
        blocks.append(proposed(min(functions, default="function")))
    needed = gather(known, set().union(*(check.uses for _, check in checks)))
    return "\n\n\n".join([opening(name, needed), *blocks]) + "\n", notes


def opening(name: str, needed: Sequence[Statement]) -> str:
    lines = [
        f'"""The hidden suite of {name}, from the asserts of a notebook.',
        "",
        "TODO: checks with inputs drawn from `rng`, hints, and a title for students to read in each check.",
        '"""',
        "",
        *sorted({"import pytest", *(statement.text for statement in needed if statement.is_import)}),
    ]
    others = [statement for statement in needed if not statement.is_import]
    return "\n".join(lines) + ("\n\n" + layout(others) if others else "")


def check_of(cell: Asserting, functions: set[str], own: set[str], known: Sequence[Statement]) -> Check:
    """The check that a cell becomes. Raises NotMechanical."""
    try:
        tree = ast.parse(cell.text)
    except (SyntaxError, ValueError):
        raise NotMechanical("it does not parse") from None
    called = refuse_what_cannot_cross(tree, functions, own)
    title, body = titled(rewritten(cell.text, functions))
    title = title or f"{called[0]} does what cell {cell.cell} asserts"
    try:
        uses = free_names(f"def check():\n{textwrap.indent(body, '    ')}") - {"agree", "submission"}
    except SyntaxError as error:
        raise NotMechanical(f"it cannot stand in a function ({error.msg})") from None
    given = gather(known, uses)
    needed = uses.union(*(statement.uses for statement in given))
    if unknown := needed.difference(*(statement.binds for statement in given), {"pytest"}):
        raise NotMechanical(f"it needs {listed(unknown)}, which no import, constant or helper of the notebook gives")
    return Check(f"test_{called[0]}_in_cell_{cell.cell}", title, body, frozenset(uses))


def refuse_what_cannot_cross(tree: ast.Module, functions: set[str], own: set[str]) -> list[str]:
    """The functions that a cell calls, in turn. Raises NotMechanical where it does more with what students write."""
    nodes = list(ast.walk(tree))
    mentions = [node.id for node in nodes if isinstance(node, ast.Name) and node.id in own]
    called = [name for node in nodes if (name := called_function(node, functions))]
    if others := set(mentions) - functions:
        raise NotMechanical(f"it uses {listed(others)}, and only calls of functions cross to a submission")
    if len(mentions) > len(called):
        raise NotMechanical(f"it hands {listed(set(mentions))} on, and only calls of functions cross to a submission")
    if not called:
        raise NotMechanical("it calls nothing that students write")
    if not any(is_assertion(node) or isinstance(node, ast.Raise) for node in nodes):
        raise NotMechanical("it asserts nothing")
    if unmet := awaited_errors(tree) - CAUGHT:
        raise NotMechanical(
            f"it waits for {listed(unmet)}; of a submission's errors only ValueError and TypeError cross"
        )
    return called


def awaited_errors(tree: ast.Module) -> set[str]:
    """The names of the errors that `except` and `raises` wait for."""
    found: list[ast.expr] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and node.type is not None:
            found.append(node.type)
        elif isinstance(node, ast.Call) and last_name(node.func) in ("raises", "assertRaises", "assert_raises"):
            found += node.args[:1]
    kinds = [kind for item in found for kind in (item.elts if isinstance(item, ast.Tuple) else [item])]
    return {last_name(kind) or ast.unparse(kind) for kind in kinds}


def titled(text: str) -> tuple[str, str]:
    """(title, body): the title is what the cell says of itself first, in a text or a comment; perhaps nothing."""
    tree = ast.parse(text)
    if documented := ast.get_docstring(tree):
        lines = text.split("\n")[tree.body[0].end_lineno or 0 :]
        return " ".join(documented.partition("\n\n")[0].split()), "\n".join(lines).strip("\n")
    first, _, rest = text.strip().partition("\n")
    if first.startswith("#") and first.strip("# "):
        return first.strip("# "), rest.strip("\n")
    return "", text.strip("\n")


def written(cell: Asserting, check: Check, points: int) -> str:
    fixtures = [name for name, sign in (("agree", "agree("), ("submission", "submission.")) if sign in check.body]
    title = check.title.replace("\\", "\\\\").replace('"', "'")
    lines = [
        *comment("\n\n".join(cell.comments)),
        f"@pytest.mark.points({points})",
        f"def {check.name}({', '.join(fixtures)}):",
        f'    """{title}"""',
        textwrap.indent(check.body, "    "),
    ]
    return "\n".join(lines)


def commented(cell: Asserting, reason: str) -> str:
    head = f"# TODO: write a check for cell {cell.cell} of the notebook: {reason}."
    return "\n".join([head, *comment("\n\n".join(cell.comments)), *comment(cell.text.strip())])


def proposed(function: str) -> str:
    call = f'agree("{function}", rng.normal(size=(3, 4)))'
    return "\n".join(
        comment(f'@pytest.mark.points({TOTAL})\ndef test_values(agree, rng):\n    """What is right."""\n    {call}')
    )


def comment(text: str) -> list[str]:
    return [f"# {line}".rstrip() for line in text.split("\n")] if text else []


def listed(names: Collection[str]) -> str:
    return ", ".join(sorted(names))


def share(weights: Sequence[float]) -> list[int]:
    """A hundred points in proportion to the weights, in whole points, one at least."""
    exact = [TOTAL * weight / sum(weights) for weight in weights]
    shares = [max(1, int(value)) for value in exact]
    most_cut = sorted(range(len(weights)), key=lambda index: exact[index] - shares[index], reverse=True)
    for index in most_cut[: max(0, TOTAL - sum(shares))]:
        shares[index] += 1
    while sum(shares) > TOTAL and max(shares) > 1:
        shares[shares.index(max(shares))] -= 1
    return shares
