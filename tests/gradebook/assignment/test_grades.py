"""The class in its assignments, from a gradebook: people, attempts of several downloads, and a short term."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction

import pytest

from grader.gradebook.assignment.changes import changes, lines_of_changes
from grader.gradebook.assignment.grades import check_people, score, share_of, taken_in
from grader.gradebook.assignment.reading import parse
from grader.gradebook.assignment.settings import AssignmentFileError
from grader.gradebook.assignment.stored import Applied
from grader.gradebook.export import ExportError, export
from grader.gradebook.roster import EMAIL, MOODLE, person
from grader.gradebook.store import Attempt, Class, Grade, Gradebook, Key, Unplaced
from grader.result import CheckResult, Result


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


@pytest.fixture
def book(tmp_path):
    with Gradebook(tmp_path / "gradebook.sqlite") as book:
        yield book


def graded(book, student, exercise, when, points, *, name="", root="", dated=True, checks=(), noted=1.0):
    """An attempt and its result; None points are a fault of the grader."""
    digest = f"{when} {points}"
    submitted = at(when) if dated else 0.0
    attempt = Attempt(student, exercise, digest, name or student, f"{student}/{exercise}.py", submitted, dated=dated)
    book.hand_in([attempt], 1, noted)
    status = "error" if points is None else "graded"
    result = Result(exercise, attempt.path, status, points, 1, checks=checks, error="" if points else "broken")
    key = Key(student, exercise, digest, "suite", 1, "10 s", "{}")
    book.add(key, status, points, 100.0, json.dumps(result.to_json()), "")


def totals(book, text, now="2026-12-01", path="/c/assignment.toml"):
    (scores,) = score(book, [parse(text, path)], at(now))
    return {scores.names[id]: scores.total(id) for id in scores.standings}


WEEKS = [
    """
    title = "Week 1"
    zone = "Europe/Berlin"
    due = 2026-05-03T23:59:59
    [exercises.relu]
    points = 10
    [exercises.softmax]
    points = 30
    [late]
    percent = 10
    grace = "15 minutes"
    days = 2
    pool = "term"
    [[exemptions]]
    students = ["cy@uni.edu"]
    exercises = ["softmax"]
    """,
    """
    title = "Week 2"
    zone = "Europe/Berlin"
    due = 2026-05-10T23:59:59
    exercises = ["lstm"]
    total = 20
    counts = "best"
    [late]
    percent = 10
    days = 2
    pool = "term"
    [[extensions]]
    sections = ["B"]
    by = "1 day"
    """,
    """
    title = "Week 3"
    zone = "Europe/Berlin"
    due = 2026-05-17T23:59:59
    exercises = ["gru", "vae", "gan"]
    drop_lowest = 1
    unit = "percent"
    round = 1
    [late]
    points = 5
    cutoff = "3 days"
    """,
]


def test_a_short_term_comes_to_what_was_worked_out_by_hand(book):
    """Moodle's numbers change every week; Ann and Bo are a group in week 2; the clock in Berlin is two hours ahead."""
    people = [
        person("Ann Lee", [(EMAIL, "ann@uni.edu")], "A", "G1"),
        person("Bo Ek", [(EMAIL, "bo@uni.edu")], "B", "G1"),
        person("Cy Oz", [(EMAIL, "cy@uni.edu")], "B"),
        person("Di Fu", [(EMAIL, "di@uni.edu")], "A"),
    ]
    book.set_roster(people)
    book.note_class(Class("/w1", "moodle", 0, "", True), {"11": "Ann Lee", "12": "Bo Ek", "13": "Cy Oz"}, [])
    graded(book, "11", "relu", "2026-05-03 21:00", 80.0, name="Ann Lee")  # in time: 8
    graded(book, "11", "softmax", "2026-05-03 22:14", 33.333333, name="Ann Lee")  # within the grace: a third of 30
    graded(book, "12", "relu", "2026-05-04 09:00", 100.0, name="Bo Ek")  # a day late: one late day, 10
    graded(book, "12", "softmax", "2026-05-04 09:00", 50.0, name="Bo Ek")  # the same late day: 15
    graded(book, "13", "relu", "2026-05-06 21:59", 90.0, name="Cy Oz")  # 3 days late, 2 late days: 9 − 1
    book.note_class(Class("/w2", "moodle", 0, "", True), {"21": "G1", "22": "Cy Oz"}, [])
    graded(book, "21", "lstm", "2026-05-10 20:00", 60.0, name="G1")  # of both: 12
    graded(book, "21", "lstm", "2026-05-11 20:00", 85.0, name="G1")  # Ann: late, 1 late day: 17. Bo: extended, 17
    graded(book, "22", "lstm", "2026-05-12 10:00", 95.0, name="Cy Oz")  # 1 day after the extension, no day left: 17
    book.note_class(Class("/w3", "moodle", 0, "", True), {"31": "Ann Lee", "33": "Di Fu"}, [])
    graded(book, "31", "gru", "2026-05-19 12:00", 100.0, name="Ann Lee")  # 2 days late: 33⅓ − 10
    graded(book, "31", "vae", "2026-05-21 12:00", 100.0, name="Ann Lee")  # after the cut-off: 0
    graded(book, "33", "gru", "2026-05-17 12:00", 70.0, name="Di Fu")
    graded(book, "33", "vae", "", 80.0, name="Di Fu", dated=False)

    def told(now):
        made = score(book, [parse(text, f"/w{week}/assignment.toml") for week, text in enumerate(WEEKS, 1)], at(now))
        return [{each.names[id].split()[0]: each.total(id) for id in each.standings} for each in made], made

    found, made = told("2026-06-01")
    assert found == [
        {"Ann": 18.0, "Bo": 25.0, "Cy": 32.0, "Di": 0.0},  # Cy: 8 of the 10 that count, of 40
        {"Ann": 17.0, "Bo": 17.0, "Cy": 17.0, "Di": 0.0},
        {"Ann": 35.0, "Bo": 0.0, "Cy": 0.0, "Di": 75.0},  # Ann: (23⅓ + 0) of the 66⅔ that count
    ]
    days = {person: [each.standings[person].days for each in made] for person in made[0].names}
    assert days == {"ann@uni.edu": [0, 1, 0], "bo@uni.edu": [1, 0, 0], "cy@uni.edu": [2, 0, 0], "di@uni.edu": [0] * 3}
    assert "When 1 attempt was handed in is not known: never late." in made[2].notes
    found, _ = told("2026-05-12")  # week 3 is not due yet, and nobody has a zero for what is missing in it
    assert found[2] == {"Ann": 70.0, "Bo": None, "Cy": None, "Di": 80.0}  # the best of two, so far


def test_students_are_meant_by_any_id_or_by_name_and_a_name_of_two_is_an_error(book):
    book.set_roster(
        [
            person("Lee, Ann", [(EMAIL, "ann@uni.edu"), (MOODLE, "5")]),
            person("Bo Ek", [(EMAIL, "bo1@uni.edu")]),
            person("Bo Ek", [(EMAIL, "bo2@uni.edu")]),
        ]
    )
    head = 'exercises = ["relu", "lstm"]\n'
    for known in ("ANN@uni.edu", "5", "Ann Lee"):
        text = f'{head}[[exemptions]]\nstudents = ["{known}"]'
        assert totals(book, text) == {"Bo Ek": 0.0, "Lee, Ann": None}
    with pytest.raises(AssignmentFileError, match=r"line 2: 'Bo Ek' may be Bo Ek \(bo1@uni.edu\), Bo Ek \(bo2"):
        check_people(book.people(), [parse(f'{head}[[exemptions]]\nstudents = ["Bo Ek"]', "a.toml")])
    text = f'{head}[[exemptions]]\nstudents = ["Anne Lee"]\n[[exemptions]]\nsections = ["Z"]'
    (scores,) = score(book, [parse(text, "a.toml")])
    assert scores.notes == [
        "a.toml, line 2: nobody is known as 'Anne Lee' yet; `grader roster show` lists everybody.",
        "a.toml, line 4: no section is called 'Z'; `grader roster show` lists everybody.",
    ]


def test_a_hand_in_that_nobody_could_grade_is_no_zero(book):
    book.note_class(
        Class("/c", "folders", 0, "", False),
        {"ann": "ann", "bo": "bo"},
        [
            Unplaced("c/ann/relu.pdf", "a PDF", "ann", "ann", "relu", True),
            Unplaced("c/bo/x", "?", "bo", "bo", "", True),
        ],
    )
    graded(book, "ann", "lstm", "2026-05-01", 50.0)
    graded(book, "cy", "relu", "2026-05-01", None)
    text = 'exercises = ["relu", "lstm"]'
    assert totals(book, text) == {"ann": None, "bo": None, "cy": None}
    assert totals(book, text, path="/other/assignment.toml")["bo"] == 0.0  # what is of another class is of that


def test_checks_are_weighed_anew():
    def check(id, score, most):
        return CheckResult(id, id, "passed" if score else "failed", score, most)

    cases = [check(f"test_a[{i}]", score, 3.333333) for i, score in enumerate((3.333333, 0.0, 3.333333))]
    checks = (*cases, check("test_b", 0.0, 40.0), check("test_c", 50.0, 50.0))
    result = Result("relu", "relu.py", "graded", 56.666667, 1, checks=checks)
    grade = Grade("ann", "ann", "relu", "p", 0.0, 1, "graded", 56.666667, 100.0, 1, 0.0, "", result)
    assert share_of(grade, {}) == Fraction(17, 30)
    assert share_of(grade, {"test_b": Fraction(0)}) == Fraction(170, 180)
    assert share_of(grade, {"test_a": Fraction(30), "test_b": Fraction(0)}) == Fraction(70, 80)
    assert share_of(grade, {"test_a[1]": Fraction(0)}) == Fraction(170, 290)
    with pytest.raises(AssignmentFileError, match="worth 0"):
        share_of(grade, dict.fromkeys(("test_a", "test_b", "test_c"), Fraction(0)))


def test_a_check_that_no_result_has_is_an_error(book):
    graded(book, "ann", "relu", "2026-05-01", 50.0, checks=(CheckResult("test_rows[1]", "", "passed", 1.0, 1.0),))
    text = "[exercises.relu.checks]\ntest_row = 0"
    with pytest.raises(
        AssignmentFileError, match=r"a.toml, line 2: relu has no check 'test_row'; did you mean 'test_rows'"
    ):
        score(book, [parse(text, "a.toml")])
    assert totals(book, "[exercises.lstm.checks]\ntest_row = 0") == {"ann": 0.0}  # nothing is known of those yet


def test_an_assignment_takes_no_exercise_of_another():
    first = Applied("/w1/assignment.toml", 'title = "One"\nexercises = ["relu"]')
    newer = Applied("/w1/assignment.toml", 'title = "Uno"\nexercises = ["relu"]')
    moved = Applied("/w9/assignment.toml", 'title = "One"\nexercises = ["relu"]')
    other = Applied("/w2/assignment.toml", 'title = "Two"\nexercises = ["lstm"]')
    thief = Applied("/eve/assignment.toml", 'title = "Eve"\nexercises = ["lstm"]\n')
    assert taken_in([first, other], newer, is_named=False) == [newer, other]
    assert taken_in([first, other], moved, is_named=True) == [moved, other]
    with pytest.raises(AssignmentFileError, match="has the title of /w1"):
        taken_in([first], moved, is_named=False)
    for is_named in (False, True):
        with pytest.raises(AssignmentFileError, match="both have lstm"):
            taken_in([first, other], thief, is_named=is_named)


def test_assignments_that_share_late_days_agree_on_their_number():
    late = 'due = 2026-05-03T00:00:00Z\n[late]\npercent = 10\npool = "term"\ndays = '
    first = Applied("/w1/assignment.toml", f'title = "One"\nexercises = ["relu"]\n{late}2')
    second = Applied("/w2/assignment.toml", f'title = "Two"\nexercises = ["lstm"]\n{late}3')
    with pytest.raises(AssignmentFileError, match="share the pool 'term', of 3 and of 2 days"):
        taken_in([first], second, is_named=True)


def test_who_gained_and_who_lost_is_told(book):
    for student, points in (("ann", 80.0), ("bo", 50.0), ("cy", 60.0)):
        graded(book, student, "relu", "2026-05-04 12:00", points)
    graded(book, "ann", "lstm", "2026-05-01", 20.0)
    head = 'title = "One"\ndue = 2026-05-03T23:59:59Z\nexercises = ["relu", "lstm"]\n'
    (before,) = score(book, [parse(head, "a.toml")])
    assert list(lines_of_changes(before, {})) == []
    (after,) = score(
        book, [parse(f'{head}drop_lowest = 1\n[late]\npercent = 10\n[[extensions]]\nstudents = ["cy"]\nby = "1 day"',
                     "a.toml")]
    )  # fmt: skip
    marks = dict(before.marks())
    assert list(lines_of_changes(before, marks)) == ["One: no score changed"]
    assert [(each.name, each.by) for each in changes(after, marks)] == [("bo", 15), ("ann", 20), ("cy", 30)]
    graded(book, "ann", "lstm", "2026-05-02", None)
    graded(book, "dee", "lstm", "2026-05-02", 100.0)
    (broken,) = score(book, [parse(head, "a.toml")])
    told = lines_of_changes(broken, marks | {("a.toml", "dee", ""): None})
    assert next(told) == "One: 1 with no total any more, 1 with a total now"
    assert list(lines_of_changes(after, marks, 2)) == [
        "One: 3 gained (by 21.67 on average)",
        "  bo  25 → 40 (+15): relu 25 → 20",
        "  ann  50 → 70 (+20): relu 40 → 35",
        "  and 1 more",
    ]


def test_exports_tell_the_total_and_what_counts_neither_way(book, tmp_path):
    book.set_roster([person(name, [(EMAIL, f"{name}@uni.edu")]) for name in ("ann", "bo", "cy")])
    graded(book, "ann@uni.edu", "relu", "2026-05-04 12:00", 85.0)
    graded(book, "bo@uni.edu", "relu", "2026-05-03 12:00", 40.0)
    text = """
    title = "Week 1"
    due = 2026-05-03T23:59:59Z
    total = 20
    exercises = ["relu", "lstm"]
    late = { percent = 10 }
    [[exemptions]]
    students = ["bo"]
    exercises = ["lstm"]
    """
    scores = score(book, [parse(text, "/w/assignment.toml")])

    def made(form, **more):
        return export(book.grades(), form, people=book.people(), scores=scores, **more).text

    assert made("csv").splitlines() == [
        "student,name,relu,lstm,total,maximum,percent,missing,not graded,submitted (UTC),late,late days,exempt,dropped",
        "ann@uni.edu,ann,7.5,0,7.5,20,37.5,lstm,,2026-05-04 12:00:00,relu: 1 day late,0,,",
        "bo@uni.edu,bo,4,,8,20,40,,,2026-05-03 12:00:00,,0,lstm,",
        'cy@uni.edu,cy,0,0,0,20,0,"relu, lstm",,,,0,,',
    ]
    assert made("canvas").splitlines()[2:] == [
        "ann,,,ann@uni.edu,,7.5,0", "bo,,,bo@uni.edu,,4,EX", "cy,,,cy@uni.edu,,0,0",
    ]  # fmt: skip
    assert made("nbgrader").splitlines()[1] == (
        "relu,2026-05-03 23:59:59,2026-05-04 12:00:00,ann@uni.edu,ann,,ann@uni.edu,8.5,1,7.5,10"
    )
    assert made("moodle", exercise="relu").splitlines()[2].endswith(",4,10")
    (assigned,) = json.loads(made("json"))["assignments"]
    assert [each["total"] for each in assigned["students"]] == [7.5, 8.0, 0.0]
    with pytest.raises(ExportError, match="leave out --maximum"):
        made("csv", maximum=5.0)
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(
        "Student,ID,SIS Login ID,Section,Week 1 (77)\n    Points Possible,,,,100\nAnn,1,ann@uni.edu,A,\nCy,3,x,A,5\n"
    )
    assert made("canvas", into=sheet).splitlines()[2:] == ["Ann,1,ann@uni.edu,A,37.5", "Cy,3,x,A,5"]
    sheet.write_text(
        "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (grade)\n"
        "Participant 9,bo,bo@uni.edu,,,50,Yes,\nParticipant 8,cy,cy@uni.edu,,,50,Yes,\n"
    )
    assert [line.split(",")[4] for line in made("moodle", into=sheet).splitlines()[1:]] == ["20", "0"]


def test_of_several_assignments_a_table_shows_the_totals_and_a_sheet_asks_for_one(book):
    graded(book, "ann", "relu", "2026-05-01", 50.0)
    named = Class("/c.zip", "folders", 0, "", False, ("gru", "lstm"))  # the file may be meant for either
    book.note_class(named, {"bo": "Bo"}, [Unplaced("bo/x.pdf", "a pdf", "bo", "Bo", lost=True)])
    texts = ('title = "One"\nexercises = ["relu"]', 'title = "Two"\nexercises = ["lstm"]\ntotal = 10')
    scores = score(book, [parse(text, f"/{number}.toml") for number, text in enumerate(texts)])
    table = export(book.grades(), "csv", scores=scores).text
    assert table.splitlines() == [
        "student,name,One,Two,not graded", ",maximum,100,10,", "ann,ann,50,0,", "bo,Bo,0,,lstm",
    ]  # fmt: skip
    (one,) = export(book.grades(), "csv", exercise="relu", scores=scores, lost=book.not_graded()).text.splitlines()[2:]
    assert one.startswith("bo,Bo,0,")
    assert "x.pdf" not in one
    later = replace(named, root="/later.zip")
    book.note_class(later, {"bo": "Bo"}, [Unplaced("later/x.pdf", "a pdf", "bo", "Bo", lost=True)])
    assert [each.root for each in book.not_graded()] == ["/later.zip"]
    graded(book, "bo", "gru", "2026-05-02", 70.0, noted=9e9)  # another file, in another download
    assert not book.not_graded()
    with pytest.raises(ExportError, match="name one with --assignment, of 'One', 'Two'"):
        export(book.grades(), "moodle", scores=scores)
