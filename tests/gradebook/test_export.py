"""Exports: exact columns, sheets filled in by id and otherwise untouched, nothing missing counted as 0."""

import csv
import io
import json
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from grader.gradebook.export import FORMATS, ExportError, cells, export
from grader.gradebook.export.sheet import Sheet
from grader.gradebook.people import Handle, find_people
from grader.gradebook.roster import person
from grader.gradebook.store import Grade, Unplaced
from grader.result import Cause, CheckResult, NamedMistake, Result, results_in

NOON = 1767268800.0  # 2026-01-01 12:00:00 UTC
MOODLE = "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (grade)"
CANVAS = "Student,ID,SIS User ID,SIS Login ID,Section,softmax (12345),Final Score"
POSSIBLE = "    Points Possible,,,,,100,(read only)"


def grade(student, exercise="softmax", score=50.0, name="", **changes):
    failed = CheckResult("rows", "Rows sum to one", "failed", 0.0, 50.0, "row 0: got \x00nan", "Divide.", 0.25)
    passed = CheckResult("shape", "Shape is kept", "passed", 50.0, 50.0, duration=0.5)
    result = Result(exercise, f"{student}/{exercise}.py", "graded", score, 7, duration=1.0, checks=(failed, passed))
    if score is None:
        result = Result(exercise, f"{student}/{exercise}.py", "error", None, 7, error="the worker\ncould not start")
    fields = {
        "student": student,
        "name": name or student,
        "exercise": exercise,
        "path": result.submission,
        "submitted": NOON,
        "attempts": 1,
        "status": result.status,
        "score": score,
        "max_score": 100.0,
        "seed": 7,
        "graded_at": NOON,
        "report": "",
        "result": result,
    }
    return Grade(**fields | changes)


def read(text):
    return list(csv.reader(io.StringIO(text, newline="")))


def records(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture
def sheet(tmp_path):
    def write(text):
        path = tmp_path / "sheet.csv"
        path.write_bytes(text.encode())
        return path

    return write


# What every format does


def test_an_unknown_format_is_an_error_that_lists_the_formats():
    with pytest.raises(ExportError, match="csv, canvas, moodle, nbgrader, json, junit"):
        export([grade("1")], "xlsx")


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_to_export_is_an_error(form):
    with pytest.raises(ExportError, match="holds no grades yet"):
        export([], form)


@pytest.mark.parametrize("form", FORMATS)
def test_one_exercise_can_be_chosen(form):
    grades = [grade("1"), grade("1", "lstm_cell")]
    assert "lstm_cell" not in export(grades, form, exercise="softmax").text
    with pytest.raises(ExportError, match="No grades in 'gru': the gradebook has lstm_cell, softmax"):
        export(grades, form, exercise="gru")


@pytest.mark.parametrize("form", ["csv", "nbgrader", "json", "junit"])
def test_only_canvas_and_moodle_take_a_sheet(form, sheet):
    with pytest.raises(ExportError, match="Only canvas and moodle"):
        export([grade("1")], form, sheet(CANVAS))


@pytest.mark.parametrize(
    "hostile",
    [
        "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\u00a0=1", "\u3000@a",
        "＝1", "＋1", "－1", "＠a", "﹦1", "⩵1", '=HYPERLINK("http://x")',
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", ["csv", "canvas", "moodle", "nbgrader"])
def test_no_text_is_a_formula(form, hostile):
    rows = read(export([grade(hostile, name=hostile)], form).text)
    assert any(cell.startswith("'") for cell in rows[-1])
    for cell in rows[-1]:
        assert cell.strip()[:1] not in {*"=+-@＝＋－＠﹦⩵"} - {""}


def test_an_ordinary_text_is_left_alone_and_what_hides_is_seen():
    assert cells.text("O'Neill - 3 = x") == "O'Neill - 3 = x"
    assert cells.text("a\x1b[31mb\ud800") == "a\ufffdb\ufffd"


@pytest.mark.parametrize(("score", "written"), [(-0.0, "0"), (-0.001, "0"), (33.33333, "33.33"), (None, "")])
def test_numbers_stay_numbers(score, written):
    assert cells.number(score) == written


def test_a_time_that_no_calendar_has_is_empty():
    assert [cells.time(NOON), cells.time(1e300), cells.time(float("nan"))] == ["2026-01-01 12:00:00", "", ""]


# csv


def test_csv_has_one_row_a_student_and_one_column_an_exercise():
    text = export([grade("7", name='Lee, "Ann"'), grade("7", "lstm_cell", 33.333)], "csv").text
    assert text.splitlines()[0] == (
        "student,name,lstm_cell,softmax,total,maximum,percent,missing,not graded,submitted (UTC)"
    )
    row = ["7", 'Lee, "Ann"', "33.33", "50", "83.33", "200", "41.67", "", "", "2026-01-01 12:00:00"]
    assert read(text)[1:] == [row]


def test_missing_work_is_empty_and_ungraded_work_leaves_no_total():
    grades = [grade("ann"), grade("bob"), grade("bob", "lstm_cell", None)]
    exported = export(grades, "csv")
    ann, bob = records(exported.text)
    assert (ann["lstm_cell"], ann["total"], ann["missing"], ann["not graded"]) == ("", "50", "lstm_cell", "")
    assert (bob["lstm_cell"], bob["total"], bob["missing"], bob["not graded"]) == ("", "", "", "lstm_cell")
    assert exported.notes == (
        "What is missing counts as zero in total and percent.",
        "bob has no score in lstm_cell: the worker could not start.",
    )
    assert [row["percent"] for row in (ann, bob)] == ["25", ""]


def test_a_score_of_zero_is_zero():
    assert records(export([grade("ann", score=0.0)], "csv").text)[0]["softmax"] == "0"


def test_a_sum_is_rounded_once():
    grades = [grade("ann", exercise, 100 / 3) for exercise in ("a", "b", "c")]
    assert records(export(grades, "csv").text)[0]["total"] == "100"


def test_an_exercise_can_be_worth_other_points():
    row = records(export([grade("ann", score=75.0), grade("ann", "lstm_cell")], "csv", maximum=10).text)[0]
    assert (row["softmax"], row["lstm_cell"], row["total"], row["maximum"]) == ("7.5", "5", "12.5", "20")
    for worthless in (0, -1, float("nan"), float("inf")):
        with pytest.raises(ExportError, match="number above 0"):
            export([grade("ann")], "csv", maximum=worthless)


def test_scores_of_two_scales_are_made_comparable_and_noted():
    exported = export([grade("ann", score=45.0, max_score=90.0), grade("bob", graded_at=NOON + 1)], "csv")
    assert [row["softmax"] for row in records(exported.text)] == ["50", "50"]
    assert "1 of 2 scores were out of 90 and are scaled to 100" in exported.notes[0]


def test_a_byte_order_mark_is_for_new_tables(sheet):
    for form in ("csv", "canvas", "moodle", "nbgrader"):
        assert export([grade("1")], form, mark=True).text == "\ufeff" + export([grade("1")], form).text
    for form, into in (("json", None), ("junit", None), ("canvas", sheet(CANVAS))):
        with pytest.raises(ExportError, match="--bom is for a new table"):
            export([grade("1")], form, into, mark=True)


# nbgrader


def test_nbgrader_has_its_columns_and_every_student_in_every_exercise():
    grades = [grade("ann@uni.edu", name="Ann Lee"), grade("bob", "lstm_cell", 12.5)]
    header, *rows = export(grades, "nbgrader").text.splitlines()
    assert header == (
        "assignment,duedate,timestamp,student_id,last_name,first_name,email,"
        "raw_score,late_submission_penalty,score,max_score"
    )
    assert rows == [
        "lstm_cell,,,ann@uni.edu,Ann Lee,,ann@uni.edu,,,,100",
        "lstm_cell,,2026-01-01 12:00:00,bob,,,,12.5,0,12.5,100",
        "softmax,,2026-01-01 12:00:00,ann@uni.edu,Ann Lee,,ann@uni.edu,50,0,50,100",
        "softmax,,,bob,,,,,,,100",
    ]


# json and junit


def test_json_is_the_document_of_a_run_with_students():
    grades = [grade("ann"), grade("bob", score=None)]
    read_back = results_in(export(grades, "json").text)
    assert read_back == [replace(each.result, student=each.student) for each in grades]


def test_junit_counts_checks_and_tells_failures():
    root = ElementTree.fromstring(export([grade("ann\x07\ufffe"), grade("bob", score=None)], "junit").text.encode())
    ann, bob = root
    assert root.tag == "testsuites"
    counts = {"tests": "2", "failures": "1", "errors": "0", "skipped": "0", "time": "1.000000"}
    assert ann.attrib == {"name": "ann softmax", **counts}
    assert [case.get("time") for case in ann.findall("testcase")] == ["0.250000", "0.500000"]
    assert {case.get("classname") for case in ann.findall("testcase")} == {"softmax.ann"}
    failure = ann.find("testcase[@name='Rows sum to one']/failure")
    assert failure.attrib == {"message": "row 0: got nan", "type": "failed"}
    assert failure.text == "row 0: got nan\nHint: Divide."
    assert bob.find("testcase/error").get("message") == "the worker\ncould not start"
    assert (bob.get("tests"), bob.get("errors"), root.get("tests"), root.get("errors")) == ("1", "1", "3", "1")


def test_junit_is_never_green_where_marks_were_lost():
    late = CheckResult("late", "Late", "not_run", 0.0, 50.0, "not run: the checks before it took 60 s")
    result = Result("softmax", "a.py", "graded", 50.0, 7, checks=(late,))
    root = ElementTree.fromstring(export([grade("ann", result=result)], "junit").text.encode())
    assert root.get("failures") == "1"


def test_junit_takes_every_character():
    every = "".join(map(chr, range(0x110000)))
    ElementTree.fromstring(export([grade("ann", name=every, result=grade(every).result)], "junit").text.encode())
    ElementTree.fromstring(export([grade(every)], "junit").text.encode())


def test_junit_names_checks_of_one_title_by_their_ids():
    twins = tuple(CheckResult(id, "Same", "passed", 50.0, 50.0) for id in ("a", "b"))
    result = Result("softmax", "a.py", "graded", 100.0, 7, checks=twins)
    root = ElementTree.fromstring(export([grade("ann", result=result)], "junit").text.encode())
    assert [case.get("name") for case in root.iter("testcase")] == ["a", "b"]


# Canvas


def test_a_new_canvas_sheet_has_points_possible_and_ids_in_their_columns():
    assert export([grade("77", name="Lee, Ann"), grade("bob", "lstm_cell")], "canvas").text.splitlines() == [
        "Student,ID,SIS User ID,SIS Login ID,Section,lstm_cell,softmax",
        "Points Possible,,,,,100,100",
        '"Lee, Ann",77,,,,,50',
        "bob,,,bob,,50,",
    ]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_canvas_sheet_is_filled_by_id_and_otherwise_kept_byte_for_byte(sheet, mark, end):
    lines = [
        CANVAS,
        ",,,,,Manual Posting,",
        POSSIBLE,
        '"=Lee, ""Ann""",7,s7,ann,"Sec, 1",{},"-0,5"',
        "Bob,8,,bob, Two ,{},+1",
        '"Student, Test",99,,f00,One,,',
    ]
    text = mark + end.join(lines)  # the last line has no end
    exported = export([grade("7", score=99.999), grade("bob", score=0.0)], "canvas", sheet(text.replace("{}", "")))
    assert exported.text == text.replace("{}", "100", 1).replace("{}", "0", 1)
    assert exported.notes == ()


def test_who_is_missing_on_either_side_of_a_canvas_sheet_is_noted(sheet):
    text = f'{CANVAS}\n{POSSIBLE}\n"Lee, Ann",7,,ann,One,,\nBob,8,,bob,One,12,\n'
    exported = export([grade("7"), grade("ghost", name="Bob")], "canvas", sheet(text))
    assert exported.text == text.replace("One,,", "One,50,", 1)
    assert exported.notes == (
        "Bob (8) is in the sheet and has no grade in softmax: cells left as they are.",
        "Bob (ghost) has a grade and is not in the sheet.",
    )


def test_ungraded_work_leaves_a_cell_as_it_is(sheet):
    text = f"{CANVAS}\n{POSSIBLE}\nAnn,7,,ann,One,,\n"
    exported = export([grade("7", score=None)], "canvas", sheet(text))
    assert exported.text == text
    assert exported.notes == ("7 has no score in softmax: the worker could not start.",)


@pytest.mark.parametrize("set_by_hand", ["EX", "N/A"])
def test_who_is_excused_stays_excused(sheet, set_by_hand):
    text = f"{CANVAS}\n{POSSIBLE}\nAnn,7,,ann,One,{set_by_hand},\n"
    exported = export([grade("7")], "canvas", sheet(text))
    assert exported.text == text
    assert exported.notes == (f"Ann (7) has {set_by_hand} in softmax: left as it is.",)


def test_an_exercise_that_a_canvas_sheet_lacks_is_added(sheet):
    text = f"{CANVAS}\r\n{POSSIBLE}\r\nAnn,7,,ann,One\r\n\r\nBob,8,,bob,One,1,2\r\n"
    grades = [grade("7", "lstm_cell", 12.5), grade("8", "lstm_cell")]
    with pytest.raises(ExportError, match="--column lstm_cell=ID, or --column lstm_cell=new; there are 'softmax "):
        export(grades, "canvas", sheet(text))
    exported = export(grades, "canvas", sheet(text), columns={"lstm_cell": "new"})
    assert exported.text.split("\r\n") == [
        f"{CANVAS},lstm_cell",
        f"{POSSIBLE},100",
        "Ann,7,,ann,One,,,12.5",
        "",
        "Bob,8,,bob,One,1,2,50",
        "",
    ]
    assert exported.notes == ("lstm_cell: the sheet had no such column; Canvas will make a new assignment of it.",)


def test_a_canvas_column_counts_its_own_points(sheet):
    exported = export([grade("7", score=85.0)], "canvas", sheet(f"{CANVAS}\n,,,,,,\nPoints Possible,,,,,10\nAnn,7\n"))
    assert exported.text.splitlines()[-1] == "Ann,7,,,,8.5"
    assert exported.notes == ("softmax: worth 10 in the sheet; scores out of 100 are scaled to that.",)


@pytest.mark.parametrize("possible", ["", "Points Possible,,,,,\n", "Points Possible,,,,,0\n"])
def test_a_canvas_column_without_points_is_noted(sheet, possible):
    exported = export([grade("7")], "canvas", sheet(f"{CANVAS}\n{possible}Ann,7\n"))
    assert exported.text.endswith("Ann,7,,,,50\n")
    assert exported.notes == ("softmax: the sheet does not say its points; scores are out of 100.",)


@pytest.mark.parametrize("title", ["softmax", "Softmax (1)", "softmax(77)"])
def test_a_canvas_column_is_found_by_its_title(sheet, title):
    text = f"Student,ID,Section,{title},softmax (2) (3),softmax (4) b\nPoints Possible,,,100,100,\nAnn,7,One,,,\n"
    assert export([grade("7")], "canvas", sheet(text)).text == text.replace("One,,,", "One,50,,")


def test_semicolons_and_split_names_are_read(sheet):
    text = "LastName;FirstName;ID;Section;softmax (1)\nPoints Possible;;;;50,00\nLee;Ann;7;One;\n"
    assert export([grade("7")], "canvas", sheet(text)).text == text.replace("One;", "One;25")


def test_a_login_never_takes_a_row_that_an_id_gave(sheet):
    text = f"{CANVAS}\n{POSSIBLE}\nAnn,7,,bob,One,,\nCy,8,,cy,One,,\nCyril,9,,cy,One,,\n"
    exported = export([grade("7"), grade("bob", score=1.0), grade("cy", score=2.0)], "canvas", sheet(text))
    assert exported.text == text.replace("One,,", "One,50,", 1)
    assert exported.notes[-2:] == (
        "bob has a grade and is not in the sheet.",
        "cy has a grade and is not in the sheet.",
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"{CANVAS}\n{POSSIBLE}\nAnn,7\n\nBob,7\n", "sheet.csv has '7' in lines 3 and 5: keep one of them"),
        ("Name,softmax\nAnn,1\n", "sheet.csv has no columns 'Student', 'ID'"),
        ("Student,softmax\nAnn,1\n", "sheet.csv has no column 'ID'"),
        ("Student,ID,ID\nAnn,1,2\n", "has 2 columns 'ID'"),
        ("Student,ID,softmax (1),Softmax\nAnn,7\n", r"columns for softmax, 'softmax \(1\)' and 'Softmax'"),
        ("Student,ID,softmax\nPoints Possible,,(read only)\nAnn,7\n", "softmax as a read-only column"),
        ('Student,ID\n"a\nb",1\n"Ann,7\n', "sheet.csv, line 4: the quotes"),
        ('Student,ID\n"Ann"x,7\n', "line 2: the quotes"),
        ("", "sheet.csv is empty"),
    ],
)
def test_a_canvas_sheet_that_cannot_be_filled_is_one_line(sheet, text, message):
    with pytest.raises(ExportError, match=message) as caught:
        export([grade("7")], "canvas", sheet(text))
    assert "\n" not in str(caught.value)


def test_a_sheet_that_cannot_be_read_is_one_line(tmp_path):
    with pytest.raises(ExportError, match="cannot be read: No such file"):
        export([grade("7")], "canvas", tmp_path / "none.csv")
    (tmp_path / "utf16.csv").write_bytes(CANVAS.encode("utf-16"))
    with pytest.raises(ExportError, match="is not UTF-8"):
        export([grade("7")], "moodle", tmp_path / "utf16.csv")


# Moodle


def test_a_new_moodle_sheet_has_its_columns():
    exported = export([grade("77", name="Ann Lee"), grade("bob@uni.edu", score=None)], "moodle")
    assert exported.text.splitlines() == [
        "Identifier,Full name,Email address,Status,Grade,Maximum Grade",
        "Participant 77,Ann Lee,,Submitted for grading,50,100",
        "bob@uni.edu,bob@uni.edu,bob@uni.edu,Submitted for grading,,100",
    ]
    assert "takes back only a worksheet that it made" in exported.notes[0]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_moodle_sheet_is_filled_by_participant_or_email(sheet, mark, end):
    lines = [
        MOODLE,
        'Participant 7,"Lee, Ann",ann@uni.edu,"Submitted for grading - ",{},100.00,Yes,-',
        '"Participant 8",Bob,bob@uni.edu,,{},"100,00",Yes,-',
        "Participant 77,=Cy,cy@uni.edu,No submission,,100.00,Yes,-",
        "",
    ]
    text = mark + end.join(lines)
    grades = [grade("7", score=12.25), grade("bob@uni.edu"), grade("ghost")]
    exported = export(grades, "moodle", sheet(text.replace("{}", "")))
    assert exported.text == text.replace("{}", "12.25", 1).replace("{}", "50")
    assert exported.notes == (
        "=Cy (Participant 77) is in the sheet and has no grade: cell left as it is.",
        "ghost has a grade and is not in the sheet.",
    )


def test_a_moodle_grade_is_scaled_to_the_maximum_of_its_row(sheet):
    text = f"{MOODLE}\nParticipant 7,Ann,,,,10.00,Yes,-\nParticipant 8,Bob,,,9,,Yes,-\n"
    exported = export([grade("7", score=85.0), grade("8")], "moodle", sheet(text))
    assert exported.text == text.replace(",,10.00", ",8.5,10.00").replace(",,,,8.5", ",,,8.5")
    assert exported.notes == (
        "Grades out of 100 are scaled to the sheet's Maximum Grade, 10.",
        "Bob (Participant 8) has no Maximum Grade in the sheet, so no grade can be given: left as it is.",
    )


def test_a_moodle_grade_over_several_exercises_is_their_sum_and_says_so(sheet):
    text = f"{MOODLE}\nParticipant 7,Ann,,,,200.00,Yes,-\nParticipant 8,Bob,,,,200.00,Yes,-\n"
    grades = [grade("7"), grade("7", "lstm_cell", 30.0), grade("8")]
    exported = export(grades, "moodle", sheet(text))
    assert [row["Grade"] for row in records(exported.text)] == ["80", "50"]
    assert exported.notes == (
        "Grade is the sum over lstm_cell, softmax, out of 200; for one of them alone, name it with --exercise.",
        "8 did not hand in lstm_cell, which adds nothing to the sum.",
    )
    assert [row["Grade"] for row in records(export(grades, "moodle", sheet(text), exercise="softmax").text)] == [
        "100",
        "100",
    ]


def test_a_locked_moodle_grade_is_left(sheet):
    text = f"{MOODLE}\nParticipant 7,Ann,,,3,100.00,No,-\n"
    exported = export([grade("7")], "moodle", sheet(text))
    assert exported.text == text
    assert exported.notes == ("Ann (Participant 7) has a grade that Moodle does not let change: left as it is.",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Identifier,Grade\nParticipant 7,\n", "no column 'Maximum Grade'"),
        ("Full name\nAnn\n", "no columns 'Identifier', 'Grade', 'Maximum Grade'"),
        (f"{MOODLE}\nParticipant 7,A\nParticipant 7,B\n", "'7' in lines 2 and 3"),
    ],
)
def test_a_moodle_sheet_that_cannot_be_filled_is_an_error(sheet, text, message):
    with pytest.raises(ExportError, match=message):
        export([grade("7")], "moodle", sheet(text))


# The sheet itself


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "a,b,\n",
        "a,b,",
        '\ufeff"a","b ""c""\r\nd"\r\n\n,,\r,"",x"y"\n',
        "a;b\n1,5;2\n",
        "a\tb\n1,5\t2",
        "\n\na,b\n",
    ],
)
def test_an_untouched_sheet_is_what_was_read(text):
    assert Sheet(text).text == text


def test_cells_are_what_the_csv_module_reads():
    text = 'a,"b ""c"", d",\r\n"x\r\ny",,"z"\r\n'
    sheet = Sheet(text)
    rows = [[sheet.cell(row, column) for column in range(3)] for row in (sheet.header, *sheet.rows)]
    assert rows == read(text)


# People, and what was handed in and is not graded

LOST = [
    Unplaced("w/bo.docx", "a .docx file cannot be graded", "8", "Bo", "softmax", lost=True),
    Unplaced("w/x", "x", "9", "Cy", lost=True),
]


def test_whoever_handed_in_anything_is_in_the_table_and_missing_nothing():
    exported = export([grade("7", name="Ann"), grade("7", "lstm_cell", name="Ann")], "csv", lost=LOST)
    rows = {row["name"]: row for row in records(exported.text)}
    assert [(row["missing"], row["not graded"], row["total"]) for row in rows.values()] == [
        ("", "", "100"),
        ("lstm_cell", "softmax", ""),
        ("", "x", ""),
    ]
    assert exported.notes == (
        "Bo (8) handed in for softmax, not graded: bo.docx: a .docx file cannot be graded.",
        "Cy (9) handed in, not graded: x: x.",
    )


def test_documents_tell_what_is_not_graded():
    assert [each["student"] for each in json.loads(export([], "json", lost=LOST).text)["not_graded"]] == ["8", "9"]
    suites = ElementTree.fromstring(export([grade("7", score=100.0)], "junit", lost=LOST).text)
    assert (len(suites), suites.get("errors")) == (3, "2")
    assert "bo.docx" in suites[1].find("testcase/error").get("message")


def test_everybody_on_the_roster_has_a_row():
    people = find_people([person("Di", [("email", "di@uni.edu")])], [], {})
    exported = export([grade("7", name="Ann")], "csv", people=people)
    assert [(row["name"], row["missing"]) for row in records(exported.text)] == [("Ann", ""), ("Di", "softmax")]


def test_a_time_that_is_not_known_is_empty():
    exported = export([grade("7", dated=False)], "csv")
    assert records(exported.text)[0]["submitted (UTC)"] == ""
    assert records(export([grade("7", dated=False)], "nbgrader").text)[0]["timestamp"] == ""


def test_a_sheet_knows_a_person_by_any_id(sheet):
    roster = [person("Ann Lee", [("email", "ann@uni.edu"), ("canvas", "7"), ("moodle", "1201")])]
    people = find_people(roster, [Handle("annl", "Ann Lee", "hub", "folders")], {})
    grades = [grade("ann@uni.edu", name="Ann Lee")]
    filled = export(grades, "canvas", sheet(f"{CANVAS}\n{POSSIBLE}\nLee,7,,x,One,,\n"), people=people).text
    assert "Lee,7,,x,One,50," in filled
    filled = export(grades, "moodle", sheet(f"{MOODLE}\nParticipant 1201,Ann Lee,,,,100,Yes,\n"), people=people).text
    assert "Ann Lee,,,50,100" in filled


HEADERS = {
    "de": ("ID,Vollständiger Name,E-Mail-Adresse,Status,Bewertung,Bestwertung,Änderbar", "Teilnehmer/in", "Ja", "Nein"),
    "es": ("Identificador,Nombre completo,Correo,Estado,Calificación,Máxima,x", "Participante ", "Sí", "No"),
    "fr": ("Identifiant,Nom complet,Courriel,Statut,Note,Note maximale,Modifiable", "Participant ", "Oui", "Non"),
    "it": ("Identificativo,Nome,Email,Stato,Valutazione,Massima,Modificabile", "Partecipante ", "Sì", "No"),
    "nl": ("ID,Volledige naam,E-mailadres,Status,Cijfer,Maximumcijfer,x", "Deelnemer ", "Ja", "Nee"),
    "pl": ("Identyfikator,Pełna nazwa,E-mail,Status,Ocena,Maksymalna ocena,x", "Uczestnik ", "Tak", "Nie"),
    "pt": ("Identificador,Nome completo,Email,Status,Nota,Nota máxima,x", "Participante ", "Sim", "Não"),
    "ja": ("識別子,フルネーム,メールアドレス,ステータス,評点,最大評点,評点を変更できる", "参加者", "はい", "いいえ"),
    "ko": ("식별자,성명,이메일 주소,상태,성적,최고 성적,성적을 변경할 수 있음", "참여자 ", "예", "아니오"),
    "zh": ("编号,全名,电子邮件地址,状态,成绩,最高成绩分,成绩可更改", "参与者", "是", "否"),
    "none that is known": ("a,b,c,d,e,f,g", "Nxu ", "Ja", "Nein"),
}  # fmt: skip


@pytest.mark.parametrize("language", HEADERS)
def test_a_moodle_sheet_is_filled_in_whatever_its_language(sheet, language):
    header, word, yes, no = HEADERS[language]
    rows = [f'{word}7,Ann,ann@uni.edu,x - y,,"20,00",{yes}', f'{word}8,Bo,bo@uni.edu,x,"5,00","20,00",{no}',
            f'{word}9,Cy,cy@uni.edu,,,"20,00",{yes}']  # fmt: skip
    grades = [grade("7", score=61.0, name="Ann"), grade("8", name="Bo")]
    exported = export(grades, "moodle", sheet("\n".join([header, *rows, ""])))
    rows[0] = rows[0].replace(',,"20', ',"12,2","20')
    assert exported.text == "\n".join([header, *rows, ""])
    assert any("does not let change" in note and "Bo" in note for note in exported.notes)


def test_numbers_that_are_the_universitys_are_no_maximum(sheet):
    rows = ["Identifier,Name,ID number,Phone,Status,Grade,Best", "Participant 7,Ann,4711,555,,,10",
            "Participant 8,Bo,4712,556,,,10", ""]  # fmt: skip
    text = "\n".join(rows)
    assert "Ann,4711,555,,5,10" in export([grade("7", name="Ann")], "moodle", sheet(text)).text


def test_the_number_of_a_group_gives_nobody_a_grade(sheet):
    exported = export(
        [grade("55", name="Group A")], "moodle", sheet(f"{MOODLE}\nParticipant 55,Zed Un,z@uni.edu,,,100,Yes,\n")
    )
    assert "Zed Un,z@uni.edu,,,100" in exported.text
    assert "Group A (55) is not Zed Un, who has that number: left as it is." in exported.notes


TITLES = CANVAS.replace("softmax (12345)", "HW3: Softmax (take 2) (101),Multi-Head Attention (102),Homework (103)")


@pytest.mark.parametrize(("exercise", "columns", "place"), [
    ("softmax", {}, 5), ("multi_head_attention", {}, 6), ("attention", {"attention": "103"}, 7),
    ("pooling", {"pooling": "Homework"}, 7), ("pooling", {"pooling": "new"}, 9), ("softmax", {"total": "103"}, 7),
])  # fmt: skip
def test_a_title_tells_its_exercise_or_is_asked_for(sheet, exercise, columns, place):
    text = f"{TITLES}\nAnn,7,,ann,One,,,,\n"
    exported = export([grade("7", exercise)], "canvas", sheet(text), columns=columns, known=["multi_head_attention"])
    assert read(exported.text)[1][place] == "50"


@pytest.mark.parametrize(("exercises", "columns", "message"), [
    (["pooling"], {}, r"no column that is named like pooling.*'HW3: Softmax \(take 2\) \(101\)', 'Multi"),
    (["softmax"], {"softmax": "999"}, "no column '999' for softmax"),
    (["attention"], {}, "no column that is named like attention"),  # the title is of another exercise's
    (["softmax", "pooling"], {"pooling": "101"}, "both go into 'HW3: Softmax"),
])  # fmt: skip
def test_an_exercise_without_a_column_is_asked_for_in_one_line(sheet, exercises, columns, message):
    grades = [grade("7", exercise) for exercise in exercises]
    with pytest.raises(ExportError, match=message) as caught:
        export(
            grades, "canvas", sheet(f"{TITLES}\nAnn,7,,ann,One,,,,\n"), columns=columns, known=["multi_head_attention"]
        )  # fmt: skip
    assert "\n" not in str(caught.value)


# Comments in a sheet of Moodle's


def commented(sheet, title="Feedback comments", before="", lost=(), **changes):
    text = f"{MOODLE},{title}\nParticipant 1,Ann,a@uni.edu,Submitted,,100.00,Yes,-,{before}\n"
    made = export([grade("1", name="Ann", **changes), grade("2")], "moodle", sheet(text), lost=lost)
    return read(made.text)[1][8]


@pytest.mark.parametrize("title", [
    "Feedback comments", "Feedback als Kommentar", "Commentaires de feedback", "Comentarios de retroalimentación",
    "Comentários de feedback", "Commenti", "Opmerkingen", "Komentarz zwrotny", "フィードバックコメント", "피드백 댓글",
    "评语反馈", "A title of another language",
])  # fmt: skip
def test_the_column_of_comments_is_filled_in(sheet, title):
    assert commented(sheet, title) == "Graded automatically: 50 / 100: 1 of 2 checks failed"


def test_a_comment_of_somebody_else_stays_and_one_of_ours_is_renewed(sheet):
    assert commented(sheet, before="Well done") == "Well done"
    assert commented(sheet, before="Graded automatically: 3 / 100").startswith("Graded automatically: 50 / 100")


def test_a_comment_names_causes_or_mistakes(sheet):
    titles = [f"Mistake `{i}` of <b>x" for i in range(6)]
    mistakes = tuple(NamedMistake(title, title, "", (), "values") for title in titles)
    result = replace(grade("1").result, mistakes=mistakes)
    named = "; ".join(f"Mistake {i} of ‹b>x" for i in range(4))
    assert commented(sheet, result=result) == f"Graded automatically: 50 / 100: {named}; and 2 more"
    cause = Cause("SyntaxError: expected ':'", place="line 4")
    assert commented(sheet, result=replace(result, causes=(cause,))) == (
        "Graded automatically: 50 / 100: SyntaxError: expected ':' (line 4)"
    )


def test_a_comment_tells_of_each_exercise_also_what_is_not_graded(sheet):
    lost = [Unplaced("w/1/x.pdf", "a .pdf file cannot be graded", "1", "Ann", "pooling", lost=True)]
    assert commented(sheet, lost=lost) == (
        "Graded automatically: softmax: 50 / 100: 1 of 2 checks failed."
        " pooling: not graded: x.pdf: a .pdf file cannot be graded."
    )
