"""Finding submissions: a folder or a zip of a class → who handed in what, and what could not be placed.

Every layout is tried on every path. The one that places most files is taken, among equals the more specific, and the
summary tells which; what it cannot place is a problem of one line, never a guess.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import takewhile
from os.path import abspath
from pathlib import Path
from zoneinfo import ZoneInfo

from grader.archive import list_zip
from grader.layouts import KNOWN, LAYOUTS, Layout, Names, Place
from grader.listing import File, Listing, list_folder
from grader.report.text import visible
from grader.submission import SubmissionError

__all__ = ["LAYOUTS", "Collection", "Found", "discover"]

MAX_WRAPPERS = 4  # folders around all others, as packing a folder makes


@dataclass(frozen=True, slots=True)
class Found:
    """A file that answers an exercise."""

    student: str  # tells students apart within the class: an id, a login, a folder's name
    name: str  # as people write it
    exercise: str  # "" for a notebook whose name is no exercise: it may hold several
    path: str  # as shown; of a file in a zip: "week3.zip/ann/softmax.py"
    submitted: float  # seconds since 1970
    number: int  # orders attempts of one time
    read: Callable[[], bytes]  # raises SubmissionError


@dataclass(frozen=True)
class Collection:
    layout: str
    title: str
    found: tuple[Found, ...]  # by student, exercise and time: of several attempts the last is the newest
    problems: tuple[tuple[str, str], ...]  # (path, reason) of what could not be placed or read

    def summary(self) -> str:
        """One line: the layout that was taken, and what is there."""
        exercises = {found.exercise for found in self.found} - {""}
        notebooks = sum(not found.exercise for found in self.found)
        parts = [
            count(len({found.student for found in self.found}), "student"),
            count(len(exercises), "exercise") if exercises or not notebooks else "",
            f"{count(notebooks, 'notebook')} of several exercises" if notebooks else "",
            f"{count(len(self.problems), 'file')} I could not place" if self.problems else "",
        ]
        return f"{self.title}: {', '.join(filter(None, parts))}"


def count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


@dataclass
class Reading:
    """The files as one layout sees them; by index in the listing."""

    layout: Layout
    placed: dict[int, tuple[Place, str, int]]  # where, exercise, number
    unplaced: dict[int, str]  # reason; "" for what the layout knows to be no submission

    def knows(self) -> set[int]:
        return {*self.placed, *(i for i, reason in self.unplaced.items() if not reason)} if self.placed else set()

    def has_rivals(self) -> bool:
        """Whether two students answer the same exercise, as in any class."""
        students: dict[str, str] = {}
        return any(
            students.setdefault(exercise, place.student) != place.student for place, exercise, _ in self.placed.values()
        )


def discover(
    root: Path, exercises: Iterable[str], layout: str | None = None, exercise: str | None = None
) -> Collection:
    """The submissions in a folder or a zip. Only names, sizes and dates are read.

    `layout`, one of LAYOUTS, is detected where it is not given. With `exercise`, every file answers that one. Raises
    SubmissionError where nothing can be placed.
    """
    if layout is not None and layout not in LAYOUTS:
        raise SubmissionError(f"No layout named '{layout}': choose one of {', '.join(LAYOUTS)}.")
    listing = list_folder(root) if root.is_dir() else list_zip(root)
    names = Names(exercises, exercise)
    readings = [read_as(known, listing, names) for known in KNOWN if layout in (None, known.name)]
    reading = choose(readings)
    if not reading.placed:
        raise SubmissionError(explain_nothing(listing, readings, names))
    problems = [(listing.files[i].path, reason) for i, reason in reading.unplaced.items() if reason]
    return Collection(
        reading.layout.name,
        reading.layout.title,
        tuple(sorted(date(list(collect(reading, listing)), reading.layout), key=order)),
        tuple(sorted(listing.problems + problems)),
    )


def choose(readings: list[Reading]) -> Reading:
    """The reading that places most; the first of those that place as many.

    A file that a specific layout knows does not speak for a general one: else one stray file in Moodle's download,
    whose folders could be anyone's, would turn it into folders of students.
    """
    claimed = set().union(*(reading.knows() for reading in readings if not reading.layout.general))
    return max(
        readings, key=lambda reading: len(reading.placed.keys() - (claimed if reading.layout.general else set()))
    )


def read_as(layout: Layout, listing: Listing, names: Names) -> Reading:
    """The files as this layout sees them, in or out of folders that are around all others.

    Whether the one folder at the top is a student's or holds the students shows only in what they answer.
    """
    best = read_below(layout, listing, names, 0)
    if layout.general and listing.files:
        for depth in range(1, min(count_shared_folders(listing), MAX_WRAPPERS) + 1):
            inner = read_below(layout, listing, names, depth)
            gain = len(inner.placed) - len(best.placed)
            if gain > 0 or (gain == 0 and inner.has_rivals() and not best.has_rivals()):
                best = inner
    return best


def count_shared_folders(listing: Listing) -> int:
    folders = [file.parts[:-1] for file in listing.files]
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(min(folders), max(folders), strict=False)))


def read_below(layout: Layout, listing: Listing, names: Names, depth: int) -> Reading:
    root = Path(abspath(listing.root))
    title = root.name if listing.is_folder else root.stem
    paths = [file.parts[depth:] for file in listing.files]
    below = Counter(path[:i] for path in paths for i in range(1, len(path)))
    reading = Reading(layout, {}, {})
    for i, (path, file) in enumerate(zip(paths, listing.files, strict=True)):
        place = layout.place(path, title, names)
        if place is None:
            is_aside = not layout.aside.isdisjoint(path[:-1])
            reading.unplaced[i] = "" if is_aside else f"tells no student: {layout.title} has {layout.form}"
        elif place.exercise:
            reading.placed[i] = place, place.exercise, place.number
        elif answer := names.match(place.stem):
            reading.placed[i] = place, answer[0], place.number or answer[1]
        elif below[path[: place.depth]] == 1 and (folder := names.exact(place.folder)):
            reading.placed[i] = place, folder, place.number
        elif file.is_notebook and place.student:
            reading.placed[i] = place, "", place.number
        else:
            near = names.near(place.stem)
            advice = f": did you mean {near}?" if near else ""
            reading.unplaced[i] = f"no exercise is named '{visible(place.stem)}'{advice}"
    return reading


def collect(reading: Reading, listing: Listing) -> Iterator[Found]:
    for i, (place, exercise, number) in reading.placed.items():
        file = listing.files[i]
        submitted = file.modified
        if stamp := next((listing.timestamps[f] for f in folders_of(file) if f in listing.timestamps), None):
            submitted = read_timestamp(stamp) or submitted
        yield Found(place.student, place.name, exercise, file.path, submitted, number, file.read)


def folders_of(file: File) -> Iterator[tuple[str, ...]]:
    """From the nearest upwards."""
    return (file.parts[:depth] for depth in range(len(file.parts) - 1, 0, -1))


def read_timestamp(file: File) -> float | None:
    """The time in nbgrader's timestamp.txt, as "2026-03-01 12:00:00.5 UTC"; None where it cannot be told."""
    try:
        text = file.read().decode().strip()
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            day, _, zone = text.rpartition(" ")
            moment = datetime.fromisoformat(day).replace(tzinfo=UTC if zone == "UTC" else ZoneInfo(zone))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (SubmissionError, ValueError, KeyError, OSError, OverflowError):
        return None


def date(found: list[Found], layout: Layout) -> Iterator[Found]:
    """Where the files' dates are those of the download, attempts get the same date, so that their numbers decide."""
    newest: defaultdict[tuple[str, str], float] = defaultdict(float)
    for each in found:
        key = each.student, each.exercise
        newest[key] = max(newest[key], each.submitted)
    return (each if layout.dated else replace(each, submitted=newest[each.student, each.exercise]) for each in found)


def order(found: Found) -> tuple[str, str, float, int, str]:
    return found.student, found.exercise, found.submitted, found.number, found.path


def explain_nothing(listing: Listing, readings: list[Reading], names: Names) -> str:
    """Why nothing could be placed, and what to do."""
    if not listing.files:
        seen = f" The first of what was refused: {': '.join(min(listing.problems))}." if listing.problems else ""
        return f"{listing.root} holds no .py or .ipynb file that can be graded.{seen}"
    forms = "; ".join(f"{reading.layout.name} ({reading.layout.form})" for reading in readings)
    slips = (f"{file.path} (did you mean {near}?)" for file in listing.files if (near := names.near(file.stem)))
    example = next(slips, listing.files[0].path)
    return (
        f"None of the {count(len(listing.files), 'file')} in {listing.root} could be placed, like {example}."
        f" Looked for {forms}. Name the layout with --layout, or the exercise with --exercise."
    )
