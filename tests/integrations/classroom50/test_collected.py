"""students.csv and scores.json beside a central run: everybody has a row, groups share, and differences are told."""

import csv
import json
import subprocess
import sys

import pytest

from grader.gradebook.store import Grade
from grader.integrations.classroom50.bundle import Classroom50Error
from grader.integrations.classroom50.collected import beside, read_scores, read_students

STUDENTS = """\
\ufeffusername,first_name,last_name,email,section,github_id,note
ann,Ann,Lee,ann@uni.example,A,1,
Bo,Bo,"Ng, Jr.",,B,2,
cy,=Cy,,,,3,
,,,,,,
"""


def submission(score=300, exercise="double", **more):
    tests = [{"test-name": "a", "passed": True, "score": score, "max-score": 300, "exercise": exercise}]
    return {
        "schema": "classroom50/result/v1", "score": score, "max-score": 300, "tests": tests,
        "datetime": "2026-10-01T10:00:00Z", "commit": "https://git.example/c", **more,
    }  # fmt: skip


def grade(student, exercise="double", score=100.0):
    status = "error" if score is None else "graded"
    return Grade(student, student, exercise, "p", 0.0, 1, status, score, 100.0, 1, 0.0, "r.html", None)


@pytest.fixture
def scores(tmp_path):
    def write(*entries, kind="individual", slug="week-3", **more):
        path = tmp_path / "scores.json"
        buckets = {slug: {"type": kind, "entries": list(entries)}, **more}
        path.write_text(json.dumps({"schema": "classroom50/scores/v1", "assignments": buckets}))
        return path

    return write


@pytest.fixture
def students(tmp_path):
    path = tmp_path / "students.csv"
    path.write_text(STUDENTS, encoding="utf-8")
    return path


def rows_of(made):
    return {row["username"]: row for row in csv.DictReader(made.text.splitlines())}


def test_everybody_has_a_row_in_the_order_of_the_list(students, scores):
    entries = read_scores(scores({"owner": "ANN", "submissions": [submission(late=True)]},
                                 {"owner": "eve", "submissions": [submission()]}), None)  # fmt: skip
    made = beside(read_students(students), entries, [grade("ann"), grade("zed", score=40.0)])
    rows = rows_of(made)
    assert list(rows) == ["ann", "Bo", "cy", "eve", "zed"]
    ann = rows["ann"]
    assert (ann["name"], ann["score"], ann["max_score"], ann["late"], ann["note"]) == (
        "Ann Lee",
        "100",
        "100",
        "yes",
        "",
    )
    assert (ann["classroom50_score"], ann["classroom50_max_score"]) == ("300", "300")
    assert (rows["Bo"]["name"], rows["Bo"]["note"]) == ("Bo Ng, Jr.", "Handed in nothing.")
    assert rows["cy"]["name"] == "'=Cy"  # no formula
    assert rows["eve"]["note"].startswith("Not in the list of students. Handed in, but the central run has no grade")
    assert rows["zed"]["note"] == "Not in the list of students."
    assert any(note.startswith("eve: Not in the list") for note in made.notes)


def test_a_group_s_score_is_each_member_s(students, scores):
    entry = {"owner": "ann", "member_usernames": ["ann", "bo"], "submissions": [submission(120), submission(300)]}
    made = beside(read_students(students), read_scores(scores(entry, kind="group"), None), [grade("ann", score=40.0)])
    rows = rows_of(made)
    assert (rows["ann"]["score"], rows["Bo"]["score"], rows["cy"]["score"]) == ("40", "40", "")
    assert rows["Bo"]["note"] == ""  # 120 of 300 is 40 of 100


def test_a_score_that_was_not_earned_is_told(scores):
    entries = read_scores(scores({"owner": "ann", "submissions": [submission(300)]}), None)
    (row,) = rows_of(beside([], entries, [grade("ann", score=40.0)])).values()
    assert row["note"].startswith("Classroom 50 has more: compare the graded commit")


def test_only_the_assignment_s_exercises_count_and_what_failed_is_no_score(scores):
    entries = read_scores(scores({"owner": "ann", "submissions": [submission()]}), "week-3")
    (row,) = rows_of(beside([], entries, [grade("ann"), grade("ann", "other", 3.0)])).values()
    assert (row["score"], row["max_score"]) == ("100", "100")
    (row,) = rows_of(beside([], entries, [grade("ann", score=None)])).values()
    assert (row["score"], row["note"]) == ("", "Not graded, through no fault of the student: double.")


def test_what_one_student_published_costs_nobody_else_anything(scores):
    path = scores(
        {"owner": "ann", "submissions": [submission()]},
        {"owner": "bo", "submissions": [submission(exercise="other")]},
        {"owner": "cy", "submissions": [submission()], "member_usernames": ["cy", "ann"]},
        {"owner": "dee", "submissions": [submission(None)]},
        {"owner": "eve", "submissions": [submission(tests=3)]},
        {"owner": "fay", "submissions": []},
    )
    grades = [*map(grade, ("ann", "bo", "cy", "dee", "eve", "fay")), grade("zed", "other")]
    entries = read_scores(path, None)
    rows = rows_of(beside([], entries, grades))
    assert {row["max_score"] for row in rows.values()} == {"100"}
    assert [name for name, row in rows.items() if "is no result" in row["note"]] == ["dee", "eve"]
    assert rows["fay"]["classroom50_score"] == ""
    assert {row["max_score"] for row in rows_of(beside([], entries, grades, ["double", "other"])).values()} == {"200"}


def test_the_assignment_is_named_where_there_are_several(scores):
    path = scores({"owner": "ann", "submissions": [submission()]}, **{"week-4": {"type": "individual", "entries": []}})
    assert read_scores(path, "week-4") == []
    for assignment, said in ((None, "choose one with --assignment"), ("week-5", "no assignment 'week-5'")):
        with pytest.raises(Classroom50Error, match=f"{said}.*There are: week-3, week-4"):
            read_scores(path, assignment)


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"assignments": {}}', '{"assignments": {"a": {"entries": [{}]}}}', "[" * 9999]
)
def test_what_is_no_scores_json_is_one_line(tmp_path, content):
    (tmp_path / "scores.json").write_text(content)
    with pytest.raises(Classroom50Error, match=r"scores\.json"):
        read_scores(tmp_path / "scores.json", None)


def test_what_is_no_list_of_students_is_one_line(tmp_path):
    (tmp_path / "students.csv").write_text("name,email\nAnn,a@b\n")
    with pytest.raises(Classroom50Error, match="no column 'username'"):
        read_students(tmp_path / "students.csv")
    (tmp_path / "students.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Classroom50Error, match="not UTF-8"):
        read_students(tmp_path / "students.csv")


def test_clones_are_graded_and_put_beside(tiny_course, students, scores, tmp_path, right):
    """The whole way, with the folder that `gh teacher download` makes."""
    folder = tmp_path / "dl-week-3_submissions_2026_10_02_T_08_00_00"
    for login, text in (("ann", right), ("Bo", right.replace("x + x", "x * 3"))):
        (folder / f"dl-week-3-{login}").mkdir(parents=True)
        (folder / f"dl-week-3-{login}" / "double.py").write_text(text)
        (folder / f"dl-week-3-{login}" / "result.json").write_text("{}")
    (folder / "scores.csv").write_text("username\n")
    names = ("ann", "Bo")
    path = scores(*({"owner": name, "submissions": [submission()]} for name in names))

    def call(code, *words):
        command = [sys.executable, "-c", code, *map(str, words)]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)

    done = call("from grader.cli.grade import grade; grade()", folder, "--course", tiny_course.root)
    assert "GitHub Classroom" in done.stdout, done.stderr
    done = call("from grader.cli.grader import grader; grader()", "classroom50", "import", students, path)
    assert done.returncode == 0, done.stderr
    rows = {row["username"]: row for row in csv.DictReader(done.stdout.splitlines())}
    assert (rows["ann"]["score"], rows["Bo"]["score"]) == ("100", "40")
    assert "Bo: Classroom 50 has more" in done.stderr
