"""A student's code becomes a module: a file as a whole, a notebook's definitions. Runs in the worker."""

from __future__ import annotations
import __future__ as future

import ast
import linecache
import sys
from collections.abc import Callable, Sequence
from types import CodeType, ModuleType

from grader.sandbox.protocol import calls
from grader.sandbox.worker.notebook import Problem, definitions
from grader.sandbox.worker.refusal import refusal

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
FUTURE = sum({getattr(future, name).compiler_flag for name in future.all_feature_names})  # flags of compile()


Look = Callable[[CodeType], None]


def ignore(code: CodeType) -> None:
    pass


def load(
    source: bytes, filename: str, cells: Sequence[int] = (), names: Sequence[str] = (), look: Look = ignore
) -> tuple[ModuleType, list[Problem], dict[str, int]]:
    """The student's module, what went wrong in which line (of a text that Python refuses also in which characters), and
    the line where each name is defined.

    A statement that fails (a demo at the end, an import of something not installed) costs only itself: the statements
    after it are run all the same, and the definitions around it can still be judged. Of a notebook, whose code
    `cells` begin at these lines, only what the exercise's `names` need is run. `look` is given all code that will be
    run before any of it is.
    """
    name = filename.rpartition(".")[0]
    module = ModuleType(name)
    module.__file__ = filename
    sys.modules[name] = module
    text = source.decode("utf-8", "replace")
    linecache.cache[filename] = (len(text), None, text.splitlines(True), filename)
    if cells:
        problems, lines = run_cells(text, cells, names, module, look)
    else:
        problems, lines = run_file(source, module, look)
    return module, problems[: calls.MAX_PROBLEMS], lines


def run_cells(
    text: str, cells: Sequence[int], names: Sequence[str], module: ModuleType, look: Look
) -> tuple[list[Problem], dict[str, int]]:
    try:
        statements, problems = definitions(text, cells, names)
    except (RecursionError, MemoryError) as error:
        return [(0, f"not readable as Python: {error}")], {}
    problems += run_statements(statements, module, 0, look)
    return problems, {node.name: node.lineno for node in statements if isinstance(node, DEFINITIONS)}


def run_file(source: bytes, module: ModuleType, look: Look) -> tuple[list[Problem], dict[str, int]]:
    filename = str(module.__file__)
    try:
        code = compile(source, filename, "exec", dont_inherit=True)
    except SyntaxError as error:
        return [refusal(error)], {}
    except ValueError as error:  # of a null byte; Python 3.11.4 and later say it in this way
        return [(0, f"SyntaxError: {error}", 0, 0)], {}
    except (RecursionError, MemoryError, LookupError) as error:
        return [(0, f"not readable as Python: {str(error)[: calls.MAX_MESSAGE]}")], {}
    problems: list[Problem] = []
    look(code)
    try:
        exec(code, module.__dict__)
    except BaseException as error:
        problems = go_on(source, code, module, error)
    bodies = (constant for constant in code.co_consts if isinstance(constant, CodeType))
    return problems, {body.co_name: body.co_firstlineno for body in bodies if body.co_name.isidentifier()}


def go_on(source: bytes, code: CodeType, module: ModuleType, error: BaseException) -> list[Problem]:
    """Runs the statements after the one that failed, each by itself. Answers what went wrong in which line."""
    place = error.__traceback__.tb_next if error.__traceback__ else None  # below our own frame: the module's
    line = place.tb_lineno if place else sys.maxsize
    statements = [node for node in ast.parse(source, code.co_filename).body if first_line(node) > line]
    return [problem(error, code.co_filename, line), *run_statements(statements, module, code.co_flags & FUTURE)]


def run_statements(
    statements: Sequence[ast.stmt], module: ModuleType, flags: int, look: Look = ignore
) -> list[Problem]:
    """Runs statements, each by itself. Answers what went wrong in which line."""
    filename = str(module.__file__)
    problems = []
    codes: list[CodeType | None] = []
    for statement in statements:
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            flags |= sum(getattr(future, alias.name).compiler_flag for alias in statement.names)
        try:
            code = compile(ast.Module([statement], []), filename, "exec", flags, dont_inherit=True)
        except Exception as error:
            code = None
            problems.append(problem(error, filename, statement.lineno))
        else:
            look(code)
        codes.append(code)
    for statement, code in zip(statements, codes, strict=True):
        try:
            if code is not None:
                exec(code, module.__dict__)
        except BaseException as error:
            problems.append(problem(error, filename, statement.lineno))
    return sorted(problems, key=lambda item: item[0])


def first_line(statement: ast.stmt) -> int:
    parts: tuple[ast.expr | ast.stmt, ...] = (statement, *getattr(statement, "decorator_list", ()))
    return min(part.lineno for part in parts)


def problem(error: BaseException, filename: str, line: int) -> tuple[int, str]:
    outcome = calls.raised(error, filename)
    return outcome.line or line, f"{outcome.kinds[0]}: {outcome.message}"
