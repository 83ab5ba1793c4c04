"""What code does to names that it finds: read off its syntax, without running it. Runs in the worker.

A class may grow over the cells of a notebook, a table may be filled by a loop, a decorator may register what it is
given. So beside the names that a statement binds it is read which names' values it may change: by assignment to an
attribute or an item, by a method that is called for its effect, by a function of the notebook's own that does one of
these to its arguments or to a global name. Where that cannot be known (a library's function, called for its effect),
what it is given counts as changed: to run too much is what a script does as well.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

ANY = "*"  # stands for names that cannot be told: of a star import, of `exec`
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
# Builtins that change what they are given, that hand it on, and that only look at it.
CHANGERS = {"setattr", "delattr", "next"}
HANDERS = {
    *("iter", "next", "list", "tuple", "set", "dict", "zip", "enumerate", "reversed", "sorted", "map", "filter"),
    *("getattr", "vars", "super"),
}
LOOKERS = {
    *("print", "display", "len", "repr", "str", "type", "help", "dir", "id", "isinstance", "issubclass", "callable"),
    *("hasattr", "sum", "min", "max", "any", "all", "range", "property", "staticmethod", "classmethod"),
}
# Methods that hand on what they belong to, or a part of it.
HANDING = re.compile(r"(named_)?(parameters|modules|children|buffers)|values|items|keys|get|view|reshape|detach|numpy")
# Methods that change what they belong to, even where somebody wants their answer; PyTorch's end in an underscore.
CHANGING = re.compile(r"pop|popitem|setdefault|fit|fit_transform|send|\w*[^_]_")
SETTING = re.compile(r"(?:\w*_)?(set|seed|use)(?:_?\w*)|filterwarnings|simplefilter")  # of a library as a whole
SHOWING = {"matplotlib", "seaborn", "plotly", "IPython", "pandas"}  # libraries that look at what they are given


@dataclass(frozen=True)
class Called:
    """A call of a function by its name."""

    name: str
    arguments: Sequence[Set[str]]  # for each, the names whose values it may be or hold
    keywords: Mapping[str, Set[str]]
    for_effect: bool


@dataclass
class Effects:
    """Of a piece of code, as far as they are known without the functions that it calls."""

    changes: set[str] = field(default_factory=set)
    calls: list[Called] = field(default_factory=list)
    holds: dict[str, set[str]] = field(default_factory=dict)  # name → the names whose values it may be, or hold


@dataclass
class Function:
    """A function of the notebook's own, or a class, which stands for its methods: what a call of it changes."""

    parameters: Sequence[str]
    globals: Set[str]
    effects: Effects
    changed: set[str] = field(default_factory=set)  # of its parameters and the global names


class Reader(ast.NodeVisitor):
    """Collects effects. `libraries`: the names that imports bind, with the package of each. `inside`: bodies of
    functions are read, too."""

    def __init__(self, libraries: Mapping[str, str], *, inside: bool = False) -> None:
        self.effects = Effects()
        self._libraries, self._inside = libraries, inside
        self._for_effect: set[ast.expr] = set()

    def visit_Expr(self, node: ast.Expr) -> None:
        self._for_effect.add(node.value.value if isinstance(node.value, ast.Await) else node.value)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        arguments = [self.roots(argument) for argument in node.args]
        keywords = {keyword.arg or "": self.roots(keyword.value) for keyword in node.keywords}
        for_effect = node in self._for_effect
        if isinstance(node.func, ast.Name):
            name = node.func.id
            if name in CHANGERS and arguments:
                self.effects.changes |= arguments[0]
            elif name not in LOOKERS and name not in HANDERS:
                effective = for_effect or CHANGING.fullmatch(name) is not None
                shows = self._libraries.get(name) in SHOWING
                self.effects.calls.append(Called(name, arguments, keywords, effective and not shows))
        elif isinstance(node.func, ast.Attribute):
            self._call_method(node.func, [*arguments, *keywords.values()], for_effect)
        self.generic_visit(node)

    def _call_method(self, method: ast.Attribute, given: Sequence[Set[str]], for_effect: bool) -> None:
        effective = for_effect or CHANGING.fullmatch(method.attr) is not None
        library = bottom(method)
        if library in self._libraries:
            if effective and self._libraries[library] not in SHOWING:
                self.effects.changes |= set().union(*given)
            if for_effect and SETTING.fullmatch(method.attr):
                self.effects.changes.add(library)
        elif effective:
            self.effects.changes |= self.roots(method.value)

    def visit_Assign(self, node: ast.Assign) -> None:
        given = self.roots(node.value)
        if len(node.targets) > 1:  # one value for all of them
            given |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        for target in node.targets:
            self._give(target, given)
        self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self._give(node.target, self.roots(node.value))
        self.generic_visit(node)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self._give(node.target, self.roots(node.value))
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.effects.changes |= self.roots(node.target)
        self.generic_visit(node)

    def visit_Global(self, node: ast.Global) -> None:
        self.effects.changes.update(node.names)

    def visit_Delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            self._give(target, set())
        self.generic_visit(node)

    def visit_For(self, node: ast.For | ast.AsyncFor | ast.comprehension) -> None:
        self._give(node.target, self.roots(node.iter))
        self.generic_visit(node)

    visit_AsyncFor = visit_comprehension = visit_For

    def visit_withitem(self, node: ast.withitem) -> None:
        self._for_effect.add(node.context_expr)
        if node.optional_vars is not None:
            self._give(node.optional_vars, self.roots(node.context_expr))
        self.generic_visit(node)

    def _give(self, target: ast.expr, given: Set[str]) -> None:
        """A target is given a value which may be, or hold, that of these names."""
        if isinstance(target, ast.Name):
            if given:
                self.effects.holds.setdefault(target.id, set()).update(given - {target.id})
        elif isinstance(target, (ast.Tuple, ast.List)):
            for part in target.elts:
                self._give(part, given)
        elif isinstance(target, ast.Starred):
            self._give(target.value, given)
        elif isinstance(target, (ast.Attribute, ast.Subscript)):
            changed = self.roots(target.value) or {bottom(target)}
            self.effects.changes |= changed - {""}
            for name in changed - {""}:  # what is put into it is reached through it from now on
                self.effects.holds.setdefault(name, set()).update(given - {name})

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._decorate(node)
        if self._own(node.decorator_list):
            # A decorator may find the class to which it adds a method in the annotation of `self`.
            every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            noted = [argument.annotation for argument in every if argument.annotation is not None]
            self.effects.changes |= {part.id for note in noted for part in ast.walk(note) if isinstance(part, ast.Name)}
        for part in (node.args, *(node.body if self._inside else ())):
            self.visit(part)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._decorate(node)
        for base in node.bases:
            if isinstance(base, ast.Name):
                self.effects.calls.append(Called(of_subclass(base.id), [{base.id}], {}, False))
        for part in (*node.bases, *node.keywords, *node.body):
            self.visit(part)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self.visit(node.args)
        if self._inside:
            self.visit(node.body)

    def _decorate(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        for decorator in node.decorator_list:
            self._for_effect.add(decorator)
            if isinstance(decorator, ast.Name):
                self.effects.calls.append(Called(decorator.id, [{node.name}], {}, False))
            elif isinstance(decorator, ast.Attribute) and bottom(decorator) not in self._libraries:
                self.effects.changes |= self.roots(decorator.value)
            self.visit(decorator)

    def _own(self, decorators: Iterable[ast.expr]) -> bool:
        """Whether one of them is neither a builtin nor a library's."""
        names = {bottom(decorator) for decorator in decorators}
        return not names <= {"", *LOOKERS, *self._libraries}

    def roots(self, value: ast.expr | None) -> set[str]:
        """The names whose values a value may be, be a part of, or hold."""
        if isinstance(value, ast.Name):
            return {value.id} - self._libraries.keys()
        if isinstance(value, (ast.Attribute, ast.Subscript, ast.Starred, ast.Await)):
            if isinstance(value, ast.Attribute) and bottom(value) in self._libraries:
                return set()
            return self.roots(value.value)
        if isinstance(value, ast.NamedExpr):
            return self.roots(value.value) | {value.target.id}
        if isinstance(value, ast.IfExp):
            return self.roots(value.body) | self.roots(value.orelse)
        parts: Sequence[ast.expr] = []
        if isinstance(value, (ast.Tuple, ast.List, ast.Set)):
            parts = value.elts
        elif isinstance(value, (ast.Dict, ast.BoolOp)):
            parts = value.values
        elif isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in HANDERS:
            parts = value.args
        elif (
            isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and HANDING.fullmatch(value.func.attr)
        ):
            parts = [value.func.value]
        return set().union(*map(self.roots, parts))


def bottom(node: ast.expr) -> str:
    """The name at which a chain of attributes, items and calls begins; empty where it begins with none."""
    while not isinstance(node, ast.Name):
        if isinstance(node, (ast.Attribute, ast.Subscript, ast.Starred)):
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        else:
            return ""
    return node.id


def bound(node: ast.AST) -> Iterator[str]:
    """The names that a statement binds where it stands, or unbinds. ANY stands for those that cannot be told."""
    left: list[tuple[ast.AST, bool]] = [(node, False)]
    while left:
        one, hidden = left.pop()  # `hidden`: in a comprehension, whose loop variables are its own
        if isinstance(one, (*FUNCTIONS, ast.ClassDef)):
            yield one.name
            left += [(part, hidden) for part in one.decorator_list]
        elif isinstance(one, (ast.Import, ast.ImportFrom)):
            if isinstance(one, ast.ImportFrom) and one.module == "__future__":
                yield ANY
            yield from (alias.asname or alias.name.partition(".")[0] for alias in one.names)
        elif isinstance(one, ast.NamedExpr):
            yield one.target.id
            left.append((one.value, hidden))
        elif isinstance(one, ast.Name):
            if not hidden and not isinstance(one.ctx, ast.Load):
                yield one.id
        elif not isinstance(one, ast.Lambda):
            name = getattr(one, "rest", None) if isinstance(one, ast.MatchMapping) else getattr(one, "name", None)
            if isinstance(name, str) and isinstance(
                one, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar, ast.MatchMapping)
            ):
                yield name
            if isinstance(one, ast.Call) and bottom(one.func) in {"exec", "globals"}:
                yield ANY
            if isinstance(one, ast.Subscript) and not isinstance(one.ctx, ast.Load) and bottom(one) == "globals":
                yield ANY
            hidden = hidden or isinstance(one, COMPREHENSIONS)
            left += [(part, hidden) for part in ast.iter_child_nodes(one)]


def functions_in(
    statements: Iterable[tuple[ast.stmt, Set[str]]], libraries: Mapping[str, str]
) -> dict[str, list[Function]]:
    """The functions and classes that statements define, by name. With each statement stand the global names that the
    functions in it speak of."""
    found: dict[str, list[Function]] = {}
    for statement, spoken_of in statements:
        for name, parameters, body in defined(statement):
            reader = Reader(libraries, inside=True)
            for line in body:
                reader.visit(line)
            found.setdefault(name, []).append(Function(parameters, spoken_of, reader.effects))
    settle(found)
    return found


def defined(statement: ast.stmt) -> Iterator[tuple[str, list[str], list[ast.stmt]]]:
    """(name, parameters, body) of what a statement defines that can be called. A class stands for all its methods."""
    left: list[ast.AST] = [statement]
    while left:
        node = left.pop()
        if isinstance(node, FUNCTIONS):
            yield node.name, names_of(node.args), node.body
        elif isinstance(node, ast.ClassDef):
            methods = {part.name: part for part in node.body if isinstance(part, FUNCTIONS)}
            made = names_of(methods["__init__"].args)[1:] if "__init__" in methods else []
            yield node.name, made, [line for method in methods.values() for line in method.body]
            if register := methods.get("__init_subclass__"):
                yield of_subclass(node.name), names_of(register.args), register.body
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
            body: list[ast.stmt] = [ast.Expr(node.value.body)]
            yield from ((bottom(target), names_of(node.value.args), body) for target in node.targets)
        elif isinstance(node, (ast.stmt, ast.ExceptHandler, ast.match_case)):
            left += ast.iter_child_nodes(node)


def of_subclass(name: str) -> str:
    """What is called where a class is derived from this one."""
    return f"{name}.__init_subclass__"


def names_of(arguments: ast.arguments) -> list[str]:
    every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    return [argument.arg for argument in every]


def settle(functions: Mapping[str, Sequence[Function]]) -> None:
    """Finds what calls change, until nothing is added: functions call each other."""
    growing = True
    while growing:
        growing = False
        for function in (each for several in functions.values() for each in several):
            effects = function.effects
            found = reached(effects.changes | by_calls(effects.calls, functions), effects.holds)
            found &= {*function.parameters, *function.globals}
            growing = growing or not found <= function.changed
            function.changed |= found


def reached(names: Iterable[str], holds: Mapping[str, Set[str]]) -> set[str]:
    """These names, and those whose values they may be or hold."""
    found: set[str] = set()
    left = list(names)
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += holds.get(name, ())
    return found


def by_calls(calls: Iterable[Called], functions: Mapping[str, Sequence[Function]]) -> set[str]:
    """The names whose values the functions that are called may change."""
    found: set[str] = set()
    for call in calls:
        if call.name not in functions:
            if call.for_effect:
                found |= set().union(*call.arguments, *call.keywords.values())
            continue
        for function in functions[call.name]:
            found |= function.changed & function.globals
            given = [*zip(function.parameters, call.arguments, strict=False), *call.keywords.items()]
            found |= set().union(*(names for parameter, names in given if parameter in function.changed))
    return found
