"""Overrides and comments stay with the person, whatever is graded again, renumbered, merged or forgotten."""

import json
import re
import sqlite3
import time
from pathlib import Path

import pytest

from grader.gradebook.decisions import COMMENT, OVERRIDE, UNDO, Entry, ids_of
from grader.gradebook.export import export
from grader.gradebook.roster import merge, person
from grader.gradebook.store import Class, Gradebook, Unplaced

HALF = {"rows": (2, 4), "scale": (3, 6)}


def decide(book, who, exercise, points=None, *, out_of=10.0, check="", kind=OVERRIDE, text="Because.", undoes=0):
    people = book.people()
    grade = next((each for each in book.grades([who]) if each.exercise == exercise), None)
    bound = ids_of(who, people, grade.handed_in_as if grade else "")
    given = (points, out_of) if kind == OVERRIDE else (None, None)
    attempt = grade.source_digest if grade else ""
    entry = Entry(
        kind, bound, people.name(who), exercise, text, "M. Meyer", time.time(), check, *given, attempt, undoes=undoes
    )
    return book.write_entry(entry)


def counting(book):
    return {(grade.student, grade.exercise): (grade.points, grade.score) for grade in book.grades()}


def test_an_override_counts_beside_the_score_and_survives_what_is_graded_again(class_book):
    class_book.grade("ann", "week1", HALF)
    decide(class_book, "ann", "week1", 8.0)
    assert counting(class_book) == {("ann", "week1"): (8.0, 5.0)}
    class_book.grade("ann", "week1", {"rows": (4, 4), "scale": (3, 6)}, suite="s2")
    class_book.grade("ann", "week1", {"rows": (1, 4), "scale": (0, 6)}, source="newer", noted=50.0)
    (grade,) = class_book.grades()
    assert (grade.points, grade.score) == (8.0, 1.0)
    assert "graded 1, of a newer attempt than the override" in grade.told


def test_the_newest_override_counts_and_an_undo_uncovers_the_one_before(class_book):
    class_book.grade("ann", "week1", HALF)
    first = decide(class_book, "ann", "week1", 8.0)
    second = decide(class_book, "ann", "week1", 9.0)
    counts = []
    undo = 0
    for number in (second, first):
        counts.append(counting(class_book)["ann", "week1"][0])
        undo = decide(class_book, "ann", "week1", kind=UNDO, undoes=number)
    counts.append(counting(class_book)["ann", "week1"][0])
    decide(class_book, "ann", "week1", kind=UNDO, undoes=undo)  # what takes back is taken back
    assert [*counts, counting(class_book)["ann", "week1"][0]] == [9.0, 8.0, 5.0, 8.0]
    assert len(class_book.ledger().entries) == 5


def test_overrides_of_checks_add_up_and_that_of_the_exercise_comes_last(class_book):
    class_book.grade("ann", "week1", HALF)
    decide(class_book, "ann", "week1", 4.0, out_of=4.0, check="test_rows")
    decide(class_book, "ann", "week1", 0.0, out_of=6.0, check="test_gone")  # which the suite does not have
    assert counting(class_book)["ann", "week1"] == (7.0, 5.0)
    decide(class_book, "ann", "week1", 1.0)
    assert counting(class_book)["ann", "week1"] == (1.0, 5.0)


def test_an_override_keeps_its_share_where_the_exercise_is_worth_something_else_now(class_book):
    class_book.grade("ann", "week1", HALF)
    decide(class_book, "ann", "week1", 8.0)
    class_book.grade("ann", "week1", {"rows": (2, 20)}, suite="s2")
    assert counting(class_book)["ann", "week1"] == (16.0, 2.0)


def test_who_handed_in_nothing_that_could_be_graded_has_a_grade_by_override(class_book):
    class_book.grade("ann", "week1", HALF)
    lost = Unplaced("/c/bo/a.pdf", "a pdf", "bo", "Bo Ek", "week1", lost=True)
    class_book.note_class(Class("/c", "folders", 0, "", False), {"ann": "ann", "bo": "Bo Ek"}, [lost])
    decide(class_book, "bo", "week1", 4.0)
    assert counting(class_book) == {("bo", "week1"): (4.0, None), ("ann", "week1"): (5.0, 5.0)}
    assert class_book.not_graded() == []
    made = export(class_book.grades(), "csv", lost=class_book.not_graded())
    assert "bo,Bo Ek,4,4,10,40,,,,week1" in made.text
    assert "Bo Ek (bo), week1: 4 of 10, by override of M. Meyer: Because; not graded." in made.notes


def test_a_roster_that_is_imported_later_keeps_what_was_decided_of_a_number(class_book):
    for week, number in (("week1", "11"), ("week2", "21")):  # Moodle's, another one in each assignment
        class_book.note_class(Class(f"/{week}", "moodle", 0, "", True), {number: "Ann Lee"}, [])
        class_book.grade(number, week, HALF, name="Ann Lee")
    decide(class_book, "11", "week2", 8.0)
    assert counting(class_book)["11", "week2"] == (8.0, 5.0)
    ann = person("Lee, Ann", [("email", "ann@uni.edu")])
    class_book.set_roster([ann])
    assert counting(class_book)["ann@uni.edu", "week2"] == (8.0, 5.0)
    class_book.set_roster(merge([ann], [person("Ann Lee", [("email", "ann@uni.edu"), ("sis", "900")])])[0])
    assert counting(class_book)["ann@uni.edu", "week2"] == (8.0, 5.0)
    class_book.set_roster([])
    assert counting(class_book)["11", "week2"] == (8.0, 5.0)


def test_what_was_decided_of_a_person_of_the_roster_stays_when_moodle_numbers_them_anew(class_book):
    class_book.set_roster([person("Ann Lee", [("email", "ann@uni.edu")])])
    for number, noted in (("11", 0.0), ("77", 50.0)):  # the same assignment, downloaded from a copy of the course
        class_book.note_class(Class("/week1", "moodle", 0, "", True), {number: "Ann Lee"}, [])
        class_book.grade(number, "week1", HALF, name="Ann Lee", source=number, noted=noted)
        if number == "11":
            decide(class_book, "ann@uni.edu", "week1", 8.0)
    assert counting(class_book) == {("ann@uni.edu", "week1"): (8.0, 5.0)}


def test_what_was_decided_goes_with_the_number_when_people_are_merged(class_book):
    class_book.set_roster([person("Bo Ek", [("login", "bek")])])
    class_book.grade("b.e.", "week1", HALF)
    decide(class_book, "b.e.", "week1", 8.0)
    class_book.set_roster(class_book.roster(), {"b.e.": "bek"})
    assert counting(class_book) == {("bek", "week1"): (8.0, 5.0)}


def test_an_override_of_one_member_is_not_the_groups_and_one_of_the_group_is_each_members(class_book):
    class_book.note_class(Class("/week1", "moodle", 0, "", True), {"55": "Group A"}, [])
    class_book.grade("55", "week1", HALF, name="Group A")
    of_group = decide(class_book, "55", "week1", 6.0)
    class_book.set_roster([person(name, [("email", f"{name}@uni.edu")], team="Group A") for name in ("ann", "bo")])
    assert counting(class_book) == {("ann@uni.edu", "week1"): (6.0, 5.0), ("bo@uni.edu", "week1"): (6.0, 5.0)}
    decide(class_book, "ann@uni.edu", "week1", kind=UNDO, undoes=of_group)
    decide(class_book, "ann@uni.edu", "week1", 9.0)
    assert counting(class_book) == {("ann@uni.edu", "week1"): (9.0, 5.0), ("bo@uni.edu", "week1"): (5.0, 5.0)}
    ann = next(class_book.grades())
    assert ann.report != ann.shared_report  # what is decided of one is not the others' to read


def test_who_is_not_known_any_more_has_an_entry_all_the_same(class_book):
    class_book.grade("ann", "week1", HALF)
    class_book.set_roster([person("Cy Mo", [("email", "cy@uni.edu")])])
    decide(class_book, "cy@uni.edu", "week1", 8.0)
    class_book.set_roster([])
    assert [(each.name, each.points) for each in class_book.ledger().in_force()] == [("Cy Mo", 8.0)]
    assert counting(class_book) == {("ann", "week1"): (5.0, 5.0)}
    class_book.set_roster([person("Cy Mo", [("email", "CY@uni.edu")])])
    assert counting(class_book)["CY@uni.edu", "week1"] == (8.0, None)


def test_exports_for_machines_have_the_score_what_counts_and_why(class_book):
    class_book.grade("ann", "week1", HALF)
    decide(class_book, "ann", "week1", 8.0, text="Two lines\nwere right.")
    decide(class_book, "ann", "week1", kind=COMMENT, check="test_rows", text="See the lecture.")
    decide(class_book, "ann", "", kind=COMMENT, text="Mind the names.")
    (result,) = json.loads(export(class_book.grades(), "json").text)["results"]
    assert (result["score"], result["decided"]["points"]) == (5.0, 8.0)
    assert [(each["kind"], each["check"], each["text"]) for each in result["decided"]["decisions"]] == [
        ("override", "", "Two lines\nwere right."),
        ("comment", "test_rows", "See the lecture."),
        ("comment", "", "Mind the names."),
    ]
    junit = export(class_book.grades(), "junit").text
    assert '<property name="score" value="8" />' in junit
    assert "by override of M. Meyer: Two lines were right; graded 5" in junit
    for form in ("canvas", "moodle", "nbgrader"):
        assert re.search(r",8(,|\r?$)", export(class_book.grades(), form).text, re.MULTILINE)


def test_a_result_that_another_takes_the_place_of_is_kept(class_book):
    for score in (2, 2, 4):
        class_book.grade("ann", "week1", {"rows": (score, 4)})
    kept = class_book.gradings(["ann"])
    assert [(each.score, bool(each.document)) for each in kept] == [(2, False), (2, True), (4, True)]
    assert counting(class_book) == {("ann", "week1"): (4.0, 4.0)}


def test_a_gradebook_of_the_third_version_is_taken_over(tmp_path):
    """A class of three on a roster of two, graded again with a changed suite, one hand-in of which is a PDF."""
    path = tmp_path / "old.sqlite"
    old = sqlite3.connect(path)
    old.executescript((Path(__file__).parent / "version_3.sql").read_text())
    old.close()
    for _ in range(2):
        with Gradebook(path) as book:
            assert counting(book) == {("ann@uni.edu", "double"): (100.0, 100.0), ("13", "double"): (0.0, 0.0)}
            assert [each.student for each in book.not_graded()] == ["cy@uni.edu"]
            assert [one.id for one in book.roster()] == ["ann@uni.edu", "cy@uni.edu"]
            assert len(book.gradings(["12", "13"])) == 4
            assert book.ledger().entries == []
    with Gradebook(path) as book:
        decide(book, "13", "double", 40.0, out_of=100.0)
    with Gradebook(path) as book:
        assert counting(book)["13", "double"] == (40.0, 0.0)


@pytest.mark.parametrize("exercise", ["", "week1"])
def test_a_comment_changes_no_score(class_book, exercise):
    class_book.grade("ann", "week1", HALF)
    decide(class_book, "ann", exercise, kind=COMMENT)
    (grade,) = class_book.grades()
    assert (grade.points, grade.told, len(grade.decisions.comments)) == (5.0, "", 1)
