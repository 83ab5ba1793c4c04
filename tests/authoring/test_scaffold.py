"""`grader new`: an exercise that is proven as written, or one made from a notebook; nothing is ever overwritten."""

import ast
import doctest
import json
import os
import subprocess
import sys

import pytest

from grader.authoring.check import check_exercise
from grader.authoring.from_notebook.asserts import Asserting, share, suite
from grader.authoring.from_notebook.draft import draft_from
from grader.authoring.from_notebook.names import bound_names, free_names, statements_of
from grader.authoring.mutation import try_suite
from grader.authoring.scaffold import ScaffoldError, check_name, example, write
from grader.course.config import ConfigurationError, course_named_in
from grader.course.course import Course
from grader.grading.examiner import Examiner

NEW = [sys.executable, "-c", "from grader.cli.new import new; new()"]


@pytest.fixture
def run(tmp_path):
    def command(*words, folder=tmp_path):
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        return subprocess.run(
            [*NEW, *map(str, words)], cwd=folder, env=environment, capture_output=True, text=True, timeout=300
        )

    return command


def files_under(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


# The example


@pytest.mark.parametrize("library", ["numpy", "torch"])
def test_the_example_is_proven_as_written(tmp_path, hosts, library):
    write(example("my_layer", library).files("my_layer"), tmp_path)
    exercise = Course(tmp_path).exercise("my_layer")
    assert exercise.libraries == ("numpy", "torch")[: 1 + (library == "torch")]
    assert exercise.title == "My layer"
    assert check_exercise(exercise, hosts, (0, 1)) == []
    assert try_suite(Examiner(exercise), hosts.get(exercise.libraries)).survived == []
    names = dict(exercise.reference_side().module.__dict__)
    statement = ast.get_docstring(ast.parse(exercise.stub.read_text(encoding="utf-8")))
    shown = doctest.DocTestParser().get_doctest(statement, names, "stub", None, 0)
    assert shown.examples
    assert doctest.DocTestRunner().run(shown).failed == 0


def test_a_folder_becomes_a_course(run, tmp_path):
    done = run("huber")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "exercises/huber.py",
        "solutions/huber/reference.py",
        "solutions/huber/test_huber.py",
        "solutions/huber/mistakes.py",
    ]
    assert files_under(tmp_path) == sorted(done.stdout.splitlines())
    inside = run("focal", folder=tmp_path / "solutions" / "huber")
    assert inside.returncode == 0
    assert Course(tmp_path).names == ("focal", "huber")
    elsewhere = run("dice", "--torch", "--course", "other", folder=tmp_path)
    assert elsewhere.returncode == 0
    assert "import torch" in (tmp_path / "other" / "exercises" / "dice.py").read_text()


@pytest.mark.parametrize("taken", ["exercises/huber.py", "solutions/huber/mistakes.py"])
def test_nothing_is_overwritten(run, tmp_path, taken):
    path = tmp_path / taken
    path.parent.mkdir(parents=True)
    path.write_text("mine")
    done = run("huber", "--course", tmp_path)
    assert done.returncode == 2
    assert done.stderr == f"Error: {path} is there already, and nothing was written: take another name, or remove it.\n"
    assert files_under(tmp_path) == [taken]
    assert path.read_text() == "mine"


def test_what_cannot_be_written_leaves_nothing(tmp_path):
    (tmp_path / "solutions").write_text("a file where a folder should be")
    with pytest.raises(ScaffoldError, match="cannot be written"):
        write(example("huber", "numpy").files("huber"), tmp_path)
    assert files_under(tmp_path) == ["solutions"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Huber-Loss", "take a lower-case Python identifier, such as 'huber_loss'."),
        ("../huber", "take a lower-case Python identifier, such as 'huber'."),
        ("3d", "take a lower-case Python identifier."),
        ("lambda", "it is a word of Python"),
        ("random", "it is the name of a library"),
        ("torch", "it is the name of a library"),
    ],
)
def test_a_name_that_cannot_be_is_one_line(name, said):
    with pytest.raises(ScaffoldError) as error:
        check_name(name)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


# [tool.grader]


def test_a_pyproject_names_the_course(tmp_path):
    assert course_named_in(tmp_path) is None
    (tmp_path / "pyproject.toml").write_text('[tool.grader]\ncourse = "courses/a"\n')
    assert course_named_in(tmp_path) == tmp_path / "courses" / "a"


@pytest.mark.parametrize(
    "text", ["[tool.ruff]\n", "tool = 'grader'\n", "[tool]\ngrader = 3\n", "[tool.grader]\n", "# grader\n" * 40_000]
)
def test_a_pyproject_that_names_none_is_passed_over(tmp_path, text):
    (tmp_path / "pyproject.toml").write_text(text)
    assert course_named_in(tmp_path) is None


def test_what_is_no_file_is_no_pyproject_and_nobody_waits_for_it(tmp_path):
    os.mkfifo(tmp_path / "pyproject.toml")
    assert course_named_in(tmp_path) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[tool.grader\n", "cannot be read"),
        ("[tool.grader]\ncourse = 3\n", "the text of a path"),
        ('[tool.grader]\ncourse = "a\\u0000b"\n', "the text of a path"),
        ("[tool.grader]\ncourse = " + "[" * 100_000, "nested too deeply"),
        ("[tool.grader]\ncourse = " + "9" * 10_000, "cannot be read"),
    ],
)
def test_a_pyproject_that_cannot_be_understood_is_one_line(tmp_path, text, said):
    (tmp_path / "pyproject.toml").write_text(text)
    with pytest.raises(ConfigurationError, match=said) as error:
        course_named_in(tmp_path)
    assert "\n" not in str(error.value)


# From a notebook


def notebook(path, *cells):
    """Writes a notebook of (kind, source) or (kind, source, nbgrader's metadata)."""
    content = [
        {
            "cell_type": kind,
            "source": source.splitlines(keepends=True),
            "metadata": {"nbgrader": marks[0]} if marks else {},
        }
        for kind, source, *marks in cells
    ]
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": content}))
    return path


REGION = "def f(x):\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION"
STATEMENT = '# The Huber loss\n\nOf a residual $r$: $\\frac{1}{2} r^2$, """small""" or not.'
IMPORTS = "%matplotlib inline\nimport numpy as np\nimport matplotlib.pyplot as plt\nDELTA = 1.0\nplt.plot([1])"
HUBER = '''def huber(r, delta=DELTA):
    """The loss of each residual."""
    ### BEGIN SOLUTION
    # the clever part
    small = np.abs(r) <= delta
    return np.where(small, 0.5 * r**2, delta * (np.abs(r) - 0.5 * delta))
    ### END SOLUTION

print(huber(np.ones(3)))'''
SLOPE = """### BEGIN SOLUTION
def _clipped(r, delta):
    return np.clip(r, -delta, delta)

def slope(r, delta=DELTA):
    # clipping is all
    return _clipped(r, delta)
### END SOLUTION"""
TESTS = '''"""Small residuals are squared, large ones are not."""
r = np.array([0.5, -3.0])
assert np.allclose(huber(r), [0.125, 2.5])  # as in the lecture
### BEGIN HIDDEN TESTS
assert abs(huber(np.array(4.0), delta=2.0) - 6.0) < 1e-9
### END HIDDEN TESTS'''


@pytest.fixture
def week1(tmp_path):
    return notebook(
        tmp_path / "week1.ipynb",
        ("markdown", STATEMENT),
        ("code", IMPORTS),
        ("markdown", "Now *write* `huber`.\n### BEGIN SOLUTION\nwith np.where\n### END SOLUTION"),
        ("code", HUBER, {"solution": True, "grade": False}),
        ("code", SLOPE),
        ("code", TESTS, {"grade": True, "solution": False, "points": 3}),
        ("code", "np.testing.assert_allclose(slope(np.arange(3.0)), [0, 1, 1])", {"grade": True, "points": 1}),
        ("markdown", "Because of the outliers.", {"grade": True, "solution": True}),
    )


def test_solutions_go_to_the_reference_and_a_to_do_to_the_stub(week1):
    draft = draft_from(week1, "huber")
    for secret in ["clever", "small", "np.where", "clipp", "0.125", "6.0", "outliers", "SOLUTION", "HIDDEN"]:
        assert secret not in draft.stub.replace('\\"\\"\\"small', "")
    assert draft.stub.startswith('"""The Huber loss\n\nOf a residual $r$: $\\\\frac{1}{2} r^2$')
    assert "\\frac{1}{2}" in ast.get_docstring(ast.parse(draft.stub))
    assert '    # TODO\n    raise NotImplementedError("huber")' in draft.stub
    assert 'def slope(r, delta=DELTA):\n    # TODO\n    raise NotImplementedError("slope")' in draft.stub
    assert "# Now *write* `huber`.\ndef huber(" in draft.stub
    assert '"""The loss of each residual."""' in draft.stub
    assert "    # the clever part\n    small = np.abs(r) <= delta\n" in draft.reference
    for text in (draft.stub, draft.reference):
        assert "import numpy as np\n\nDELTA = 1.0\n" in text
        for left_out in ["matplotlib", "plt", "print", "### "]:
            assert left_out not in text
    assert any("answer in words" in note for note in draft.notes)


def test_the_exercise_of_a_notebook_wants_only_a_known_mistake(week1, tmp_path, hosts):
    draft = draft_from(week1, "huber")
    assert 'assert np.allclose(agree("huber", r), [0.125, 2.5])  # as in the lecture' in draft.suite
    assert "assert abs(submission.huber(np.array(4.0), delta=2.0) - 6.0) < 1e-09" in draft.suite.replace(
        "1e-9", "1e-09"
    )
    assert '@pytest.mark.points(75)\ndef test_huber_in_cell_6(agree, submission):\n    """Small res' in draft.suite
    assert "@pytest.mark.points(25)\ndef test_slope_in_cell_7(agree):" in draft.suite
    write(draft.files("huber"), tmp_path)
    exercise = Course(tmp_path).exercise("huber")
    assert exercise.title == "The Huber loss"
    assert check_exercise(exercise, hosts, (0, 1)) == ["there is no known mistake"]
    named = 'MISTAKES = [Mistake("unhalved", "Not halved", "Halve it.", replace("0.5 * r**2", "r**2"))]\n'
    exercise.mistakes.write_text(exercise.mistakes.read_text().partition("MISTAKES")[0] + named)
    assert check_exercise(exercise, hosts, (0, 1)) == []


def test_the_command_tells_what_is_left_to_do(run, week1, tmp_path):
    done = run("huber", "--from-notebook", week1, "--course", "course")
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 4
    assert "To do: mistakes.py names no mistake yet" in done.stderr
    again = run("huber", "--from-notebook", week1, "--course", "course")
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)
    assert "is there already" in again.stderr
    both = run("huber", "--from-notebook", week1, "--torch")
    assert both.returncode == 2


def test_classes_and_cells_that_are_solutions_as_a_whole(tmp_path):
    methods = "    def __init__(self):\n        self.n = 0\n    def _own(self):\n        return 1"
    meter = f"class Meter:\n    '''Counts.'''\n{methods}"
    path = notebook(tmp_path / "n.ipynb", ("code", meter, {"solution": True}), ("code", "assert Meter().n == 0"))
    draft = draft_from(path, "meter")
    assert draft.stub.startswith('"""Meter\n\nTODO: the statement.\n"""')
    assert 'raise NotImplementedError("Meter.__init__")' in draft.stub
    assert "self.n" not in draft.stub
    assert "_own" not in draft.stub
    assert "# TODO: write a check for cell 2 of the notebook: it uses Meter" in draft.suite
    assert any("cell 2" in note for note in draft.notes)


def test_what_a_solution_needs_is_taken_as_it_is_where_it_is_needed(tmp_path):
    """A table that grows over cells, a value that is replaced, a demo that is left out."""
    scale = "def scaled(x):\n    ### BEGIN SOLUTION\n    return x * SCALES['big'] * UNIT\n    ### END SOLUTION"
    cells = ("SCALES = {}\nUNIT = 1.0", "SCALES['big'] = 10\nUNIT = 2.0", scale, "show = [scaled(1)]\nshow.append(2)")
    draft = draft_from(notebook(tmp_path / "n.ipynb", *(("code", cell) for cell in cells)), "scaled")
    for text in (draft.stub, draft.reference):
        assert "SCALES = {}\n" in text
        assert "SCALES['big'] = 10\nUNIT = 2.0\n" in text
        assert "UNIT = 1.0" not in text
        assert "show" not in text


def test_a_notebook_of_format_3_is_read(tmp_path):
    cells = [
        {"cell_type": "heading", "level": 1, "source": ["Doubling"], "metadata": {}},
        {"cell_type": "code", "input": REGION.replace("f(x)", "double(x)").replace("return x", "return 2 * x")},
        {"cell_type": "code", "input": "assert double(2) == 4"},
    ]  # fmt: skip
    for cell in cells[1:]:
        cell |= {"language": "python", "outputs": [], "metadata": {}}
    path = tmp_path / "old.ipynb"
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells}]}
    path.write_text(json.dumps(old))
    draft = draft_from(path, "double")
    assert draft.stub.startswith('"""Doubling\n')
    assert 'assert agree("double", 2) == 4' in draft.suite


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([("code", "def f(x): return x")], "has no ### BEGIN SOLUTION"),
        ([("code", REGION.replace("END", "BEGIN"))], "BEGIN SOLUTION stands before ### END SOLUTION"),
        ([("code", REGION.replace("    ### END SOLUTION", ""))], "### BEGIN SOLUTION has no ### END SOLUTION"),
        ([("code", REGION.replace("### BEGIN SOLUTION", ""))], "### END SOLUTION has no ### BEGIN SOLUTION"),
        ([("code", REGION.replace("END SOLUTION", "END HIDDEN TESTS"))], "### END HIDDEN TESTS has no"),
        ([("markdown", "### BEGIN SOLUTION"), ("code", REGION)], "cell 1: ### BEGIN SOLUTION has no"),
        ([("code", REGION.replace("return x", "return ("))], "cell 1 does not parse with its solution"),
        ([("code", REGION.replace("    return x", ""))], "nothing stands between ### BEGIN SOLUTION and"),
        ([("code", "### BEGIN SOLUTION\nreturn 1\n### END SOLUTION")], "'return' outside function"),
        ([("code", REGION.replace("def f(x)", "if True"))], "'return' outside function"),
        ([("code", "if True:\n    ### BEGIN SOLUTION\n    x = 1\n    ### END SOLUTION")], "nothing can stand for"),
        ([("code", "### BEGIN SOLUTION\nx = 1\n### END SOLUTION")], "defines no function"),
        ([], "has no ### BEGIN SOLUTION"),
    ],
)
def test_a_notebook_that_cannot_be_taken_is_one_line(tmp_path, cells, said):
    with pytest.raises(ScaffoldError) as error:
        draft_from(notebook(tmp_path / "n.ipynb", *cells), "f")
    assert said in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"{", "broken JSON"), (b"[]", "is not a notebook"), (b'{"cells": [3]}', "has no ### BEGIN SOLUTION"),
     (b'{"cells": 3}', "not a notebook"),
     (b"\xff\xfe", "JSON"), (b"[" * 100_000, "JSON"), (None, "does not exist")],
)  # fmt: skip
def test_what_is_no_notebook_is_one_line(tmp_path, content, said):
    path = tmp_path / "n.ipynb"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ScaffoldError, match=said) as error:
        draft_from(path, "f")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ("assert f(1) == 2", 'assert agree("f", 1) == 2'),
        ("assert (f(x=[1]) == 2).all()", 'assert (agree("f", x=[1]) == 2).all()'),
        ("assert np.allclose(f(1), 2, atol=0.1)", 'assert np.allclose(agree("f", 1, atol=0.1), 2, atol=0.1)'),
        ("assert np.allclose(f(1), 2, 0.1)", "assert np.allclose(submission.f(1), 2, 0.1)"),
        ("assert f(f(1)) == 'é' == f(2)", "assert submission.f(submission.f(1)) == 'é' == submission.f(2)"),
        ("assert f(1).shape == ()", "assert submission.f(1).shape == ()"),
        ("for i in range(3):\n    assert f(i,\n             2) == i", 'assert agree("f", i, 2) == i'),
        ("import pytest\nwith pytest.raises(ValueError):\n    f(-1)", "    submission.f(-1)"),
        ("assert f('''a\nb''') == 1", "assert agree(\"f\", 'a\\nb') == 1"),
        ("x = '''a\nb'''\nassert f(x).n == 1", "    x = 'a\\nb'\n    assert submission.f(x).n == 1"),
        ("'''Two\nlines.'''\n# why\nassert f(1) == 2", '"""Two lines."""\n    # why\n    assert agree("f", 1) == 2'),
    ],
)
def test_an_assert_that_becomes_a_check(text, check):
    made, notes = suite("f", [Asserting(1, text)], {"f"}, {"f"}, statements_of("import numpy as np", 1))
    assert check in made
    assert notes == []
    ast.parse(made)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("assert f(", "does not parse"),
        ("assert list(map(f, [1])) == [1]", "hands f on"),
        ("assert C().n == 1", "uses C"),
        ("assert 1 == 1", "calls nothing that students write"),
        ("f(1)", "asserts nothing"),
        ("assert f(data) == 1", "needs data"),
        ("assert f(y) == 1", "needs y"),  # an earlier cell computes it with f
        ("try:\n    f(1)\nexcept KeyError:\n    pass\nelse:\n    assert False", "waits for KeyError"),
    ],
)
def test_an_assert_that_becomes_a_comment_with_the_reason(text, reason):
    made, notes = suite("f", [Asserting(7, text)], {"f"}, {"f", "C"}, statements_of("y = f(3)", 1))
    assert reason in notes[0]
    assert made.count("# TODO: write a check for cell 7") == 1
    assert "def test_" not in made.replace("# def test_values", "")
    ast.parse(made)


def test_points_are_whole_and_add_up_to_a_hundred():
    for weights in [[1], [1, 1, 1], [3, 1, 2.5], [100, 0.001, 0.001], [1] * 99]:
        assert sum(share(weights)) == 100
        assert min(share(weights)) >= 1
    assert share([]) == []
    assert share([3, 1]) == [75, 25]


def test_names_are_those_of_the_surroundings():
    text = "def f(x, y=LOW):\n    z = np.ones(3)\n    return [g(i) for i in x] + z"
    assert free_names(text) == {"LOW", "np", "g"}
    assert bound_names("import a.b, c as d\nfrom e import f\nx = y = 1\ndef g(): pass") == {
        "a",
        "d",
        "f",
        "x",
        "y",
        "g",
    }
