"""Which runs of `grade` a server may answer, told without importing anything slow."""

import socket
import subprocess
import sys

import pytest

from grader.warm import client

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="a server is left on Linux only")


@pytest.mark.parametrize(
    ("line", "fit"),
    [
        ("softmax.py", True),
        ("a.py b.ipynb -e softmax --seed 3 -q", True),
        ("--course somewhere A.PY", True),
        ("--reports=there -- -odd.py", True),
        ("", False),
        ("--seed 3", False),
        ("class.zip", False),
        ("folder", False),
        ("folder.py", False),
        ("softmax.py folder", False),
        ("softmax", False),
        ("softmax.py --help", False),
        ("softmax.py --version", False),
        ("softmax.py --open", False),
        ("softmax.py -j 2", False),
        ("softmax.py -qv", False),
        ("softmax.py --quiet=1", False),
        ("softmax.py --reports graded", False),
        ("softmax.py --reports=graded", False),
    ],
)
def test_files_with_options_that_are_known(line, fit, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for folder in ("folder", "folder.py", "graded"):
        (tmp_path / folder).mkdir()
    (tmp_path / "graded" / "gradebook.sqlite").touch()
    assert client.are_files(line.split()) is fit


@LINUX
@pytest.mark.parametrize(
    ("environment", "terminal", "fit"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"GRADER_WARM": "1"}, False, True),
        ({"GRADER_WARM": "0"}, True, False),
        ({"GRADER_WARM": "1", "CI": "true"}, True, False),
        ({"_GRADE_COMPLETE": "bash_complete"}, True, False),
    ],
)
def test_somebody_waits_at_a_terminal_or_asks_for_it(environment, terminal, fit, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("CI", "GRADER_WARM", "_GRADE_COMPLETE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal, raising=False)
    monkeypatch.setattr(sys, "argv", ["grade", "softmax.py"])
    assert client.fits() is fit


@LINUX
@pytest.mark.parametrize(("said", "status"), [(b"E\x02", 2), (b"E", None), (b"", None), (b"XE\x00", None)])
def test_what_ends_otherwise_than_a_server_says_it_is_no_answer(said, status):
    ours, theirs = socket.socketpair()
    with ours:
        theirs.sendall(said)
        theirs.close()
        assert client.follow(ours) is status


def test_next_to_nothing_is_imported_before_a_server_is_asked():
    code = "import sys; before = set(sys.modules); import grader.cli.start, grader.warm.address, socket, io;"
    code += "print(*(set(sys.modules) - before))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert {name for name in found if name.startswith("grader")} == {
        "grader", "grader.cli", "grader.cli.start", "grader.user_folders", "grader.warm", "grader.warm.client",
        "grader.warm.address", "grader.warm.wire",
    }  # fmt: skip
    assert not {"click", "numpy", "pathlib", "typing", "json", "importlib.metadata"} & set(found)
