"""Edits of a reference survive its refactoring, and go together where they touch different tokens."""

import ast
import itertools
import math
import subprocess
import sys
from pathlib import Path

import pytest

from grader.course.course import Course
from grader.suite.edits import EditError, Replacement, edited, merged, names_of, replace, scopes_of
from grader.suite.mistakes import load_mistakes
from grader.suite.tokens import one_line_each, tokens

COURSE = Course(Path(__file__).parents[2])

SOURCE = """
def f(x, scale=1):
    total = x.sum(axis=0)  # of each column
    if scale > 1:
        total = total * scale
    return {"mean": total / len(x), "n": len(x)}
"""


def same(one, other):
    return ast.dump(ast.parse(one)) == ast.dump(ast.parse(other))


@pytest.mark.parametrize(
    ("source", "old", "new", "expected"),
    [
        (
            "def f(x):\n    return g( x,\n        1,\n    )  # so\n",
            "g(x, 1)",
            "g(x, 2)",
            "def f(x):\n    return g(x, 2)\n",
        ),
        (
            "def f(x):\n    return (\n        x\n        + 1\n    )\n",
            "return x + 1",
            "return x",
            "def f(x):\n    return x\n",
        ),
        ("def f(x):\n    return x['a']\n", 'x["a"]', 'x["b"]', "def f(x):\n    return x['b']\n"),
        (
            "def f(z):\n    y = z + 1\n    return y\n",
            "t = x + 1",
            "t = x - 1",
            "def f(z):\n    y = z - 1\n    return y\n",
        ),
        (
            "def f(x):\n    y = x\n    # why\n    return y\n",
            "y = x\n    return y",
            "return -x",
            "def f(x):\n    return -x\n",
        ),
    ],
    ids=["broken lines", "wrapped", "quotes", "renamed", "comment between"],
)
def test_spaces_and_names_do_not_matter(source, old, new, expected):
    assert same(edited(source, [replace(old, new)]), expected)


METHODS = "class A:\n    def f(self):\n        m = 1\n        return m\n\n    def g(self, mean):\n        return mean\n"


@pytest.mark.parametrize(
    ("source", "old", "new", "expected"),
    [
        (
            "def f(x: int, *y: list[int]) -> int:\n    return x\n",
            "def f(x, *y):",
            "def f(x, y):",
            "def f(x, y):\n    return x\n",
        ),
        (
            "def f(x):\n    y: int = x + 1\n    return y\n",
            "y = x + 1",
            "y = x",
            "def f(x):\n    y = x\n    return y\n",
        ),
        (
            "def f(x):\n    return x.max(keepdims=True, axis=0)\n",
            "max(axis=0, keepdims=True)",
            "max()",
            "def f(x):\n    return x.max()\n",
        ),
        (
            "def f(x):\n    a, b = g(x)\n    return a + b\n",
            "one, two = g(x)",
            "two, one = g(x)",
            "def f(x):\n    b, a = g(x)\n    return a + b\n",
        ),
        (
            "def f(x):\n    z = g(x, 1,\n    )\n    return z\n",
            "y = g(x, 1)",
            "if x:\n        raise x\n    y = g(x, 2)",
            "def f(x):\n    if x:\n        raise x\n    z = g(x, 2)\n    return z\n",
        ),
        (METHODS, "mean = 1", "mean = 2", METHODS.replace("1", "2")),
        (
            "def f(x):\n    if (\n        g(x) not in (2, 4)\n        or [i for i in x]\n    ):\n        return x\n",
            "if g(x) not in (2, 4) or [i for i in x]:",
            "if g(x):",
            "def f(x):\n    if g(x):\n        return x\n",
        ),
        ("def f():\n    long_i, k = 1, 2\n", "i, k = 1, 2", "k, i = 1, 2", "def f():\n    k, long_i = 1, 2\n"),
    ],
    ids=[
        "types",
        "type of a variable",
        "order of keywords",
        "unpacked",
        "dedented",
        "another method's name",
        "a broken condition with brackets of its own",
        "a part of a word",
    ],
)
def test_what_a_refactoring_may_change_as_well(source, old, new, expected):
    assert same(edited(source, [replace(old, new)]), expected)


def test_fields_of_a_class_keep_their_types():
    source = "@dataclass\nclass A:\n    x: int = 1\n\n    def f(self, y: int):\n        return self.x\n"
    assert same(one_line_each(source), source.replace("y: int", "y"))


def test_what_fits_twice_is_the_one_that_other_edits_tell():
    source = "def f(a, b):\n    p = g(a)\n    q = h(b)\n    p.step()\n    q.step()\n"
    edits = [replace("one = g(a)", "one = a"), replace("one.step()", "one.stop()")]
    expected = source.replace("p.step", "p.stop")
    assert same(edited(source, edits[1:], names_of(source, edits)), expected)


def test_a_line_like_it_in_a_function_whose_names_are_known_is_not_taken_for_it():
    source = "def f(p, g):\n    new = p - 2 * g\n    return new\n\n\ndef h(p, g):\n    q = p * g\n    new = q - 2 * g\n"
    edits = [replace("d = p * g", "p *= g"), replace("new = d - 2 * g", "new = p"), replace("p - 2 * g", "p")]
    expected = "def f(p, g):\n    new = p - 2 * g\n    return new\n\n\ndef h(p, g):\n    p *= g\n    new = p\n"
    assert same(edited(source, edits[:2], names_of(source, edits)), expected)


def test_a_local_name_is_matched_consistently():
    with pytest.raises(EditError, match="is not in the reference"):
        edited("def f(x):\n    a = x\n    b = x\n    return a + b\n", [replace("t = x * x", "t = x")])
    with pytest.raises(EditError, match="is not in the reference"):
        edited("def f(x):\n    a = g(x)\n    return b - a\n", [replace("return c - c", "return c")])


def test_names_of_others_are_not_taken_for_local_ones():
    with pytest.raises(EditError, match="is not in the reference"):
        edited("def f(x):\n    return np.exp(x)\n", [replace("jnp.exp(x)", "x")])
    with pytest.raises(EditError, match="is not in the reference"):
        edited("def f(x):\n    return x.sum()\n", [replace("x.mean()", "x")])


def test_what_fits_twice_shows_both_lines():
    with pytest.raises(EditError, match=r"'x \+ 1' occurs 2 times.*'a = x \+ 1' and 'b = x \+ 1'"):
        edited("def f(x):\n    a = x + 1\n    b = x + 1\n    return a, b\n", [replace("x + 1", "x")])
    with pytest.raises(EditError, match=r"occurs 2 times.*'a = x  [+] 1' and 'b = x  [+] 1'"):
        edited("def f(x):\n    a = x  + 1\n    b = x  + 1\n    return a, b\n", [replace("x + 1", "x")])


def test_what_does_not_fit_names_the_nearest_line():
    with pytest.raises(EditError, match=r"the nearest line is 'total = x.sum\(axis=0\)'"):
        edited(SOURCE, [replace("total = x.sum(axis=1)", "total = 0")])


def test_a_name_that_only_the_new_text_has_is_known_from_other_edits():
    source = "def f(x):\n    z = x + 1\n    e = z * 2\n    return e\n"
    edits = [replace("shifted = x + 1", "shifted = x"), replace("return e", "return shifted")]
    found = edited(source, edits[1:], names_of(source, edits))
    assert same(found, "def f(x):\n    z = x + 1\n    e = z * 2\n    return z\n")


def test_edits_of_one_line_go_together_where_they_touch_different_tokens():
    source = "def f(x, axis):\n    return x.max(axis=axis) / x.sum(axis=axis)\n"
    one = replace("x.max(axis=axis) / x.sum(axis=axis)", "x.max() / x.sum(axis=axis)")
    other = replace("/ x.sum(axis=axis)", "* x.sum(axis=axis)")
    last = replace("x.max(axis=axis) / x.sum(axis=axis)", "x.max(axis=axis) / x.sum()")
    assert same(edited(source, [one, last]), "def f(x, axis):\n    return x.max() / x.sum()\n")
    assert same(edited(source, [one, other]), "def f(x, axis):\n    return x.max() * x.sum(axis=axis)\n")


def test_most_pairs_of_mistakes_go_together():
    exercise = COURSE.exercise("softmax")
    first = [mistake.variants[0] for mistake in load_mistakes(exercise.mistakes)]
    apart = []
    for one, other in itertools.combinations(first, 2):
        try:
            ast.parse(edited(exercise.reference, (*one, *other)))
        except EditError:
            apart.append((one, other))
    assert 10 * len(apart) < math.comb(len(first), 2)


@pytest.mark.parametrize("order", [1, -1])
def test_an_edit_does_not_go_on_with_what_another_takes_away(order):
    source = "def f(v, c):\n    root = v**0.5 + 1\n    return root\n"
    longer, shorter = replace("v**0.5 + 1", "v**0.5 + 1 / c"), replace("root = v**0.5 + 1", "root = v**0.5")
    with pytest.raises(EditError, match="the same place"):  # neither of them divides the root by c
        edited(source, [longer, shorter][::order])
    after = replace("root = v**0.5 + 1", "root = v**0.5 + 1\n    root = root * c")
    expected = "def f(v, c):\n    root = v**0.5\n    root = root * c\n    return root\n"
    assert same(edited(source, [after, shorter][::order]), expected)


def test_edits_at_the_top_level_go_together_with_those_in_functions():
    source = (
        "import math; LOW = 0\n\n\n@cached\ndef area(r):\n    # of a disc\n    return math.pi * r**2\n\n\nHIGH = 9\n"
    )
    one = source.replace("LOW = 0", "LOW = 1").replace("HIGH = 9", "HIGH = 8")
    other = source.replace("@cached\n", "").replace("r**2", "r")
    both = "import math; LOW = 1\n\n\ndef area(r):\n    return math.pi * r\n\n\nHIGH = 8\n"
    assert ast.dump(ast.parse(merged(source, one, other))) == ast.dump(ast.parse(both))


def test_edits_of_the_same_token_do_not():
    with pytest.raises(EditError, match="the same place"):
        merged("a = 1 + 2\n", "a = 1 - 2\n", "a = 1 * 2\n")


def reformatted(source):
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--config", "line-length=60", "-"]
    return subprocess.run(command, input=source, capture_output=True, text=True, check=True).stdout


def renamed(source, function, old, new):
    """With a local variable of a function under another name."""
    lines = source.splitlines(keepends=True)
    nodes = [top for top in ast.parse(source).body if getattr(top, "name", "") == function][:1]
    found = {
        (node.lineno, node.col_offset)
        for top in nodes
        for node in ast.walk(top)
        if isinstance(node, ast.Name) and node.id == old
    }
    for row, column in sorted(found, reverse=True):
        line = lines[row - 1].encode()
        lines[row - 1] = (line[:column] + new.encode() + line[column + len(old.encode()) :]).decode()
    return "".join(lines)


def first_variable(source):
    """(function, variable): one that is assigned and used, and is no argument, nor known to others."""
    tree = ast.parse(source)
    tops = {getattr(node, "name", "") for node in tree.body}
    for top in tree.body:
        if isinstance(top, ast.FunctionDef):
            arguments = {node.arg for node in ast.walk(top) if isinstance(node, ast.arg)}
            for node in ast.walk(top):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id not in arguments | tops:
                    return top.name, node.id
    return "", ""


@pytest.mark.parametrize("name", COURSE.names)
def test_each_variable_of_a_new_text_is_in_an_old_one(name):
    """Else its name would be unknown where somebody renames it in the reference."""
    exercise, told, used = COURSE.exercise(name), {}, {}
    scopes = scopes_of(exercise.reference, frozenset())
    for mistake in load_mistakes(exercise.mistakes):
        for edit in itertools.chain.from_iterable(mistake.variants):
            if isinstance(edit, Replacement) and edit.old in exercise.reference:
                function, _, local = scopes.at(exercise.reference.index(edit.old.strip()))
                new = {token.text for token in tokens(edit.new, fragment=True) if token.is_name}
                told.setdefault(function, {"_"}).update(edit.vocabulary)
                used.setdefault(function, set()).update(new & local - own_arguments(exercise.reference))
    assert {function: names - told[function] for function, names in used.items() if names - told[function]} == {}


def own_arguments(source):
    """Names of arguments, by which functions are called from outside."""
    return {node.arg for node in ast.walk(ast.parse(source)) if isinstance(node, ast.arg)}


@pytest.mark.parametrize("name", COURSE.names)
def test_what_an_edit_replaces_is_found_by_its_tokens_as_well(name):
    """Else it would break as soon as the reference is reformatted, or a variable in it renamed."""
    exercise = COURSE.exercise(name)
    mistakes = load_mistakes(exercise.mistakes)
    edits = {edit for mistake in mistakes for edit in itertools.chain.from_iterable(mistake.variants)}
    plain, names = one_line_each(exercise.reference), names_of(exercise.reference, tuple(edits))
    for edit in edits:
        if isinstance(edit, Replacement) and edit.stands_at(exercise.reference):
            assert edit.find(plain, names), edit


@pytest.mark.parametrize("name", [*COURSE.names])
def test_a_reference_that_is_reformatted_with_a_variable_renamed_breaks_no_mistake(name):
    exercise = COURSE.exercise(name)
    source, mistakes = exercise.reference, load_mistakes(exercise.mistakes)
    function, variable = first_variable(source)
    other = reformatted(renamed(source, function, variable, "another_name"))
    edits = [edit for mistake in mistakes for variant in mistake.variants for edit in variant]
    names = names_of(other, edits)
    for mistake in mistakes:
        for variant in mistake.variants:
            expected = renamed(edited(source, variant), function, variable, "another_name")
            assert same(edited(other, variant, names), expected), mistake.id


@pytest.mark.parametrize("name", COURSE.names)
def test_one_line_each_is_the_same_program(name):
    source = COURSE.exercise(name).reference
    assert same(one_line_each(reformatted(source)), source)
