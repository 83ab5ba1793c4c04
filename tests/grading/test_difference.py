"""What grading anew did: by student, by check, in all; what stays by an override, and what was not compared."""

import time

from grader.cli.history_lines import difference_written, lines_of_difference
from grader.gradebook.decisions import OVERRIDE, Entry, ids_of
from grader.grading.difference import compare

NOON = time.time()  # of the last run


def graded(book, student, before, now, **fields):
    """As two runs with two suites have it."""
    book.grade(student, "week1", before, **fields)
    shift(book)
    if now:
        book.grade(student, "week1", now, suite="s2", **fields)


def shift(book):
    """Makes what was graded until now older."""
    book._connection.execute("UPDATE results SET graded_at = graded_at - 3600 WHERE suite_digest = 's1'")


def lines(book, **fields):
    return "\n".join(lines_of_difference(compare(book, NOON), is_last_run=True, everybody=False, **fields))


def test_who_gained_and_lost_and_by_which_check(class_book):
    graded(class_book, "ann", {"rows": (4, 4), "scale": (0, 6)}, {"rows": (4, 4), "scale": (6, 6)}, name="Ann Lee")
    graded(class_book, "bo", {"rows": (4, 4), "scale": (6, 6)}, {"rows": (1, 4), "scale": (6, 6)})
    graded(class_book, "cy", {"rows": (4, 4), "scale": (6, 6)}, {"rows": (4, 4), "scale": (6, 6)})
    graded(class_book, "di", {"rows": (4, 4), "scale": (6, 6)}, None)  # was not graded again
    assert lines(class_book).split("\n")[1:] == [
        "",
        "week1: 3 graded anew: the suite of week1 changed",
        "  2 scores changed: 1 gained, 1 lost, +1 in the mean",
        "  check test_rows: 1 lost, −3 in all",
        "  check test_scale: 1 gained, +6 in all",
        "    bo: 10 → 7 (−3)",
        "      test_rows −3",
        "    Ann Lee (ann): 4 → 10 (+6)",
        "      test_scale +6",
    ]
    found = compare(class_book, NOON)
    assert not found.is_empty
    assert found.in_short() == "2 scores changed: 1 gained, 1 lost"
    made = difference_written(found)
    assert [(each["student"], each["gain"]) for each in made["students"]] == [("ann", 6.0), ("bo", -3.0)]
    assert made["students"][0]["causes"] == "the suite of week1 changed"


def test_nothing_changed_is_said(class_book):
    graded(class_book, "ann", {"rows": (4, 4)}, {"rows": (4, 4)})
    assert "  no score changed" in lines(class_book)
    assert compare(class_book, NOON).is_empty
    assert "Others were graded anew before" in "\n".join(
        lines_of_difference(compare(class_book, time.time() + 60), is_last_run=True, everybody=False)
    )


def test_checks_that_come_and_go_and_another_worth(class_book):
    graded(class_book, "ann", {"rows": (4, 4), "old": (6, 6)}, {"rows": (4, 4), "new": (8, 16)})
    text = lines(class_book)
    assert "check test_new: new, 1 gained, +8 in all" in text
    assert "check test_old: gone, 1 lost, −6 in all" in text
    assert "ann: 10 of 10 → 12 of 20 (−8)" in text


def test_what_counts_by_an_override_stays_and_that_is_said(class_book):
    graded(class_book, "ann", {"rows": (4, 4)}, None)
    bound = ids_of("ann", class_book.people())
    class_book.write_entry(Entry(OVERRIDE, bound, "ann", "week1", "Because.", "M.", NOON, points=3.0, out_of=4.0))
    class_book.grade("ann", "week1", {"rows": (0, 4)}, suite="s2")
    assert "ann: 4 → 0 (−4); 3 counts, by override" in lines(class_book)


def test_a_suite_that_is_changed_back_gives_what_it_gave(class_book):
    class_book.grade("ann", "week1", {"rows": (4, 4)})
    class_book.grade("ann", "week1", {"rows": (1, 4)}, suite="s2")
    begin = time.time()
    class_book.grade("ann", "week1", {"rows": (4, 4)})
    (change,) = compare(class_book, begin).changes
    assert (change.before, change.now) == (1.0, 4.0)


def test_an_attempt_that_is_new_is_not_compared(class_book):
    graded(class_book, "ann", {"rows": (4, 4)}, None)
    class_book.grade("ann", "week1", {"rows": (1, 4)}, source="newer", noted=50.0)
    assert compare(class_book, NOON).changes == []


def test_a_crowd_is_cut(class_book):
    for number in range(25):
        graded(class_book, f"s{number:02}", {"rows": (4, 4)}, {"rows": (1, 4)})
    text = lines(class_book)
    assert "and 5 more: --all lists them" in text
    assert "s24" not in text
