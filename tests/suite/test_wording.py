"""What messages call what failed: the student's function, or what was asked for; never a probe."""

import pytest

from grader.sandbox.client import Opening
from grader.sandbox.protocol.calls import NOT_DEFINED, Raised, Stopped
from grader.suite.wording import Wording, phrase, phrases

SOURCE = b"""import numpy as np


class Net:
    def forward(self, x):
        raise NotImplementedError


def halve(x):
    if x.ndim > 1:
        raise NotImplementedError("only vectors")
    raise NotImplementedError("halve")
"""
WORDS = Wording({"watch": "what a net says", "look": ""}, opening=Opening(SOURCE, "a.py"))


def said(kind, message="", line=None, name="halve", more=()):
    return WORDS.failure(name, Raised((kind, *more, "Exception"), message, line))


def test_a_function_of_the_students_goes_by_its_name():
    assert said("KeyError", "'k'", 9) == "halve raised KeyError: 'k' (line 9)"


def test_a_probe_goes_by_its_line_or_by_what_it_asks_for():
    assert said("KeyError", "'k'", 6, "watch") == "your code raised KeyError: 'k' (line 6)"
    told = said("KeyError", "'k'", None, "watch")
    assert told == "asked for what a net says, your code failed with KeyError: 'k'"
    assert said("KeyError", "'k'", None, "look") == "your code failed with KeyError: 'k'"
    stopped = WORDS.failure("watch", Stopped("took longer than 1 s"))
    assert stopped == "asked for what a net says, your code took longer than 1 s"


@pytest.mark.parametrize(
    ("message", "line", "expected"),
    [
        ("halve", 12, "halve is not written yet"),
        ("Net.forward", 6, "Net.forward is not written yet"),
        ("", 6, "forward is not written yet"),
        ("only vectors", 11, "halve raised NotImplementedError: only vectors (line 11)"),
        ("TODO", 12, "halve raised NotImplementedError: TODO (line 12)"),
        ("no kernel for this dtype", 10, "halve raised NotImplementedError: no kernel for this dtype (line 10)"),
        ("halve", 99, "halve raised NotImplementedError: halve (line 99)"),
    ],
)
def test_not_written_yet_is_what_a_stub_raises(message, line, expected):
    assert said("NotImplementedError", message, line) == expected


def test_nothing_returned_is_told_as_a_missing_return():
    assert WORDS.nothing("halve") == "halve returned None: is a `return` missing?"
    told = said("TypeError", "'NoneType' object is not iterable", None, "watch")
    assert told.endswith("object is not iterable: is a `return` missing?")
    assert WORDS.nothing("watch") == "asked for what a net says, your code returned None: is a `return` missing?"


@pytest.mark.parametrize(
    ("kinds", "message", "expected"),
    [
        (("PermissionError", "OSError"), "[Errno 13] Permission denied: 'a'", "no files, processes or network"),
        (("URLError", "OSError"), "<urlopen error [Errno 1] Operation not permitted>", "no files, processes or"),
        (("FileNotFoundError", "OSError"), "[Errno 2] No such file or directory: 'a.csv'", "no other file is there"),
        (("ModuleNotFoundError", "ImportError"), "No module named 'my.tools'", "a my/tools.py beside it is not read"),
        (("ImportError",), "attempted relative import with no known parent package", "no file beside it is read"),
        (("ValueError",), "Permission denied", ""),
        (("OSError",), "disk full", ""),
    ],
)
def test_errors_of_the_sandbox_say_what_they_mean(kinds, message, expected):
    found = WORDS.explain(kinds, message)
    assert expected in found
    assert bool(found) == bool(expected)


def test_a_library_is_not_taken_for_a_file_beside():
    assert "pytest.py" not in WORDS.explain(("ModuleNotFoundError",), "No module named 'pytest'")
    for name in ("__main__", "__main__.x", ".", "x" * 5000):  # a submission can say any
        assert "only this one file is graded" in WORDS.explain(("ImportError",), f"No module named '{name}'")


@pytest.mark.parametrize(
    ("docstring", "expected"),
    [
        ("The loss, e.g. 0.5, of a step. It is a float.", "the loss, e.g. 0.5, of a step"),
        ("IoU of two boxes.", "IoU of two boxes"),
        ("", ""),
    ],
)
def test_a_phrase_is_a_first_sentence(docstring, expected):
    assert phrase(docstring) == expected


def test_a_probe_with_the_name_of_a_function_is_that_function():
    source = 'def halve(module):\n    "Halves."\n\ndef watch(module):\n    "The same."\n'
    assert phrases(source, ["halve"]) == {"watch": "the same"}


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (b"def other(x):\n    return x\n", ""),
        (
            b"if __name__ == '__main__':\n\n    def halve(x):\n        return x\n",
            'line 3 stands below `if __name__ == "',
        ),
        (b"class Answers:\n    def halve(x):\n        return x\n", "line 2 defines it inside another statement"),
    ],
)
def test_a_function_that_only_another_statement_knows_is_told_with_its_line(source, told):
    words = Wording(opening=Opening(source, "a.py"))
    missing = words.failure("halve", Raised((NOT_DEFINED,), "halve is not defined in your file"))
    assert missing.startswith("halve is not defined in your file")
    assert told in missing
    assert bool(told) == (":" in missing)
