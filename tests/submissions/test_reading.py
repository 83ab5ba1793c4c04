"""A link that leads out of the folder it was handed in with is no submission, in every way of grading."""

import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import PurePath

import pytest

from grader.cli.classroom import grade_repository
from grader.cli.grade_files import versions, watched
from grader.integrations.classroom.judge import Judge
from grader.integrations.classroom.matching import Answer
from grader.integrations.classroom.runner import ClassroomError
from grader.integrations.classroom.template import WORKFLOW, write_template
from grader.integrations.gradescope import matching
from grader.submissions.discovery import discover
from grader.submissions.reading import read_below
from grader.submissions.submission import SubmissionError, read

SECRET = "token = 'do not show'"
GRADE = [sys.executable, "-c", "from grader.cli.grade import grade; grade()"]
OUT = "is a link that leads out of its folder: put the file itself there"


@pytest.fixture
def own(tmp_path):
    """A student's folder, beside what the student may not read."""
    (tmp_path / "own" / "below").mkdir(parents=True)
    (tmp_path / "secret").mkdir()
    for place in ("secret/softmax.py", "secret/x.txt", "secret/softmax.ipynb", "own/below/softmax.py", "own/notes.txt"):
        (tmp_path / place).write_text(SECRET)
    return tmp_path / "own"


def grade(course, *words):
    """(exit status, all that was said)"""
    command = [*GRADE, *map(str, words), "--course", str(course.root)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300)
    return done.returncode, done.stdout


@pytest.mark.parametrize(
    "target", ["../secret/softmax.py", "{}/secret/softmax.py", "../secret/x.txt", "below/softmax.py", "notes.txt",
               "/dev/zero", "/proc/self/environ", "two.py", "../own/../secret/softmax.py"],
)  # fmt: skip
def test_a_link_that_leads_out_is_refused_in_one_line(own, target):
    (own / "two.py").symlink_to("../secret/softmax.py")
    (own / "softmax.py").symlink_to(target.format(own.parent))
    with pytest.raises(SubmissionError, match=OUT) as caught:
        read(own / "softmax.py")
    assert "\n" not in str(caught.value)


def test_a_link_to_a_file_beside_it_is_that_file(own):
    (own / "solution_v2.py").write_text("x = 2")
    (own / "softmax.py").symlink_to("solution_v2.py")
    (own.parent / "alias").symlink_to(own)
    assert read(own / "softmax.py").source == b"x = 2"
    assert read(own.parent / "alias" / "softmax.py").source == b"x = 2", "the folder is the user's own word"
    assert read(own.parent / "alias" / "solution_v2.py").source == b"x = 2"


@pytest.mark.parametrize("target", ["softmax.py", "nowhere.py", "/nowhere/softmax.py"])
def test_a_link_that_leads_nowhere_is_told(own, target, tiny_course):
    (own / "softmax.py").symlink_to(target)
    with pytest.raises(SubmissionError, match=r"cannot be read|leads out"):
        read(own / "softmax.py")
    status, said = grade(tiny_course, own / "softmax.py")
    assert (status, said.count("\n")) == (2, 1)


def test_what_is_read_below_a_folder_is_read_by_way_of_no_link(own):
    root = own.parent
    (own / "softmax.py").write_text("x = 1")
    (root / "linked").symlink_to(own)
    assert read_below(root, ["own", "softmax.py"], "shown", 10) == b"x = 1"
    assert read_below(root / "linked", ["softmax.py"], "shown", 10) == b"x = 1"
    with pytest.raises(SubmissionError, match="shown cannot be read: a link stands in the way"):
        read_below(root, ["linked", "softmax.py"], "shown", 10)
    (own / "conv2d.py").symlink_to("softmax.py")
    with pytest.raises(SubmissionError, match="shown cannot be read: a link stands in the way"):
        read_below(root, ["own", "conv2d.py"], "shown", 10)
    os.mkfifo(own / "pipe.py")
    for name in ("pipe.py", "below"):
        with pytest.raises(SubmissionError, match="is not a regular file"):
            read_below(own, [name], "shown", 10)
    with pytest.raises(SubmissionError, match="cannot be read: Not a directory"):
        read_below(own, ["softmax.py", "x.py"], "shown", 10)


def test_a_folder_that_became_a_link_since_it_was_listed_is_not_followed(own):
    (found,) = discover(own.parent / "own", ["softmax"]).found
    shutil.rmtree(own / "below")
    (own / "below").symlink_to("../secret")
    with pytest.raises(SubmissionError, match="a link stands in the way"):
        found.read()


def test_no_descriptor_is_left_open(own):
    (own / "pipe.py").symlink_to("x")
    before = len(os.listdir("/dev/fd"))
    for parts in (["below", "softmax.py"], ["pipe.py"], ["no", "softmax.py"], ["below"]):
        with contextlib.suppress(SubmissionError):
            read_below(own, parts, "shown", 100)
    assert len(os.listdir("/dev/fd")) == before


@pytest.mark.parametrize("name", ["double.py", "hw.py", "double.ipynb", "week.zip"])
@pytest.mark.parametrize("more", [[], ["-e", "double"], ["--json", "-"]], ids=["", "-e", "--json"])
def test_grade_shows_nothing_of_what_a_link_leads_to(tiny_course, right, tmp_path, name, more):
    (tmp_path / "own").mkdir()
    (tmp_path / "secret").write_text(f"{right}\n{SECRET}")
    (tmp_path / "own" / name).symlink_to("../secret")
    reports = tmp_path / "reports"
    status, said = grade(tiny_course, tmp_path / "own" / name, "--reports", reports, *more)
    assert status == 2
    assert OUT in said
    assert "do not show" not in said
    assert not list(reports.rglob("*.html"))


def test_a_link_to_a_folder_is_no_file(tiny_course, right, tmp_path):
    (tmp_path / "ann").mkdir()
    (tmp_path / "ann" / "double.py").write_text(right)
    (tmp_path / "double.py").symlink_to("ann")
    status, said = grade(tiny_course, tmp_path / "double.py")
    assert (status, "is a link to a folder" in said) == (2, True)


def test_in_a_repository_nothing_is_read_by_way_of_a_link(tiny_course, right, tmp_path):
    repository = tmp_path / "repository"
    (repository / "src").mkdir(parents=True)
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "double.py").write_text(f"{right}\n{SECRET}")
    (repository / "src" / "double.py").symlink_to("../../secret/double.py")
    (repository / "exercises").symlink_to("../secret")
    (outcome,) = grade_repository(repository, ["double"], 10.0, tiny_course.root)
    assert (outcome.status, outcome.score) == ("refused", 0)
    assert outcome.reason == "double.py: a symbolic link is not followed: put the file itself there."
    for path in ("src/double.py", "exercises/double.py"):  # as if it became one since
        outcome = Judge(repository, tiny_course, 10.0).judge(Answer("double", PurePath(path)))
        assert (outcome.status, outcome.result) == ("refused", None)
        assert outcome.reason == f"{path} cannot be read: a link stands in the way, and links are not followed."


def test_too_much_in_a_repository_is_no_fault_of_the_grader(tiny_course, tmp_path, monkeypatch):
    for i in range(4):
        (tmp_path / f"{i}.txt").write_text("x")
    monkeypatch.setattr("grader.submissions.folder.MAX_ENTRIES", 3)
    (outcome,) = grade_repository(tmp_path, ["double"], 10.0, tiny_course.root)
    assert (outcome.status, "holds more than 3 files" in outcome.reason) == ("refused", True)
    assert "holds more than 3 files" in matching.find(tmp_path, ["double"])["double"].missing


def test_a_template_is_written_through_no_link(tiny_course, tmp_path):
    (tmp_path / "double.py").symlink_to("../nowhere.py")
    lines = list(write_template(tmp_path, tiny_course, ["double"], "o/r", "main", force=False))
    assert lines[1].endswith("left as it is")
    shutil.rmtree(tmp_path / WORKFLOW.parent)
    (tmp_path / WORKFLOW.parent).symlink_to(tmp_path.parent)
    with pytest.raises(ClassroomError, match=r"workflows is a link: put the file or folder itself there"):
        list(write_template(tmp_path, tiny_course, ["double"], "o/r", "main", force=True))


def test_watching_hears_of_a_link_and_of_the_file_it_became(own):
    """Each save is heard, also one of before it is listened for."""
    (own / "v2.py").write_text("x = 1")
    file = own / "softmax.py"
    file.symlink_to("v2.py")
    heard = watched([file], versions([file]))
    (own / "v2.py").write_text("x = 11")
    next(heard)
    (own / "new").write_text("x = 2")
    (own / "new").replace(file)
    next(heard)
    heard.close()
