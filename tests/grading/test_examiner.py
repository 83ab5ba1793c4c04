"""The main path on a small course: scores, messages, and whose fault is whose."""

import pytest

from grader.grading.examiner import Examiner
from grader.grading.settings import Settings
from grader.sandbox.connection import Connection
from grader.sandbox.host import Host, SandboxError
from grader.sandbox.limits import Limits
from grader.sandbox.protocol.setup import Setup
from grader.submissions.submission import Submission


def statuses(result):
    return {check.id: check.status for check in result.checks}


def messages(result):
    return {check.id: check.message for check in result.checks if check.status != "passed"}


def test_a_right_solution_gets_full_marks(grade_text, right):
    result = grade_text(right)
    assert (result.status, result.score, result.max_score) == ("graded", 100.0, 100.0)
    assert result.full_marks
    assert result.mistakes == ()
    assert set(result.environment) == {"grader", "python", "numpy"}
    assert [layer.name for layer in result.sandbox]


def test_what_is_right_keeps_its_points(grade_text, right):
    result = grade_text(right.replace("x / 2", "x / 5"))
    assert result.score == 70
    assert messages(result) == {"test_halve": "not half"}


def test_a_missing_function_is_told(grade_text):
    result = grade_text("def halve(x):\n    return x / 2\n")
    assert result.score == 30
    assert messages(result)["test_double[3]"] == "double is not defined in your file"


def test_an_error_is_told_with_its_line(grade_text, right):
    result = grade_text(right.replace("return x / 2", "y = {}\n    return y['k']"))
    (check,) = [check for check in result.checks if check.status == "failed"]
    assert check.message == "halve raised KeyError: 'k' (line 9)"
    assert check.line == 9


def test_a_wrong_value_points_to_its_function_and_comes_with_a_picture(grade_text, right):
    result = grade_text(right.replace("x + x", "x + 1"))
    check = next(check for check in result.checks if check.status == "failed")
    assert check.line == 2
    assert check.hint == "Multiply by two."
    assert check.difference.got.shape == (3,)


def test_an_endless_loop_costs_its_own_checks_only(grade_text, right):
    result = grade_text(right.replace("return x / 2", "while True: pass"), seconds=0.5)
    assert result.score == 70
    assert messages(result) == {"test_halve": "halve took longer than 0.5 s"}


def test_a_process_that_ends_costs_its_own_checks_only(grade_text, right):
    result = grade_text(right.replace("return x + x", "import os; os._exit(0)"))
    assert result.score == 30  # only halve answers
    assert "exited with status 0" in messages(result)["test_double[3]"]


def test_a_line_that_fails_while_loading_costs_only_itself(grade_text, right):
    result = grade_text("import not_installed_anywhere\n" + right + "\nprint('demo')\n1 / 0\n")
    assert result.score == 100
    assert [note.partition(":")[0] for note in result.notes] == [
        "Line 1 failed while the file was loaded",
        "Line 12 failed while the file was loaded",
        "Printed while the file was loaded",
    ]


def test_a_worker_that_cannot_be_set_up_is_the_grader_s_fault(tiny_course, hosts, right):
    probes = tiny_course.root / "solutions" / "double" / "probes.py"
    examiner = Examiner(tiny_course.exercise("double"))
    examiner.setup = Setup(probes.read_text() + "\nraise RuntimeError('no such probe')\n")
    result = examiner.grade(Submission("d", "double", right.encode()), hosts.get(("numpy",)), Settings(0))
    assert (result.status, result.score) == ("error", None)
    assert "no such probe" in result.error


@pytest.mark.parametrize(
    ("source", "note"),
    [
        ("def double(x:\n", "SyntaxError"),
        (b"\x00", "null bytes"),
        (b"\xff\xfe", "SyntaxError"),
        ("x = " + "(" * 5000, ""),
        ("", ""),
    ],
)
def test_a_file_that_is_no_python_scores_nothing_and_says_why(grade_text, source, note):
    result = grade_text(source)
    assert (result.status, result.score) == ("graded", 0.0)
    assert note in " ".join(cause.message for cause in result.causes)


def test_prints_are_shown_with_their_check(grade_text, right):
    result = grade_text(right.replace("return x / 2", "print('half of', len(x))\n    return x / 2"))
    printed = {check.id: check.printed for check in result.checks if check.printed}
    assert printed == {"test_halve": "half of 3\n"}


def test_a_forbidden_call_loses_what_it_replaces(grade_text, right):
    result = grade_text(right.replace("x + x", "np.ldexp(x, 1)").replace("def", "import numpy as np\ndef", 1))
    assert result.not_allowed == ("numpy.ldexp",)
    refused = {f"test_double[{n}]": "not allowed: numpy.ldexp" for n in (3, 4)}
    # No right answer of its own is left that would show these to be more than a function that does nothing.
    passive = dict.fromkeys(("test_rejects", "test_unchanged"), "counts once double gives a right answer elsewhere")
    assert messages(result) == refused | passive
    assert result.score == 40


def test_another_seed_tests_other_values(grade_text, right):
    import numpy as np

    from grader.suite.fixtures import CheckRun

    known = CheckRun("test_double[3]", None, None, 5, 1.0).rng.normal(size=3)
    table = f"import numpy as np\n{right}\nknown = np.array({known.tolist()})\ndef double(x):\n    return 2 * known"
    assert np.isfinite(known).all()
    assert statuses(grade_text(table, seed=5))["test_double[3]"] == "passed"
    assert statuses(grade_text(table, seed=6))["test_double[3]"] == "failed"


def test_a_check_that_breaks_on_the_reference_too_is_the_grader_s_fault(tiny_course, hosts, right):
    suite = tiny_course.exercise("double").suite
    suite.write_text(suite.read_text().replace("x = rng.normal(size=3)", "x = undefined_name"))
    examiner = Examiner(tiny_course.exercise("double"))
    result = examiner.grade(Submission("d", "double", right.encode()), hosts.get(("numpy",)), Settings(0))
    assert (result.status, result.score) == ("error", None)
    assert "undefined_name" in result.error
    assert result.to_json()["score"] is None


def test_a_check_that_breaks_on_the_student_s_value_only_is_a_lost_mark(tiny_course, hosts, right):
    suite = tiny_course.exercise("double").suite
    old = 'assert np.allclose(submission.halve(x), x / 2), "not half"'
    assert old in suite.read_text()
    suite.write_text(suite.read_text().replace(old, "assert submission.halve(x).sum() < 99"))
    examiner = Examiner(tiny_course.exercise("double"))
    source = right.replace("return x / 2", "return None").encode()
    result = examiner.grade(Submission("d", "double", source), hosts.get(("numpy",)), Settings(0))
    assert result.score == 70
    assert "cannot be judged" in messages(result)["test_halve"]


def test_a_sandbox_that_does_not_run_claims_no_score(examiner, right, monkeypatch):
    class Broken(Host):
        def __init__(self):
            pass

        def connect(self):
            raise SandboxError("no processes left")

    result = examiner.grade(Submission("d", "double", right.encode()), Broken(), Settings(0, Limits()))
    assert (result.status, result.score, result.error) == ("error", None, "no processes left")


@pytest.mark.parametrize(
    "body",
    ["pass", "return None", "raise ValueError('no')", "raise NotImplementedError", "return []", "while True: pass"],
)
def test_a_function_that_answers_nothing_rightly_earns_nothing(grade_text, body):
    result = grade_text(f"def double(x):\n    {body}\n\ndef halve(x):\n    {body}\n", seconds=0.2)
    assert (result.status, result.score) == ("graded", 0.0)


def test_refusals_and_untouched_inputs_count_once_the_function_answers(grade_text, right):
    result = grade_text(right.replace("x / 2", "x / 3"))
    passed = {check.id for check in result.checks if check.status == "passed"}
    assert {"test_rejects", "test_unchanged"} <= passed
    result = grade_text(right.replace("x + x", "x - x"))
    messages = {check.id: check.message for check in result.checks}
    assert messages["test_rejects"] == "counts once double gives a right answer elsewhere"
    assert messages["test_unchanged"] == "counts once double gives a right answer elsewhere"


def test_an_import_of_what_the_exercise_does_not_have_costs_its_line_and_says_why(grade_text, right):
    result = grade_text(f"import scipy\n{right}")
    assert result.full_marks
    (note,) = result.notes
    assert note == (
        "Line 1 failed while the file was loaded: ModuleNotFoundError: No module named 'scipy'"
        " (only this one file is graded, with NumPy and the standard library)"
    )


def test_what_looks_like_meddling_is_listed_for_the_instructor_alone(grade_text, right):
    from grader.report import html, terminal

    result = grade_text(f"import sys\nframe = sys._getframe()\n{right}")
    assert result.full_marks
    assert result.remarks == ("line 2: _getframe",)
    assert result.to_json()["remarks"] == ["line 2: _getframe"]
    assert "_getframe" not in terminal.summary(result)
    assert html.render(result).count("_getframe") == 1  # in the student's own source


def test_a_forbidden_call_while_the_file_is_loaded_costs_nothing(grade_text, right):
    result = grade_text(f"import numpy as np\n{right}\nassert double(np.ones(1)) == np.ldexp(1.0, 1)\n")
    assert result.full_marks
    assert result.not_allowed == ()
    assert result.remarks == ("line 11: ldexp",)


def test_what_made_a_forbidden_call_is_asked_about_other_inputs(grade_text, examiner, right, monkeypatch):
    sent, post = [], Connection.post
    monkeypatch.setattr(Connection, "post", lambda connection, body: (sent.append(body), post(connection, body)))
    with_ldexp = right.replace("x / 2", "np.ldexp(x, -1)").replace("def", "import numpy as np\ndef", 1)
    first = grade_text(with_ldexp, seed=5)
    known = set(examiner.plan(Settings(5)).calls)
    again = [body for body in sent if body not in known]
    assert len(set(again)) > 2  # and not the sources alone, of which there are two
    drawn = {call for call in known if call not in set(examiner.plan(Settings(6)).calls)}
    assert [sent.count(call) for call in drawn] == [1] * len(drawn)
    assert (first.seed, first.not_allowed, first.score) == (5, ("numpy.ldexp",), 40)
    second = grade_text(with_ldexp, seed=5)
    assert messages(second) == messages(first)
