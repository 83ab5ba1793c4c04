"""Several paths of one run: one that holds nothing to grade holds up no other."""

import pytest

from grader.cli.grade_folder import Options, find_all
from grader.gradebook.store import FILE_NAME, Gradebook
from grader.submissions.discovery import Rules
from grader.submissions.submission import SubmissionError


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
