"""A student's code becomes a module: a file as a whole, a notebook's definitions. Runs in the worker."""

from __future__ import annotations
import __future__ as future

import ast
import builtins
import contextlib
import functools
import inspect
import io
import linecache
import re
import sys
import warnings
from collections.abc import Callable, Container, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from types import CodeType, ModuleType
from typing import Any

from grader.sandbox.protocol import calls
from grader.sandbox.worker.notebook import AS_JUPYTER, NOT_RUN, Problem, definitions, first_line, parse
from grader.sandbox.worker.refusal import refusal

FUTURE = sum({getattr(future, name).compiler_flag for name in future.all_feature_names})  # flags of compile()
# What is over at once, unless something is computed in its head.
QUICK = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Import, ast.ImportFrom, ast.Pass)
# Lines at the top level of a file that may take long.
LASTING = re.compile(
    rb"^(?:for|while|with|match|async +(?:for|with))\b|"
    rb"^(?!(?:async +)?def\b|class\b|from\b|import\b|if\b)\w[\w.,\[\] ]*(?:=.*)?\(",
    re.MULTILINE,
)

Look = Callable[[CodeType], None]
Loaded = tuple[list[Problem], dict[str, int]]


def ignore(anything: Any) -> None:
    pass


@dataclass(frozen=True)
class Steps:
    """How statements at the top level are run: `begin` is told the line of each that may take long, those that begin in
    the lines `left_out` are left out. `one_by_one`: also of a file in which none seems to take long."""

    begin: Callable[[int], None] = ignore
    left_out: Container[int] = ()
    one_by_one: bool = False


def load(
    source: bytes,
    filename: str,
    cells: Sequence[int] = (),
    names: Sequence[str] = (),
    look: Look = ignore,
    steps: Steps | None = None,
) -> tuple[ModuleType, list[Problem], dict[str, int]]:
    """The student's module, what went wrong in which line (of a text that Python refuses also in which characters), and
    the line where each name is defined.

    A statement that fails (a demo at the end, an import of something not installed) costs only itself: the statements
    after it are run all the same, and the definitions around it can still be judged. Of a notebook, whose code
    `cells` begin at these lines, only what the exercise's `names` need is run. `look` is given all code that will be
    run before any of it is.
    """
    name = filename.rpartition(".")[0]
    while getattr(sys.modules.get(name), "__file__", filename) != filename:  # a library of that name stays what it is
        name += "_"
    module = ModuleType(name)
    module.__file__ = filename
    sys.modules[name] = module
    text = source.decode("utf-8", "replace")
    linecache.cache[filename] = (len(text), None, list(io.StringIO(text)), filename)
    give_builtins()
    running = Running(module, look, steps or Steps())
    if cells:
        warnings.formatwarning = functools.partial(placed_warning, filename, cells)
        problems, lines = run_cells(text, cells, names, running)
    else:
        problems, lines = run_file(source, running)
    return module, problems[: calls.MAX_PROBLEMS], lines


def give_builtins() -> None:
    """What Jupyter gives to every cell; also to scripts, which may have been notebooks."""
    given: dict[str, Any] = {"display": display, "get_ipython": get_ipython}
    for name, value in given.items():
        if not hasattr(builtins, name):
            setattr(builtins, name, value)


def display(*values: Any, **options: Any) -> None:
    for value in values:
        print(repr(value))


class Shell:
    """Stands for IPython's shell: whatever is asked of it does nothing."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *args, **kwargs: None


def get_ipython() -> Shell:
    return Shell()


def placed_warning(
    filename: str,
    cells: Sequence[int],
    message: Warning | str,
    category: type[Warning],
    path: str,
    line: int,
    text: str | None = None,
) -> str:
    """A warning as it is printed, with its place in the notebook."""
    place = calls.place(line, cells) if path == filename else f"{path}, line {line}"
    shown = (linecache.getline(path, line) if text is None else text).strip()
    return f"{place}: {category.__name__}: {message}\n" + (f"  {shown}\n" if shown else "")


@dataclass
class Running:
    """Runs the statements of a module."""

    module: ModuleType
    look: Look
    steps: Steps
    flags: int = 0  # of compile(): what `from __future__` imports

    @property
    def filename(self) -> str:
        return str(self.module.__file__)

    def statements(self, statements: Iterable[ast.stmt], look: Look | None = None) -> Loaded:
        """Runs each by itself. Answers what went wrong in which line, and where what is defined."""
        problems = []
        codes: list[tuple[ast.stmt, CodeType]] = []
        lines: dict[str, int] = {}
        for statement in statements:
            if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
                self.flags |= sum(getattr(future, alias.name).compiler_flag for alias in statement.names)
            try:
                tree = ast.Module([statement], [])
                code = compile(tree, self.filename, "exec", self.flags | AS_JUPYTER, dont_inherit=True)
            except Exception as error:
                problems.append(problem(error, self.filename, statement.lineno))
                continue
            (look or self.look)(code)
            codes.append((statement, code))
            lines |= defined_in(code)
        for statement, code in codes:
            line = first_line(statement)
            if line in self.steps.left_out:
                continue
            if not isinstance(statement, QUICK):
                self.steps.begin(line)
            try:
                self.run(code)
            except BaseException as error:
                problems.append(problem(error, self.filename, statement.lineno))
        return sorted(problems, key=lambda item: item[0]), lines

    def run(self, code: CodeType) -> None:
        if code.co_flags & inspect.CO_COROUTINE:
            wait(eval(code, self.module.__dict__))
        else:
            exec(code, self.module.__dict__)


def wait(coroutine: Coroutine[Any, Any, Any]) -> None:
    """Runs what a cell waits for, at its top level, to its end. A real event loop would need what a worker may not."""
    with contextlib.suppress(StopIteration):
        while True:
            coroutine.send(None)


def run_cells(text: str, cells: Sequence[int], names: Sequence[str], running: Running) -> Loaded:
    try:
        statements, problems = definitions(text, cells, names)
    except (RecursionError, MemoryError) as error:
        return [(0, f"not readable as Python: {error}")], {}
    more, lines = running.statements(statements)
    return sorted(problems + more, key=lambda item: item[0]), lines


def run_file(source: bytes, running: Running) -> Loaded:
    try:
        code = compile(source, running.filename, "exec", dont_inherit=True)
    except SyntaxError as error:
        return run_with_magics(source, running) or ([refusal(error)], {})
    except ValueError as error:  # of a null byte; Python 3.11.4 and later say it in this way
        return [(0, f"SyntaxError: {error}", 0, 0)], {}
    except (RecursionError, MemoryError, LookupError) as error:
        return [(0, f"not readable as Python: {str(error)[: calls.MAX_MESSAGE]}")], {}
    running.look(code)
    if running.steps.one_by_one or LASTING.search(source):
        problems, _ = running.statements(ast.parse(source, running.filename).body, ignore)
        return problems, defined_in(code)
    problems = []
    try:
        exec(code, running.module.__dict__)
    except BaseException as error:
        problems = go_on(source, code, running, error)
    return problems, defined_in(code)


def run_with_magics(source: bytes, running: Running) -> Loaded | None:
    """Runs a file that is Python but for what Jupyter takes beside it, as a notebook that was saved as a script is."""
    statements, problems = parse(source.decode("utf-8", "replace").replace("\r\n", "\n").split("\n"), 1)
    if not problems or not all(each[1].startswith(NOT_RUN) for each in problems):
        return None
    more, lines = running.statements(statements)
    return sorted(problems + more, key=lambda item: item[0]), lines


def go_on(source: bytes, code: CodeType, running: Running, error: BaseException) -> list[Problem]:
    """Runs the statements after the one that failed, each by itself. Answers what went wrong in which line."""
    place = error.__traceback__.tb_next if error.__traceback__ else None  # below our own frame: the module's
    line = place.tb_lineno if place else sys.maxsize
    statements = [node for node in ast.parse(source, running.filename).body if first_line(node) > line]
    running.flags = code.co_flags & FUTURE
    return [problem(error, running.filename, line), *running.statements(statements, ignore)[0]]


def defined_in(code: CodeType) -> dict[str, int]:
    """The lines of what code defines where it stands."""
    bodies = (constant for constant in code.co_consts if isinstance(constant, CodeType))
    return {body.co_name: body.co_firstlineno for body in bodies if body.co_name.isidentifier()}


def problem(error: BaseException, filename: str, line: int) -> Problem:
    outcome = calls.raised(error, filename)
    return outcome.line or line, f"{outcome.kinds[0]}: {outcome.message}"
