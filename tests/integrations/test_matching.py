"""Which file answers which exercise: one rule, whoever hands the files in."""

import pytest

from grader.integrations.matching import Answers, listed
from grader.submissions.folder import list_folder


@pytest.fixture
def answers(tmp_path):
    def make(*names, exercises=("double", "halve")):
        for name in names:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text("x = 1")
        return Answers(list_folder(tmp_path), exercises)

    return make


def path_of(file):
    return "/".join(file.parts) if file else None


@pytest.mark.parametrize(
    ("names", "order"),
    [
        (["b/double.py", "double.py"], ["double.py", "b/double.py"]),
        (["double.ipynb", "a/b/double.py"], ["a/b/double.py", "double.ipynb"]),
        (["double (2).py", "double (1).py", "double.py"], ["double.py", "double (1).py", "double (2).py"]),
        (["z/double.py", "double (1).py"], ["double (1).py", "z/double.py"]),
        (["b/double.py", "a/double.py"], ["a/double.py", "b/double.py"]),
        (["DOUBLE.py", "halve.py", "main.py"], ["DOUBLE.py"]),
    ],
)
def test_of_several_the_first_is_taken_and_the_others_are_told(answers, names, order):
    choice = answers(*names).of("double", alone=True)
    assert [path_of(file) for file in (choice.file, *choice.others)] == order
    assert not choice.is_guess


@pytest.mark.parametrize(
    ("names", "alone", "taken"),
    [
        (["main.py"], True, "main.py"),
        (["main.py"], False, None),  # it would answer two exercises
        (["week.ipynb"], False, "week.ipynb"),
        (["main.py", "notes.ipynb"], True, "main.py"),
        (["main.py", "notes.ipynb"], False, None),
        (["main.py", "more.py"], True, None),
        (["halve.py"], True, None),  # it is named for another
        (["halve.py", "main.py"], True, "main.py"),
        ([], True, None),
    ],
)
def test_the_only_file_is_taken_where_nothing_has_the_name(answers, names, alone, taken):
    choice = answers(*names).of("double", alone=alone)
    assert path_of(choice.file) == taken
    assert choice.is_guess == (taken is not None)


def test_a_slip_of_the_name_is_found_and_not_taken(answers):
    found = answers("duoble.py", "main.py")
    assert path_of(found.slip("double")) == "duoble.py"
    assert found.slip("halve") is None
    assert found.of("double", alone=True).file is None


def test_a_list_of_files_is_cut_to_size(answers):
    strays = answers("a.py", "b.py", "c.py").strays
    assert listed(strays, 3) == "a.py, b.py, c.py"
    assert listed(strays, 2) == "a.py, b.py and 1 more"
