"""Which names a piece of code needs from outside, and which statements of a notebook give them."""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Sequence
from dataclasses import dataclass

from grader.sandbox.worker.notebook import define, needed


@dataclass(frozen=True)
class Statement:
    """A statement of a cell."""

    cell: int
    text: str
    node: ast.stmt
    binds: frozenset[str]
    uses: frozenset[str]

    @property
    def is_import(self) -> bool:
        return self.text.startswith(("import ", "from "))

    @property
    def is_definition(self) -> bool:
        return self.text.startswith(("def ", "async def ", "class ", "@"))


def statements_of(source: str, cell: int) -> list[Statement] | None:
    """The statements of a cell; None where it does not parse."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return None
    found = []
    for node in tree.body:
        text = text_of(node, source.split("\n"))
        try:
            binds, uses = bound_names(text), free_names(text)
        except SyntaxError:  # an `await` or `return` outside of a function
            continue
        found.append(Statement(cell, text, node, frozenset(binds), frozenset(uses)))
    return found


def text_of(node: ast.stmt, lines: Sequence[str]) -> str:
    first, last = span(node)
    return "\n".join(lines[first - 1 : last])


def span(node: ast.stmt) -> tuple[int, int]:
    """The first line, decorators included, and the last line of a statement."""
    decorators = getattr(node, "decorator_list", [])
    return min([node.lineno, *(item.lineno for item in decorators)]), node.end_lineno or node.lineno


def bound_names(source: str) -> set[str]:
    """The names that a piece of code gives a value to at its top level."""
    table = symtable.symtable(source, "<cell>", "exec")
    return {symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned() or symbol.is_imported()}


def free_names(source: str) -> set[str]:
    """The names that a piece of code takes from its surroundings: what it uses of its module's, but for builtins."""
    return globals_of(symtable.symtable(source, "<cell>", "exec")) - set(dir(builtins))


def globals_of(table: symtable.SymbolTable) -> set[str]:
    used = {
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_referenced() and (table.get_type() == "module" or symbol.is_global())
    }
    return used.union(*(globals_of(child) for child in table.get_children()))


def gather(statements: Sequence[Statement], wanted: set[str]) -> list[Statement]:
    """The statements that give the wanted names, and what those need in turn, in their order: what would be run of a
    student's notebook, too."""
    chosen = needed(define([statement.node for statement in statements]), wanted)
    return list({statements[one.order].text: statements[one.order] for one in chosen}.values())


def layout(statements: Sequence[Statement]) -> str:
    """Statements below each other, with blank lines around definitions and below imports."""
    text = ""
    for before, statement in zip([None, *statements], statements, strict=False):
        if before is not None:
            apart = before.is_definition or statement.is_definition
            text += "\n\n\n" if apart else "\n\n" if before.is_import and not statement.is_import else "\n"
        text += statement.text
    return text
