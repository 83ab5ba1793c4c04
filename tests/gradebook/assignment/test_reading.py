"""An assignment's file: what it may say, and one line that names file, line and key for what is wrong."""

import os
import re
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from grader.gradebook.assignment.reading import found_in, parse, read_file
from grader.gradebook.assignment.settings import AssignmentFileError, Duration
from grader.gradebook.assignment.template import begin

HEAD = 'exercises = ["relu", "lstm"]\ndue = 2026-05-03T23:59:00+02:00\n'


def worths(assignment):
    return [each.worth for each in assignment.exercises.values()]


def test_exercises_alone_are_worth_the_same_and_one_hundred_together():
    assignment = parse('exercises = ["relu", "lstm", "gru"]', "week3/assignment.toml")
    assert worths(assignment) == [Fraction(100, 3)] * 3
    assert (assignment.title, assignment.total, assignment.unit) == ("week3", 100, "points")


@pytest.mark.parametrize(
    ("said", "expected", "total"),
    [
        ("[exercises.a]\npoints = 20\n[exercises.b]\npoints = 7.5", [20, Fraction(15, 2)], Fraction(55, 2)),
        ("[exercises.a]\nweight = 2\n[exercises.b]", [Fraction(200, 3), Fraction(100, 3)], 100),
        ("total = 30\n[exercises.a]\nweight = 2\n[exercises.b]\nweight = 1", [20, 10], 30),
        ("total = 10\n[exercises.a]\npoints = 20\n[exercises.b]\npoints = 30", [4, 6], 10),
        ('unit = "percent"\n[exercises.a]\npoints = 20\n[exercises.b]\npoints = 60', [25, 75], 100),
    ],
)
def test_points_and_weights_come_to_one_total(said, expected, total):
    assignment = parse(said, "a.toml")
    assert (worths(assignment), assignment.total) == (expected, total)


@pytest.mark.parametrize(
    ("said", "utc"),
    [
        ("due = 2026-05-03T23:59:00+02:00", "2026-05-03 21:59"),
        ('zone = "America/Chicago"\ndue = 2026-12-03T18:00:00', "2026-12-04 00:00"),
        ('due = 2026-07-03T18:00:00\nzone = "America/Chicago"', "2026-07-03 23:00"),
        ('zone = "Asia/Tokyo"\ndue = 2026-05-03', "2026-05-03 15:00"),  # the end of that day
    ],
)
def test_a_due_date_has_a_zone(said, utc):
    (due,) = {each.due for each in parse(f'exercises = ["a"]\n{said}', "a.toml").exercises.values()}
    assert due.astimezone(UTC) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


def test_days_are_those_of_the_clock_on_the_wall():
    due = parse('exercises = ["a"]\nzone = "Europe/Berlin"\ndue = 2026-03-28T12:00:00', "a.toml").exercises["a"].due
    day, hours = Duration(days=1).after(due), Duration(seconds=24 * 3600).after(due)
    assert (day.hour, hours.hour) == (12, 13)  # summer time begins in that night
    assert day.astimezone(UTC) - due.astimezone(UTC) == timedelta(hours=23)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "no exercises"),
        ("exercises = []", 1, "exercises = [] is not understood"),
        ('title = "x"\nexercsies = ["a"]', 2, "'exercsies' here; did you mean 'exercises'?"),
        (f'{HEAD}[late]\npercent = 10\ngrade = "5 minutes"', 5, "did you mean 'grace'?"),
        (f"{HEAD}[late]\npercent = 120", 4, "late.percent = 120 is not understood: allowed is a number from 0 to 100"),
        (f"{HEAD}[late]\npercent = -1", 4, "a number from 0"),
        (f"{HEAD}[late]\npercent = true", 4, "late.percent = true"),
        (f"{HEAD}[late]\npercent = nan", 4, "late.percent = NaN"),
        (f"{HEAD}[late]\npercent = 1e-999999", 4, "6 decimals at most"),
        (f"{HEAD}total = 1e999999", 3, "a number from 0 to 1,000,000"),
        (f"{HEAD}total = 0", 3, "above 0"),
        (f'{HEAD}unit = "percent"\ntotal = 20', 4, "must be 100"),
        (f"{HEAD}round = 3", 3, "a whole number from 0 to 2"),
        (f'{HEAD}counts = "last"', 3, '"newest" or "best" or "newest-before-due"'),
        (f"{HEAD}drop_lowest = 2", 3, "at least one must count"),
        (f'{HEAD}zone = "Berlin"', 3, "the name of a zone"),
        ('exercises = ["a"]\ndue = 2026-05-03T23:59:00', 2, "has no zone"),
        ('exercises = ["a"]\ndue = "tomorrow"', 2, "a time like 2026-05-03T23:59:00+02:00"),
        ('exercises = ["a"]\ndue = 9999-12-31', 2, "a time like"),
        ('exercises = ["a"]\ndue = 2200-01-01T00:00:00Z', 2, "from 1971 to 2199"),
        (f"{HEAD}[late]\npercent = 5\ncutoff = 2300-01-01T00:00:00Z", 5, "from 1971 to 2199"),
        (f'{HEAD}[[extensions]]\nstudents = ["a"]\ndue = 9000-01-01T00:00:00Z', 5, "from 1971 to 2199"),
        ('exercises = ["a", "a"]', 1, "twice"),
        ("[exercises.a]\npoints = 5\n[exercises.b]\n", 3, "b has no points"),
        ("[exercises.a]\npoints = 5\nweight = 1\n", 3, "keep one"),
        ("[exercises.a]\npoints = 0\n", 1, "worth nothing"),
        ("[exercises.a.checks]\ntest_a = 1\ntest_b = 'no'\n", 3, 'exercises.a.checks.test_b = "no"'),
        ('exercises = ["a"]\n[late]\npercent = 5', 2, "needs a due date"),
        (f"{HEAD}[late]\npercent = 5\npoints = 5", 5, "keep one"),
        (f"{HEAD}[late]\ndays = 5", 4, "late days need what a day costs"),
        (f'{HEAD}[late]\npercent = 5\ncutoff = "soon"', 5, '"3 days"'),
        (f"{HEAD}extensions = 5", 3, "each of which begins with [[extensions]]"),
        (f'{HEAD}[[extensions]]\nby = "1 day"', 3, "nobody is named"),
        (f'{HEAD}[[extensions]]\nstudents = [\n  "ann",\n  "bo",\n]\nby = "1 dy"', 8, "extensions.by"),
        (f'{HEAD}[[extensions]]\nstudents = ["a"]\nby = "1 day"\n[[extensions]]\nsections = ["a"]', 6, "either due"),
        (f'{HEAD}[[exemptions]]\nstudents = ["ann"]\nexercises = ["rleu"]', 5, "did you mean 'relu'?"),
        (f'{HEAD}[[exemptions]]\nstudents = ["ann"]\nby = "1 day"', 5, "'by' here"),
        (f'{HEAD}title = "a" "b"', 3, "is no TOML"),
        (f'{HEAD}due = "again"', 3, "is no TOML"),
    ],
)
def test_what_is_wrong_is_told_in_one_line_with_its_place(text, line, said):
    with pytest.raises(AssignmentFileError) as error:
        parse(text, "a.toml")
    told = str(error.value)
    assert said in told
    assert f"line {line}" in told
    assert "\n" not in told


def test_exercises_are_those_that_there_are():
    with pytest.raises(AssignmentFileError, match=r"line 2: no exercise is named 'sofmax'; did you mean 'softmax'\?"):
        parse("[exercises.relu]\n[exercises.sofmax]", "a.toml", ["relu", "softmax"])


@pytest.mark.parametrize("text", ["x = " + "[" * 5000, "x = " + "9" * 5000, "\0", "[a]\n[a]\n", "a.b = 1\na = 2"])
def test_hostile_texts_are_one_line(text):
    with pytest.raises(AssignmentFileError, match=r"\Aa\.toml.*\Z"):
        parse(text, "a.toml")


def test_files_that_are_none_are_one_line(tmp_path):
    path = tmp_path / "assignment.toml"
    for data, said in ((b"#" * 70_000, "larger than 64 KiB"), (b'a = 1\nb = "\xff"', "line 2: this is not UTF-8")):
        path.write_bytes(data)
        with pytest.raises(AssignmentFileError, match=said):
            read_file(path)
    path.write_bytes(b'\xef\xbb\xbfexercises = ["a"]\r\n')  # as Windows writes it
    assert parse(read_file(path), "a.toml").exercises
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    with pytest.raises(AssignmentFileError, match="is no file"):
        read_file(fifo)
    assert found_in(tmp_path) == path
    path.unlink()
    assert found_in(tmp_path) is None
    path.symlink_to("/etc/hostname")
    with pytest.raises(AssignmentFileError, match="no regular file"):
        found_in(tmp_path)


def test_the_example_of_the_documentation_is_understood():
    page = Path(__file__).parents[3] / "docs" / "assignments.md"
    (example,) = re.findall(r"```toml\n(.+?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    assignment = parse(example, "a.toml")
    assert worths(assignment) == [5, 10, 5]
    assert [len(special) for special in (assignment.extensions, assignment.exemptions)] == [2, 1]


def test_the_file_that_is_begun_is_understood_and_so_is_all_that_it_offers():
    text = begin('Week "3"', ["softmax", "relu"], "Europe/Berlin", datetime(2026, 5, 3).date())
    assert worths(parse(text, "a.toml")) == [50, 50]
    lines = text.splitlines()
    offers = [line.removeprefix("# ") for line in lines if not line.startswith("# A time")]
    offers = [line for line in offers if not line.startswith(("unit", "[exercises.softmax.checks]", "test_name"))]
    full = parse("\n".join(offers), "a.toml")
    assert (full.drop, full.late.days, full.late.pool, full.late.grace) == (1, 3, "term", Duration(seconds=900))
    assert full.extensions[0].students == ("ann@uni.edu", "Bo Ek")
