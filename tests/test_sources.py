"""The table of the source documents holds: exercises exist, and each slip is a textbook mistake of its exercise.

That each mistake is caught and named as itself is what the course check proves (test_course_is_proven.py).
"""

import re
from pathlib import Path

import pytest

from grader.course.course import Course
from grader.suite.mistakes import load_mistakes

ROOT = Path(__file__).parents[1]
COURSE = Course(ROOT)
TEXT = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in row.strip("|").split("|")] for row in re.findall(r"^\| [AB]\d.*$", TEXT, re.MULTILINE)
]
PROGRAMS = [row for row in ROWS if len(row) == 4]


def textbook_slips(name):
    return {mistake.id for mistake in load_mistakes(COURSE.exercise(name).mistakes) if mistake.textbook}


@pytest.mark.parametrize("row", ROWS, ids=[f"{row[0].split()[0]}-{row[-1]}" for row in ROWS])
def test_a_row_is_true(row):
    exercise = row[1]
    assert exercise in COURSE.names
    if len(row) == 4:
        wrong, mistake = row[2:]
        assert (wrong == "–") == (mistake == "–")
        assert mistake == "–" or mistake in textbook_slips(exercise)


def test_every_question_with_a_program_has_a_row():
    asked = {row[0].split()[0] for row in PROGRAMS}
    assert {f"A{number}" for number in range(1, 31)} <= asked
    chapters = {4: [6, 7, 8], 5: [8, 9, 10], 6: [8, 9, 10], 7: [9, 10], 8: [8, 9, 10]}
    assert {f"B{chapter}.{number}" for chapter, numbers in chapters.items() for number in numbers} <= asked


def test_every_textbook_slip_of_the_course_stands_in_the_table():
    told = {(row[1], row[3]) for row in PROGRAMS if row[3] != "–"}
    assert {(name, slip) for name in COURSE.names for slip in textbook_slips(name)} == told
