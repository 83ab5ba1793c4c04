"""`grade --junit FILE` and `--summary FILE`: for files and for a class alike, and nothing that failed is left out."""

import os
import subprocess
import sys
from xml.etree import ElementTree

import pytest

GRADE = [sys.executable, "-c", "from grader.cli.grade import grade; grade()"]
WRITE = ["--junit", "out.xml", "--summary", "out.md"]


@pytest.fixture
def run(tiny_course, tmp_path, right):
    (tmp_path / "double.py").write_text(right)
    (tmp_path / "wrong.py").write_text(right.replace("x + x", "x * 3"))

    def command(*words):
        command = [*GRADE, *map(str, words), *WRITE, "--course", str(tiny_course.root)]
        environment = {**os.environ, "CI": ""}
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300)
        root = ElementTree.parse(tmp_path / "out.xml").getroot()
        return done.returncode, root, (tmp_path / "out.md").read_text()

    return command


def test_one_file(run):
    status, root, summary = run("wrong.py", "-e", "double")
    assert status == 1
    (suite,) = root
    assert (suite.get("name"), suite.get("tests"), suite.get("failures")) == ("wrong.py double", "6", "4")
    assert suite.find("testcase/failure").text.endswith("Hint: Multiply by two.")
    assert "# 40 / 100 points" in summary
    assert "| double | 40 / 100 | 2 of 6 | wrong.py |" in summary
    assert "**Tripled** *(a common textbook slip)*" in summary


def test_several_files_and_one_that_is_not_there(run):
    status, root, summary = run("double.py", "wrong.py", "nowhere.py", "-e", "double", "--allow-unsandboxed")
    assert status == 2
    assert [suite.get("name") for suite in root] == ["double.py double", "wrong.py double", "not graded"]
    assert (root.get("tests"), root.get("errors")) == ("13", "1")
    assert "nowhere.py" in root.find("testsuite/testcase/error").get("message")
    assert "❌ Not graded: " in summary
    assert "nowhere.py" in summary


def test_a_class_without_names_in_what_everybody_sees(run, tmp_path, right):
    for name, text in (("ann", right), ("bob", right.replace("x + x", "x * 3")), ("cy", "")):
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "double.py").write_text(text)
    status, root, summary = run("class", "--allow-unsandboxed")
    assert status == 1
    assert [suite.get("name") for suite in root] == ["ann double", "bob double", "cy double"]
    assert summary.startswith("# 2 graded\n")
    assert "| double | 2 | 70 / 100 | 1 | Tripled (1) |" in summary
    assert "1 file was not graded" in summary
    assert not {"ann", "bob", "cy"} & set(summary.split())
