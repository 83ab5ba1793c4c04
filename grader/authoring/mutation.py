"""Mutation testing of a suite: the reference with one small change at a time, run as a submission.

A suite that lets a changed reference pass has a hole, or the change makes no difference that the exercise speaks of.
Survivors of the second kind are judged in `solutions/<name>/equivalent.toml`:

    [[equivalent]]
    old = "if x.ndim != 1:"        # the line as it was, or
    function = "check_shapes"      # every line of a function
    new = "if x.ndim != 2:"        # and as it became; without it, every change of that line
    reason = "..."

Operators (the usual ones of mutation testing, e.g. Jia and Harman, "An Analysis and Survey of the Development of
Mutation Testing", 2011): arithmetic, comparison and logical operators, constants, axis arguments, removed calls,
removed keyword arguments, swapped arguments, swapped branches, removed statements.
"""

from __future__ import annotations

import ast
import copy
import difflib
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from grader.grading.examiner import Examiner
from grader.sandbox.client import Examinee, Opening
from grader.sandbox.host import Host
from grader.sandbox.limits import Limits
from grader.sandbox.protocol.setup import Setup
from grader.suite.verdict import judge

SECONDS = 2.0  # a check on a mutant
SEED = 0

OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
}
COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}


@dataclass(frozen=True)
class Mutant:
    function: str  # in which it stands; "Class.method" for methods
    source: str
    old: tuple[str, ...]  # the lines that changed, as they were and as they became
    new: tuple[str, ...]

    @property
    def diff(self) -> str:
        return "\n".join([*(f"- {line}" for line in self.old), *(f"+ {line}" for line in self.new)])


@dataclass
class Report:
    exercise: str
    killed: int = 0
    timed_out: int = 0
    equivalent: int = 0
    survived: list[Mutant] = field(default_factory=list)

    @property
    def strength(self) -> float:
        """Killed, of all that are not equivalent, in percent."""
        caught = self.killed + self.timed_out
        return 100.0 * caught / max(1, caught + len(self.survived))

    def __str__(self) -> str:
        return (
            f"{self.exercise}: {self.killed} killed, {len(self.survived)} survived, {self.timed_out} timed out, "
            f"{self.equivalent} equivalent ({self.strength:.0f} %)"
        )


def try_suite(examiner: Examiner, host: Host) -> Report:
    """Runs the suite on every mutant of the reference, each in a worker of its own."""
    report = Report(examiner.exercise.name)
    judged = judged_equivalent(examiner)
    for mutant in mutants(examiner.exercise.reference):
        fate = run(mutant, examiner, host)
        if fate == "killed":
            report.killed += 1
        elif fate == "timed out":
            report.timed_out += 1
        elif any(covers(entry, mutant) for entry in judged):
            report.equivalent += 1
        else:
            report.survived.append(mutant)
    return report


def run(mutant: Mutant, examiner: Examiner, host: Host) -> str:
    """What the suite makes of a mutant: the first check that fails kills it."""
    exercise = examiner.exercise
    opening = Opening(mutant.source.encode(), f"{exercise.name}.py", setup=Setup(exercise.probes))
    examinee = Examinee(host, opening, Limits(check_seconds=SECONDS))
    try:
        for check in examiner.checks:
            verdict = judge(check, examinee, examiner.diagnosis.reference, SEED, SECONDS)
            if verdict.status == "failed":
                return "timed out" if "took longer than" in verdict.message else "killed"
    finally:
        examinee.close()
    return "survived"


def judged_equivalent(examiner: Examiner) -> list[dict[str, str]]:
    path = examiner.exercise.folder / "equivalent.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")).get("equivalent", []) if path.exists() else []


def covers(entry: dict[str, str], mutant: Mutant) -> bool:
    """Whether a judgement speaks of a mutant."""
    if "function" in entry and entry["function"] != mutant.function:
        return False
    if "old" in entry and entry["old"] not in mutant.old:
        return False
    return "new" not in entry or entry["new"] in mutant.new


def mutants(source: str) -> Iterator[Mutant]:
    """Every mutant of a source, none twice and none that is the source itself."""
    tree = ast.parse(source)
    strip_docstrings(tree)
    original = ast.unparse(tree)
    seen = {original}
    for function, index in targets(tree):
        for change in range(len(changes(nth(tree, index)))):
            mutated = copy.deepcopy(tree)
            changes(nth(mutated, index))[change]()
            text = ast.unparse(ast.fix_missing_locations(mutated))
            if text not in seen:
                seen.add(text)
                yield Mutant(function, text, *changed_lines(original, text))


def targets(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """(function, position in the walk) of every node that may be changed; the texts of errors are left alone."""
    owner = owners(tree)
    texts = [node for node in ast.walk(tree) if isinstance(node, (ast.Raise, ast.JoinedStr))]
    untouched = {id(node) for text in texts for node in ast.walk(text)}
    for index, node in enumerate(ast.walk(tree)):
        if id(node) not in untouched and id(node) in owner:
            yield owner[id(node)], index


def owners(tree: ast.Module) -> dict[int, str]:
    """Node → the function or method that it stands in."""
    found: dict[int, str] = {}
    for top in tree.body:
        if isinstance(top, ast.FunctionDef):
            found |= {id(node): top.name for node in ast.walk(top)}
        elif isinstance(top, ast.ClassDef):
            for method in top.body:
                if isinstance(method, ast.FunctionDef):
                    found |= {id(node): f"{top.name}.{method.name}" for node in ast.walk(method)}
    return found


def nth(tree: ast.AST, index: int) -> ast.AST:
    return next(node for position, node in enumerate(ast.walk(tree)) if position == index)


def strip_docstrings(tree: ast.AST) -> None:
    for node in ast.walk(tree):
        body: Any = getattr(node, "body", None)
        first = body[0] if isinstance(body, list) and body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            body[0] = ast.Pass()


def changed_lines(before: str, after: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    lines = list(difflib.ndiff(before.splitlines(), after.splitlines()))
    old = tuple(line[2:].strip() for line in lines if line.startswith("- "))
    return old, tuple(line[2:].strip() for line in lines if line.startswith("+ "))


def changes(node: ast.AST) -> list[Callable[[], None]]:
    """The changes that can be made to one node, each in place."""

    def put(field: str, value: object) -> Callable[[], None]:
        return lambda: setattr(node, field, value)

    if isinstance(node, (ast.BinOp, ast.AugAssign)) and type(node.op) in OPERATORS:
        return [put("op", OPERATORS[type(node.op)]())]
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in COMPARISONS:
        return [put("ops", [COMPARISONS[type(node.ops[0])]()])]
    if isinstance(node, ast.BoolOp):
        return [put("op", ast.Or() if isinstance(node.op, ast.And) else ast.And())]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return [put("op", ast.UAdd())]
    if isinstance(node, (ast.If, ast.IfExp, ast.While)):
        return [put("test", ast.UnaryOp(ast.Not(), node.test))]
    if isinstance(node, ast.keyword) and node.arg in ("axis", "dim"):
        return [put("value", ast.Constant(0)), put("value", ast.UnaryOp(ast.USub(), ast.Constant(1)))]
    if isinstance(node, ast.Constant):
        return [put("value", value) for value in other_constants(node.value)]
    if isinstance(node, ast.Call):
        return call_changes(node)
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        return [put("value", ast.Constant(None))]
    return []


def other_constants(value: object) -> list[object]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1]
    if isinstance(value, float):
        return [2 * value] if value else [1.0]
    return []


def call_changes(node: ast.Call) -> list[Callable[[], None]]:
    found: list[Callable[[], None]] = []
    if len(node.args) >= 2:
        found.append(lambda: node.args.__setitem__(slice(0, 2), [node.args[1], node.args[0]]))
    found += [lambda at=at: node.keywords.pop(at) for at in range(len(node.keywords))]  # type: ignore[misc]
    inner = node.args[0] if node.args else node.func.value if isinstance(node.func, ast.Attribute) else None
    if inner is not None and not isinstance(inner, ast.Starred):
        found.append(lambda: replace_call(node, inner))
    return found


def replace_call(node: ast.Call, inner: ast.expr) -> None:
    """f(x, …) → x, by calling the identity in place: a node cannot become another one."""
    node.func = ast.Lambda(ast.arguments([], [ast.arg("it")], None, [], [], None, []), ast.Name("it", ast.Load()))
    node.args, node.keywords = [inner], []
