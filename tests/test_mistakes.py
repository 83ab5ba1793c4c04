"""Known mistakes as edits of a reference."""

import pytest

from grader.suite.mistakes import EditError, Mistake, define, edited, load_mistakes, module_of, replace

SOURCE = "def f(x):\n    y = x + 1\n    return y\n"


def test_edits_make_the_reference_wrong_in_one_way():
    module = module_of(edited(SOURCE, [replace("x + 1", "x + 2")]), "f")
    assert module.f(1) == 3


def test_a_definition_takes_the_place_of_the_reference_s():
    assert module_of(edited(SOURCE, [define("\n    def f(x):\n        return -x\n")]), "f").f(1) == -1


def test_edits_of_two_mistakes_go_together():
    both = edited(SOURCE, [replace("x + 1", "x + 2"), replace("return y", "return -y")])
    assert module_of(both, "f").f(1) == -3


@pytest.mark.parametrize(("old", "count"), [("z", 0), ("y", 2)])
def test_an_edit_that_does_not_fit_is_refused(old, count):
    with pytest.raises(EditError, match=f"occurs {count} times"):
        edited(SOURCE, [replace(old, "w")])


def test_variants_are_single_edits_or_lists_of_them():
    one, two = replace("x", "y"), replace("y", "z")
    mistake = Mistake("m", "M", "  one\n  line ", one, [one, two], formula="x", textbook=True)
    assert mistake.variants == ((one,), (one, two))
    assert (mistake.explanation, mistake.textbook) == ("one line", True)


def test_mistakes_are_read_from_a_file(tiny_course, tmp_path):
    assert [mistake.id for mistake in load_mistakes(tiny_course.exercise("double").mistakes)] == [
        "squared",
        "tripled",
        "wrong_half",
        "in_place",
    ]
    assert load_mistakes(tmp_path / "none.py") == ()
