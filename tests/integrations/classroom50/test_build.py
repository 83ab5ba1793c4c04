"""What is built: a folder that holds nothing of a solution, installs no more than it needs, and says what to set."""

import io
import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from importlib.metadata import version

import pytest

from grader.authoring import distribution
from grader.authoring.distribution import lock, wheel
from grader.authoring.student_edition.audit import leaks
from grader.course.course import Course
from grader.integrations.classroom.judge import Judge
from grader.integrations.classroom.outcome import Outcome
from grader.integrations.classroom50 import bundle, run
from grader.integrations.classroom50.page import page
from grader.integrations.grade_process import OVERHEAD
from grader.result import CheckResult, Result


def grader(*words, folder=None):
    command = [sys.executable, "-m", "grader", *map(str, words)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)


def packages(files):
    return {line.partition("==")[0] for line in files["requirements.txt"].decode().splitlines()}


def test_the_folder_holds_what_the_runner_needs_and_no_line_of_a_solution(files, sealable):
    assert {name.partition("/")[0] for name in files} == {
        "assignment.json", "autograder.py", "exercises", "requirements.txt", "sealed",
        next(name for name in files if name.endswith(".whl")),
    }  # fmt: skip
    assert leaks(files, sealable) == []
    name = next(name for name in files if name.endswith(".whl"))
    assert zipfile.ZipFile(io.BytesIO(files[name])).testzip() is None


def test_a_line_of_a_solution_is_found_in_a_wheel(files, sealable):
    name, data = wheel({"grader/notes.py": b"x = 1\n    half = 0.5 \nhalf = 0.5; y = 'x*x is not 2x'\n"}, [])
    assert not leaks({name: data}, sealable)  # what reports tell, and lines too short to tell anything
    suite = sealable.exercise("double").suite.read_text()
    name, data = wheel({"grader/notes.py": suite.encode()}, [])
    assert any(finding.startswith(f"{name}/grader/notes.py: ") for finding in leaks({name: data}, sealable))


def test_a_numpy_exercise_installs_no_torch_and_nothing_of_authors(files):
    assert {"numpy", "msgpack", "click"} <= packages(files)
    assert not {"torch", "sympy", "pytest", "rich", "watchfiles"} & packages(files)
    assert json.loads(files["assignment.json"])["torch"] == ""


def test_a_torch_exercise_pins_torch_and_what_torch_needs(sealable):
    reference = sealable.exercise("double").folder / "reference.py"
    reference.write_text("import torch\nimport scipy\n\n" + reference.read_text())
    fresh = Course(sealable.root)
    made = bundle.folder_files(fresh, {"double": b""}, timeout=1.0, deadline=60.0, options=[])
    assert {"torch", "sympy", "scipy"} <= packages(made)
    assert json.loads(made["assignment.json"])["torch"] == f"torch=={version('torch').partition('+')[0]}"


def test_versions_are_those_that_are_installed_and_no_cuda_is():
    pins = lock(["numpy>=1", "jinja2", "nothing-of-that-name", "nvidia-cublas", "pytest ; extra == 'test'"])
    assert pins == [f"{name}=={version(name)}" for name in ("jinja2", "markupsafe", "numpy")]


def test_the_wheel_is_one_that_pip_installs(files, tmp_path):
    name = next(name for name in files if name.endswith(".whl"))
    (tmp_path / name).write_bytes(files[name])
    command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", tmp_path / "site"]
    done = subprocess.run([*command, tmp_path / name], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "site/grader/report/templates/report.html").is_file()
    assert not (tmp_path / "site/grader/authoring/templates").exists()
    assert wheel({"grader/a.py": b""}, []) == wheel({"grader/a.py": b""}, [])


def test_a_graded_file_needs_nothing_that_is_left_out(files, tmp_path):
    """With the packages of authors, classes and --watch kept away, and torch."""
    bundle.write(files, tmp_path / "built")
    (tmp_path / "double.py").write_text("def double(x):\n    return 3 * x\n")
    (tmp_path / "old.ipynb").write_text(json.dumps({"nbformat": 3, "worksheets": [], "metadata": {}}))
    (tmp_path / "out").mkdir()
    names = (*bundle.UNUSED, "torch")
    code = f"import sys\nsys.modules.update(dict.fromkeys({names!r}))\n"
    code += "from grader.cli.grader import grader\ngrader()\n"
    words = ["classroom50", "run", tmp_path, "--course", tmp_path / "built", "--output", tmp_path / "out"]
    done = subprocess.run([sys.executable, "-c", code, *map(str, words)], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "out" / run.OUTCOME).read_text())["status"] == "failure"


def test_the_command_writes_says_what_to_set_and_is_looked_through_again(sealable, tmp_path):
    words = ["classroom50", "build", "double", "--course", sealable.root, "-o", "built"]
    done = grader(*words, "--seeds", "1", folder=tmp_path)
    assert done.returncode == 0
    assert done.stderr.startswith("double: sealed, ")
    first, _, *rest = done.stdout.splitlines()
    assert first.startswith("built: double; ")
    assert first.endswith(" KiB packed, of 10240")
    settings = dict(line.strip().split(": ", 1) for line in rest[:2])
    assert json.loads(settings['"runtime"']) == {"python": f"{sys.version_info[0]}.{sys.version_info[1]}"}
    assert json.loads(settings['"release_assets"']) == ["report.html"]
    assert "it holds the answers for 1 seed, and no line of a solution" in " ".join(done.stdout.split())
    again = grader("pack", "--check", "-o", "built", "--course", sealable.root, folder=tmp_path)
    assert (again.returncode, again.stderr) == (0, "")
    assert "no line of the solutions" in again.stdout
    assert grader(*words, folder=tmp_path).returncode == 0  # over the earlier one


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["duoble", "-o", "built"], "No exercise named 'duoble'. Did you mean 'double'?"),
        (["double", "-o", "."], "is not empty and no earlier edition"),
    ],
)
def test_what_cannot_be_built_is_one_line(sealable, tmp_path, words, said):
    done = grader("classroom50", "build", *words, "--course", sealable.root, folder=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_folder_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(bundle, "MAX_BYTES", 10)
    with pytest.raises(bundle.Classroom50Error, match="name fewer exercises, or fewer --seeds"):
        bundle.check_size({"a": b"x" * 50})


# What is written of several exercises


def graded(exercise, *statuses):
    checks = tuple(
        CheckResult(f"t{i}", "A", status, 10.0 * (status == "passed"), 10.0, message="m", hint="h")
        for i, status in enumerate(statuses)
    )
    score, worth = sum(each.score for each in checks), sum(each.max_score for each in checks)
    result = Result(exercise, f"{exercise}.py", "graded", score, 1, max_score=worth, checks=checks)
    return Outcome(exercise, "graded", exercise.title(), f"{exercise}.py", result=result, report="<p>a report</p>")


@pytest.fixture
def asked(sealable):
    check = sealable.exercise("double").answer_key().checks[0]
    return [run.Asked(name, replace(check, id=f"t{i}", title="A"), 10) for name in ("one", "two") for i in range(2)]


def test_a_fault_in_one_exercise_claims_no_score_for_any(asked):
    told = run.document([graded("one", "passed", "passed"), Outcome("two", "fault", reason="broke")], asked)
    assert (told["status"], told["score"], told["max-score"], told["tests"]) == ("error", 0, 0, [])
    assert told["summary"].startswith("Not graded: two. This is no fault of yours")


def test_names_of_tests_differ_and_a_missing_exercise_keeps_its_worth(asked):
    outcomes = [graded("one", "passed", "failed"), Outcome("two", "refused", reason="two.py was not found.")]
    told = run.document(outcomes, asked)
    assert [test["test-name"] for test in told["tests"]] == ["one: A", "one: A (2)", "two: A", "two: A (2)"]
    assert (told["score"], told["max-score"], told["status"]) == (10, 40, "failure")
    assert told["summary"] == "10 of 120 points. two.py was not found."


def test_a_number_in_a_name_is_no_other_s_name(asked):
    titles = ("A", "A", "A (2)", "A")
    checks = [replace(asked[0], check=replace(asked[0].check, id=str(i), title=each)) for i, each in enumerate(titles)]
    told = run.document([Outcome("one", "refused", reason="no")], checks)
    assert [test["test-name"] for test in told["tests"]] == ["A", "A (2)", "A (2) (2)", "A (3)"]


def test_the_reports_of_several_exercises_are_one_page(asked):
    made = page([graded("one", "passed"), graded("two", "failed"), Outcome("three", "refused", reason="a < b")])
    assert made.count("<iframe sandbox") == 2
    assert 'srcdoc="&lt;p&gt;a report&lt;/p&gt;"' in made
    assert "a &lt; b" in made
    assert page([graded("one", "passed")]) == "<p>a report</p>"


def test_code_that_never_ends_costs_no_more_than_its_share(sealable, tmp_path):
    """So it is the student's loss, in its own checks, and no fault of the grader that costs the others theirs."""
    (tmp_path / "double.py").write_text("def double(x):\n    while True: pass\n\ndef halve(x):\n    return x / 2\n")
    judge = Judge(tmp_path, sealable, 1.0)
    (outcome,) = run.grade_checkout(judge, OVERHEAD + 2.0)
    assert outcome.status == "graded"
    assert 0 <= outcome.score < 100


def test_what_only_the_builder_s_system_needs_is_not_locked(monkeypatch):
    needs = {"ours": ["also>=1", 'winonly>=3; sys_platform == "win32"', 'old; python_version < "3.99"'], "also": None}
    monkeypatch.setattr(distribution, "version", lambda name: "1.2+here")
    monkeypatch.setattr(distribution, "requires", lambda name: needs.get(name))
    assert lock(["ours"]) == ["also==1.2", "old==1.2", "ours==1.2"]
