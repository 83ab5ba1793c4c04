"""The calls of students' functions in a cell of asserts → calls through the fixtures of a suite."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Sequence

EQUALITIES = {"allclose", "isclose", "array_equal", "equal"}
ASSERTIONS = {"assert_allclose", "assert_array_equal", "assert_equal", "assert_array_almost_equal"}
ASSERTIONS |= {"assert_almost_equal", "assert_close"}
TOLERANCES = {"rtol", "atol"}


def called_function(node: ast.AST, functions: Collection[str]) -> str:
    """The one of the functions that a node calls by its name; empty where it calls none."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in functions:
        return node.func.id
    return ""


def is_assertion(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return last_name(node.func).startswith("assert") or last_name(node.func) == "raises"
    return isinstance(node, ast.Assert)


def last_name(node: ast.expr) -> str:
    """ "np.testing.assert_allclose" → "assert_allclose"."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def rewritten(source: str, functions: Collection[str]) -> str:
    """A cell that asks the submission; comments and layout stay.

    Where equality is asserted of an answer, `agree` asks; anywhere else, `submission`.
    """
    tree = ast.parse(source)
    tolerances = dict(equalities(tree.body, functions))
    lines = [line.encode() for line in source.split("\n")]  # the offsets of ast are those of UTF-8
    for call in sorted(outermost(tree, functions), key=lambda node: (node.lineno, node.col_offset), reverse=True):
        first, last = call.lineno - 1, (call.end_lineno or call.lineno) - 1
        before, after = lines[first][: call.col_offset], lines[last][call.end_col_offset :]
        asked = ast.unparse(asking(call, functions, tolerances))
        asked = re.sub(r"^agree\('(\w+)'", r'agree("\1"', asked)  # as suites are written
        lines[first : last + 1] = [before + asked.encode() + after]
    text = b"\n".join(lines).decode()
    new = ast.parse(text)
    statements = new.body[1:] if ast.get_docstring(new) else new.body
    if any(is_long_text(node) for statement in statements for node in ast.walk(statement)):
        return ast.unparse(new)  # a text over several lines would change when the cell is indented
    return text


def is_long_text(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant) and not isinstance(node.value, (str, bytes)):
        return False
    return isinstance(node, (ast.Constant, ast.JoinedStr)) and node.lineno != node.end_lineno


def outermost(node: ast.AST, functions: Collection[str]) -> Iterator[ast.Call]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call) and called_function(child, functions):
            yield child
        else:
            yield from outermost(child, functions)


def asking(call: ast.Call, functions: Collection[str], tolerances: dict[ast.Call, list[ast.keyword]]) -> ast.Call:
    """A call through a fixture; calls of students' functions among its arguments go through `submission`."""

    class Redirect(ast.NodeTransformer):
        def visit_Call(self, node: ast.Call) -> ast.AST:
            self.generic_visit(node)
            if name := called_function(node, functions):
                node.func = ast.Attribute(ast.Name("submission"), name)
            return node

    name = called_function(call, functions)
    Redirect().visit(call)
    if call in tolerances:
        call = ast.Call(ast.Name("agree"), [ast.Constant(name), *call.args], [*call.keywords, *tolerances[call]])
    return ast.fix_missing_locations(call)


def equalities(body: Sequence[ast.stmt], functions: Collection[str]) -> Iterator[tuple[ast.Call, list[ast.keyword]]]:
    """The calls that `agree` can make, with the tolerances asked for.

    Not those in `try` and `with raises`, which wait for an error that `agree` would take for the right answer.
    """
    for node in body:
        sides: Sequence[ast.expr] = ()
        tolerances: list[ast.keyword] = []
        if isinstance(node, (ast.For, ast.While, ast.If)):
            yield from equalities([*node.body, *node.orelse], functions)
        elif isinstance(node, ast.Assert):
            sides, tolerances = compared(node.test)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            sides, tolerances = sides_of(node.value) if last_name(node.value.func) in ASSERTIONS else ((), [])
        yield from (
            (side, tolerances) for side in sides if isinstance(side, ast.Call) and called_function(side, functions)
        )


def compared(test: ast.expr) -> tuple[Sequence[ast.expr], list[ast.keyword]]:
    """The two sides of what is asserted to be equal, and how closely; no sides where something else is asserted."""
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq):
        return (test.left, test.comparators[0]), []
    if isinstance(test, ast.Call) and last_name(test.func) in EQUALITIES:
        return sides_of(test)
    if isinstance(test, ast.Call) and last_name(test.func) == "all":  # np.all(a == b), all(a == b), (a == b).all()
        if test.args:
            return compared(test.args[0])
        return compared(test.func.value) if isinstance(test.func, ast.Attribute) else ((), [])
    return (), []


def sides_of(call: ast.Call) -> tuple[Sequence[ast.expr], list[ast.keyword]]:
    """The sides that a call compares; none where it says how closely in a way that `agree` does not know."""
    if len(call.args) != 2 or any(keyword.arg not in TOLERANCES | {"err_msg", "msg"} for keyword in call.keywords):
        return (), []
    return call.args, [keyword for keyword in call.keywords if keyword.arg in TOLERANCES]
