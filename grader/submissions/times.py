"""When something was handed in, from what a tool wrote: dates with a zone's name, its abbreviation, or none.

A time is told or it is not known: what could be two zones is said, and nothing is invented. A time so far off that it
cannot be right is not known either: it would overflow wherever zones are converted or days are added.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from grader.text import LAST_YEAR, is_possible

# Hours from UTC of abbreviations that stand for one zone wherever they are used for exams and timestamps.
HOURS = {
    "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 1, "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2, "EET": 2, "EEST": 3,
    "MSK": 3, "TRT": 3, "SAST": 2, "CAT": 2, "EAT": 3, "WAT": 1, "PKT": 5, "NPT": 5.75, "WIB": 7, "HKT": 8, "SGT": 8,
    "AWST": 8, "JST": 9, "KST": 9, "ACST": 9.5, "ACDT": 10.5, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
    "BRT": -3, "ART": -3, "NST": -3.5, "NDT": -2.5, "EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8,
    "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10,
}  # fmt: skip
# Those that are not clear. Where the zone of whoever grades has such a name at that time, it is meant.
AMBIGUOUS = {"CST", "IST", "BST", "AST", "ADT", "SST", "GST", "WST", "AMT", "ECT", "MMT"}
OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2}):?(\d\d)?")
FORMS = ("%b %d, %Y %I%M %p", "%b %d %Y %I%M %p", "%B %d, %Y %I%M %p", "%d %b, %Y %H%M", "%d %B, %Y %H%M",
         "%d %b %Y %H%M", "%b %d, %Y %H%M")  # fmt: skip


class UnknownTimeError(ValueError):
    """A time that cannot be told. The message says why and what to do."""


def read_time(written: str, zone: ZoneInfo | None = None, *, is_local: bool = False) -> float:
    """Seconds since 1970. Raises UnknownTimeError.

    `zone`: where the class is, else this machine's. `is_local`: a time without a zone is on the clock there, not UTC.
    """
    text = " ".join(written.replace("\ufeff", " ").split())
    try:
        seconds = moment_of(text, zone, is_local).timestamp()
    except UnknownTimeError:
        raise
    except (ValueError, OverflowError, OSError):
        raise UnknownTimeError(f"'{text[:60]}' is no time that I know") from None
    if not is_possible(seconds):
        raise UnknownTimeError(f"'{text[:60]}' cannot be right: it is not between 1970 and {LAST_YEAR}")
    return seconds


def moment_of(text: str, zone: ZoneInfo | None, is_local: bool) -> datetime:
    try:
        moment = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text))
    except ValueError:
        pass
    else:
        if moment.tzinfo:
            return moment
        return local(moment, zone) if is_local else moment.replace(tzinfo=UTC)
    day, _, name = text.rpartition(" ")
    try:
        moment = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", day))
    except ValueError:
        return local(written_out(text), zone)
    return moment.replace(tzinfo=zone_of(name, moment, zone))


def written_out(text: str) -> datetime:
    """Of a date in words, as Brightspace has it."""
    for form in FORMS:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    hours = re.fullmatch(r"(.+ )(\d{3})( [AP]M)", text)  # "905 AM"
    if hours:
        return written_out(f"{hours[1]}0{hours[2]}{hours[3]}")
    raise UnknownTimeError(f"'{text[:60]}' is no time that I know")


def local(moment: datetime, zone: ZoneInfo | None) -> datetime:
    """On the clock of the class: of what a tool writes without a zone."""
    return moment.replace(tzinfo=zone) if zone else moment.astimezone()


def zone_of(name: str, moment: datetime, zone: ZoneInfo | None) -> tzinfo:
    if match := OFFSET.fullmatch(name):
        sign = -1 if match[1] == "-" else 1
        return timezone(sign * timedelta(hours=int(match[2]), minutes=int(match[3] or 0)))
    upper = name.upper()
    for month in (1, 7):  # winter's name of the zone and summer's
        there = datetime(moment.year, month, 1, tzinfo=zone)
        if zone and there.tzname() == upper:
            return timezone(there.utcoffset() or timedelta())
    if upper in AMBIGUOUS:
        raise UnknownTimeError(f"{upper} is the time of several zones: name yours with --zone")
    hours = HOURS.get(upper)
    if hours is not None:
        return timezone(timedelta(hours=hours))
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise UnknownTimeError(f"'{name[:20]}' is no zone that I know: name yours with --zone") from None
