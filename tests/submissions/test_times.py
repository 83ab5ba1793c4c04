"""Times as tools write them: told, or said not to be known; none is invented."""

import os
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from grader.submissions.discovery import Asked, discover
from grader.submissions.times import UnknownTimeError, read_time
from grader.text import LAST_YEAR, LATEST


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


@pytest.mark.parametrize(("written", "meant"), [
    ("2026-06-29 02:30:00.000000 CEST", "2026-06-29 00:30:00"), ("2026-01-29 02:30:00.5 PST", "2026-01-29 10:30:00.5"),
    ("2026-06-29 02:30:00 PDT", "2026-06-29 09:30:00"), ("\ufeff2026-06-29 02:30:00 UTC\n", "2026-06-29 02:30:00"),
    ("2026-06-29 02:30:00 AEST", "2026-06-28 16:30:00"), ("2026-06-29 02:30:00 NPT", "2026-06-28 20:45:00"),
    ("2026-06-29 02:30:00 +0530", "2026-06-28 21:00:00"), ("2026-06-29 02:30:00 GMT-3", "2026-06-29 05:30:00"),
    ("2026-06-29 02:30:00.123456789 Z", "2026-06-29 02:30:00.123456"), ("2026-06-29 02:30:00", "2026-06-29 02:30:00"),
])  # fmt: skip
def test_a_time_is_read(written, meant):
    assert read_time(written) == utc(meant)


@pytest.mark.parametrize(("zone", "name", "hours"), [
    ("America/Chicago", "CST", 6), ("America/Chicago", "CDT", 5), ("Asia/Shanghai", "CST", -8),
    ("Asia/Kolkata", "IST", -5.5), ("Europe/Dublin", "IST", -1), ("Asia/Jerusalem", "IST", -2),
    ("Europe/London", "BST", -1),
])  # fmt: skip
def test_what_may_be_several_zones_is_that_of_the_class(zone, name, hours):
    written = f"2026-06-29 12:00:00 {name}"
    assert read_time(written, ZoneInfo(zone)) == utc("2026-06-29 12:00:00") + hours * 3600
    if name != "CDT":
        with pytest.raises(UnknownTimeError, match=f"{name} is the time of several zones: name yours with --zone"):
            read_time(written)


@pytest.mark.parametrize("written", ["", "soon", "2026-06-29 02:30:00 ../../etc", "9" * 500, "2026-13-01 00:00:00 UTC",
                                     "2026-06-29 02:30:00 XYZ"])  # fmt: skip
def test_what_is_no_time_is_said_in_one_line(written):
    with pytest.raises(UnknownTimeError) as caught:
        read_time(written)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("written", [
    "9999-12-31 23:59:59 UTC", "0001-01-01 00:00:00 +14", "9999-12-31T23:59:59-12:00", "2200-01-01 00:00:00 UTC",
    "1969-12-31 12:00:00 UTC", "Dec 31, 9999 1159 PM",
])  # fmt: skip
def test_a_time_that_cannot_be_right_is_none(written):
    for zone in (None, ZoneInfo("Pacific/Kiritimati")):
        with pytest.raises(UnknownTimeError, match=r"cannot be right|no time that I know"):
            read_time(written, zone, is_local=True)


def test_the_last_year_ends_where_it_should():
    assert utc(f"{LAST_YEAR + 1}-01-01") == LATEST
    assert read_time("2199-12-31 23:59:59 UTC") == LATEST - 1


@pytest.mark.parametrize("date", [7258118400, 15032385535, 2**40, -1, 0])
def test_nor_is_a_date_of_a_file(tmp_path, date):
    for student, when in [("ann", 1.8e9), ("eve", date)]:
        (tmp_path / student).mkdir()
        (tmp_path / student / "softmax.py").write_text("x = 1\n")
        try:
            os.utime(tmp_path / student / "softmax.py", (when, when))
        except OverflowError:
            pytest.skip("no such date here")
    if (tmp_path / "eve" / "softmax.py").stat().st_mtime != date:
        pytest.skip("the file system has no such date")
    collection = discover(tmp_path, ("softmax",))
    assert {each.student: (each.submitted, each.dated) for each in collection.found} == {
        "ann": (1.8e9, True), "eve": (0.0, False),
    }  # fmt: skip
    assert collection.notes == ("When 1 file was handed in is not known: the files have no dates that can be right.",)


@pytest.mark.parametrize("stamp", ["9999-12-31 23:59:59 UTC", "2600-01-01T00:00:00Z", "0001-01-01 00:00:00 UTC"])
def test_one_absurd_time_is_one_students(tmp_path, stamp):
    """It held up the scores of the class: the late days of such a time are beyond every calendar."""
    for student, text in [("ann", "2026-11-20 10:00:00 UTC"), ("eve", stamp)]:
        folder = tmp_path / "submitted" / student / "ps1"
        folder.mkdir(parents=True)
        (folder / "softmax.py").write_text(f"# {student}\n")
        (folder / "timestamp.txt").write_text(stamp if student == "eve" else text)
    collection = discover(tmp_path, ("softmax",))
    assert {each.student: each.dated for each in collection.found} == {"ann": True, "eve": False}
    assert collection.notes == (
        f"The time of 1 file is not known: '{stamp}' cannot be right: it is not between 1970 and 2199.",
    )


def test_a_time_without_a_zone_is_on_the_clock_of_the_class_where_the_tool_writes_that():
    zone = ZoneInfo("Europe/Berlin")
    assert read_time("2026-06-29 12:00:00", zone, is_local=True) == utc("2026-06-29 10:00:00")


def test_a_time_that_is_not_told_is_not_the_files(tmp_path):
    for student, stamp in [("ann", "2026-06-29 12:00:00 CST"), ("bo", "2026-06-29 12:00:00 CEST")]:
        folder = tmp_path / "submitted" / student / "ps1"
        folder.mkdir(parents=True)
        (folder / "softmax.ipynb").write_text("{}")
        (folder / "timestamp.txt").write_bytes(b"\xef\xbb\xbf" + stamp.encode())
    collection = discover(tmp_path, ("softmax",))
    assert {each.student: each.dated for each in collection.found} == {"ann": False, "bo": True}
    assert collection.notes == (
        "The time of 1 file is not known: CST is the time of several zones: name yours with --zone.",
    )
    (ann, _) = discover(tmp_path, ("softmax",), asked=Asked(zone=ZoneInfo("America/Chicago"))).found
    assert (ann.dated, ann.submitted) == (True, utc("2026-06-29 18:00:00"))
