"""Finding submissions: a folder or a zip of a class → who handed in what, and what is not graded.

Which layout a class has is decided in `detection`, which of several files counts in `attempts`, and `unplaced` tells
what is left: everybody who handed in anything is in one of the two lists. What cannot be placed is a problem of one
line, never a guess.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from grader.submissions.attempts import Found, Rules, matches, settle
from grader.submissions.detection import Reading, decide, explain_rivals, read_below, surroundings
from grader.submissions.folder import File, Listing, Parts, list_folder
from grader.submissions.inner_zip import open_zips
from grader.submissions.layouts import KNOWN, LAYOUTS, WHOLE, Layout, Place, holds_students
from grader.submissions.names import Names
from grader.submissions.submission import LIMITS, SubmissionError
from grader.submissions.times import UnknownTimeError, read_time
from grader.submissions.unplaced import Unplaced, unplaced
from grader.submissions.zip_archive import list_zip
from grader.text import count, is_possible, visible

__all__ = ["LAYOUTS", "Asked", "Collection", "Found", "Rules", "Unplaced", "discover"]


@dataclass(frozen=True)
class Asked:
    """What whoever grades says about a class."""

    layout: str | None = None  # one of LAYOUTS; detected where it is not given
    exercise: str | None = None  # that every file answers
    rules: Rules = field(default_factory=Rules)
    zone: ZoneInfo | None = None  # of times that are written without one
    skipped: Path | None = None  # a folder that is nobody's
    depth: int | None = None  # how many folders are around the class, where that is known
    only: Parts = ()  # a student's part or a file of it: the rest is looked at and left out


@dataclass(frozen=True)
class Collection:
    layout: str
    title: str
    found: tuple[Found, ...]  # by student, exercise and time: of several attempts the last is the newest
    unplaced: tuple[Unplaced, ...]  # by path
    choices: dict[str, list[str]]  # which of several files was taken, in words → whose they are
    notes: tuple[str, ...]  # what is not known of the times
    depth: int  # the folders around the class
    renumbered: bool  # the students' ids are this assignment's: the same person has another one in the next
    root: str  # as shown
    unmatched: tuple[str, ...] = ()  # patterns of what is to be chosen that no path has

    @property
    def problems(self) -> tuple[tuple[str, str], ...]:
        """(path, reason) of each file that is not graded."""
        return tuple(dict.fromkeys((each.path, each.reason) for each in self.unplaced))

    @property
    def students(self) -> dict[str, str]:
        """Everybody who handed in anything, by what tells them apart."""
        lost = {each.student: each.name for each in self.unplaced if each.student}
        return lost | {each.student: each.name for each in self.found}

    @property
    def downloads(self) -> dict[str, str]:
        """By student, the folder of the download, where several lie beside each other."""
        start = len(self.root) + 1
        everything: list[Found | Unplaced] = [*self.unplaced, *self.found]
        folders = ((each.student, each.path[start:].split("/")[: self.depth]) for each in everything)
        return {student: "/".join(folder) for student, folder in folders if student}

    def summary(self) -> str:
        """One line: the layout that was taken, and what is there."""
        exercises = {found.exercise for found in self.found} - {""}
        notebooks = sum(not found.exercise for found in self.found)
        lost = len({each.student for each in self.unplaced} - {found.student for found in self.found} - {""})
        left = len({each.path for each in self.unplaced if not each.lost})
        parts = [
            count(len(self.students), "student"),
            count(len(exercises), "exercise") if exercises or not notebooks else "",
            f"{count(notebooks, 'notebook')} of several exercises" if notebooks else "",
            f"{lost} with nothing that can be graded" if lost else "",
            f"{count(left, 'file')} I could not place" if left else "",
        ]
        return f"{self.title}: {', '.join(filter(None, parts))}"


def discover(
    root: Path,
    exercises: Iterable[str],
    layout: str | None = None,
    exercise: str | None = None,
    asked: Asked | None = None,
) -> Collection:
    """The submissions in a folder or a zip. Names, sizes and dates are read, and of files only what tells them apart.

    `layout` and `exercise` as in `Asked`. Raises SubmissionError where nothing can be placed, or two layouts fit as
    well.
    """
    asked = asked or Asked(layout, exercise)
    if asked.layout is not None and asked.layout not in LAYOUTS:
        raise SubmissionError(f"No layout named '{asked.layout}': choose one of {', '.join(LAYOUTS)}.")
    if root.is_dir() and root.is_symlink() and root.suffix.lower() in LIMITS:
        raise SubmissionError(f"{root} is a link to a folder: put the file itself there.")
    names = Names(exercises, asked.exercise)
    holds_parts = partial(holds_students, names=names)
    listing = list_folder(root, holds_parts, asked.skipped) if root.is_dir() else list_zip(root, holds_parts)
    open_zips(listing, holds_parts)
    layouts = [known for known in KNOWN if asked.layout == known.name or not (asked.layout or known.never_found)]
    depth = 0 if asked.layout == WHOLE else asked.depth
    if depth is None:
        reading = decide(layouts, listing, names)
    else:
        reading = read_below(layouts[0], listing, names, depth, surroundings(listing, depth))
    if reading.rival:
        raise SubmissionError(explain_rivals(reading, reading.rival, listing))
    collection = collect(reading, listing, names, asked)
    if not collection.students or (not reading.sees_students and asked.layout is None):
        raise SubmissionError(explain_nothing(listing, layouts, names))
    return only_below(collection, listing.show(asked.only)) if asked.only else collection


def collect(reading: Reading, listing: Listing, names: Names, asked: Asked) -> Collection:
    clock = Clock(reading, listing, asked.zone)
    files = list(same_dates(list(candidates(reading, listing, clock))))
    attempts = settle(files, names, asked.rules)
    return Collection(
        reading.layout.name,
        title_of(reading, listing),
        tuple(sorted(attempts.found, key=order)),
        tuple(sorted(set(unplaced(reading, listing, names, attempts, asked.rules)), key=lambda each: each.path)),
        attempts.choices,
        tuple(clock.notes(attempts.found)),
        reading.depth,
        reading.layout.renumbered,
        listing.show(()),
        tuple(pattern for pattern in asked.rules.choose if not any(matches(file.path, (pattern,)) for file in files)),
    )


def title_of(reading: Reading, listing: Listing) -> str:
    """The layout, and the folders that were taken for no student's where only what is in them tells so."""
    around = "/".join(listing.wrappers[: reading.depth])
    return f"{reading.layout.title} in {visible(around)}" if around and reading.layout.general else reading.layout.title


def only_below(collection: Collection, path: str) -> Collection:
    """What lies in a folder, or is a file, of those that were found."""

    def is_below(each: Found | Unplaced) -> bool:
        return each.path == path or each.path.startswith(f"{path}/")

    found, left = filter(is_below, collection.found), filter(is_below, collection.unplaced)
    only = replace(collection, found=tuple(found), unplaced=tuple(left), choices={})
    if not only.students:
        raise SubmissionError(f"{path} holds nothing that answers an exercise, as the class is laid out.")
    return only


class Clock:
    """When files were handed in, by what the tool of a layout writes; nothing that a student wrote is asked."""

    def __init__(self, reading: Reading, listing: Listing, zone: ZoneInfo | None) -> None:
        self.reading, self.listing, self.zone = reading, listing, zone
        self.unclear: Counter[str] = Counter()  # why a time is not known → how often

    def time(self, file: File, place: Place) -> float | None:
        """None where it is not known."""
        layout = self.reading.layout
        written = place.stamp
        if layout.stamped and not written:
            stamp = self.listing.timestamps.get(file.parts[: self.reading.depth + place.depth])
            written = text_of(stamp) if stamp else ""
        if written:
            try:
                return read_time(written, self.zone, is_local=layout.local)
            except UnknownTimeError as error:
                self.unclear[str(error)] += 1
                return None
        date = self.date(file)
        return date if layout.dated and date > 0 else None

    def date(self, file: File) -> float:
        """In a zip of a student's that of the zip; in a download around the students that of the file.

        0 where there is none, or none that can be right.
        """
        date = file.zipped[1] if file.zipped and file.zipped[0] <= self.reading.depth else file.modified
        return date if is_possible(date) else 0.0

    def notes(self, found: Iterable[Found]) -> Iterator[str]:
        for reason, number in self.unclear.items():
            yield f"The time of {count(number, 'file')} is not known: {reason}."
        unknown = sum(not each.dated for each in found) - sum(self.unclear.values())
        if unknown > 0:
            why = WITHOUT_TIMES.get(self.reading.layout.name, "the files have no dates that can be right")
            yield f"When {count(unknown, 'file')} {'was' if unknown == 1 else 'were'} handed in is not known: {why}."


WITHOUT_TIMES = {
    "canvas": "a download from Canvas does not tell; its numbers order the attempts",
    "classroom": "cloning dates the files",
    "classroom50": "cloning dates the files",
    "gradescope": "the export has no submission_metadata.yml that tells it",
}


def text_of(stamp: File) -> str:
    try:
        return stamp.read().decode("utf-8-sig", "replace").strip()
    except SubmissionError:
        return ""


def candidates(reading: Reading, listing: Listing, clock: Clock) -> Iterator[Found]:
    for i, (place, exercise, number) in reading.placed.items():
        file = listing.files[i]
        time = clock.time(file, place)
        inner = file.parts[reading.depth + place.own :]
        if place.own == 0 and place.stem and len(inner) == 1:  # a file at the top, named by the tool
            inner = (f"{place.stem}.{file.parts[-1].rpartition('.')[2]}",)
        for student, name in ((place.student, place.name), *place.team):
            submitted = clock.date(file) if time is None else time
            yield Found(student, name, exercise, file.path, submitted, number, file.read, time is not None, inner)


def same_dates(found: list[Found]) -> Iterator[Found]:
    """Where no time is known, attempts get the same date, so that their numbers decide."""
    newest: defaultdict[tuple[str, str], float] = defaultdict(float)
    for each in found:
        key = each.student, each.exercise
        newest[key] = max(newest[key], each.submitted)
    return (each if each.dated else replace(each, submitted=newest[each.student, each.exercise]) for each in found)


def order(found: Found) -> tuple[str, str, float, int, str]:
    return found.student, found.exercise, found.submitted, found.number, found.path


def explain_nothing(listing: Listing, layouts: list[Layout], names: Names) -> str:
    """Why nothing could be placed, and what to do."""
    if not listing.files:
        seen = f" The first of what was refused: {': '.join(min(listing.problems))}." if listing.problems else ""
        return f"{listing.root} holds no .py or .ipynb file that can be graded.{seen}"
    forms = "; ".join(f"{layout.name} ({layout.form})" for layout in layouts)
    slips = (f"{file.path} (did you mean {near}?)" for file in listing.files if (near := names.near(file.stem)))
    example = next(slips, listing.files[0].path)
    return (
        f"None of the {count(len(listing.files), 'file')} in {listing.root} could be placed, like {example}."
        f" Looked for {forms}. Name the layout with --layout, or the exercise with --exercise."
    )
