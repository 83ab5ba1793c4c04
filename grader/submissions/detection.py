"""Which layout a collection has: decided at the top of what was handed over, and by nothing that a student wrote.

Below the folders that packing puts around a class, each folder or file at the top has one vote: what a student put into
a folder cannot outvote the class, or make us look elsewhere. The layout that most of them speak for is taken.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from grader.submissions.folder import Listing, Other, Parts
from grader.submissions.layouts import Around, Layout, Place, around
from grader.submissions.metadata import read_metadata
from grader.submissions.names import Names, plain
from grader.submissions.submission import SubmissionError
from grader.text import visible

LOOKS = 5


@dataclass
class Reading:
    """The files as one layout sees them below the first `depth` folders; by index in the listing."""

    layout: Layout
    depth: int
    placed: dict[int, tuple[Place, str, int]]  # where, exercise, number
    unplaced: dict[int, str]  # reason; "" for what the layout knows to be no submission
    votes: set[str]  # of the names at the top, those that speak for the layout
    around: dict[str, Around] = field(default_factory=dict)  # by holder
    owners: dict[int, Place] = field(default_factory=dict)  # of unplaced files whose student is told
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

    @property
    def sees_students(self) -> bool:
        return bool(self.placed or self.votes)


def decide(layouts: list[Layout], listing: Listing, names: Names) -> Reading:
    """The reading of the layout that the listing has.

    A layout with a mark of its own is looked for from the outermost folder on, and the first that is found counts: what
    is below it is the students'. Else whether the one folder at the top is a student's or holds the students shows only
    in what they answer.
    """
    outermost = 0
    if listing.wrappers and listing.wrappers[0] == listing.name:  # packing a folder makes one of the same name
        outermost = 1
    best: Reading | None = None
    for depth in range(outermost, len(listing.wrappers) + 1):
        reading = choose(layouts, listing, names, depth)
        if reading.sees_students and not reading.layout.general:
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
        reading = read_below(layout, listing, names, depth + 1, surroundings(listing, depth + 1))
        holders = {listing.files[i].parts[depth] for i in reading.placed}
        if reading.placed and (len(layouts) == 1 or holders == set(listing.folders)):
            return reading
    return None


def bears_mark(layout: Layout, listing: Listing, names: Names) -> bool:
    """Whether each file does, one folder further down than the top."""
    depth = len(listing.wrappers)
    sight = surroundings(listing, depth + 1)
    below = (file.parts[depth:] for file in listing.files)
    return all(len(path) > 1 and is_known(layout, path[1:], sight[path[0]], names) for path in below)


def is_known(layout: Layout, path: Parts, sight: Around, names: Names) -> bool:
    """Whether it is of the layout's own kind, though it may tell no student."""
    is_marked = path[0] in layout.aside or (layout.mark and layout.mark in path[0])
    return bool(is_marked) or layout.place(path, sight, names) is not None


def ask_for_folder(best: Reading, layouts: list[Layout], listing: Listing, names: Names) -> Reading:
    """Answers the reading. Raises SubmissionError for a folder that could be the class's or one student's.

    That is one beside others in which nothing was handed in; without those it would be a wrapper.
    """
    depth = len(listing.wrappers)
    tops = {file.parts[depth] for file in listing.files if len(file.parts) > depth}
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
    sight = surroundings(listing, depth)
    readings = [read_below(layout, listing, names, depth, sight) for layout in layouts]
    if len(layouts) == 1:
        return readings[0]
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


def surroundings(listing: Listing, depth: int) -> dict[str, Around]:
    """What is around the paths below the first `depth` folders, by the folder that holds them."""
    tops: dict[str, set[str]] = {}
    metadata: dict[str, str] = {}
    own_name = listing.name
    everything = (*(file.parts for file in listing.files), *(other.parts for other in listing.others), *listing.parts)
    for parts in everything:
        if len(parts) > depth:
            tops.setdefault(parts[depth - 1] if depth else own_name, set()).add(parts[depth])
    for folder, file in listing.metadata.items():
        if len(folder) in (depth, depth + 1):  # beside the folders of submissions, or one further in
            holder = folder[depth - 1] if depth else own_name
            try:
                metadata[holder] = file.read().decode("utf-8-sig", "replace")
            except SubmissionError:
                continue
    return {holder: around(holder, names, read_metadata(metadata.get(holder, ""))) for holder, names in tops.items()}


def read_below(layout: Layout, listing: Listing, names: Names, depth: int, sights: dict[str, Around]) -> Reading:
    paths = [file.parts[depth:] for file in listing.files]
    below: Counter[Parts] = Counter()  # files, where a layout asks how many there are
    reading = Reading(layout, depth, {}, {}, set(), sights)
    for i, (path, file) in enumerate(zip(paths, listing.files, strict=True)):
        sight = reading.around[holder_of(listing, file.parts, depth)] if path else None
        place = layout.place(path, sight, names) if sight else None
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
            reading.unplaced[i] = explain_name(place.stem, names)
            reading.owners[i] = place
            if layout.general and not names.near(place.stem):
                continue
        reading.votes.add(path[0])
    told = set() if layout.general else told_by_others(reading, listing, names)
    reading.votes |= told
    if not (reading.placed or (not layout.general and (told or reading.owners))):
        reading.votes.clear()
    return reading


def told_by_others(reading: Reading, listing: Listing, names: Names) -> set[str]:
    """The names at the top that tell a student by files that cannot be graded. A few of each name are looked at."""
    told: set[str] = set()
    looks: Counter[str] = Counter()
    for other in listing.others:
        if len(other.parts) <= reading.depth:
            continue
        top = other.parts[reading.depth]
        looks[top] += 1
        if top not in told and looks[top] <= LOOKS and place_other(reading, listing, names, other):
            told.add(top)
    return told


def place_other(reading: Reading, listing: Listing, names: Names, other: Other) -> Place | None:
    """Whose a file is that cannot be graded."""
    path = other.parts[reading.depth :]
    sight = reading.around.get(holder_of(listing, other.parts, reading.depth)) if path else None
    if sight is None:
        return None
    paths = [path]
    if other.is_folder:
        paths = [(*path, ""), (*path, "", "")]  # as of a file in it, or in a folder in it
    elif reading.layout.general:  # these tell the student from the name of the exercise
        paths = [(*path[:-1], f"{plain(path[-1])}.py")]
    places = (reading.layout.place(each, sight, names) for each in paths)
    return next((place for place in places if place and place.student), None)


def explain_name(stem: str, names: Names) -> str:
    near = names.near(stem)
    advice = f": did you mean {near}?" if near else ""
    return f"no exercise is named '{visible(stem)}'{advice}"


def holder_of(listing: Listing, parts: Parts, depth: int) -> str:
    return parts[depth - 1] if depth else listing.name


def is_alone(folder: Parts, paths: list[Parts], below: Counter[Parts]) -> bool:
    """Whether one file is in the folder. `below` is filled when it is first asked for."""
    if not below:
        below.update(path[:i] for path in paths for i in range(1, len(path)))
    return below[folder] == 1
