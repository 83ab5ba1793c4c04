"""What may be shown, and how points are written."""

import unicodedata

import pytest

from grader.text import points, visible

MARK = "\ufffd"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text, 3 × 4 = 12: ščř 漢字 🎉", "plain text, 3 × 4 = 12: ščř 漢字 🎉"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("a\r\nb", "a\nb"),
        ("100%\rdone", f"100%{MARK}done"),
        ("\x1b[1;31mred\x1b[0m", f"{MARK}red{MARK}"),
        ("\x9b31mred", f"{MARK}red"),
        ("\x1b]0;title\x07", f"{MARK}]0;title{MARK}"),
        ("access = \u202e'nimda'", f"access = {MARK}'nimda'"),
        ("zero\u200bwidth\ufeff", f"zero{MARK}width{MARK}"),
        ("tag\U000e0041", f"tag{MARK}"),
        ("\x00\x08\x7f\x85", MARK * 4),
        ("half a pair \ud800", f"half a pair {MARK}"),
        ("", ""),
    ],
)
def test_what_hides_is_seen(text, shown):
    assert visible(text) == shown


def test_no_control_format_or_surrogate_character_passes():
    characters = [chr(code) for code in range(0x110000)]
    passed = [c for c in characters if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") and visible(c) == c]
    # Of the format characters only those that are drawn pass: Arabic and Kaithi number signs, hieroglyph joiners.
    drawn = ("ARABIC", "SYRIAC", "KAITHI", "EGYPTIAN", "SHORTHAND")
    assert [c for c in passed if c not in "\n\t" and not unicodedata.name(c).startswith(drawn)] == []


def test_the_result_can_be_written_as_utf8():
    visible("".join(map(chr, range(0x110000)))).encode()


def test_a_long_text_of_escapes_takes_no_long_time():
    assert visible("\x1b[" * 100_000).count(MARK) == 100_000


@pytest.mark.parametrize(
    ("number", "written"),
    [(15.0, "15"), (3.75, "3.75"), (0.0, "0"), (-0.0, "0"), (100, "100"), (33.333333, "33.33"), (99.99999999, "100")],
)
def test_points_are_trimmed(number, written):
    assert points(number) == written
