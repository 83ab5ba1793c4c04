"""Times as tools write them: told, or said not to be known; none is invented."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from grader.submissions.discovery import Asked, discover
from grader.submissions.times import UnknownTimeError, read_time


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
