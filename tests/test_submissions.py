"""Real submissions, right and wrong, in tests/submissions/<exercise>/, with the results they must get."""

import json
from pathlib import Path

import pytest

from grader.course.course import Course
from grader.grading.examiner import Examiner
from grader.grading.settings import Settings
from grader.submissions.submission import read

ROOT = Path(__file__).parents[1]
FOLDERS = sorted(path.parent for path in (ROOT / "tests" / "submissions").glob("*/expected.json"))
CASES = [(folder, name) for folder in FOLDERS for name in sorted(json.loads((folder / "expected.json").read_text()))]


@pytest.fixture(scope="module")
def examiners():
    return {}


@pytest.mark.parametrize(("folder", "name"), CASES, ids=[f"{folder.name}-{name}" for folder, name in CASES])
def test_submission_gets_what_it_deserves(hosts, examiners, folder, name):
    exercise = Course(ROOT).exercise(folder.name)
    if exercise.name not in examiners:
        examiners[exercise.name] = Examiner(exercise)
        examiners[exercise.name].record(Settings(13))  # so that one seed is judged as in a batch
    examiner = examiners[exercise.name]
    expected = json.loads((folder / "expected.json").read_text())[name]
    # What known mistakes answer takes most of the time: of an exercise they are asked with one seed.
    for seed in (11, 13) if expected["score"] == 100 else (11 if FOLDERS.index(folder) % 2 else 13,):
        host = hosts.equipped(exercise.libraries, examiner.setup)
        result = examiner.grade(read(folder / name, exercise.name), host, Settings(seed))
        assert result.status == "graded", result.error
        lost = {check.id: check.message for check in result.checks if check.status != "passed"}
        assert round(result.score, 2) == expected["score"], lost
        assert {mistake.id for mistake in result.mistakes} == set(expected.get("mistakes", []))
        assert list(result.not_allowed) == expected.get("not_allowed", [])


@pytest.mark.parametrize("folder", FOLDERS, ids=[folder.name for folder in FOLDERS])
def test_every_file_has_its_expected_result(folder):
    assert {path.name for path in folder.glob("*.py")} == set(json.loads((folder / "expected.json").read_text()))
