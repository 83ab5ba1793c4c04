"""Several paths of one run: one that holds nothing to grade holds up no other."""

import subprocess
import sys
from zipfile import ZipFile

import pytest

from grader.cli.grade_folder import Options, find_all
from grader.gradebook.store import FILE_NAME, Gradebook
from grader.submissions.discovery import Rules
from grader.submissions.submission import SubmissionError


def test_until_the_hosts_of_a_batch_are_started_nothing_slow_is_imported():
    code = (
        "import sys, grader.cli.grade, grader.cli.grade_folder; print({'numpy', 'jinja2', 'pytest'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    assert done.stdout == "set()\n", done.stderr


def test_one_of_several_paths_that_holds_nothing_is_told(tmp_path, tiny_course, capsys):
    options = Options(**dict.fromkeys(Options.__dataclass_fields__) | {"rules": Rules()})
    for name in ("ann", "bob", "cid/bob", "dan"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("bob", "cid/bob", "dan", "cid"):
        (tmp_path / name / "double.py").write_text("x = 1\n")
    paths = [tmp_path / name for name in ("ann", "bob", "cid", "dan")]
    with Gradebook(tmp_path / "reports" / FILE_NAME) as book:
        found = find_all(paths, tiny_course, book, options)
        assert [student for each in found for student in each.collection.students] == ["bob", "dan"]
        first, second = capsys.readouterr().err.splitlines()
        assert first == f"Not graded: {tmp_path}/ann holds no .py or .ipynb file that can be graded."
        assert second.startswith(f"Not graded: {tmp_path}/cid could be")
        with pytest.raises(SubmissionError, match="holds no"):
            find_all(paths[:1], tiny_course, book, options)
        with pytest.raises(SubmissionError, match="does not exist"):
            find_all([tmp_path / "eve", *paths], tiny_course, book, options)


def test_a_zip_among_students_zips_is_no_class(tmp_path, tiny_course, capsys):
    """Else it could hold what is then another's."""
    options = Options(**dict.fromkeys(Options.__dataclass_fields__) | {"rules": Rules()})
    for name in ("ann", "bob", "cid", "dan"):
        with ZipFile(tmp_path / f"{name}.zip", "w") as archive:
            archive.writestr("bob/double.py" if name == "ann" else "double.py", "x = 1\n")
    paths = sorted(tmp_path.glob("*.zip"))
    with Gradebook(tmp_path / "reports" / FILE_NAME) as book:
        found = find_all(paths, tiny_course, book, options)
        assert [each.collection.students for each in found] == [{name: name} for name in ("bob", "cid", "dan")]
        said = f"Not graded: {paths[0]} is no single student's, as most of these are: grade the folder around them\n"
        assert capsys.readouterr().err == said
        assert len(find_all(paths[:3], tiny_course, book, options)) == 3  # a class, and two of whom it had nothing
