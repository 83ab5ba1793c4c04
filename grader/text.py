"""Small texts that the terminal and the HTML report share: what may be shown, how points and times are written."""

from __future__ import annotations

import re

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
LAST_YEAR = 2199  # in which anything can be handed in or due
LATEST = 7_258_118_400  # and its end, in seconds since 1970

# A colour or cursor sequence becomes one mark; its parameters are digits and punctuation, so no word can hide in it.
_ESCAPE_SEQUENCE = r"(?:\x1b\[|\x9b)[0-?]{0,64}[ -/]{0,8}[@-~]"

# Characters that steer a terminal or a reader's eye without being seen. One class each:
_UNSEEN = (
    r"\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters but \t and \n
    r"\xad\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"  # soft hyphen, joiners and blank letters
    r"\u061c\u180b-\u180f\u200b-\u200f"  # zero width, left-to-right and right-to-left marks
    r"\u2028-\u202e\u2060-\u206f\ufeff"  # line separators, bidirectional overrides and isolates, invisible operators
    r"\ud800-\udfff\ufff9-\ufffb\ufffe\uffff"  # halves of pairs (not writable as UTF-8), annotations, non-characters
    r"\U0001d173-\U0001d17a\U000e0000-\U000e0fff"  # musical controls, tags
)
_HIDDEN = re.compile(f"{_ESCAPE_SEQUENCE}|[{_UNSEEN}]")


def visible(text: str) -> str:
    r"""Text in which whatever hides or steers is seen: each such character or colour sequence becomes U+FFFD.

    Line feeds and tabs stay, and "\r\n" is a line feed: neither hides anything.
    """
    if text.isascii() and text.isprintable():  # most texts are: no need to search them
        return text
    return _HIDDEN.sub(REPLACEMENT, text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """Visible text without line feeds: for a name in a line of ours, which must not look like two."""
    return visible(text).replace("\n", REPLACEMENT)


def points(number: float) -> str:
    """Points as a teacher writes them, two decimals at most: 15.0 → "15", 3.75 → "3.75"."""
    written = f"{number:.2f}"
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    return "0" if written == "-0" else written


def count(number: int, noun: str) -> str:
    """ "1 check", "2 checks", "1,000 checks"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def flat(text: str) -> str:
    """A text of several lines in one."""
    return " ".join(text.split())


def is_possible(seconds: float) -> bool:
    """Whether a time since 1970 can be right: one further off would overflow where zones and days are reckoned with."""
    return 0 < seconds < LATEST


def day(seconds: float) -> str:
    """A time since 1970 as a date of here: "27 November 2026"."""
    from datetime import datetime  # which most who import this need not have

    when = datetime.fromtimestamp(seconds)
    return f"{when.day} {when:%B %Y}"
