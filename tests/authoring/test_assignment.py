"""Assignment notebooks: valid, made of the stubs alone, accepted by nbgrader's rules, and graded once filled in."""

import ast
import json
import re
import subprocess
import sys
from hashlib import md5
from pathlib import Path

import nbformat
import pytest
from markdown_it import MarkdownIt

from grader.authoring.assignment.cells import AssignmentError, short
from grader.authoring.assignment.document import document
from grader.authoring.assignment.statement import markdown
from grader.course.course import Course, CourseError

ROOT = Path(__file__).parents[2]
COURSE = Course(ROOT)
COMMAND = "from grader.cli.notebook import notebook; notebook(prog_name='grader notebook')"
GRADE = "from grader.cli.grade import grade; grade(prog_name='grade')"
NBGRADER_REQUIRED = {"schema_version", "grade", "locked", "solution"}
NBGRADER_KEYS = NBGRADER_REQUIRED | {"task", "grade_id", "points", "checksum", "cell_type"}
REGION = re.compile(r"^( *)### BEGIN SOLUTION\n.*?^ *### END SOLUTION$", re.MULTILINE | re.DOTALL)


def run(program, *arguments, cwd):
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def made(course, *names, **more):
    return nbformat.reads(document(course, names, **more), as_version=nbformat.NO_CONVERT)


def fill(notebook, text):
    """Writes the functions of a solution into their cells, as a student does."""
    answers = {node.name: ast.get_source_segment(text, node) for node in ast.parse(text).body if hasattr(node, "name")}
    for cell in notebook.cells:
        for name, answer in answers.items():
            if cell.cell_type == "code" and cell.source.startswith(f"def {name}("):
                cell.source = answer
    return notebook


def grades(notebook, course, folder):
    """Exercise → its result, by `grade FILE`."""
    nbformat.write(notebook, folder / "week3.ipynb")
    done = run(GRADE, "week3.ipynb", "--course", course.root, "--json", "out.json", cwd=folder)
    assert done.returncode in (0, 1), done.stderr
    return {result["exercise"]: result for result in json.loads((folder / "out.json").read_text())["results"]}


def check_nbgrader(notebook):
    """What nbgrader's validator of schema 3 accepts."""
    seen = set()
    for cell in notebook.cells:
        about = cell.metadata.get("nbgrader")
        if about is None:
            continue
        assert set(about) >= NBGRADER_REQUIRED
        assert set(about) <= NBGRADER_KEYS
        assert about["schema_version"] == 3
        assert all(type(about[key]) is bool for key in {"grade", "locked", "solution", "task"} & set(about))
        assert about.get("cell_type", cell.cell_type) == cell.cell_type
        assert not about["grade"] or (isinstance(about["points"], (int, float)) and about["points"] >= 0)
        assert not about.get("task") or cell.cell_type == "markdown"
        assert cell.cell_type == "code" or about["grade"] == about["solution"]
        if about["grade"] or about["solution"] or about["locked"]:
            assert re.fullmatch(r"[a-zA-Z0-9_\-]+", about["grade_id"])
            assert about["grade_id"] not in seen
            seen.add(about["grade_id"])
        assert re.fullmatch("[0-9a-f]{32}", about["checksum"])


def test_a_notebook_is_valid_and_holds_the_stub_cell_by_cell(tiny_course):
    notebook = made(tiny_course, "double")
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert [(cell.id, cell.cell_type) for cell in notebook.cells] == [
        ("double--statement", "markdown"),
        ("double-double", "code"),
        ("double-halve", "code"),
        ("grade--statement", "markdown"),
        ("grade--setup", "code"),
        ("grade", "code"),
    ]
    assert notebook.cells[0].source == "# Twice and half\n\n```python\n>>> double(2.0)\n4.0\n```"
    assert notebook.cells[1].source == (
        'def double(x):\n    """2x"""\n    # TODO\n    raise NotImplementedError("double")'
    )
    assert [cell.source for cell in notebook.cells[-2:]] == ["%load_ext grader", "%grade double"]
    assert all("nbgrader" not in cell.metadata for cell in notebook.cells)


def test_jupyter_would_write_the_same_text(tiny_course):
    for nbgrader in (False, True):
        text = document(tiny_course, ["double"], nbgrader=nbgrader)
        assert nbformat.writes(nbformat.reads(text, 4)) + "\n" == text


@pytest.mark.parametrize("name", COURSE.names)
def test_every_stub_makes_a_notebook_that_says_what_the_stub_says(name):
    notebook = made(COURSE, name)
    nbformat.validate(notebook)
    stub = COURSE.exercise(name).stub.read_text(encoding="utf-8")
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code" and cell.id.startswith(name))
    tree = ast.parse(stub)
    assert ast.dump(ast.Module(tree.body[1:], [])) == ast.dump(ast.parse(code))
    tokens = MarkdownIt("commonmark").parse(notebook.cells[0].source)
    kinds = {token.type for token in tokens} | {c.type for token in tokens for c in token.children or ()}
    assert not kinds & {"blockquote_open", "code_block", "html_block", "html_inline", "link_open"}
    shown = "".join(token.content for token in tokens)
    assert words(shown) == words(ast.get_docstring(tree))


def words(text):
    """Letters, digits and operators in order, without what is markup."""
    return re.sub(r"[\s\\*`-]|^\s*\d+\.\s", "", text, flags=re.MULTILINE)


def test_setup_and_comments_and_decorators_stay_with_what_they_belong_to(tiny_course):
    tiny_course.exercise("double").stub.write_text(
        '"""Title"""\n\nimport numpy as np\nimport math  # two\n\n# how small\nEPS = 1e-8; TINY = 2\n\n\n'
        "# given\n@staticmethod\ndef helper(x):\n    return x\n\n\n"
        "class Double:\n    def f(self):\n        raise NotImplementedError\n\n"
        '    def g(self):\n        # TODO: think\n        raise NotImplementedError(\n            "g"\n        )\n'
    )
    plain, marked = made(tiny_course, "double"), made(tiny_course, "double", nbgrader=True)
    assert plain.cells[0].source == "# Title"
    assert plain.cells[1].source == ("import numpy as np\nimport math  # two\n\n# how small\nEPS = 1e-8; TINY = 2")
    assert plain.cells[2].source == "# given\n@staticmethod\ndef helper(x):\n    return x"
    assert marked.cells[2].metadata.nbgrader.locked  # nothing is missing in it
    assert marked.cells[3].source == (
        "class Double:\n    def f(self):\n        ### BEGIN SOLUTION\n        raise NotImplementedError\n"
        "        ### END SOLUTION\n\n    def g(self):\n        # TODO: think\n        ### BEGIN SOLUTION\n"
        '        raise NotImplementedError(\n            "g"\n        )\n        ### END SOLUTION'
    )


def test_a_notebook_grades_as_it_is_and_filled_in_by_hand(tiny_course, right, tmp_path):
    empty = grades(made(tiny_course, "double"), tiny_course, tmp_path)
    assert empty["double"]["score"] == 0
    full = grades(fill(made(tiny_course, "double"), right), tiny_course, tmp_path)
    assert full["double"]["score"] == 100
    assert full["double"]["mistakes"] == []


def test_what_nbgrader_hands_out_grades_when_filled_in(tiny_course, right, tmp_path):
    notebook = made(tiny_course, "double", nbgrader=True)
    for cell in notebook.cells:
        cell.source = REGION.sub(r"\1# YOUR CODE HERE\n\1raise NotImplementedError()", cell.source)
    assert "SOLUTION" not in nbformat.writes(notebook)
    assert grades(fill(notebook, right), tiny_course, tmp_path)["double"]["score"] == 100


def test_nbgrader_accepts_the_cells(tiny_course):
    notebook = made(tiny_course, "double", nbgrader=True)
    nbformat.validate(notebook)
    check_nbgrader(notebook)
    about = {cell.id: cell.metadata.nbgrader for cell in notebook.cells}
    assert [id for id, each in about.items() if each.solution] == ["double-double", "double-halve"]
    assert [(id, each.points) for id, each in about.items() if each.grade] == [("double--grade", 100)]
    assert all(each.locked != each.solution for each in about.values())
    assert notebook.cells[-1].source == "%grade double --points 100"
    assert all(cell.source.count("### BEGIN SOLUTION") == about[cell.id].solution for cell in notebook.cells)


def test_nbgrader_finds_every_cell_unchanged(tiny_course):
    for cell in made(tiny_course, "double", nbgrader=True).cells:
        about = cell.metadata.nbgrader
        locked = not about.solution
        said = f"{cell.source}{cell.cell_type}{about.grade}{about.solution}{locked}{about.grade_id}"
        said += str(float(about.points)) if about.grade else ""
        assert about.checksum == md5(said.encode()).hexdigest()


def test_exercises_share_a_notebook_unless_they_ask_for_one_name():
    names = ["softmax", "lstm_cell", "softmax"]
    ids = [cell.id for cell in made(COURSE, *names).cells]
    assert len(ids) == len(set(ids))
    assert [id for id in ids if id.startswith("softmax")] == [cell.id for cell in made(COURSE, "softmax").cells[:-3]]
    assert made(COURSE, *names).cells[-1].source == "%grade softmax lstm_cell"
    with pytest.raises(AssignmentError, match=r"both define 'train_step'.* make two notebooks"):
        made(COURSE, "gan_loss", "cnn_classifier")


def test_ids_are_stable_and_of_a_length_that_jupyter_takes():
    assert short("softmax-softmax") == "softmax-softmax"
    long = [short("a" * 70 + end) for end in "xy"]
    assert len({*long, short("é"), short("è")}) == 4
    assert all(re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", id) for id in [*long, short("é")])


def test_statements_keep_formulas_and_signs():
    assert markdown("Title\n\nA formula:\n\n    a  = b_1\n\n    c  = `d`\n\nEnd.") == (
        "# Title\n\nA formula:\n\n```text\na  = b_1\n\nc  = `d`\n```\n\nEnd."
    )
    assert markdown("T\n\n1. One\n\n       x = 1\n\n   more\n2. Two\n\n   - in\n\n     >>> f()\n     1") == (
        "# T\n\n1. One\n\n   ```text\n   x = 1\n   ```\n\n   more\n2. Two\n\n   - in\n\n"
        "     ```python\n     >>> f()\n     1\n     ```"
    )
    assert markdown("T\n\n`a_`, $x_i * y_j$, f(x)_i, 2*x, *more*, __init__, <b>, a < b, x_i") == (
        r"# T" + "\n\n" + r"`a_`, $x_i * y_j$, f(x)\_i, 2\*x, *more*, \_\_init\_\_, \<b>, a < b, x_i"
    )
    assert markdown("T\n\n    ```") == "# T\n\n````text\n```\n````"
    assert markdown("T\n\nSteps\na. one\nb. two") == "# T\n\nSteps\\\na. one\\\nb. two"


def test_the_command_writes_a_file_and_never_over_work(tiny_course, tmp_path):
    course = ["--course", tiny_course.root]
    done = run(COMMAND, "double", *course, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "double.ipynb: double\n"), done.stderr
    written = tmp_path / "double.ipynb"
    assert written.read_text(encoding="utf-8") == document(tiny_course, ["double"])
    written.write_text("my work")
    done = run(COMMAND, "double", *course, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("Error: double.ipynb is there already")
    assert written.read_text() == "my work"
    assert run(COMMAND, "double", "--force", *course, cwd=tmp_path).returncode == 0
    done = run(COMMAND, "double", "-o", "no/folder.ipynb", *course, cwd=tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def test_what_cannot_be_made_is_one_line(tiny_course):
    with pytest.raises(CourseError, match="Did you mean 'double'"):
        document(tiny_course, ["doubel"])
    stub = tiny_course.exercise("double").stub
    stub.write_text('"""T"""\ndef double(:\n')
    with pytest.raises(AssignmentError, match="no valid Python in line 2"):
        document(tiny_course, ["double"])
    stub.write_text("def double(x):\n    raise NotImplementedError\n")
    assert made(tiny_course, "double").cells[0].source == "# double"
