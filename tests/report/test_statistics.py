"""Statistics of a class: right numbers, none where there is none to give, and no names in examples."""

import random

import numpy as np
import pytest
from scipy.stats import pointbiserialr

from grader.gradebook.store import Grade
from grader.report.statistics import MESSAGES, Association, ExerciseStatistics, describe, identify, tells_who
from grader.result import CheckResult, NamedMistake, Result


def grade(*passed, student="s1", name="Anna Li", mistakes=(), messages=(), points=10.0):
    """A grade of as many checks as verdicts."""
    messages = dict(enumerate(messages))
    checks = tuple(
        CheckResult(
            f"test_{i}",
            f"Check {i}",
            "passed" if good else "failed",
            points if good else 0.0,
            points,
            messages.get(i, ""),
        )
        for i, good in enumerate(passed)
    )
    named = tuple(NamedMistake(m, m.title(), "Why.", tuple(ids), "values", m == "slip") for m, ids in mistakes)
    best = points * len(passed)
    result = Result("softmax", "final.py", "graded", points * sum(passed), 7, checks=checks, mistakes=named)
    return Grade(
        student, name, "softmax", f"in/{student}/final.py", 0.0, 1, "graded", points * sum(passed), best, 7, 0.0, "",
        result,
    )  # fmt: skip


def gather(*grades):
    statistics = ExerciseStatistics()
    for each in grades:
        statistics.add(each)
    return statistics


def test_a_distribution_has_mean_quartiles_and_bins():
    spread = describe([0.0, 0.25, 0.5, 0.75, 1.0])
    assert (spread.count, spread.mean, spread.lower, spread.median, spread.upper) == (5, 0.5, 0.25, 0.5, 0.75)
    assert spread.bins == (1, 0, 1, 0, 0, 1, 0, 1, 0, 1)
    assert spread.full == 1


def test_quartiles_are_those_of_numpy():
    shares = [random.Random(1).random() for _ in range(101)]
    spread = describe(shares)
    assert [spread.lower, spread.median, spread.upper] == pytest.approx(np.quantile(shares, [0.25, 0.5, 0.75]))


def test_one_score_is_its_own_quartiles_and_no_score_has_no_distribution():
    one = describe([0.4])
    assert (one.lower, one.median, one.upper, one.mean) == (0.4, 0.4, 0.4, 0.4)
    assert describe([]) is None


def test_a_score_on_a_border_counts_upwards_despite_rounding():
    assert describe([0.1 + 0.2, 0.3, 0.29999999]).bins[3] == 3
    assert describe([0.99999999]).full == 1


def test_scores_outside_the_scale_go_to_the_ends():
    assert describe([-0.5, 1.5]).bins == (1, 0, 0, 0, 0, 0, 0, 0, 0, 1)


@pytest.mark.parametrize("offset", [0.0, 1000.0])
def test_discrimination_is_the_point_biserial_correlation(offset):
    draw = random.Random(2)
    pairs = [(draw.random() < 0.3, offset + draw.random()) for _ in range(200)]
    association = Association()
    for passed, rest in pairs:
        association.add(passed, rest)
    expected = pointbiserialr([p for p, _ in pairs], [r for _, r in pairs]).statistic
    assert association.coefficient() == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    "pairs", [[], [(True, 1.0), (True, 2.0)], [(False, 1.0), (False, 2.0)], [(True, 0.1 + 0.2), (False, 0.3)]]
)
def test_discrimination_is_undefined_when_all_passed_or_failed_or_score_alike(pairs):
    association = Association()
    for passed, rest in pairs:
        association.add(passed, rest)
    assert association.coefficient() is None


def test_the_rest_score_leaves_the_check_itself_out():
    statistics = gather(grade(True, False), grade(False, True))
    assert [check.association.coefficient() for check in statistics.rank_checks()] == [-1.0, -1.0]


def test_checks_are_ranked_by_how_many_failed_them():
    statistics = gather(grade(True, False, False), grade(True, True, False), grade(True, False, False))
    ranked = statistics.rank_checks()
    assert [(check.title, check.failed) for check in ranked] == [("Check 2", 3), ("Check 1", 2), ("Check 0", 0)]
    assert ranked[1].difficulty == pytest.approx(2 / 3)


def test_mistakes_are_ranked_by_how_many_students_made_them():
    statistics = gather(
        grade(False, mistakes=[("axis", ["test_0"])]),
        grade(False, mistakes=[("slip", ["test_0"]), ("axis", ["test_0"])]),
    )
    assert [(m.title, m.students, m.textbook) for m in statistics.rank_mistakes()] == [
        ("Axis", 2, False),
        ("Slip", 1, True),
    ]


def test_the_example_is_the_most_common_message_without_its_line():
    axis = [("axis", ["test_0"])]
    statistics = gather(
        grade(False, mistakes=axis, messages=["got 1"]),
        grade(False, mistakes=axis, messages=["got 2 (line 7)"]),
        grade(False, mistakes=axis, messages=["got 2 (line 9)"]),
    )
    assert statistics.rank_mistakes()[0].example == ("Check 0", "got 2")


@pytest.mark.parametrize(
    "message", ["raised ValueError: Anna was here", "by LI", "annas", "in final.py", "s90210", "Ask ANNA_Li"]
)
def test_an_example_never_tells_whose_it_is(message):
    mistake = [("axis", ["test_0"])]
    statistics = gather(grade(False, student="s90210", mistakes=mistake, messages=[message]))
    assert statistics.rank_mistakes()[0].example is None


def test_the_exercise_and_short_numbers_tell_nobody():
    identity = identify("softmax", "student_3", "softmax_3.py")
    assert not tells_who("softmax raised IndexError: 3 is out of bounds", identity)


def test_few_messages_are_kept_of_a_mistake():
    mistake = [("axis", ["test_0"])]
    statistics = gather(*(grade(False, mistakes=mistake, messages=[f"got {i}"]) for i in range(MESSAGES * 3)))
    found = statistics.rank_mistakes()[0]
    assert (found.students, len(found.messages)) == (MESSAGES * 3, MESSAGES)


def test_an_exercise_worth_nothing_is_done_in_full():
    assert gather(grade(True, points=0.0)).shares[0] == 1.0
