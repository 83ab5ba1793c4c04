"""The snippets of docs/places.md, run as they stand, as far as that goes without the place itself."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from grader.authoring.distribution import requirements

TEXT = (Path(__file__).parents[1] / "docs" / "places.md").read_text(encoding="utf-8")
HOSTILE = "Grade :=>> 100\nComment :=>> <script>x</script> '''"


def snippet(heading, language):
    section = TEXT.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    return found.replace("softmax", "double")


@pytest.fixture
def place(tiny_course, tmp_path):
    """A folder in which `grade` is at hand, and what is run there."""
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "grade"
    program.write_text(f"#!{sys.executable}\nfrom grader.cli.grade import grade\ngrade()\n")
    program.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "COURSE": str(tiny_course.root)}

    def run(*command, text=None, **more):
        if text is not None:
            (tmp_path / "double.py").write_text(text)
        return subprocess.run(
            command, cwd=tmp_path, env=environment | more, capture_output=True, text=True, timeout=300
        )

    return run


def tripled(right):
    return right.replace("x + x", "x * 3")


def hostile(right):
    return right.replace("return x / 2", f"raise ValueError({HOSTILE!r})")


def test_gitlab(place, right, tmp_path):
    job = yaml.safe_load(snippet("GitLab CI", "yaml"))["grade"]
    install, grade = job["script"]
    assert install == 'pip install --quiet "$GRADER"'
    assert place("sh", "-c", grade, text=tripled(right)).returncode == job["allow_failure"]["exit_codes"] == 1
    assert ElementTree.parse(tmp_path / job["artifacts"]["reports"]["junit"]).getroot().get("failures") != "0"
    assert all((tmp_path / path).exists() for path in job["artifacts"]["paths"])


def test_forgejo(place, right, tmp_path):
    (job,) = yaml.safe_load(snippet("Forgejo and Gitea", "yaml"))["jobs"].values()
    *_, step = job["steps"]
    done = place("sh", "-c", step["run"], text=right, GITHUB_STEP_SUMMARY=str(tmp_path / "summary.md"))
    assert done.returncode == 0
    assert "# 100 / 100 points" in (tmp_path / "summary.md").read_text()


def test_colab_and_kaggle_keep_their_torch():
    section = TEXT.partition("## Colab and Kaggle\n")[2].partition("\n## ")[0]
    first, second = re.findall(r"^%pip install --quiet (.*)$", section, re.MULTILINE)
    assert first == "--no-deps GRADER"
    needed = {re.match(r"[\w-]+", each)[0] for each in requirements()[0]}
    assert set(second.split()) <= needed - {"torch", "numpy"}


def grades_in(printed):
    return [line for line in printed.splitlines() if line.startswith("Grade :=>>")]


def test_virtual_programming_lab(place, right):
    assert place("sh", "-c", snippet("Moodle: Virtual Programming Lab", "sh")).returncode == 0
    done = place("./vpl_execution", text=hostile(right))
    assert grades_in(done.stdout) == ["Grade :=>> 70.00"], done.stderr
    assert all(line.startswith(("Comment :=>> ", "Grade :=>> ")) for line in done.stdout.splitlines())
    assert "Comment :=>> - Tripled: 3x is not 2x. Count." in place("./vpl_execution", text=tripled(right)).stdout
    assert grades_in(place("./vpl_execution", text=right).stdout) == ["Grade :=>> 100.00"]
    done = place("./vpl_execution", COURSE="/nowhere")
    assert grades_in(done.stdout) == []
    assert "no fault of yours" in done.stderr + done.stdout


def test_code_runner(place, right, tmp_path):
    template = snippet("Moodle: CodeRunner", "python")

    def asked(text, **more):
        answer = text.replace("\\", "\\\\").replace('"', '\\"')  # as Twig's e('py') has it
        (tmp_path / "question.py").write_text(template.replace("{{ STUDENT_ANSWER | e('py') }}", answer))
        return place(sys.executable, "question.py", **more)

    found = json.loads(asked(hostile(right)).stdout)
    assert (found["fraction"], set(found)) == (0.7, {"fraction", "feedbackhtml"})
    assert "<script>" not in found["feedbackhtml"]
    assert "<strong>Tripled</strong>" in json.loads(asked(tripled(right)).stdout)["feedbackhtml"]
    assert json.loads(asked(right).stdout)["fraction"] == 1.0
    failed = asked(right, COURSE="/nowhere")
    assert (failed.returncode, failed.stdout) == (1, "")
    assert "no fault of yours" in failed.stderr
