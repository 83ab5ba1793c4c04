"""Known mistakes as edits of a reference."""

import sys

import pytest

from grader.errors import SuiteError
from grader.suite.edits import EditError, define, edited, replace
from grader.suite.mistakes import Mistake, load_mistakes, module_of

SOURCE = "def f(x):\n    y = x + 1\n    return y\n"


def test_edits_make_the_reference_wrong_in_one_way():
    module = module_of(edited(SOURCE, [replace("x + 1", "x + 2")]), "f")
    assert module.f(1) == 3


def test_a_definition_takes_the_place_of_the_reference_s():
    assert module_of(edited(SOURCE, [define("\n    def f(x):\n        return -x\n")]), "f").f(1) == -1


def test_edits_of_two_mistakes_go_together():
    both = edited(SOURCE, [replace("x + 1", "x + 2"), replace("return y", "return -y")])
    assert module_of(both, "f").f(1) == -3


@pytest.mark.parametrize(("old", "reason"), [("x + 3", "is not in the reference"), ("y", "occurs 2 times")])
def test_an_edit_that_does_not_fit_is_refused(old, reason):
    with pytest.raises(EditError, match=reason):
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


def test_whole_functions_are_mistakes_under_the_name_before_the_underscores(tmp_path):
    (tmp_path / "mistakes.py").write_text(
        "from grader.suite import wrong\n\n\ndef f__twice(x):\n    return f__twice(x - 1) + 2 if x else 0\n\n\n"
        "MISTAKES = [wrong('twice', 'Twice', 'Why.', f__twice)]\n"
    )
    (mistake,) = load_mistakes(tmp_path / "mistakes.py")
    (variant,) = mistake.variants
    assert module_of(edited(SOURCE, variant), "f").f(4) == 8


def test_a_whole_class_is_one_and_what_replaces_nothing_is_an_error(tmp_path):
    path = tmp_path / "mistakes.py"
    path.write_text(
        "from grader.suite import wrong\n\n\nclass Net__halved:\n    def forward(self, x):\n        return x / 2\n\n\n"
        "MISTAKES = [wrong('halved', 'Half', 'Why.', Net__halved)]\n"
    )
    ((edit,),) = load_mistakes(path)[0].variants
    source = "class Net:\n    def forward(self, x):\n        return x\n"
    assert module_of(edit(source), "net").Net().forward(4) == 2
    with pytest.raises(EditError, match=r"there is no 'Net' in the reference; is it 'Nets'\?"):
        edit(source.replace("Net", "Nets"))
    path.write_text("from grader.suite import wrong\nMISTAKES = [wrong('a', 'A', 'B', lambda x: x)]\n")
    with pytest.raises(SuiteError, match="line 2: ValueError: a mistake is written as a function or a class"):
        load_mistakes(path)
    assert "mistakes" not in sys.modules


def test_a_reference_may_hold_what_looks_its_module_up():
    source = (
        "from __future__ import annotations\nfrom dataclasses import KW_ONLY, dataclass\nimport typing\n"
        "@dataclass\nclass P:\n    x: int\n    _: KW_ONLY\n    y: int = 2\n"
        "def f(x): return P(x).y, typing.get_type_hints(P)['x']\n"
    )
    assert module_of(source, "random").f(1) == (2, int)
    import random

    assert random.random() < 1  # whatever an exercise is called
