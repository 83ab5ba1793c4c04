"""Nothing stale counts as unchanged: whatever a result follows from is in its key, and a change of it is said."""

import ast
import json
import os
import sqlite3
import subprocess
import sys
import textwrap
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from grader.course.course import Course
from grader.gradebook.store import FILE_NAME, Key
from grader.grading import regrading
from grader.grading.process import Task, grade_task
from grader.grading.provenance import JUDGES_WITH, circumstances, judging_modules
from grader.grading.settings import Settings
from grader.submissions.submission import Submission

ROOT = Path(__file__).parents[2]
GRADE = "from grader.cli.grade import grade; grade()"


@pytest.fixture
def run(tiny_course, tmp_path, right):
    """Runs `grade` on a class of two; `before` stands for what is otherwise in that process."""
    for student in ("ann", "bob"):
        path = tmp_path / "class" / student / "double.py"
        path.parent.mkdir(parents=True)
        path.write_text(right)

    def start(*arguments, before=""):
        command = [sys.executable, "-c", f"{before}\n{GRADE}", "class", "--course", tiny_course.root, *arguments]
        done = subprocess.run([*map(str, command)], cwd=tmp_path, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return start


# -- what a suite is made of


@pytest.mark.parametrize(
    "name",
    [
        "solutions/double/data.json",
        "solutions/double/conftest.py",
        "solutions/double/helpers/inner/tables.py",
        "solutions/double/mistakes.py",
        "solutions/conftest.py",
        "solutions/common/helpers.py",
    ],
)
def test_every_file_of_an_exercise_counts(tiny_course, name):
    def digest():
        return Course(tiny_course.root).exercise("double").digest

    path = tiny_course.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    seen = {digest()}
    for text in ("one", "two"):
        path.write_text(text)
        seen.add(digest())
    path.rename(path.with_name("other.txt"))
    seen.add(digest())
    assert len(seen) == 4


def test_what_tools_leave_behind_does_not_count_nor_do_other_exercises(tiny_course):
    before = tiny_course.exercise("double").digest
    solutions = tiny_course.root / "solutions"
    for name in ("__pycache__/x.pyc", "double/__pycache__/x.pyc", "double/.cache/x", ".x", "triple/test_triple.py"):
        path = solutions / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    assert Course(tiny_course.root).exercise("double").digest == before


def test_links_are_followed_once_and_what_cannot_be_read_stops_nothing(tiny_course, tmp_path):
    folder = tiny_course.root / "solutions" / "double"
    data = tmp_path / "data"
    data.mkdir()
    (folder / "linked").symlink_to(data)
    (data / "round").symlink_to(folder)
    (folder / "nowhere").symlink_to(tmp_path / "nowhere")
    os.mkfifo(folder / "pipe")
    before = Course(tiny_course.root).exercise("double").digest
    (data / "table.csv").write_text("1,2")
    assert Course(tiny_course.root).exercise("double").digest != before


def test_a_conftest_of_the_course_is_used_and_one_above_it_is_not_run(tiny_course, run, tmp_path):
    (tmp_path / "conftest.py").write_text("raise SystemExit('anyone can write this')")
    (tiny_course.root / "solutions" / "conftest.py").write_text(
        "import pytest\n\n@pytest.fixture\ndef number():\n    return 3.0\n"
    )
    suite = tiny_course.root / "solutions" / "double" / "test_double.py"
    suite.write_text(
        suite.read_text() + '\n\ndef test_shared(agree, number):\n    """x"""\n    agree("halve", number)\n'
    )
    assert "2 graded in" in run()


# -- which code judges


def imported(source):
    """The modules of ours that a text imports, by Python's own parser."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "relative imports are not followed"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
            yield str(node.module)


def test_the_code_that_judges_is_all_that_its_modules_import():
    modules = judging_modules()
    ours = {path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".") for path in ROOT.glob("grader/**/*.py")}
    ours |= {name.removesuffix(".__init__") for name in ours}
    for name, source in modules.items():
        assert {each for each in imported(source) if each in ours} - modules.keys() <= {"grader"}, name


def test_what_is_loaded_to_grade_is_among_it(tmp_path):
    code = """
        import sys
        from pathlib import Path
        from grader.course.course import Course
        from grader.grading.examiner import Grading
        from grader.grading.settings import Settings
        from grader.sandbox.host import Hosts
        from grader.submissions.submission import read

        course = Course(Path(sys.argv[1]))
        with Hosts() as hosts:
            path = course.root / "tests" / "submissions" / "softmax" / "wrong_textbook.py"
            (result,) = Grading(course, hosts).grade([read(path, "softmax")], Settings(0))
        assert result.mistakes
        print(*(name for name in sys.modules if name.startswith("grader.")))
        """
    command = [sys.executable, "-c", textwrap.dedent(code), str(ROOT)]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert (
        {"grader.suite.compare", "grader.diagnosis.diagnosis", "grader.sandbox.protocol.codec"}
        <= set(loaded)
        <= judging_modules().keys()
    )


def test_commands_and_reports_are_no_part_of_it():
    left_out = {
        "cli",
        "cli_folder",
        "tools",
        "batch",
        "gradebook",
        "discovery",
        "report.html",
        "report.index",
        "exports",
    }
    assert judging_modules().keys().isdisjoint(f"grader.{name}" for name in left_out)


def test_the_packages_that_it_imports_are_those_whose_versions_count():
    roots = {name.partition(".")[0] for source in judging_modules().values() for name in imported(source)}
    reading = {"nbformat", "msgspec"}  # old notebooks, and results that were written: no score depends on them
    assert roots - set(sys.stdlib_module_names) - {"grader"} == {*JUDGES_WITH, "torch", *reading}


# -- what is said


@pytest.mark.parametrize(
    ("options", "before", "said"),
    [
        ([], "", ""),
        (["--timeout", "7"], "", "2 graded anew: other limits"),
        (["--allow-unsandboxed"], "", "2 graded anew: not every wall is required any more"),
        (["--seed", "3"], "", "2 graded anew: another seed"),
        (
            [],
            "import grader.grading.provenance as c; c.ROOTS = c.ROOTS[:2]",
            "2 graded anew: another version of the grader",
        ),
        (
            [],
            "from grader.grading import provenance as c; old = c.version; "
            "c.version = lambda name: '9.9' if name == 'numpy' else old(name)",
            "NumPy 9.9 instead of ",
        ),
    ],
)  # fmt: skip
def test_a_run_says_why_it_grades_anew(run, options, before, said):
    run()
    told = run(*options, before=before)
    assert said in told
    assert ("2 unchanged since" in told) == (not said)
    assert ("graded anew" in told) == bool(said)
    assert "0 graded" in run(*options, before=before)


def test_a_changed_file_and_a_renamed_function_are_said(run, tiny_course, tmp_path):
    (tiny_course.root / "solutions" / "double" / "data.json").write_text("[1]")
    run()
    (tiny_course.root / "solutions" / "double" / "data.json").write_text("[2]")
    assert "2 graded anew: the suite of double changed\n" in run()
    stub = tiny_course.root / "exercises" / "double.py"
    stub.write_text(stub.read_text().replace("def halve", "def half"))
    assert "2 graded anew: what the stub of double asks for changed\n" in run()
    next((tmp_path / "reports" / "double").glob("ann-*")).unlink()
    assert "1 graded anew: the report was gone\n" in run()


def test_a_suite_that_was_changed_back_is_graded_with_again(run, tiny_course, tmp_path):
    """Its old results are not those that count."""
    suite = tiny_course.root / "solutions" / "double" / "test_double.py"
    text = suite.read_text()
    run()
    suite.write_text(text + "\n# changed\n")
    run()
    suite.write_text(text)
    assert "2 graded anew: the suite of double changed\n" in run()


def test_results_of_unknown_circumstances_are_found_again(run, tmp_path):
    run()
    book = sqlite3.connect(tmp_path / "reports" / FILE_NAME)
    book.execute("UPDATE results SET circumstances = '', suite_digest = 'as it was'")
    book.commit()
    book.close()
    assert "2 graded anew: graded by an earlier version of the grader\n" in run()


def test_causes_are_grouped_and_in_the_right_number():
    both = (regrading.SUITES, "another seed")
    told = regrading.lines(
        {
            ("other limits",): Counter(softmax=1),
            (regrading.SUITES,): Counter(softmax=4, conv2d=3),
            (regrading.STUBS,): Counter(softmax=2),
            both: Counter("abcdef"),
        }
    )
    assert list(told) == [
        "7 graded anew: the suites of conv2d and softmax changed",
        "6 graded anew: the suites of 6 exercises changed, another seed",
        "2 graded anew: what the stub of softmax asks for changed",
        "1 graded anew: other limits",
    ]


def test_whatever_differs_in_the_circumstances_has_words(tiny_course):
    now = json.loads(circumstances(tiny_course.exercise("double"), True))
    key = Key("ann", "double", "source", "suite", 1, "limits", json.dumps(now))
    others = {"asked": ["x"], "grader": "x", "platform": "Plan 9", "walls": False}
    assert now.keys() == {*others, "versions"}
    for name, other in (others | {"versions": {"python": "2.7"}}).items():
        assert regrading.causes(replace(key, circumstances=json.dumps(now | {name: other})), key), name
    assert not regrading.causes(key, key)


# -- other processes


@pytest.fixture
def task(tiny_course, right):
    exercise = tiny_course.exercise("double")
    here = circumstances(exercise, False)
    key = Key("ann", "double", "source", exercise.digest, 1, "limits", here)
    return Task(
        Submission("double.py", "double", right.encode(), "ann"), key, Settings(1), str(tiny_course.root), "x.html"
    )


def test_a_process_with_another_grader_or_course_writes_nothing_under_this_key(task):
    assert grade_task(task).score == 100.0
    other = json.dumps(json.loads(task.key.circumstances) | {"grader": "another"})
    for key in (replace(task.key, circumstances=other), replace(task.key, suite_digest="another")):
        graded = grade_task(replace(task, key=key))
        assert (graded.status, graded.score) == ("error", None)
        assert "another here than where the batch was started" in graded.document
