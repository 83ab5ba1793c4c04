"""Messy notebooks grade exactly as the same code in a file, and broken ones are one clear line."""

import json

import nbformat
import pytest

from grader.grading.settings import Settings
from grader.sandbox.worker.notebook import definitions
from grader.submissions.notebook import cells_of, flatten
from grader.submissions.submission import MAX_NOTEBOOK, SubmissionError, answers, read, submission


def notebook(*cells, **more):
    made = [{"cell_type": "code", "source": cell, "metadata": {}, "outputs": []} for cell in cells]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5} | more).encode()


def chosen(*cells, names=("f",)):
    source, starts = flatten(notebook(*cells), "n.ipynb")
    statements, problems = definitions(source.decode(), starts, names)
    import ast

    return [ast.unparse(statement) for statement in statements], problems


def test_only_what_the_names_need_is_run():
    run, problems = chosen(
        "import numpy as np\nimport matplotlib.pyplot as plt",
        "EPS = 1e-8\nUNUSED = slow()",
        "def helper(x):\n    return x + EPS",
        "data = load()\nfor epoch in range(10**9):\n    train(data)",
        "def f(data):\n    return np.sqrt(helper(data))",
        "plt.plot(f(data))",
    )
    assert run == [
        "import numpy as np",
        "EPS = 1e-08",
        "def helper(x):\n    return x + EPS",
        "def f(data):\n    return np.sqrt(helper(data))",
    ]
    assert problems == []


def test_the_last_definition_wins():
    run, _ = chosen("def f(x): return 1\ndef g(): return 2", "def f(x): return g()", "def g(): return 3", "f(1)")
    assert run == ["def f(x):\n    return g()", "def g():\n    return 3"]


def test_what_builds_on_an_earlier_value_keeps_it():
    run, _ = chosen("def f(x): return x", "f = wrap(f)", "def wrap(g): return g", "C = {}\nC['a'] = 1\nf.c = C")
    assert run == [
        "def f(x):\n    return x",
        "f = wrap(f)",
        "def wrap(g):\n    return g",
        "C = {}",
        "C['a'] = 1",
        "f.c = C",
    ]


def test_names_of_a_function_s_own_pull_nothing_in():
    run, _ = chosen("model = train()", "def f(model):\n    y = [model for model in model]\n    return y", "y = demo()")
    assert len(run) == 1


def test_imports_that_may_fail_and_stars_are_kept():
    run, _ = chosen(
        "from math import *",
        "try:\n    import torch\nexcept ImportError:\n    torch = None",
        "def f():\n    return torch",
    )
    assert len(run) == 3


def test_magics_are_dropped_and_listed():
    run, problems = chosen(
        "%matplotlib inline\n!pip install x \\\n   y\nimport numpy as np\nfiles = !ls\nnp.exp?",
        "%%bash\nrm -rf /",
        "%%time\ndef f(x):\n    '''\n%not a magic\n'''\n    if x:\n        %timeit x\n    return np.exp(x)",
    )
    assert run[0] == "import numpy as np"
    assert "def f(x)" in run[1]
    assert [message for _, message in problems] == [
        f"NotRun: {text}"
        for text in (
            "%matplotlib inline",
            "!pip install x \\",
            "files = !ls",
            "np.exp?",
            "%%bash",
            "%%time",
            "%timeit x",
        )
    ]


def test_a_string_that_looks_like_a_magic_stays():
    run, problems = chosen("def f():\n    '''\n%matplotlib\n!ls\n'''")
    assert problems == []
    assert "%matplotlib" in run[0]


def test_a_cell_that_does_not_parse_costs_only_itself():
    run, problems = chosen("def f(x:\n    pass", "def f(x):\n    return 1")
    assert run == ["def f(x):\n    return 1"]
    assert problems == [(2, "SyntaxError: '(' was never closed", 5, 6)]


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("def g():\n    x = 1\nreturn x", (4, "SyntaxError: 'return' outside function")),
        (
            "n = 0\ndef g():\n    n += 1\n    global n",
            (5, "SyntaxError: name 'n' is assigned to before global declaration"),
        ),
        ("def g():\n    from math import *", (3, "SyntaxError: import * only allowed at module level")),
        ("def g(a, a): pass", (2, "SyntaxError: duplicate argument 'a' in function definition")),
        ("for i in range(3): pass\nelse:\n    break", (4, "SyntaxError: 'break' outside loop")),
        ("x = 1\nfrom __future__ import annotations", None),
        ("nonlocal x", (2, "SyntaxError: nonlocal declaration not allowed at module level")),
    ],
)
def test_a_cell_that_python_refuses_costs_itself(cell, problem):
    run, problems = chosen(f"{cell}\ndef f(x): return 'of the cell'", "def f(x):\n    return 1")
    assert run == ["def f(x):\n    return 1"]
    told = [each[:2] for each in problems]
    assert told == [problem] if problem else len(told) == 1


@pytest.mark.parametrize(
    "line",
    ["pip install x", "pip3 install -q x", "conda install x", "cd ..", "ls -l *.py", "load_ext autoreload",
     "time f(3)", "matplotlib inline", "%%timeit -n1", "!ls", "?f", "f??", "x, y = %who_ls", "wget http://x"],
)  # fmt: skip
def test_a_command_costs_its_line(line):
    run, problems = chosen(f"{line}\nimport numpy as np\ndef f(x): return np", "def g(): pass")
    assert run == ["import numpy as np", "def f(x):\n    return np"]
    assert problems == ([(2, f"NotRun: {line}")] if line != "ls -l *.py" or problems else [])


@pytest.mark.parametrize("line", ["cat = [1, 2", "time.sleep(3", "run (x", "ls: list = [", "save(f"])
def test_a_slip_is_not_taken_for_a_command(line):
    run, problems = chosen(f"{line}\ndef f(x): return 1")
    assert run == []
    assert problems[0][1].startswith("SyntaxError")


@pytest.mark.parametrize(
    "cell",
    [">>> def f(x):\n...     return 1", "In [3]: def f(x):\n   ...:     return 1", "  def f(x):\n      return 1"],
)
def test_prompts_and_indents_are_taken_as_jupyter_does(cell):
    assert chosen(cell) == (["def f(x):\n    return 1"], [])


@pytest.mark.parametrize(
    "data",
    [
        b"{",
        b"[]",
        b"[" * 100_000,
        b'{"nbformat": 3}',
        b'{"worksheets": 7, "nbformat": 3, "nbformat_minor": 0, "metadata": {}}',
        notebook(),
        notebook(cells=[{"cell_type": "markdown", "source": "text"}]),
        notebook("x = 1\n" * 100_000),
        notebook(*["x"] * 3000),
    ],
)
def test_what_is_no_notebook_is_one_line(data):
    with pytest.raises(SubmissionError) as error:
        flatten(data, "n.ipynb")
    assert "\n" not in str(error.value)
    assert "n.ipynb" in str(error.value)


def test_odd_notebooks_are_read():
    odd = json.loads(notebook("def f(): pass"))
    odd["cells"] += [7, {}, {"cell_type": "code"}, {"cell_type": "code", "source": ["x = 1\n", 5, "y = 2"], "id": "a"}]
    odd["cells"].append({"cell_type": "code", "source": "z = '\ud800'", "id": "a"})
    source, starts = flatten(json.dumps(odd).encode(), "n.ipynb")
    assert len(starts) == 4
    assert b"x = 1\ny = 2" in source


def test_an_old_notebook_is_upgraded():
    old = nbformat.convert(nbformat.reads(notebook("def f(): pass").decode(), 4), 3)
    source, _ = flatten(json.dumps(old).encode(), "n.ipynb")
    assert b"def f(): pass" in source


def test_an_old_notebook_with_lists_of_lines_is_upgraded():
    code = {
        "cell_type": "code",
        "input": ["def f():\n", "    pass"],
        "language": "python",
        "outputs": [],
        "metadata": {},
    }
    heading = {"cell_type": "heading", "level": 2, "source": ["Week\n", "one"], "metadata": {}}
    sheet = {"cells": [heading, code], "metadata": {}}
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [sheet]}
    first, second = cells_of(json.dumps(old).encode(), "n.ipynb")
    assert (first.kind, first.source) == ("markdown", "## Week one")
    assert (second.kind, second.source) == ("code", "def f():\n    pass")


def test_a_notebook_grades_as_the_same_code_in_a_file(examiner, hosts, right, tmp_path):
    cells = [
        "%load_ext autoreload\nimport numpy as np\nimport matplotlib.pyplot as plt",
        "def broken(",
        "def double(x):\n    return 3 * x",
        "while True:\n    pass",
        right.partition("def halve")[0],
        "%%time\ndef halve" + right.partition("def halve")[2],
        "plt.plot(double(np.ones(3)))\nraise SystemExit",
    ]
    large = json.loads(notebook(*cells))
    large["cells"][3]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x" * 5_000_000}]
    (tmp_path / "double.ipynb").write_text(json.dumps(large))
    result = examiner.grade(read(tmp_path / "double.ipynb"), hosts.get(("numpy",)), Settings(0))
    assert (result.status, result.score) == ("graded", 100.0)
    assert any("code cell 2, line 1" in note.lower() for note in result.notes)
    assert "In code cell 1, line 1, not run: %load_ext autoreload" in result.notes


def test_an_error_is_placed_in_its_cell(examiner, hosts):
    source = notebook("x = 1", "\n\ndef halve(x):\n    raise KeyError('hm')")
    result = examiner.grade(submission("n.ipynb", "double", source), hosts.get(("numpy",)), Settings(0))
    messages = {check.id: check.message for check in result.checks}
    assert messages["test_halve"] == "halve raised KeyError: 'hm' (code cell 2, line 4)"
    assert messages["test_unchanged"] == "double is not defined in your file"


def test_a_notebook_may_answer_several_exercises():
    whole = submission("week3.ipynb", "", notebook("def double(x): pass", "class Cell: pass"))
    names = {"double": ("double", "halve"), "lstm": ("Cell",), "other": ("thing",)}
    assert [answer.exercise for answer in answers(whole, names)] == ["double", "lstm"]
    with pytest.raises(SubmissionError, match="defines nothing"):
        answers(whole, {"other": ("thing",)})


def test_variables_answer_what_asks_for_nothing_else_that_is_missing():
    whole = submission("week3.ipynb", "", notebook("answer_1 = 'b'\nanswer_2: str = 'c'", "accuracy = 3"))
    names = {"quiz": ("answer_1", "answer_2"), "metrics": ("accuracy", "recall"), "nothing": ()}
    assert [answer.exercise for answer in answers(whole, names)] == ["quiz"]


LARGE = 8 << 20  # bytes of what is beside the code


def filled(piece, cell="def f(): pass", opening=b"[", closing=b"0]"):
    """A notebook in which something stands again and again."""
    return notebook(cell)[:-1] + b', "more": ' + opening + piece * (LARGE // len(piece)) + closing + b"}"


def test_pictures_are_no_matter():
    source, _ = flatten(filled(b"QUJD", opening=b'["\xf0\x9f\x98\x80 ", "', closing=b'"]'), "n.ipynb")
    assert b"def f(): pass" in source
    code = "text = '" + "QUJD" * 5_000 + r"\\n" + "'\nπ = 3"  # is not taken for one
    assert code.encode() in flatten(filled(b"QUJD", code, b'"', b'"'), "n.ipynb")[0]
    with pytest.raises(SubmissionError, match="has more output than can be read"):
        flatten(filled(b"QUJD", "QUJD" * 5_000, b'"', b'"'), "n.ipynb")


@pytest.mark.parametrize(
    "data",
    [
        lambda: filled(b"[],"),
        lambda: filled(b"0.1,"),
        lambda: filled(b'"ab",'),
        lambda: filled(b"some words ", opening=b'["' + b"and " * (LARGE // 4), closing=b'"]'),
        lambda: b'{"more": "' + rb"\"" * LARGE,
        lambda: filled(b"[],").decode().encode("utf-16"),
    ],
    ids=["lists", "numbers", "texts", "text", "no end", "utf-16"],
)
def test_json_that_would_take_gigabytes_is_not_read(data):
    with pytest.raises(SubmissionError, match="has more output than can be read"):
        flatten(data(), "n.ipynb")


def test_an_old_notebook_is_upgraded_without_what_takes_minutes():
    outputs = [{"output_type": "stream", "text": "a"}] * 20_000
    cell = {"cell_type": "code", "input": "def f(): pass", "outputs": outputs, "metadata": {"x": [{}] * 100_000}}
    old = {"nbformat": 3, "metadata": {"x": [{}] * 100_000}, "worksheets": [{"cells": [cell]}]}
    assert b"def f(): pass" in flatten(json.dumps(old).encode(), "n.ipynb")[0]
    old["worksheets"][0]["cells"] = [{"cell_type": "code", "input": "x"}] * 3_000
    with pytest.raises(SubmissionError, match="has 3000 cells"):
        flatten(json.dumps(old).encode(), "n.ipynb")


def test_a_notebook_that_is_too_large_is_not_read(tmp_path):
    with (tmp_path / "double.ipynb").open("wb") as file:
        file.truncate(MAX_NOTEBOOK + 1)
    with pytest.raises(SubmissionError, match="larger than"):
        read(tmp_path / "double.ipynb")
