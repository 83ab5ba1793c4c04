"""Which of several files is the answer: by a rule that is stated, and where it does not decide, nothing is guessed."""

import os

import pytest

from grader.submissions import attempts
from grader.submissions.attempts import MOST, Rules
from grader.submissions.discovery import Asked, discover

NAMES = ("softmax", "conv2d", "lstm_cell")
BOTH = "2 files may answer softmax, and nothing tells which counts"


def fill(root, files):
    """`files`: path → (text, date)."""
    for path, (text, date) in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
        os.utime(root / path, (date, date))
    return root


def taken(root, *, exercise=None, **rules):
    """What counts of eve's, or why nothing does; bob is there to make a class."""
    fill(root, {"bob/softmax.py": ("bob", 500), "bob/src/conv2d.py": ("bob", 500)})
    collection = discover(root, NAMES, asked=Asked("folders", exercise, Rules(**rules)))
    found = [each for each in collection.found if each.student == "eve"]
    reasons = {each.reason for each in collection.unplaced if each.student == "eve" and each.lost}
    return found[-1].read().decode() if found else reasons.pop()


@pytest.mark.parametrize("helper", ["utils.py", "a/data.py", "zz.ipynb", "test_softmax.py"])
def test_a_helper_beside_the_answer_is_no_attempt(tmp_path, helper):
    root = fill(tmp_path, {"eve/softmax.py": ("answer", 100), f"eve/{helper}": ("helper", 900)})
    assert taken(root, exercise="softmax") == "answer"
    collection = discover(root, NAMES, asked=Asked("folders", "softmax"))
    assert [len([each for each in collection.found if each.student == "eve"]), collection.choices] == [
        1,
        {f"softmax.py counts for softmax, not {helper}": ["eve"]}
        | {"softmax.py counts for softmax, not src/conv2d.py": ["bob"]},
    ]


def test_an_only_file_is_the_answer_whatever_its_name_and_folder(tmp_path):
    assert taken(fill(tmp_path / "a", {"eve/hw3.py": ("x", 1)}), exercise="softmax") == "x"
    assert taken(fill(tmp_path / "b", {"eve/starter/softmax.py": ("x", 1)})) == "x"
    assert taken(fill(tmp_path / "c", {"eve/test_hw.py": ("x", 1)}), exercise="softmax") == "x"


def test_a_name_that_ends_in_the_exercises_goes_before_any_other(tmp_path):
    files = {"eve/eve_softmax.py": ("answer", 1), "eve/utils.py": ("helper", 900)}
    assert taken(fill(tmp_path, files), exercise="softmax") == "answer"


def test_several_files_with_other_names_are_not_guessed(tmp_path):
    root = fill(tmp_path, {"eve/hw3.py": ("a", 100), "eve/utils.py": ("b", 900)})
    assert taken(root, exercise="softmax").startswith(f"{BOTH} (hw3.py, utils.py)")
    assert taken(root, exercise="softmax", choose=("hw?.py",)) == "a"
    assert taken(root, exercise="softmax", choose=("eve/utils.py",)) == "b"
    assert taken(root, exercise="softmax", ignore=("utils.py",)) == "a"


def test_versions_of_one_other_name_are(tmp_path):
    root = fill(tmp_path, {"eve/hw3.py": ("a", 100), "eve/hw3 (1).py": ("b", 100)})
    assert taken(root, exercise="softmax") == "b"


@pytest.mark.parametrize("aside", ["old", "Starter", "solution", "src/backup/x"])
def test_a_folder_of_what_is_no_answer_comes_last(tmp_path, aside):
    root = fill(tmp_path, {"eve/src/softmax.py": ("answer", 1), f"eve/{aside}/softmax.py": ("not", 900)})
    assert taken(root) == "answer"


def test_of_equals_the_newest_counts(tmp_path):
    root = fill(tmp_path, {"eve/a/softmax.py": ("old", 100), "eve/b/softmax.py": ("new", 200)})
    assert taken(root) == "new"


def test_without_a_difference_nothing_is_guessed(tmp_path):
    root = fill(tmp_path, {"eve/a/softmax.py": ("one", 100), "eve/b/softmax.py": ("two", 100)})
    assert taken(root).startswith(f"{BOTH} (a/softmax.py, b/softmax.py)")
    assert taken(root, choose=("b/softmax.py",)) == "two"


def test_which_of_equal_texts_counts_makes_no_difference(tmp_path):
    assert taken(fill(tmp_path, {"eve/a/softmax.py": ("x", 9), "eve/b/softmax.py": ("x", 9)})) == "x"


def test_more_than_can_be_compared_is_not(tmp_path, monkeypatch):
    root = fill(tmp_path, {f"eve/{name}/softmax.py": ("x" * 100, 9) for name in "abc"})
    assert taken(root) == "x" * 100
    monkeypatch.setattr(attempts, "MOST_COMPARED", 199)
    assert taken(root).startswith("3 files may answer softmax, and nothing tells which counts")


def test_of_very_many_attempts_the_newest_are_graded(tmp_path):
    versions = {f"eve/softmax ({number}).py": (f"{number}", 100) for number in range(1, MOST + 6)}
    root = fill(tmp_path, versions | {"bob/softmax.py": ("bob", 1)})
    collection = discover(root, NAMES)
    found = [each.read().decode() for each in collection.found if each.student == "eve"]
    assert found == [f"{number}" for number in range(6, MOST + 6)]
    said = f"5 files of the same student, up to this one, left out: the newest {MOST} are graded"
    assert [(each.path, each.reason, each.lost) for each in collection.unplaced] == [
        (f"{root}/eve/softmax (5).py", said, False)
    ]


def test_the_dates_of_a_clone_decide_nothing(tmp_path):
    files = {"hw-submissions/hw-eve/a/softmax.py": ("one", 100), "hw-submissions/hw-eve/b/softmax.py": ("two", 900)}
    collection = discover(fill(tmp_path, files), NAMES)
    assert (collection.found, [each.lost for each in collection.unplaced]) == ((), [True, True])


def test_the_folders_around_a_student_are_not_looked_at(tmp_path):
    root = fill(
        tmp_path / "old", {"old/softmax.py": ("x", 1), "tests/softmax.py": ("y", 1), "tests/a/softmax.py": ("z", 2)}
    )
    found = discover(root, NAMES).found
    assert [(each.student, each.read()) for each in found] == [("old", b"x"), ("tests", b"y"), ("tests", b"z")]
