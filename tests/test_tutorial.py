"""The tutorial works as written: files are written, commands run, outputs compared, in the order of the page.

A block ```python title="path"``` is a file (with `append`: more of one), ```sh``` is run (with `status=1`: must end in
that), and ```console``` is what the command before it said, where "…" stands for anything.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[1] / "docs" / "tutorial.md"
BLOCK = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMANDS = {
    "grade": "from grader.cli.grade import grade as main",
    "grader": "from grader.cli.grader import grader as main",
}


@pytest.fixture
def environment(tmp_path):
    """One in which `grade` and `grader` are those of this Python, installed or not."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, line in COMMANDS.items():
        path = folder / name
        path.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{line}; main(prog_name=\'{name}\')" "$@"\n')
        path.chmod(0o755)
    return {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "100", "CI": ""}


def matches(shown, said):
    """Whether what was said is what is shown; "…" alone on a line stands for lines, within a line for words."""
    lines = [
        re.escape(line).replace("…", ".*") + "\n" if line != "…" else "(?:.*\n)*?" for line in shown.strip().split("\n")
    ]
    return re.fullmatch("".join(lines), said.strip() + "\n") is not None


def test_the_tutorial_works_word_for_word(tmp_path, environment):
    course = tmp_path / "empty"
    course.mkdir()
    said, commands = "", []
    for language, info, text in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        title = re.search(r'title="([^"]+)"', info)
        if title:
            path = course / title[1]
            assert path.parent.is_dir()
            before = path.read_text(encoding="utf-8") + "\n\n" if "append" in info else ""
            path.write_text(before + text, encoding="utf-8")
        elif language == "sh":
            done = subprocess.run(
                ["sh", "-eu", "-c", text],
                cwd=course,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                timeout=300,
            )
            said = done.stdout
            commands.append(text.strip())
            assert done.returncode == int((re.search(r"status=(\d)", info) or "00")[1]), f"{text}{said}"
        elif language == "console":
            assert matches(text, said), f"{commands[-1]} said:\n{said}"
    assert len(commands) >= 7
    assert said.endswith("huber: proven\n")
    assert (course / "reports" / "huber.html").is_file()


def test_what_is_shown_must_be_said():
    assert matches("a\n…\nd …", "a\nb\nc\nd e")
    assert matches("a\n…", "a\nb")
    assert not matches("a\nb", "a\nc")
    assert not matches("a", "a\nb")
