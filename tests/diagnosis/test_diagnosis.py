"""Mistakes are named where the values show them, and only there."""

import random

import pytest

from grader.diagnosis.agreement import agree
from grader.diagnosis.explanation import Candidate, Explanation, cover
from grader.sandbox.protocol.calls import Raised, Returned, Stopped
from grader.suite.mistakes import Mistake


def named(result):
    return {mistake.id: mistake.evidence for mistake in result.mistakes}


def test_a_known_mistake_is_named_with_its_checks(grade_text, right):
    result = grade_text(right.replace("x + x", "x * 3"))
    (mistake,) = result.mistakes
    assert (mistake.id, mistake.evidence, mistake.textbook) == ("tripled", "values", True)
    assert mistake.checks == ("test_double[3]", "test_double[4]")
    assert result.score == 40


def test_two_mistakes_in_two_functions_are_both_named(grade_text, right):
    result = grade_text(right.replace("x + x", "x ** 2").replace("x / 2", "x / 3"))
    assert named(result) == {"squared": "values", "wrong_half": "values"}


def test_another_mistake_has_no_name(grade_text, right):
    assert named(grade_text(right.replace("x + x", "x + 1"))) == {}


def test_a_mistake_that_a_passed_check_contradicts_is_not_named(grade_text, right):
    sometimes = right.replace("return x + x", "return x * 3 if len(x) == 3 else x + x")
    result = grade_text(sometimes)
    assert [check.id for check in result.checks if check.status == "failed"] == ["test_double[3]"]
    assert named(result) == {}


def test_a_failed_check_with_other_values_speaks_against_a_mistake(grade_text, right):
    sometimes = right.replace("return x + x", "return x * 3 if len(x) == 3 else x * 5")
    result = grade_text(sometimes)
    assert {"test_double[3]", "test_double[4]"} <= {check.id for check in result.checks if check.status == "failed"}
    assert named(result) == {}


def test_an_error_in_another_check_says_nothing_of_it(grade_text, right):
    result = grade_text(right.replace("return x + x", "return x * 3 if len(x) == 3 else x.missing"))
    assert named(result) == {"tripled": "values"}


def test_a_check_that_reveals_a_mistake_names_it(grade_text, right):
    result = grade_text(right.replace("return x + x", "result = x + x; x[...] = 7; return result"))
    assert named(result) == {"in_place": "pattern"}


def test_what_raised_or_hung_is_not_called_a_mistake(grade_text, right):
    assert named(grade_text(right.replace("return x + x", "raise RuntimeError"))) == {}
    assert named(grade_text(right.replace("return x + x", "while True: pass"), seconds=0.3)) == {}


def test_two_mistakes_in_one_function_are_both_named(tiny_course, hosts, right):
    from grader.grading.examiner import Examiner
    from grader.grading.settings import Settings
    from grader.submissions.submission import Submission

    path = tiny_course.root / "solutions" / "double" / "mistakes.py"
    shifted = 'Mistake("shifted", "S", "E.", replace("def double(x):", "def double(x):\\n    x = x + 1")),'
    path.write_text(path.read_text().replace("MISTAKES = [", f"MISTAKES = [\n    {shifted}"))
    examiner = Examiner(tiny_course.exercise("double"))
    source = right.replace("x + x", "3 * (x + 1)").encode()
    result = examiner.grade(Submission("double.py", "double", source), hosts.get(("numpy",)), Settings(0))
    assert named(result) == {"shifted": "values", "tripled": "values"}


def test_where_two_explain_alike_neither_is_named(tiny_course, hosts, right):
    from grader.grading.examiner import Examiner
    from grader.grading.settings import Settings
    from grader.submissions.submission import Submission

    path = tiny_course.root / "solutions" / "double" / "mistakes.py"
    twin = 'MISTAKES = [\n    Mistake("twin", "Twin", "E.", replace("return 2 * x", "return x + 2 * x")),'
    path.write_text(path.read_text().replace("MISTAKES = [", twin))
    examiner = Examiner(tiny_course.exercise("double"))
    source = right.replace("x + x", "x * 3").encode()
    result = examiner.grade(Submission("double.py", "double", source), hosts.get(("numpy",)), Settings(0))
    assert named(result) == {}


def explanation(id, *checks, agreed=9):
    return Explanation((Mistake(id, id, ""),), frozenset(checks), "values", agreed, 99.0)


def test_what_explains_less_than_two_that_explain_alike_is_not_named():
    two = [explanation("one", "a", "b", "c"), explanation("other", "a", "b", "d")]
    weaker, elsewhere = explanation("weaker", "b", "e"), explanation("elsewhere", "f")
    found = cover([Candidate.of(each) for each in (*two, weaker, elsewhere)], set("abcdef"))
    assert {(each.mistakes[0].id, *each.checks) for each in found} == {
        *(("one", "c"), ("other", "d")),  # what only one of them explains
        ("elsewhere", "f"),
    }


def test_what_cannot_explain_as_much_as_another_is_not_looked_at():
    def refuse():
        raise AssertionError("it was looked at")

    found = cover([Candidate({"a", "b"}, refuse), Candidate.of(explanation("all", "a", "b", "c"))], {"a", "b", "c"})
    assert [each.mistakes[0].id for each in found] == ["all"]


@pytest.mark.parametrize("seed", range(20))
def test_the_same_is_named_as_where_all_is_looked_at(seed):
    draw = random.Random(seed)
    checks = "abcdefg"
    found = [
        explanation(draw.choice("klmno"), *draw.sample(checks, draw.randint(1, 4)), agreed=draw.randint(1, 2))
        for _ in range(12)
    ]
    more = [Candidate({*each.checks, *draw.sample(checks, 2)}, lambda each=each: each) for each in found]
    nothing = [Candidate(set(draw.sample(checks, 3)), lambda: None) for _ in range(4)]
    whole = {*checks}
    alike = [Candidate(whole, lambda each=each: each) for each in found]  # none is left out for what it may explain
    assert cover(nothing + more, whole) == cover(alike, whole)


@pytest.mark.parametrize(
    ("got", "other", "found"),
    [
        (Returned([1.0, 2.0]), Returned((1.0, 2.0)), "values"),
        (Returned([1.0, 2.0]), Returned([1.0, 3.0]), "none"),
        (Returned({"a": 1}), Returned({"a": 1}), "values"),
        (Returned("x"), Returned("x"), "values"),
        (Returned(float("nan")), Returned(float("inf")), "pattern"),
        (Returned(1.0), Returned(float("inf")), "none"),
        (Raised(("AxisError", "ValueError"), ""), Raised(("ValueError",), ""), "pattern"),
        (Raised(("KeyError",), ""), Raised(("IndexError",), ""), "none"),
        (Stopped("late"), Stopped("late"), "none"),
        (Returned(1.0), Raised(("ValueError",), ""), "none"),
    ],
)
def test_agreement_of_outcomes(got, other, found):
    assert agree(got, other, {}) == found


def test_the_same_answers_are_explained_once_and_others_anew(examiner, grade_text, right, monkeypatch):
    asked = []
    explain = examiner.diagnosis._name_mistakes
    monkeypatch.setattr(examiner.diagnosis, "_name_mistakes", lambda tried: asked.append(1) or explain(tried))
    wrong = right.replace("x + x", "3 * x")
    first, again = grade_text(wrong), grade_text(f"{wrong}\n# of another student\n")
    assert first.mistakes == again.mistakes != ()
    assert [check.message for check in first.checks] == [check.message for check in again.checks]
    assert len(asked) == 1
    assert [mistake.id for mistake in grade_text(right.replace("x + x", "x * x")).mistakes] == ["squared"]
    assert len(asked) == 2
