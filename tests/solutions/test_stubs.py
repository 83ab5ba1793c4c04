"""Every stub's printed example holds for its reference, and every stub has what a student needs."""

import ast
import doctest
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXERCISES, SOLUTIONS = ROOT / "exercises", ROOT / "solutions"
NAMES = sorted(path.stem for path in EXERCISES.glob("*.py"))


@pytest.mark.parametrize("name", NAMES)
def test_example_in_the_statement_is_true(name, load):
    statement = ast.get_docstring(ast.parse((EXERCISES / f"{name}.py").read_text(encoding="utf-8")))
    globs = dict(load(name).__dict__)
    example = doctest.DocTestParser().get_doctest(statement, globs, name, None, 0)
    assert example.examples, "the statement shows no example"
    result = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(example)
    assert result.failed == 0


@pytest.mark.parametrize("name", NAMES)
def test_stub_defines_the_public_names_of_the_reference(name):
    def signatures(path):
        found = {}
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                found[node.name] = [a.arg for a in node.args.args]
            elif isinstance(node, ast.ClassDef):
                methods = (n for n in node.body if isinstance(n, ast.FunctionDef))
                found.update({f"{node.name}.{m.name}": [a.arg for a in m.args.args] for m in methods})
        return found

    stub, reference = signatures(EXERCISES / f"{name}.py"), signatures(SOLUTIONS / name / "reference.py")
    assert stub
    assert stub == {key: reference.get(key) for key in stub}


@pytest.mark.parametrize("name", NAMES)
def test_stub_says_what_is_to_do(name):
    text = (EXERCISES / f"{name}.py").read_text(encoding="utf-8")
    assert "# TODO" in text
    assert "raise NotImplementedError" in text
