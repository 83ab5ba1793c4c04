"""What is decided and what an assignment makes of the scores goes back to students, too, and without names has none."""

import re
import time

import pytest

from grader.feedback import collect
from grader.gradebook.assignment import stored
from grader.gradebook.assignment.grades import in_force, score
from grader.gradebook.assignment.stored import Applied
from grader.gradebook.decisions import COMMENT, OVERRIDE, Entry, ids_of
from grader.gradebook.export import export
from grader.gradebook.pseudonyms import Anonymous, Key
from grader.gradebook.roster import person
from grader.gradebook.store import Class, Unplaced
from grader.report.class_overview import render
from grader.report.decided import refresh, refresh_all

YEAR = 365 * 86400.0  # from when a time is counted
HALF = {"rows": (2, 4), "scale": (3, 6)}
ASSIGNMENT = """
title = "Sheet 1"
due = 1971-01-01T00:00:00Z
total = 50
exercises = ["week1"]
late = { percent = 10 }
[[exemptions]]
students = ["Zoe Ulrich"]
exercises = ["week1"]
"""
WHY = "Quinn's two lines were right."


@pytest.fixture
def book(class_book):
    """Quinn is late, with an override and a comment; Zoe is exempt."""
    class_book.grade("quinn@x.edu", "week1", HALF, name="Quinn Xavier", noted=YEAR)
    class_book.grade("zoe@x.edu", "week1", HALF, name="Zoe Ulrich")
    stored.set_assignments(class_book, [Applied("/w/assignment.toml", ASSIGNMENT)])
    decide(class_book, "quinn@x.edu")
    decide(class_book, "quinn@x.edu", COMMENT, "Mind the names.")
    refresh(class_book)
    return class_book


def decide(book, who, kind=OVERRIDE, text=WHY):
    given = {"points": 8.0, "out_of": 10.0} if kind == OVERRIDE else {}
    bound = ids_of(who, book.people())
    book.write_entry(Entry(kind, bound, who, "week1", text, "M. Meyer", time.time(), attempt="source", **given))


def scores_of(book):
    return score(book, in_force(book))


def test_a_report_goes_back_with_what_counts(book):
    pages = dict(collect(book, "folder", scores=scores_of(book)).pages())
    quinn, zoe = pages["Quinn Xavier/week1.html"], pages["Zoe Ulrich/week1.html"]
    for said in ("8 of 10 (Quinn Xavier)</title>", "8 of 10, by override", "Mind the names.", "counts 35 of 50, 1 day"):
        assert said in quinn
    assert "<span>Sheet 1: exempt: counts neither way</span>" in zoe
    assert "override" not in zoe


def test_a_comment_in_a_sheet_tells_what_counts(book, tmp_path):
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(
        "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Feedback comments\n"
        "Participant 5,Quinn Xavier,quinn@x.edu,x,,50.00,Yes,\n"
    )
    text = export(book.grades(), "moodle", sheet, people=book.people(), scores=scores_of(book)).text
    assert "35,50.00,Yes,\"Graded automatically: 8 of 10, by override of M. Meyer: Quinn's two lines were right" in text
    assert "graded 5: 2 of 2 checks failed. M. Meyer: Mind the names; counts 35 of 50, 1 day late" in text


def test_a_repository_is_told_what_counts(book):
    (text,) = [text for name, text in repositories(book).items() if name.endswith("quinn@x.edu/FEEDBACK.md")]
    assert text.startswith("# 8 / 10 points")
    assert "by override of M. Meyer" in text
    assert "Mind the names." in text


def repositories(book):
    book.hand_in([], 7, 0.0)
    book.note_class(Class("/w", "classroom", 1, "week1", False), {"quinn@x.edu": "Quinn Xavier"}, [])
    with book.connected(writing=True) as connection:
        connection.execute("UPDATE attempts SET path = 'hw-submissions/hw-' || student || '/week1.py'")
    return dict(collect(book, "github").pages())


def test_without_names_decisions_and_assignments_have_none(book, tmp_path):
    hidden = Anonymous(book, Key(tmp_path / "key.csv"))
    scores = hidden.scores(scores_of(book))
    quinn, zoe = (hidden.pseudonyms[id] for id in ("quinn@x.edu", "zoe@x.edu"))
    page = render(hidden, scores=scores)
    table = export(hidden.grades(), "csv", people=hidden.people(), scores=scores).text
    document = export(hidden.grades(), "json", people=hidden.people(), scores=scores).text
    reports = [page for _, page in collect(hidden, "zip", scores=scores).pages()]
    shown = repr([*hidden.grades(), *scores[0].names, scores[0].notes, *scores[0].standings]) + page + table + document
    assert not re.search(r"Quinn|Xavier|Zoe|Ulrich|@x.edu", shown + "".join(reports), re.IGNORECASE)
    assert f"{quinn},{quinn},35,35,50,70," in table
    assert f"{zoe},{zoe},,,50,," in table
    assert "by override of M. Meyer" in page
    assert any("8 of 10, by override" in report for report in reports)


def test_what_is_decided_of_one_of_a_group_is_not_in_a_file_that_all_get(class_book):
    people = [person(name, [("email", f"{name}@x.edu"), ("team", "t1")], team="t1") for name in ("ann", "bo")]
    class_book.set_roster(people)
    path = "w/t1_77_assignsubmission_file_/week1.py"
    class_book.grade("t1", "week1", HALF, path=path)
    owners = class_book.people().of("t1")
    assert len(owners) == 2
    decide(class_book, owners[0])
    refresh(class_book)
    with class_book.connected(writing=True) as connection:
        connection.execute("UPDATE attempts SET path = 'submitted/t1/ps1/week1.ipynb'")
    package = collect(class_book, "nbgrader")
    ((_, page),) = package.pages()
    assert WHY.partition("'")[2] not in page
    assert any("is not in the report, which others of the group read, too" in note for note in package.notes)


def test_who_has_a_grade_by_hand_alone_gets_it_with_what_was_handed_in(book):
    lost = [Unplaced("w/cy/a.pdf", "a .pdf file: ask Cy", "cy", "Cy", "week1", lost=True)]
    book.note_class(Class("/w", "folders", 0, "", False), {"cy": "Cy"}, lost)
    decide(book, "cy")
    package = collect(book, "folder")
    page = re.sub("<style.*</style>|<[^>]+>", "", dict(package.pages())["Cy/week1.html"], flags=re.DOTALL)
    assert [page.count(said) for said in ("8 of 10, by override", "two lines", "a.pdf: a .pdf file.", "ask Cy")] == [
        1,
        1,
        1,
        0,
    ]
    assert package.missing == 0


def test_an_override_leaves_the_assignment_on_the_page(book):
    text = refresh_all(book, {}, ["quinn@x.edu"]).read_text()
    (scores,) = scores_of(book)
    assert dict(scores.marks()) == stored.marks(book)  # what a decision changed is not told as another change
    assert "Sheet 1, of 50" in text
    assert "week1, of 50" in text
    assert '<abbr title="1 day late">L</abbr>' in text
    assert '<h2 id="overridden">Overridden</h2>' in text
