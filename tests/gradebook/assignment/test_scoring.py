"""What a student has: worked out by hand, to the last point."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from grader.gradebook.assignment.reading import parse
from grader.gradebook.assignment.rounding import exact, rounded
from grader.gradebook.assignment.scoring import Try, Work
from grader.gradebook.assignment.scoring import stand as stand_in_all

DUE = datetime(2026, 5, 3, 22, 0, tzinfo=UTC)
HEAD = 'zone = "Europe/Berlin"\ndue = 2026-05-04T00:00:00\n'  # the same
LATER = DUE + timedelta(days=30)


def stand(assignment, works, now):
    (standing,) = stand_in_all([assignment], [works], now)
    return standing


def tried(percent, **late):
    """An attempt, so much later than the due date."""
    share = None if percent is None else Fraction(percent) / 100
    return Try(share, DUE + timedelta(**late) if late else DUE)


def work(*tries, **changes):
    """`tries`: the newest first."""
    return Work(tries, **{"due": DUE} | changes)


def one(late, *tries, counts="newest", now=LATER, **changes):
    """Points in an assignment of one exercise, worth 100."""
    assignment = parse(f'exercises = ["a"]\ncounts = "{counts}"\n{HEAD}[late]\n{late}', "a.toml")
    standing = stand(assignment, {"a": work(*tries, **changes)}, now)
    return standing.total(assignment), standing.days


@pytest.mark.parametrize(
    ("policy", "late", "expected"),
    [
        ("percent = 10", {"seconds": 0}, 80),
        ("percent = 10", {"seconds": 1}, 70),
        ("percent = 10", {"days": 1}, 70),
        ("percent = 10", {"days": 1, "seconds": 1}, 60),
        ("percent = 10\nof = 'score'", {"seconds": 1}, 72),
        ("points = 7.5", {"hours": 30}, 65),
        ("percent = 1\nper = 'hour'", {"hours": 5, "minutes": 1}, 74),
        ("percent = 10\ngrace = '15 minutes'", {"minutes": 15}, 80),
        ("percent = 10\ngrace = '15 minutes'", {"minutes": 15, "seconds": 1}, 70),
        ("percent = 10\ncap = 25", {"days": 9}, 55),
        ("percent = 30", {"days": 9}, 0),
        ("cutoff = '2 days'", {"days": 2}, 80),
        ("cutoff = '2 days'", {"days": 2, "seconds": 1}, 0),
        ("cutoff = 2026-05-05T12:00:00", {"days": 1, "hours": 12}, 80),
        ("cutoff = 2026-05-05T12:00:00", {"days": 1, "hours": 13}, 0),
        ("cutoff = '0 days'\ngrace = '1 hour'", {"minutes": 59}, 80),
        ("", {"days": 20}, 80),
    ],
)
def test_lateness_costs_what_the_policy_says(policy, late, expected):
    assert one(policy, tried(80, **late)) == (expected, 0)


def test_a_day_is_one_of_the_clock_on_the_wall_where_summer_time_begins():
    text = 'zone = "Europe/Berlin"\ndue = 2026-03-28T23:00:00\nexercises = ["a"]\n[late]\npercent = 10\n'
    assignment = parse(text, "a.toml")
    due = assignment.exercises["a"].due
    for minutes, expected in ((23 * 60, 90), (23 * 60 + 1, 80)):
        handed_in = Try(Fraction(1), due.astimezone(UTC) + timedelta(minutes=minutes))
        assert stand(assignment, {"a": Work([handed_in], due)}, LATER).total(assignment) == expected


@pytest.mark.parametrize(
    ("counts", "expected"),
    [("newest", 60), ("best", 75), ("newest-before-due", 50)],
)
def test_which_attempt_counts(counts, expected):
    tries = [tried(90, days=3), tried(85, days=1), tried(50), tried(70, hours=-1)]
    tries[3] = Try(Fraction(7, 10), DUE - timedelta(hours=1))
    assert one("percent = 10", *tries, counts=counts) == (expected, 0)


def test_where_nothing_is_in_time_the_newest_counts_late():
    assert one("percent = 10", tried(90, days=2), tried(95, days=1), counts="newest-before-due") == (70, 0)


def test_an_attempt_without_a_time_is_never_late():
    assert one("percent = 50", Try(Fraction(3, 4), None)) == (75, 0)
    assert one("cutoff = '0 days'", Try(Fraction(3, 4), None), counts="newest-before-due") == (75, 0)


def test_what_is_missing_counts_nothing_until_it_is_due_and_then_zero():
    assignment = parse(f"{HEAD}[exercises.a]\npoints = 30\n[exercises.b]\npoints = 10\n", "a.toml")
    works = {"a": work(tried(80)), "b": work()}
    for now, total, state in ((DUE, 32, "not due"), (DUE + timedelta(seconds=1), 24, "missing")):
        standing = stand(assignment, works, now)
        assert (standing.total(assignment), standing.marks["b"].state) == (total, state)


def test_without_a_due_date_what_is_missing_counts_zero():
    assignment = parse('exercises = ["a", "b"]', "a.toml")
    works = {"a": work(tried(80), due=None), "b": work(due=None)}
    assert stand(assignment, works, LATER).total(assignment) == 40


def test_an_exemption_counts_neither_way():
    assignment = parse('exercises = ["a", "b"]', "a.toml")
    exempt = work(tried(10), due=None, is_exempt=True)
    standing = stand(assignment, {"a": work(tried(80), due=None), "b": exempt}, LATER)
    assert standing.total(assignment) == 80
    assert stand(assignment, {"a": exempt, "b": exempt}, LATER).total(assignment) is None


@pytest.mark.parametrize("broken", [work(tried(None)), work(is_lost=True)])
def test_what_could_not_be_graded_costs_nothing_and_there_is_no_total(broken):
    assignment = parse(f'exercises = ["a", "b"]\n{HEAD}', "a.toml")
    standing = stand(assignment, {"a": work(tried(80)), "b": broken}, LATER)
    assert standing.marks["b"].state == "not graded"
    assert standing.total(assignment) is None


def test_of_several_attempts_one_that_could_not_be_graded_may_be_the_best():
    assert one("", tried(None), tried(80), counts="best") == (None, 0)
    assert one("", tried(None), tried(100), counts="best") == (100, 0)
    assert one("", tried(80), tried(None), counts="newest") == (80, 0)


def test_the_lowest_by_percent_are_dropped():
    text = "drop_lowest = 1\n[exercises.a]\npoints = 10\n[exercises.b]\npoints = 30\n[exercises.c]\npoints = 60\n"
    assignment = parse(text, "a.toml")
    works = {name: work(tried(percent), due=None) for name, percent in (("a", 50), ("b", 40), ("c", 90))}
    standing = stand(assignment, works, LATER)
    assert [mark.is_dropped for mark in standing.marks.values()] == [False, True, False]
    assert standing.share == Fraction(59, 70)  # 5 + 54 of 70
    assert standing.total(assignment) == 84.29


def test_of_equally_low_ones_that_which_is_worth_most_is_dropped_and_one_always_counts():
    text = "drop_lowest = 2\n[exercises.a]\npoints = 10\n[exercises.b]\npoints = 30\n[exercises.c]\npoints = 60\n"
    assignment = parse(text, "a.toml")
    missing, exempt = work(due=None), work(due=None, is_exempt=True)
    marks = stand(assignment, {"a": missing, "b": missing, "c": missing}, LATER).marks
    assert [mark.is_dropped for mark in marks.values()] == [False, True, True]
    marks = stand(assignment, {"a": missing, "b": exempt, "c": exempt}, LATER).marks
    assert [mark.is_dropped for mark in marks.values()] == [False, False, False]


def test_as_many_late_days_are_used_as_gain_points():
    assert one("percent = 10\ndays = 3", tried(80, days=2)) == (80, 2)
    assert one("percent = 10\ndays = 1", tried(80, days=2)) == (70, 1)
    assert one("percent = 10\ncap = 10\ndays = 3", tried(80, days=3, seconds=1)) == (70, 0)  # three do not help
    assert one("percent = 10\ndays = 3", tried(0, days=2)) == (0, 0)
    assert one("percent = 100\ndays = 3", tried(80, days=4)) == (0, 0)
    assert one("percent = 10\ndays = 5\ncutoff = '1 day'", tried(80, days=2)) == (0, 0)  # it stays where it is
    assert one("percent = 10\ndays = 1", tried(90, days=1), tried(75), counts="best") == (90, 1)


def test_late_days_are_used_once_for_what_is_due_together_and_in_the_order_of_the_due_dates():
    week = timedelta(days=7)
    text = (
        f"{HEAD}[exercises.c]\ndue = 2026-05-11T00:00:00\n[exercises.a]\n[exercises.b]\n"
        "[late]\npercent = 10\ndays = 3\n"
    )
    assignment = parse(text, "a.toml")
    works = {
        "a": work(tried(100, days=2)),
        "b": work(tried(50, days=1)),
        "c": work(Try(Fraction(1), DUE + week + timedelta(days=2)), due=DUE + week),
    }
    standing = stand(assignment, works, LATER)
    marks = standing.marks
    assert standing.days == 3
    assert [(marks[name].lateness.days, marks[name].lateness.units) for name in "abc"] == [(2, 0), (1, 0), (1, 1)]
    assert standing.share == (Fraction(100) + 50 + 90) / 300


def test_a_pool_is_used_up_in_the_order_of_all_due_dates():
    """The second assignment's exercise is due between those of the first."""
    late = '[late]\npercent = 10\ndays = 2\npool = "term"\n'
    first = "[exercises.a]\ndue = 2026-05-04T00:00:00Z\n[exercises.c]\ndue = 2026-05-18T00:00:00Z\n"
    assignments = [
        parse(first + late, "1.toml"),
        parse(f'exercises = ["b"]\ndue = 2026-05-11T00:00:00Z\n{late}', "2.toml"),
    ]
    works = [
        {name: Work([Try(Fraction(1), each.due + timedelta(days=1))], each.due) for name, each in one.exercises.items()}
        for one in assignments
    ]
    one, two = stand_in_all(assignments, works, LATER)
    assert ({name: mark.lateness.days for name, mark in one.marks.items()}, two.days) == ({"a": 1, "c": 0}, 1)
    assert (one.share, two.share) == (Fraction(19, 20), 1)


def test_scores_are_the_fractions_that_are_meant_and_half_a_unit_goes_up():
    assert exact(3.333333) == Fraction(10, 3)
    assert exact(49.33333333333333) == Fraction(148, 3)
    assert exact(0.1) + exact(0.2) == exact(0.3)
    assert exact(12.345678) == Fraction(12345678, 10**6)
    assert [rounded(Fraction(number), 0) for number in ("2.5", "3.5", "2.4999999")] == [3, 4, 2]
    assert rounded(Fraction("1.005"), 2) == 1.01  # which no float is


@pytest.mark.parametrize(("decimals", "expected"), [(0, 67), (1, 66.7), (2, 66.67)])
def test_a_total_is_rounded_once(decimals, expected):
    assignment = parse(f'exercises = ["a", "b", "c"]\nround = {decimals}', "a.toml")
    works = {"a": work(tried(100), due=None), "b": work(tried(100), due=None), "c": work(due=None)}
    assert stand(assignment, works, LATER).total(assignment) == expected
    assert stand(assignment, works, LATER).total(assignment, 3.0) == 2
