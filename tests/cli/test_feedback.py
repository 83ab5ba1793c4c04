"""`grader feedback`, `grader page` and what --anonymous leaves of names, as users run them; a run that is stopped."""

import subprocess
import sys
import zipfile

import pytest

from grader.cli import grade_folder
from grader.cli.documents import Documents
from grader.sandbox.limits import Limits
from grader.submissions.attempts import Rules

GRADE = [sys.executable, "-c", "from grader.cli.grade import grade; grade()"]
GRADER = [sys.executable, "-m", "grader"]
ANN, BO, CY = (f"{name}_assignsubmission_file_" for name in ("Ann Lee_12", "Bo Ek_13", "Cy Orr_14"))


def hand_in(folder, right):
    for name, source in ((ANN, right), (BO, right.replace("x + x", "x * 3"))):
        (folder / "week" / name).mkdir(parents=True)
        (folder / "week" / name / "double.py").write_text(source)
    (folder / "week" / CY).mkdir()
    (folder / "week" / CY / "double.pdf").write_bytes(b"%PDF")


def test_a_class_is_graded_and_handed_back(tiny_course, tmp_path, right):
    def run(*words):
        return subprocess.run([*words], cwd=tmp_path, capture_output=True, text=True, timeout=300)

    hand_in(tmp_path, right)
    assert run(*GRADE, "week", "--course", str(tiny_course.root)).returncode == 1

    done = run(*GRADER, "feedback", "--format", "moodle", "-o", "back.zip")
    assert (done.returncode, done.stdout) == (1, "3 files for 3 students: back.zip\n")
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("Cy Orr (14) has no report in double: double.pdf: a .pdf file cannot be graded")
    with zipfile.ZipFile(tmp_path / "back.zip") as archive:
        assert sorted(archive.namelist()) == [f"{ANN}/double.html", f"{BO}/double.html", f"{CY}/double.html"]
        assert "double.pdf</bdi>: a .pdf file cannot be graded." in archive.read(f"{CY}/double.html").decode()
        page = archive.read(f"{BO}/double.html").decode()
    assert "<bdi>Bo Ek</bdi>" in page
    assert "Ann" not in page
    assert str(tmp_path) not in page

    done = run(*GRADER, "feedback", "--format", "canvas", "-o", "back.zip")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)

    done = run(*GRADER, "page", "--anonymous", "-o", "second")
    key = (tmp_path / "reports-key.csv").read_text()
    assert done.returncode == 0
    assert all(name in key for name in ("Ann Lee", "Bo Ek", "Cy Orr"))
    files = list((tmp_path / "second").rglob("*.html"))
    assert len(files) == 3
    exported = run(*GRADER, "export", "--format", "csv", "--anonymous").stdout
    for text in (exported, *(f"{path} {path.read_text()}" for path in files)):
        assert not any(word in text for word in ("Ann Lee", "Bo Ek", "Cy Orr", "_12_", "_13_", "week/"))
    assert sorted(path.stem for path in files) == sorted(
        ["index", *(line.split(",")[0] for line in key.splitlines() if "Lee" in line or "Ek" in line)]
    )
    assert run(*GRADER, "page", "--anonymous").stderr == (
        "Error: --anonymous needs a folder of its own: name it with --output.\n"
    )


def test_a_run_that_is_stopped_leaves_a_page(tiny_course, tmp_path, right, monkeypatch, capsys):
    def stopped(batch, found, options):
        batch.look_through(found)
        raise KeyboardInterrupt

    hand_in(tmp_path, right)
    monkeypatch.setattr(grade_folder, "run", stopped)
    options = grade_folder.Options(
        None,
        None,
        tmp_path / "reports",
        Limits(),
        True,
        None,
        1,
        None,
        False,
        None,
        Documents(),
        Rules(("no.py",)),
        None,
        None,
        is_only=True,
    )
    assert grade_folder.grade_folders(tiny_course, [tmp_path / "week"], options) == 130
    said = capsys.readouterr().err
    assert "--choose no.py: no file that may be an answer is called that\n" in said
    assert f"from there. Overview: {tmp_path / 'reports' / 'index.html'}\n" in said
    assert "2 files not graded yet" in (tmp_path / "reports" / "index.html").read_text()


@pytest.mark.parametrize(("form", "more"), [("moodle", ["--anonymous"]), ("zip", ["--reports", "nowhere"])])
def test_what_cannot_be_handed_back_is_one_line(tmp_path, form, more):
    command = [*GRADER, "feedback", "--format", form, "-o", "x", *more]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
