"""Where a check hides its inputs, nothing that a submission does tells them: no print, value, error, line or name."""

import textwrap

import pytest

from grader.course.course import Course
from grader.grading.examiner import Examiner
from grader.grading.settings import Settings
from grader.submissions.submission import Submission

FILES = {
    "exercises/double.py": "def double(x):\n    raise NotImplementedError\n",
    "solutions/double/reference.py": """
        import numpy as np


        def double(x):
            if np.ndim(x) > 1:
                raise ValueError("no")
            return 2 * x
        """,
    "solutions/double/test_double.py": """
        import numpy as np
        import pytest


        @pytest.mark.points(40)
        @pytest.mark.hidden_input
        def test_secret(agree):
            \"\"\"Doubles numbers that are not shown.\"\"\"
            agree("double", np.array([918273.0, 918273.0]))


        @pytest.mark.points(30)
        def test_shown(agree):
            \"\"\"Doubles one.\"\"\"
            agree("double", np.array([1.0]))


        @pytest.mark.points(30)
        def test_refused(agree):
            \"\"\"Refuses a matrix.\"\"\"
            agree("double", np.ones((2, 2)))
        """,
}
HONEST = """
def double(x):
    if x.ndim > 1:
        raise ValueError("no")
    return 2 * x
"""
KEEPS = "seen = []\ndef double(x):\n    seen.append(x)\n    "
LEAKS = {
    "prints": KEEPS + "print(seen)\n    return 2 * x",
    "returns": KEEPS + "return seen[0] if x[0] == 1 else 2 * x",
    "raises": KEEPS + "raise RuntimeError(str(seen))",
    "raises a class of that name": KEEPS + "raise type(f'E{int(seen[0].flat[0])}', (Exception,), {})()",
    "raises in a line": KEEPS + "exec(compile('\\n' * int(x.flat[0] % 999) + 'raise E', 'double.py', 'exec'))",
    "prints while it is loaded anew": (
        "import os, sys\n"
        + KEEPS
        + "\n    if x.flat[0] > 7000:\n        os._exit(0)\n    print(seen)\n    return 2 * x"
    ),
    "writes into the record": KEEPS + "import os\n    os.write(63, b'?%d leak\\n' % int(x.flat[0]))\n    return 0 * x",
}


@pytest.fixture
def grade(tmp_path, hosts):
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip())
    examiner = Examiner(Course(tmp_path).exercise("double"))

    def run(text, recorded=False):
        if recorded:
            examiner.record(Settings(0))
        host = hosts.equipped(("numpy",), examiner.setup, examiner.plan(Settings(0)).calls)
        return examiner.grade(Submission("double.py", "double", text.encode()), host, Settings(0))

    return run


@pytest.mark.parametrize("recorded", [False, True], ids=["single", "batch"])
def test_an_honest_submission_gets_full_marks(grade, recorded):
    result = grade(HONEST, recorded)
    assert result.full_marks
    assert [check.id for check in result.checks] == ["test_secret", "test_shown", "test_refused"]


@pytest.mark.parametrize("recorded", [False, True], ids=["single", "batch"])
@pytest.mark.parametrize("source", LEAKS.values(), ids=LEAKS)
def test_nothing_of_the_result_tells_an_input(grade, source, recorded):
    from grader.report import html, terminal

    result = grade(source, recorded)
    assert result.status == "graded", result.error
    for told in (repr(result.to_json()), html.render(result), terminal.summary(result)):
        assert "918273" not in told.replace(source, "")
    secret = result.checks[0]
    assert (secret.printed, secret.line, secret.duration, secret.difference) == ("", None, 0.0, None)


def test_which_error_a_hidden_check_met_is_not_told(grade):
    """A submission could raise another for each input."""
    result = grade("def double(x):\n    return x['a']\n")
    assert result.checks[0].message == "raised an error (the inputs of this check are not shown)"
