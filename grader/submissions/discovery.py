"""Finding submissions: a folder or a zip of a class → who handed in what, and what could not be placed.

The layout is decided at the top of what was handed over, below the folders that packing puts around it, and each folder
or file there has one vote: what a student put into a folder cannot outvote the class, or make us look elsewhere. The
layout that most of them speak for is taken, and the summary tells which; what it cannot place is a problem of one line,
never a guess.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from os.path import abspath
from pathlib import Path
from zoneinfo import ZoneInfo

from grader.submissions.folder import File, Listing, Parts, list_folder
from grader.submissions.layouts import KNOWN, LAYOUTS, Layout, Names, Place, holds_students
from grader.submissions.submission import LIMITS, SubmissionError
from grader.submissions.zip_archive import list_zip
from grader.text import visible

__all__ = ["LAYOUTS", "Collection", "Found", "discover"]


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
    """The files as one layout sees them below the first `depth` folders; by index in the listing."""

    layout: Layout
    depth: int
    placed: dict[int, tuple[Place, str, int]]  # where, exercise, number
    unplaced: dict[int, str]  # reason; "" for what the layout knows to be no submission
    votes: set[str]  # of the names at the top, those that speak for the layout
    rival: Reading | None = None  # of another layout with as many votes, but not the same

    def has_rivals(self) -> bool:
        """Whether two students answer the same exercise, as in any class."""
        students: dict[str, str] = {}
        return any(
            students.setdefault(exercise, place.student) != place.student for place, exercise, _ in self.placed.values()
        )

    def is_better(self, outer: Reading) -> bool:
        """Whether the one folder that this reading leaves out is around students, and is none itself."""
        gain = len(self.placed) - len(outer.placed)
        return gain > 0 or (gain == 0 and self.has_rivals() and not outer.has_rivals())


def discover(
    root: Path, exercises: Iterable[str], layout: str | None = None, exercise: str | None = None
) -> Collection:
    """The submissions in a folder or a zip. Only names, sizes and dates are read.

    `layout`, one of LAYOUTS, is detected where it is not given. With `exercise`, every file answers that one. Raises
    SubmissionError where nothing can be placed, or two layouts fit as well.
    """
    if layout is not None and layout not in LAYOUTS:
        raise SubmissionError(f"No layout named '{layout}': choose one of {', '.join(LAYOUTS)}.")
    if root.is_dir() and root.is_symlink() and root.suffix.lower() in LIMITS:
        raise SubmissionError(f"{root} is a link to a folder: put the file itself there.")
    names = Names(exercises, exercise)
    listing = (list_folder if root.is_dir() else list_zip)(root, partial(holds_students, names=names))
    layouts = [known for known in KNOWN if layout in (None, known.name)]
    reading = decide(layouts, listing, names)
    if reading.rival:
        raise SubmissionError(explain_rivals(reading, reading.rival, listing))
    if not reading.placed:
        raise SubmissionError(explain_nothing(listing, layouts, names))
    problems = [(listing.files[i].path, reason) for i, reason in reading.unplaced.items() if reason]
    return Collection(
        reading.layout.name,
        title_of(reading, listing),
        tuple(sorted(date(list(collect(reading, listing)), reading.layout), key=order)),
        tuple(sorted(listing.problems + problems)),
    )


def title_of(reading: Reading, listing: Listing) -> str:
    """The layout, and the folders that were taken for no student's where only what is in them tells so."""
    around = "/".join(listing.wrappers[: reading.depth])
    return f"{reading.layout.title} in {visible(around)}" if around and reading.layout.general else reading.layout.title


def decide(layouts: list[Layout], listing: Listing, names: Names) -> Reading:
    """The reading of the layout that the listing has.

    A layout with a mark of its own is looked for from the outermost folder on, and the first that is found counts: what
    is below it is the students'. Else whether the one folder at the top is a student's or holds the students shows only
    in what they answer.
    """
    outermost = 0
    if listing.wrappers and listing.wrappers[0] == name_of(listing):  # packing a folder makes one of the same name
        outermost = 1
    best: Reading | None = None
    for depth in range(outermost, len(listing.wrappers) + 1):
        reading = choose(layouts, listing, names, depth)
        if reading.placed and not reading.layout.general:
            return reading
        if best and best.placed and best.layout.name == "exercises":
            break  # an exercise's folder has the students in it
        if best is None or reading.is_better(best):
            best = reading
    assert best is not None
    return read_side_by_side(layouts, listing, names) or ask_for_folder(best, layouts, listing, names)


def read_side_by_side(layouts: list[Layout], listing: Listing, names: Names) -> Reading | None:
    """Several downloads of one tool, in folders beside each other: where it was named, or nothing else is there."""
    depth = len(listing.wrappers)
    for layout in layouts:
        if layout.general or not listing.folders or (len(layouts) > 1 and not bears_mark(layout, listing, names)):
            continue
        reading = read_below(layout, listing, names, depth + 1)
        holders = {listing.files[i].parts[depth] for i in reading.placed}
        if reading.placed and (len(layouts) == 1 or holders == set(listing.folders)):
            return reading
    return None


def bears_mark(layout: Layout, listing: Listing, names: Names) -> bool:
    """Whether each file does, one folder further down than the top."""
    depth = len(listing.wrappers)
    below = (file.parts[depth:] for file in listing.files)
    return all(len(path) > 1 and is_known(layout, path[1:], path[0], names) for path in below)


def is_known(layout: Layout, path: Parts, holder: str, names: Names) -> bool:
    """Whether it is of the layout's own kind, though it may tell no student."""
    is_marked = path[0] in layout.aside or (layout.mark and layout.mark in path[0])
    return bool(is_marked) or layout.place(path, holder, names) is not None


def ask_for_folder(best: Reading, layouts: list[Layout], listing: Listing, names: Names) -> Reading:
    """Answers the reading. Raises SubmissionError for a folder that could be the class's or one student's.

    That is one beside others in which nothing was handed in; without those it would be a wrapper.
    """
    depth = len(listing.wrappers)
    tops = {file.parts[depth] for file in listing.files}
    if len(layouts) > 1 and best.depth == depth and len(listing.folders) > 1 and len(tops) == 1:
        inner = choose(layouts, listing, names, depth + 1)
        if inner.is_better(best) or (inner.placed and not inner.layout.general):
            folder = visible("/".join((str(listing.root), *listing.files[0].parts[: depth + 1])))
            raise SubmissionError(
                f"{folder} is either the class's or one student's, as nothing was handed in beside it:"
                f" name that folder if it is the class's, or use --layout folders."
            )
    return best


def choose(layouts: list[Layout], listing: Listing, names: Names, depth: int) -> Reading:
    """The reading that most of what is at this depth speaks for.

    What a specific layout knows does not speak for a general one: else Moodle's folders, which could be anyone's, would
    be folders of students. Of layouts with the same votes the first counts.
    """
    readings = [read_below(layout, listing, names, depth) for layout in layouts]
    claimed = set().union(*(reading.votes for reading in readings if not reading.layout.general))
    for reading in readings:
        if reading.layout.general:
            reading.votes -= claimed
    best = max(readings, key=lambda reading: len(reading.votes))
    equals = (each for each in readings if len(each.votes) == len(best.votes) and each.votes != best.votes)
    best.rival = next(equals, None)
    return best


def explain_rivals(one: Reading, other: Reading, listing: Listing) -> str:
    """That two layouts fit as well, by what, and what to do."""
    said = (
        f'"{each.layout.title}" (by {visible(min(each.votes - against.votes))})'
        for each, against in ((one, other), (other, one))
    )
    names = f"--layout {one.layout.name} or --layout {other.layout.name}"
    return f"{listing.root} could be {' or '.join(said)}: choose with {names}."


def read_below(layout: Layout, listing: Listing, names: Names, depth: int) -> Reading:
    own_name = name_of(listing)
    paths = [file.parts[depth:] for file in listing.files]
    below: Counter[Parts] = Counter()  # files, where a layout asks how many there are
    reading = Reading(layout, depth, {}, {}, set())
    for i, (path, file) in enumerate(zip(paths, listing.files, strict=True)):
        holder = file.parts[depth - 1] if depth else own_name
        place = layout.place(path, holder, names) if path else None
        if place is None:
            is_aside = path[0] in layout.aside if path else False
            reading.unplaced[i] = "" if is_aside else f"tells no student: {layout.title} has {layout.form}"
            if is_aside or (layout.mark and path and layout.mark in path[0]):
                reading.votes.add(path[0])
            continue
        if place.exercise:
            reading.placed[i] = place, place.exercise, place.number
        elif answer := names.match(place.stem):
            reading.placed[i] = place, answer[0], place.number or answer[1]
        elif (folder := names.exact(place.folder)) and is_alone(path[: place.depth], paths, below):
            reading.placed[i] = place, folder, place.number
        elif file.is_notebook and place.student:
            reading.placed[i] = place, "", place.number
        else:
            near = names.near(place.stem)
            advice = f": did you mean {near}?" if near else ""
            reading.unplaced[i] = f"no exercise is named '{visible(place.stem)}'{advice}"
            if layout.general and not near:
                continue
        reading.votes.add(path[0])
    if not reading.placed:
        reading.votes.clear()
    return reading


def is_alone(folder: Parts, paths: list[Parts], below: Counter[Parts]) -> bool:
    """Whether one file is in the folder. `below` is filled when it is first asked for."""
    if not below:
        below.update(path[:i] for path in paths for i in range(1, len(path)))
    return below[folder] == 1


def name_of(listing: Listing) -> str:
    """What the folder or zip itself is called."""
    root = Path(abspath(listing.root))
    return root.name if listing.is_folder else root.stem


def collect(reading: Reading, listing: Listing) -> Iterator[Found]:
    for i, (place, exercise, number) in reading.placed.items():
        file = listing.files[i]
        stamp = listing.timestamps.get(file.parts[: reading.depth + place.depth]) if reading.layout.stamped else None
        submitted = (read_timestamp(stamp) if stamp else None) or file.modified
        yield Found(place.student, place.name, exercise, file.path, submitted, number, file.read)


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
