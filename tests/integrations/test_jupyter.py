"""`%grade`: the cells as they were last run, graded by a process of its own, the report shown in a frame."""

import json
import subprocess
import sys
from html import unescape
from types import ModuleType, SimpleNamespace

import pytest

from grader.integrations import jupyter
from grader.integrations.grade_process import Ended
from grader.integrations.jupyter import MagicError, Request, Shown, defining, history, parse, register
from grader.result import Result


class UsageError(Exception):
    """As IPython has it: shown as one line."""


class Shell:
    """As much of IPython's shell as the magic uses."""

    def __init__(self, *cells):
        self.history_manager = SimpleNamespace(input_hist_raw=["", *cells])
        self.user_ns = {"In": ["", *(f"get_ipython().run('{cell}')" for cell in cells)]}
        self.magics = {}
        self.shown = []

    def register_magic_function(self, function, kind, name):
        assert kind == "line"
        self.magics[name] = function

    def run(self, line):
        self.history_manager.input_hist_raw.append(f"%grade {line}")
        return self.magics["grade"](line)


@pytest.fixture
def shell_of(monkeypatch):
    def make(*cells):
        shell = Shell(*cells)
        error, display = ModuleType("IPython.core.error"), ModuleType("IPython.display")
        error.UsageError, display.display = UsageError, shell.shown.append
        for module in (ModuleType("IPython"), ModuleType("IPython.core"), error, display):
            monkeypatch.setitem(sys.modules, module.__name__, module)
        register(shell)
        return shell

    return make


def test_the_session_s_cells_are_graded_and_the_report_is_shown(shell_of, tiny_course, right):
    broken = right.replace("x + x", "x * x")
    shell = shell_of(
        "import sys; sys.graded_here = 1", "def double(x:", broken, "1 / 0", "plot = 1", "%load_ext grader"
    )
    assert shell.run(f"double --seed 7 --course '{tiny_course.root}'") is None
    (shown,) = shell.shown
    (result,) = shown.results
    assert (result.exercise, result.seed, result.score) == ("double", 7, 40)
    assert "Squared" in repr(shown)
    assert "Seed 7" in repr(shown)
    assert "Report:" not in repr(shown)
    html = shown._repr_html_()
    assert html.startswith("<p><strong>double: 40 / 100 · Squared</strong></p><iframe srcdoc=")
    assert html.count("<iframe") == html.count("</iframe>") == 1
    assert " sandbox " in html
    page = html.split('srcdoc="')[1].split('"')[0]
    assert "<" not in page
    assert unescape(page) == shown.pages[0]
    assert "<!doctype html>" in shown.pages[0].lower()
    assert not any("%" in note for note in result.notes)
    assert not hasattr(sys, "graded_here")
    shell.history_manager.input_hist_raw.append(right)
    assert shell.run(f"--points 5 --course {tiny_course.root}") == 5.0  # whatever the session answers
    assert shell.shown[1].results[0].score == 100


def test_a_message_names_the_number_that_jupyter_shows(shell_of, tiny_course, right):
    shell = shell_of("x = 1", "print(x)", right.replace("return x / 2", "return y / 2"), "x = 2")
    shell.run(f"double --course {tiny_course.root}")
    assert "code cell 3, line 8" in repr(shell.shown[0])


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("doubel", "Did you mean 'double'"),
        ("double", "No cell that defines double, halve was run in this session: run the cells first."),
        ("", "defines nothing that an exercise asks for"),
        ("--points 0", "--points"),
        ("--sed 3", "--sed"),
        ("'double", "No closing quotation"),
    ],
)
def test_what_cannot_be_graded_is_one_line(shell_of, tiny_course, line, message, monkeypatch):
    monkeypatch.setenv("GRADER_COURSE", str(tiny_course.root))
    shell = shell_of("x = 1")
    with pytest.raises(UsageError, match=message) as caught:
        shell.run(line)
    assert "\n" not in str(caught.value)
    assert "notebook.ipynb" not in str(caught.value)
    assert caught.value.__suppress_context__
    assert shell.shown == []


def test_a_fault_of_any_kind_is_one_line(shell_of, monkeypatch, right, tiny_course):
    shell = shell_of(right)
    monkeypatch.setenv("GRADER_COURSE", str(tiny_course.root))
    for fault, said in [(OSError("no disk"), "The grader failed: OSError: no disk."), (KeyboardInterrupt(), "Stopped")]:

        def fail(files, folder, options, fault=fault, **more):
            raise fault

        monkeypatch.setattr(jupyter.grade_process, "grade", fail)
        with pytest.raises(UsageError, match=said):
            shell.run("double")
    monkeypatch.setattr(jupyter.grade_process, "grade", lambda *arguments, **more: Ended(-9, None, "", ""))
    with pytest.raises(UsageError, match="exit status -9"):
        shell.run("double")
    shell.history_manager.input_hist_raw *= 2_001
    with pytest.raises(UsageError, match="restart the kernel"):
        shell.run("double")


def test_no_score_is_claimed_where_the_grader_failed():
    result = Result("f", "f.ipynb", "error", None, 1, error="it broke")
    shown = Shown((result,), ("<p>",), "text")
    assert "f: not graded: it broke" in shown._repr_html_()
    with pytest.raises(MagicError, match=r"it broke.*No score is claimed"):
        shown.score_of(10)


def test_points_are_shared_by_the_exercises():
    results = tuple(Result("f", "f.ipynb", "graded", score, 1) for score in (100.0, 50.0))
    assert Shown(results, ("", ""), "").score_of(1) == 0.75


def test_help_grades_nothing(capsys):
    assert parse("--help") is None
    assert "%grade" in capsys.readouterr().out
    assert parse("b a b --seed 3") == Request(("b", "a"), 3)


def test_the_cells_are_those_that_were_typed():
    assert history(Shell("%%time\nf = 1")) == ["%%time\nf = 1"]
    assert history(SimpleNamespace(user_ns={"In": ["", "x = 1"]})) == ["x = 1"]


@pytest.mark.parametrize(
    ("cells", "kept"),
    [
        (["def f(): 1", "def f(): 2"], [1]),
        (["def f(): 1", "def f(:"], [0]),  # what does not parse was not run
        (["def f(): 1", "f(1)\nfor x in y: pass", "%grade"], [0]),
        (["def f(): 1\nA = 1", "def f(): 2"], [0, 1]),
        (["def f(): 1", "f = wrap(f)"], [0, 1]),
        (["C = {}", "C['a'] = 1", "C = {}"], [2]),
        (["C = {}", "C['a'] = 1"], [0, 1]),
        (["%%time\ndef f(): 1", "%%bash\ndef f(): 2"], [0]),
        (["def f(): 1", "if x:\n    def f(): 2"], [0, 1]),
        (["from a import *", "from b import *"], [0, 1]),
        (["def f(): return 1", "async def g():\n    return await f()\nx = await g()"], [0, 1]),
        (["s = '\\d'\ndef f(): 1"], [0]),
    ],
)
def test_only_cells_that_define_something_still_in_force_are_kept(cells, kept, recwarn):
    assert defining(cells) == [cell if number in kept else "" for number, cell in enumerate(cells)]
    assert not recwarn.list


def test_asking_changes_nothing_in_the_session():
    """No slow import, and no thread pool cut down, in the process where the student's networks train."""
    code = (
        "import json, os, sys; before = dict(os.environ)\n"
        "from grader.integrations.jupyter import defining, register\n"
        "import grader.course.course, grader.report.page\ndefining(['x = 1'])\n"
        "assert dict(os.environ) == before\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in json.loads(done.stdout)}
    assert not loaded & {"torch", "numpy", "pytest", "click", "jinja2", "nbformat", "IPython"}
