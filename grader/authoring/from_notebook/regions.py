"""Regions of a cell between `### BEGIN …` and `### END …`, and what a cell with solutions becomes."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.authoring.from_notebook.names import bound_names, span, text_of
from grader.authoring.from_notebook.rewriting import is_assertion
from grader.authoring.scaffold import ScaffoldError

MARKER = re.compile(r"^\s*#+\s*(BEGIN|END) ([A-Z ]+?)\s*$")
MAGIC = re.compile(r"^\s*[%!]")


@dataclass(frozen=True)
class Line:
    text: str
    region: str = ""  # "SOLUTION", "HIDDEN TESTS" or none
    count: int = 0  # which region of the cell


def mark_regions(source: str, kinds: Sequence[str], place: str) -> list[Line]:
    """The lines of a cell but for the markers, each with its region. Raises ScaffoldError when unbalanced."""
    lines: list[Line] = []
    region, count = "", 0
    for text in source.split("\n"):
        match = MARKER.match(text)
        if match is None or match[2] not in kinds:
            lines.append(Line(text, region, count if region else 0))
            continue
        if match[1] == "BEGIN":
            if region:
                raise ScaffoldError(
                    f"{place}: ### BEGIN {match[2]} stands before ### END {region}. Close that one first."
                )
            region, count = match[2], count + 1
        elif match[2] != region:
            raise ScaffoldError(
                f"{place}: ### END {match[2]} has no ### BEGIN {match[2]} before it. Add or remove one."
            )
        else:
            if not any(line.text.strip() for line in lines if line.count == count):
                raise ScaffoldError(
                    f"{place}: nothing stands between ### BEGIN {region} and ### END {region}. Fill it in."
                )
            region = ""
    if region:
        raise ScaffoldError(f"{place}: ### BEGIN {region} has no ### END {region} after it. Add it in the same cell.")
    return lines


def without_regions(source: str, kinds: Sequence[str], place: str) -> str:
    return "\n".join(line.text for line in mark_regions(source, kinds, place) if not line.region)


@dataclass(frozen=True)
class SolutionCell:
    """A cell in which students write: its text for the reference and for the stub."""

    reference: str
    stub: str
    functions: tuple[str, ...]
    classes: tuple[str, ...]
    binds: frozenset[str]
    asserts: str  # that stood below the functions, and hidden ones

    @staticmethod
    def of(lines: Sequence[Line], place: str, solution: str, hidden: str) -> SolutionCell:
        """Raises ScaffoldError where the code does not parse."""
        if not any(line.region == solution for line in lines):  # marked as a solution as a whole
            lines = [Line(line.text, line.region or solution, line.count or 1) for line in lines]
        asserts = [line.text for line in lines if line.region == hidden]
        lines = [line for line in lines if line.region != hidden]
        if not parses(lines):
            lines = [line for line in lines if not MAGIC.match(line.text)]
        tree = parse(lines, place)
        demonstrations = [node for node in tree.body if is_demonstration(node)]
        texts = [line.text for line in lines]
        asserts += [text_of(node, texts) for node in demonstrations if asserts_something(node)]
        dropped = {number for node in demonstrations for number in range(span(node)[0], span(node)[1] + 1)}
        lines = [line for number, line in enumerate(lines, 1) if number not in dropped]
        tree = parse(lines, place)
        reference = "\n".join(line.text for line in lines)
        stub = "\n".join(stub_lines(lines, tree))
        try:
            ast.parse(stub)
        except SyntaxError:
            raise ScaffoldError(
                f"{place}: nothing can stand for its region: put it around a function's body."
            ) from None
        return SolutionCell(
            reference=reference,
            stub=stub,
            functions=tuple(node.name for node in tree.body if isinstance(node, ast.FunctionDef)),
            classes=tuple(node.name for node in tree.body if isinstance(node, ast.ClassDef)),
            binds=frozenset(bound_names(reference)),
            asserts="\n".join(asserts).strip(),
        )


def parses(lines: Sequence[Line]) -> bool:
    try:
        ast.parse("\n".join(line.text for line in lines))
        return True
    except (SyntaxError, ValueError):
        return False


def parse(lines: Sequence[Line], place: str) -> ast.Module:
    try:
        tree = ast.parse("\n".join(line.text for line in lines))
        compile(tree, "<cell>", "exec", dont_inherit=True)  # finds a `return` that stands outside of a function
        return tree
    except (SyntaxError, ValueError) as error:
        reason = error.msg if isinstance(error, SyntaxError) else str(error)
        raise ScaffoldError(f"{place} does not parse with its solution: {reason}. Run the notebook first.") from None


def asserts_something(node: ast.stmt) -> bool:
    """Whether a statement asserts where it stands, not in a function that it defines."""
    defines = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    return not defines and any(map(is_assertion, ast.walk(node)))


def is_demonstration(node: ast.stmt) -> bool:
    """Whether a statement at the top of a cell shows or tests something, where others define."""
    return isinstance(node, (ast.Expr, ast.For, ast.While, ast.With)) or asserts_something(node)


def stub_lines(lines: Sequence[Line], tree: ast.Module) -> Iterator[str]:
    """The lines outside of regions, and in the place of each region what students start from."""
    done: set[int] = set()
    for number, line in enumerate(lines, 1):
        if not line.count:
            yield line.text
        elif line.count not in done:
            done.add(line.count)
            inside = range(number, number + sum(other.count == line.count for other in lines))
            yield from begin(lines, tree, inside)


def begin(lines: Sequence[Line], tree: ast.Module, inside: range) -> Iterator[str]:
    """What students start from in the place of one region."""
    body: Sequence[ast.stmt] = tree.body
    path: list[str] = []
    while around := next((node for node in body if holds(node, inside)), None):
        assert isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        path.append(around.name)
        body = around.body
        if not isinstance(around, ast.ClassDef):
            first = next((lines[number - 1].text for number in inside if lines[number - 1].text.strip()), "    pass")
            yield from to_do(len(first) - len(first.lstrip()), path)
            return
    texts = [line.text for line in lines]
    for node in body:
        if span(node)[0] in inside:
            yield from emptied(node, texts, path)


def holds(node: ast.stmt, inside: range) -> bool:
    """Whether a function or class begins before a region and ends with or after it."""
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return False
    return node.lineno < inside.start <= (node.end_lineno or 0)


def emptied(node: ast.stmt, texts: Sequence[str], path: Sequence[str]) -> Iterator[str]:
    """What stays of a statement that is all solution: imports, and the signatures and docstrings of what is public."""
    margin = " " * node.col_offset
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        yield text_of(node, texts)
    elif isinstance(node, (ast.Assign, ast.AnnAssign)):
        yield f"{margin}# TODO: define {', '.join(sorted(bound_names(ast.unparse(node))))}"
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        if node.name.startswith("_") and not node.name.startswith("__"):
            return
        yield from signature(node, texts)
        if not isinstance(node, ast.ClassDef):
            yield from to_do(node.col_offset + 4, [*path, node.name])
        for item in node.body if isinstance(node, ast.ClassDef) else []:
            inner = list(emptied(item, texts, [*path, node.name]))
            yield from ["", *inner] if inner else []
        yield from ["", ""] if not path else []


def signature(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, texts: Sequence[str]) -> list[str]:
    """The lines of a definition down to its docstring. A comment below the signature may tell the solution: it goes."""
    first = node.body[0]
    if ast.get_docstring(node) is not None and first.lineno > node.lineno:
        return list(texts[span(node)[0] - 1 : first.end_lineno])
    copy = ast.parse(textwrap.dedent(text_of(node, texts))).body[0]
    assert isinstance(copy, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    copy.body = [ast.Expr(ast.Constant(...))]
    return [" " * node.col_offset + line for line in ast.unparse(copy).split("\n")[:-1]]


def to_do(indent: int, path: Sequence[str]) -> Iterator[str]:
    yield f"{' ' * indent}# TODO"
    yield f'{" " * indent}raise NotImplementedError("{".".join(path)}")'
