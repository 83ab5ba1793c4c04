"""Loading a student's file statement by statement."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.sandbox.worker.loading import load


def test_definitions_and_their_lines():
    module, problems, lines = load(b"\ndef f():\n    return 1\n\n\nclass C:\n    pass\nx = 3\n", "sample.py")
    assert (module.f(), module.x, problems) == (1, 3, [])
    assert lines == {"f": 2, "C": 6}
    assert (module.__name__, module.__file__) == ("sample", "sample.py")


def test_a_statement_that_fails_costs_only_itself():
    module, problems, _ = load(b"a = 1\nb = 1 / 0\nimport sys; sys.exit(3)\nc = 2\n", "sample.py")
    assert (module.a, module.c, hasattr(module, "b")) == (1, 2, False)
    assert problems == [(2, "ZeroDivisionError: division by zero"), (3, "SystemExit: 3")]


def test_an_error_inside_a_called_function_is_placed_in_the_student_s_file():
    _, problems, _ = load(b"def f(x):\n    return x.y\n\nf(1)\n", "sample.py")
    assert problems == [(2, "AttributeError: 'int' object has no attribute 'y'")]


def test_future_imports_hold_for_the_whole_file():
    module, problems, _ = load(b"from __future__ import annotations\ndef f(x: Nothing): pass\n", "sample.py")
    assert problems == []
    assert module.f.__annotations__ == {"x": "Nothing"}


def test_dataclasses_and_main_guards_work():
    source = (
        b"import dataclasses\n@dataclasses.dataclass\nclass P:\n    x: int\nif __name__ == '__main__':\n    1 / 0\n"
    )
    module, problems, _ = load(source, "sample.py")
    assert (module.P(3).x, problems) == (3, [])


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (b"def f(:\n", (1, "SyntaxError: invalid syntax", 6, 7)),
        (b"x = '\x00'", (0, "SyntaxError: source code string cannot contain null bytes", 0, 0)),
        (b"# -*- coding: nonsense -*-\n", (0, "SyntaxError: unknown encoding: nonsense", 0, 0)),
    ],
)
def test_what_is_no_python_is_one_problem(source, problem):
    _, problems, lines = load(source, "sample.py")
    assert (problems, lines) == ([problem], {})


@pytest.mark.parametrize(
    "source", ["\ufeffx = 'é'\n".encode(), "# -*- coding: latin-1 -*-\nx = 'é'\n".encode("latin-1")]
)
def test_encodings_are_python_s_own(source):
    module, problems, _ = load(source, "sample.py")
    assert (module.x, problems) == ("é", [])


def test_an_exception_that_cannot_be_written_is_still_a_problem():
    source = b"class E(BaseException):\n    def __str__(self): raise self\nraise E()\n"
    assert load(source, "sample.py")[1] == [(3, "E: ")]


def test_problems_are_bounded():
    assert len(load(b"1 / 0\n" * 100, "sample.py")[1]) == 20


@given(st.binary(max_size=300) | st.text("def f(x):\n \treturn'\"#\\{}[]().,0+=@\x00é", max_size=120).map(str.encode))
def test_any_bytes_load_or_are_problems(source):
    _, problems, lines = load(source, "sample.py")
    assert all(type(line) is int and type(message) is str for line, message, *_ in problems)
    assert all(type(name) is str and type(line) is int for name, line in lines.items())


def test_a_decorator_that_fails_is_one_problem_and_what_follows_is_run():
    source = b"def off(f):\n    raise ValueError('no')\n\n@off\ndef f():\n    pass\n\ny = 1; 1 / 0\nz = 2\n"
    module, problems, lines = load(source, "sample.py")
    assert problems == [(2, "ValueError: no"), (8, "ZeroDivisionError: division by zero")]
    assert (module.y, module.z, lines["off"]) == (1, 2, 1)
