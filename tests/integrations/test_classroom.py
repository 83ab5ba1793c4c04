"""The action's own steps in a bare simulated runner: whatever happens, the stock reporter can read what is left."""

import base64
import json
import math
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from html import escape
from pathlib import Path, PurePath

import pytest
import yaml
from click.testing import CliRunner
from markdown_it import MarkdownIt

from grader.course.course import CourseError
from grader.integrations.classroom.annotations import MOST, annotate
from grader.integrations.classroom.escape import markdown
from grader.integrations.classroom.judge import Judge
from grader.integrations.classroom.matching import Answer, find_answers
from grader.integrations.classroom.outcome import Outcome
from grader.integrations.classroom.reporter import encode
from grader.integrations.classroom.runner import ClassroomError, Runner, log_lines
from grader.integrations.classroom.summary import MAX_BYTES, summarise
from grader.integrations.classroom.template import WORKFLOW, origin, write_template
from grader.result import CheckResult, Result

ROOT = Path(__file__).parents[2]
HOSTILE = (
    "::error::a\n##[error]b\n<script>c</script> | **d** [e](http://f.example) ![](http://f.example) `g` <!-- @h %0A"
)


def read_as_the_reporter(encoded):
    """By the rules of classroom-resources/autograding-grading-reporter: (status, points of its notice, console)."""
    results = json.loads(base64.b64decode(encoded, validate=True))
    assert set(results) == {"version", "status", "max_score", "tests"}
    assert results["version"] == 1
    assert results["status"] in {"pass", "fail", "error"}
    assert type(results["max_score"]) in (int, float)
    assert results["tests"], "an empty list of tests is NaN"
    for test in results["tests"]:
        fields = {"name", "status", "score", "message", "test_code", "filename", "line_no", "duration"}
        assert set(test) == fields
        assert test["status"] in {"pass", "fail", "error"}
        assert type(test["score"]) in (int, float), "a missing score is NaN"
        assert math.isfinite(test["score"])
        assert test["name"]
        assert test["test_code"] == ""
        assert (type(test["line_no"]), type(test["duration"])) == (int, int)
        for text in (test["name"], test["message"], test["filename"]):
            assert not text.startswith("::")
            assert not re.search(r"##\[|[\r\n]", text)
    total = 0.0
    for test in results["tests"]:
        total += test["score"]
    passed = sum(test["status"] == "pass" for test in results["tests"])
    notice = (total, results["max_score"]) if results["max_score"] else None
    return results["status"], notice, passed / len(results["tests"]) * results["max_score"]


@dataclass
class Done:
    output: str
    summary: str
    log: str

    @property
    def result(self):
        (encoded,) = re.findall(r"^result=(.*)$", self.output, re.MULTILINE)
        return encoded

    @property
    def messages(self):
        return [test["message"] for test in json.loads(base64.b64decode(self.result))["tests"]]


@pytest.fixture
def act(tmp_path, tiny_course):
    """Runs the steps of action.yml on a repository of these files, as a runner does."""
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))

    def run(files, *, wrapper=(), path=None, **inputs):
        workspace = tmp_path / "workspace"
        for name, text in ({".git/HEAD": "ref: refs/heads/main"} | files).items():
            (workspace / name).parent.mkdir(parents=True, exist_ok=True)
            (workspace / name).write_text(text, encoding="utf-8")
        given = {name: field["default"] for name, field in action["inputs"].items()}
        given |= {"exercises": "double", "course": str(tiny_course.root)} | inputs
        environment = {
            "PATH": path or f"{Path(sys.executable).parent}:/usr/bin:/bin",
            "HOME": "",
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_WORKSPACE": str(workspace),
            "GITHUB_OUTPUT": str(tmp_path / "output"),
            "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
        }
        log = ""
        for file in ("output", "summary.md"):
            (tmp_path / file).write_text("")
        for step in action["runs"]["steps"]:
            if "run" not in step or "pip install" in step["run"]:
                continue
            own = {
                name: re.sub(r"\$\{\{ inputs\.(\w+) \}\}", lambda found: given[found[1]], value)
                for name, value in step.get("env", {}).items()
            }
            script = tmp_path / "step.sh"
            script.write_text(step["run"], encoding="utf-8")
            shell = [*wrapper, "/bin/bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)]
            done = subprocess.run(
                shell, cwd=workspace, env=environment | own, capture_output=True, text=True, timeout=300
            )
            assert done.returncode == 0, done.stderr
            log += done.stdout + done.stderr
        return Done((tmp_path / "output").read_text(), (tmp_path / "summary.md").read_text(), log)

    return run


def notebook(text):
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "execution_count": None, "outputs": [], "source": text}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]})


def test_full_marks(act, right):
    done = act({"double.py": right})
    assert read_as_the_reporter(done.result) == ("pass", (100.0, 100), 100.0)
    assert "# 100 / 100 points" in done.summary
    assert "::error" not in done.log


def test_partial_marks_are_told_with_the_mistake_beside_the_line(act, right):
    done = act({"src/double.py": right.replace("x + x", "x * 3")})
    status, notice, console = read_as_the_reporter(done.result)
    assert (status, notice) == ("fail", (40.0, 100))
    assert abs(console - 40) < 10
    assert "# 40 / 100 points" in done.summary
    assert "**Tripled** *(a common textbook slip)*<br>3x is not 2x. Count." in done.summary
    assert re.search(r"^::error file=src/double.py(,line=\d+)?,title=Tripled::3x is not 2x. Count.$", done.log, re.M)


def test_an_error_is_told_beside_its_line_and_commands_nothing(act, right):
    done = act({"src/double.py": right.replace("return x / 2", "raise KeyError('::error::50%')")})
    assert read_as_the_reporter(done.result)[:2] == ("fail", (70.0, 100))
    assert re.search(
        r"^::error file=src/double.py,line=8,title=Halves.::halve raised KeyError: .*50%25", done.log, re.M
    )


def test_a_missing_file_is_the_student_s_to_add(act):
    done = act({"README.md": "# Week 3", "utils.py": "x = 1", "more.py": "y = 1"})
    assert read_as_the_reporter(done.result)[:2] == ("fail", (0.0, 100))
    reason = "double.py was not found in the repository. There is more.py, utils.py. Add double.py, commit it and push."
    assert set(done.messages) == {reason}
    assert f"::error title=double was not graded::{reason}" in done.log.splitlines()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (b"d\xe9voir.py", "voir.py: the name is not UTF-8: rename it"),
        (b"line\nbreak.py", "break.py: the name has control characters: rename it."),
        (b"double.zip", "double.zip: an archive is not opened here: unpack it."),
        (b"homework.zip", "homework.zip: an archive is not opened here: unpack it."),
    ],
)
def test_what_cannot_be_taken_is_told_with_what_to_do(tiny_course, tmp_path, name, told):
    (tmp_path / os.fsdecode(name)).write_text("x = 1")
    (answer,) = find_answers(tmp_path, tiny_course, ["double"])
    assert answer.file is None
    assert told in answer.reason


def test_a_missing_exercise_weighs_as_many_entries_as_it_has_checks(tiny_course):
    full = graded(*(check(f"test_{i}", "passed", 25.0, 25.0) for i in range(4)))
    missing = Judge(Path(), tiny_course, 1.0).judge(Answer("double", reason="Add double.py."))
    checks = tiny_course.exercise("double").answer_key().checks
    assert missing.asked == tuple(each.title for each in checks)
    status, notice, console = read_as_the_reporter(encode([full, missing]))
    assert (status, notice) == ("fail", (100.0, 200))
    assert console == 200 * 4 / (4 + len(checks))  # near it, and not 4 of 5


def test_what_is_installed_is_what_the_exercises_need(tmp_path, tiny_course, right):
    """The step that installs, with a uv that only notes what it was asked for."""
    programs, told = tmp_path / "bin", tmp_path / "told"
    programs.mkdir()
    uv = f'#!/bin/sh\necho "$@" >> {told}\n'
    python = f'#!/bin/sh\nexec {sys.executable} "$@"\n'
    for name, text in (("uv", uv), ("python", python)):
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    steps = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["runs"]["steps"]
    (step,) = [each for each in steps if "pip install" in each.get("run", "")]

    def install(exercises, course=""):
        told.write_text("")
        environment = {"PATH": f"{programs}:/usr/bin:/bin", "GITHUB_ACTION_PATH": str(ROOT), "GITHUB_OUTPUT": "-"}
        environment |= {"GITHUB_WORKSPACE": str(tmp_path), "EXERCISES": exercises, "COURSE": course, "PACKAGES": "a b"}
        done = subprocess.run(
            ["/bin/bash", "-eo", "pipefail", "-c", step["run"]], env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return told.read_text().splitlines()

    first, *more = install("double", str(tiny_course.root))
    assert first.startswith("--no-config pip install ")
    assert "--torch-backend cpu" in first
    assert first.endswith(" . a b")
    assert not more
    first, second = install("softmax, lstm_cell")
    assert "--torch-backend cpu" in second
    assert second.endswith(" .[torch]")


def test_an_empty_repository(act):
    assert read_as_the_reporter(act({}).result)[:2] == ("fail", (0.0, 100))
    done = act({}, exercises="")
    assert read_as_the_reporter(done.result)[:2] == ("fail", (0.0, 100))
    assert done.messages == ["No file of an exercise was found. Add one, like double.py, commit it and push."]


def test_a_syntax_error_is_shown_on_its_line(act, right):
    done = act({"double.py": right + "\ndef broken(:\n"})
    assert read_as_the_reporter(done.result)[0] == "fail"
    assert re.search(r"^::error file=double.py,line=10,title=SyntaxError%3A .*::10 │ ", done.log, re.M)


def test_an_endless_loop_costs_its_own_checks(act, right):
    done = act({"double.py": right.replace("return x / 2", "while True: pass")}, timeout="0.3")
    assert read_as_the_reporter(done.result)[:2] == ("fail", (70.0, 100))
    assert any("halve took longer than 0.3 s" in message for message in done.messages)


@pytest.mark.parametrize("name", ["Double (1).py", "week3.ipynb"])
def test_a_renamed_file_or_a_notebook_is_graded_where_there_is_no_doubt(act, right, name):
    done = act({name: right if name.endswith(".py") else notebook(right)})
    assert read_as_the_reporter(done.result)[:2] == ("pass", (100.0, 100))
    assert ("name the file double" in done.summary) == name.endswith(".py")


def test_without_a_network(act, right):
    alone = ["unshare", "--map-root-user", "--net"]
    possible = shutil.which("unshare") and subprocess.run([*alone, "true"], capture_output=True).returncode == 0
    done = act({"double.py": right}, wrapper=alone if possible else ())
    assert read_as_the_reporter(done.result)[:2] == ("pass", (100.0, 100))


def test_a_crash_of_the_grader_claims_no_score(act, right, tiny_course):
    suite = tiny_course.exercise("double").suite
    suite.write_text("import os\nos.kill(os.getpid(), 9)\n")
    done = act({"double.py": right})
    status, notice, console = read_as_the_reporter(done.result)
    assert (status, notice, console) == ("error", None, 0)
    assert "This is no fault of yours and costs no points" in done.messages[0]
    assert "status -9" in done.messages[0]
    assert "# Not graded" in done.summary


@pytest.mark.parametrize("python", [None, "#!/bin/sh\nkill -SEGV $$\n"], ids=["no Python", "a crash"])
def test_a_grader_that_does_not_even_start_leaves_a_complete_result(act, right, tmp_path, python):
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("base64", "tr"):
        (programs / name).symlink_to(shutil.which(name))
    if python:
        (programs / "python").write_text(python)
        (programs / "python").chmod(0o755)
    done = act({"double.py": right}, path=str(programs))
    assert read_as_the_reporter(done.result) == ("error", None, 0)
    assert "no fault of yours" in done.messages[0]
    assert "no fault of yours" in done.summary
    assert "::error title=The grader did not finish::" in done.log


def test_a_student_s_files_are_never_taken_for_the_grader_s(act, right):
    traps = dict.fromkeys(["click.py", "json.py", "grader/__init__.py", "sitecustomize.py"], "raise SystemExit(7)")
    course = {"exercises/double.py": "", "solutions/double/test_double.py": "raise SystemExit(7)"}
    done = act({"double.py": right} | traps | course)
    assert read_as_the_reporter(done.result)[:2] == ("pass", (100.0, 100))


def test_an_assignment_of_unknown_exercises_is_the_teacher_s_fault(act, right):
    done = act({"double.py": right}, exercises="double, duoble")
    assert read_as_the_reporter(done.result) == ("error", None, 0)
    assert "Did you mean 'double'?" in done.messages[0]


# Without a runner.


def check(identity="test_a", status="failed", score=0.0, worth=10.0, **more):
    return CheckResult(identity, more.pop("title", "A"), status, score, worth, duration=0.001, **more)


def graded(*checks, exercise="double", file="double.py", **more):
    score, worth = sum(each.score for each in checks), sum(each.max_score for each in checks)
    result = Result(exercise, file, "graded", score, 1, max_score=worth, duration=0.1, checks=checks, **more)
    return Outcome(exercise, "graded", "Twice", file, result=result)


FAULT = Outcome("halve", "fault", "Half", "halve.py", "the disk is full")


def test_where_walls_are_missing_the_message_says_so(tiny_course, right, tmp_path, monkeypatch):
    monkeypatch.setenv("CI", "true")
    (tmp_path / "double.py").write_text(right)
    nowhere = [sys.executable, "-c", "import os; del os.fork; from grader.cli.grade import grade; grade()"]
    outcome = Judge(tmp_path, tiny_course, 10.0, nowhere).judge(Answer("double", PurePath("double.py")))
    assert outcome.status == "fault"
    assert outcome.reason.startswith("The sandbox lacks: ")
    assert read_as_the_reporter(encode([outcome]))[:2] == ("error", None)


def test_a_grader_that_hangs_is_ended_with_all_that_it_started(tiny_course, wait_for, tmp_path):
    (tmp_path / "double.py").write_text("")
    hang = ["/bin/bash", "-c", "sleep 60 & echo $! > pid; wait"]
    hang[2] = hang[2].replace("pid", str(tmp_path / "pid"))
    outcome = Judge(tmp_path, tiny_course, 0.1, hang, patience=0.4).judge(Answer("double", PurePath("double.py")))
    assert (outcome.status, outcome.reason) == ("fault", "grading took longer than 0.5 s")
    state = Path(f"/proc/{(tmp_path / 'pid').read_text().strip()}/stat")
    wait_for(lambda: not state.exists() or " Z " in state.read_text())


def test_a_fault_in_one_exercise_claims_no_score_for_any():
    encoded = encode([graded(check(status="passed", score=10.0)), FAULT])
    assert read_as_the_reporter(encoded) == ("error", None, 0)
    assert "| halve | not graded | – | halve.py |" in summarise([FAULT])


def test_points_add_up_as_a_teacher_writes_them():
    thirds = [check(f"t{i}", "passed", 10 / 3, 10 / 3) for i in range(9)]
    fifths = [check(f"f{i}", "passed", 0.7, 0.7) for i in range(10)]
    lost = check("lost", worth=63.0)
    assert read_as_the_reporter(encode([graded(*thirds, *fifths, lost)]))[1] == (37.0, 100)


def test_a_result_fits_into_an_environment_variable():
    checks = [check(str(number), title="é" * 300, message="m" * 9000) for number in range(30)]
    outcomes = [graded(*checks, exercise=f"exercise{number}") for number in range(40)]
    encoded = encode(outcomes)
    assert len(encoded) < 128 * 1024 - 100
    assert read_as_the_reporter(encoded)[1] == (0.0, 12000)
    assert len(summarise(outcomes).encode()) < MAX_BYTES + 200


def test_what_a_student_wrote_is_shown_and_never_obeyed():
    names = {"file": f"{HOSTILE}.py", "notes": [HOSTILE], "not_allowed": [HOSTILE]}
    outcome = graded(check(message=HOSTILE, title="Halves: a, b", hint=HOSTILE), **names)
    refused = Outcome("double", "refused", reason=HOSTILE)
    for outcomes in ([outcome], [refused], [Outcome("double", "fault", reason=HOSTILE)], [outcome, refused]):
        read_as_the_reporter(encode(outcomes))
        assert "http://" not in summarise(outcomes), "a bare link"
        page = MarkdownIt("gfm-like", {"linkify": False}).render(summarise(outcomes))
        assert not re.search(r"<(script|a|img|!--)\b", page)
        assert page.count("<strong>") == page.count("The grader failed.")
        assert "&lt;script&gt;c&lt;/script&gt; | **d**" in page
        lines = list(log_lines([HOSTILE, "::warning::x"], annotate(outcomes)))
        assert lines[0].startswith("::stop-commands::")
        end = lines.index(f"::{lines[0].removeprefix('::stop-commands::')}::")
        assert not any(re.match(r"\s*::|.*##\[", line) for line in lines[1:end])
        for line in lines[end + 1 :]:
            properties = re.fullmatch(r"::error ((?:\w+=[^,:\r\n]*,?)*)::[^\r\n]*", line)
            assert properties, line
            assert [pair.partition("=")[0] for pair in properties[1].split(",")][-1] == "title"


def test_no_markdown_is_left_in_a_text():
    parser = MarkdownIt("gfm-like", {"html": True, "linkify": False})
    marks = [
        "__a__",
        "_a_ *b* ~~c~~",
        "- a",
        "1. a",
        "12)",
        "+ a",
        "# a",
        "> a",
        "a | b",
        "<b>",
        "&lt;",
        "---",
        "===",
        "a\\",
    ]
    for text in [*marks, "[a]: http://b", "![a](b)", "    a", "<!-- a", "snake_case", "a_b_c __d", "*a", "b*"]:
        page = parser.render(f"> {markdown(text, 99)}")
        assert page == f"<blockquote>\n<p>{escape(text.strip())}</p>\n</blockquote>\n"
    for text in ["www.a.example", "https://a.example", "a@b.example", "$a$", "@a", "#1"]:
        assert not re.search(r"www\.|://|[$@]|(?<!&)#", markdown(text, 99))


def test_annotations_are_as_many_as_a_runner_shows():
    many = [check(str(number), message=f"wrong (line {number})") for number in range(30)]
    commands = annotate([graded(*many)])
    assert len(commands) == MOST
    assert commands[3] == "::error file=double.py,line=3,title=A::wrong (line 3)"
    assert commands[-1] == "::error title=What went wrong::21 more are in the summary of this run."
    assert len(annotate([graded(*(check(str(number), message="not defined") for number in range(30)))])) == 1


def test_the_output_of_a_step_has_one_result(tmp_path):
    (tmp_path / "output").write_text("other=1\nresult=old\n")
    Runner(tmp_path, tmp_path / "output", None).set_result("new")
    assert (tmp_path / "output").read_text() == "other=1\nresult=new\n"
    with pytest.raises(ClassroomError, match="Elsewhere, use `grade`"):
        Runner.of({"GITHUB_OUTPUT": ""})


@pytest.mark.parametrize(
    ("files", "taken", "said"),
    [
        (["double.py", "old/double.py"], "double.py", "Not graded: old/double.py"),
        (["double.ipynb", "a/b/double.py"], "a/b/double.py", "Not graded: double.ipynb"),
        (["Double.py"], "Double.py", "name the file double.py"),
        (["duoble.py", "main.py"], None, "There is duoble.py: rename it to double.py."),
        (["main.py"], "main.py", "the only file there is"),
        ([".hidden/double.py", "course/copy/double.py"], None, "double.py was not found"),
    ],
)
def test_the_file_that_answers(tiny_course, tmp_path, files, taken, said):
    repository = tmp_path / "repository"
    repository.mkdir()
    course = tiny_course.root.rename(repository / "course")
    for name in files:
        (repository / name).parent.mkdir(parents=True, exist_ok=True)
        (repository / name).write_text("x = 1")
    (answer,) = find_answers(repository, type(tiny_course)(course), ["double"])
    assert answer.file == (PurePath(taken) if taken else None)
    assert said in " ".join((answer.reason, *answer.notes))


def test_a_file_that_is_not_taken_says_why(tiny_course, tmp_path):
    (tmp_path / "double.py").touch()
    (answer,) = find_answers(tmp_path, tiny_course, [])
    assert answer.reason.startswith("double.py: the file is empty")
    with pytest.raises(CourseError, match="Did you mean 'double'"):
        find_answers(tmp_path, tiny_course, ["doubel"])


def test_a_template_grades_what_it_has_stubs_of(tiny_course, tmp_path):
    folder = tmp_path / "template"
    lines = list(write_template(folder, tiny_course, [], "school/course", "v1", force=False))
    assert [line.partition(": ")[2] for line in lines] == ["grades double", "the stub"]
    assert (folder / "double.py").read_text() == tiny_course.exercise("double").stub.read_text()
    steps = yaml.safe_load((folder / WORKFLOW).read_text())
    assert steps["name"] == "Autograding Tests"
    (job,) = steps["jobs"]
    assert job == "run-autograding-tests"
    checkout, grade, reporter = steps["jobs"][job]["steps"]
    assert checkout["uses"].startswith("actions/checkout@")
    assert (grade["uses"], grade["with"]) == ("school/course@v1", {"exercises": "double"})
    assert re.fullmatch("[a-zA-Z0-9]+", grade["id"])
    assert reporter["with"] == {"runners": grade["id"]}
    assert reporter["env"] == {f"{grade['id'].upper()}_RESULTS": f"${{{{ steps.{grade['id']}.outputs.result }}}}"}


def test_a_template_that_is_there_is_not_overwritten(tiny_course, tmp_path):
    def write(ref="main", force=False, repository="school/course"):
        return list(write_template(tmp_path, tiny_course, ["double"], repository, ref, force=force))

    write()
    (tmp_path / "double.py").write_text("work = 1")
    assert "left as it is" in write()[1]
    with pytest.raises(ClassroomError, match="--force overwrites it"):
        write(ref="v2")
    write(ref="v2", force=True)
    assert "school/course@v2" in (tmp_path / WORKFLOW).read_text()
    assert (tmp_path / "double.py").read_text() == "work = 1"
    for wrong in ({"repository": "course"}, {"ref": "a b"}, {"repository": "a/b\nx"}):
        with pytest.raises(ClassroomError):
            write(force=True, **wrong)


@pytest.mark.parametrize("url", ["git@github.com:school/course.git", "https://github.com/school/course"])
def test_the_repository_is_where_the_course_came_from(tiny_course, url):
    with pytest.raises(ClassroomError, match="--repository OWNER/REPO"):
        origin(tiny_course)
    (tiny_course.root / ".git").mkdir()
    (tiny_course.root / ".git" / "config").write_text(f'[remote "origin"]\n\turl = {url}\n[branch "main"]\n')
    assert origin(tiny_course) == "school/course"


def test_the_commands_are_there():
    from grader.cli.grader import grader

    done = CliRunner().invoke(grader, ["classroom", "init", "--help"])
    assert done.exit_code == 0, os.linesep.join([done.output])
