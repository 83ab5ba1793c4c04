"""Files as submissions, and one clear line for those that are none."""

import os

import pytest

from grader.submissions.submission import MAX_SOURCE, SubmissionError, read


def test_the_exercise_is_the_stem_unless_named(tmp_path):
    path = tmp_path / "softmax.py"
    path.write_bytes(b"x = 1")
    assert read(path).exercise == "softmax"
    named = read(path, "other")
    assert (named.exercise, named.source, named.filename) == ("other", b"x = 1", "other.py")


def test_what_is_no_submission_is_told_in_one_line(tmp_path):
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / "big.py").write_bytes(b"#" * (MAX_SOURCE + 1))
    os.mkfifo(tmp_path / "pipe.py")
    for name, said in [
        ("missing.py", "does not exist"),
        ("notes.txt", "is not a .py or .ipynb file"),
        ("big.py", "is larger than 256 KiB"),
        ("pipe.py", "is not a regular file"),
        (".", "is a folder"),
    ]:
        with pytest.raises(SubmissionError, match=said):
            read(tmp_path / name)
