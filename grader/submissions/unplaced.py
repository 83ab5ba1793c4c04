"""What was handed in and is not graded: whose it is, and why. Nobody who handed in anything is left out.

Of a student who handed in something that is graded, other files are told only where they may have been meant as an
answer. Of a student who did not, all that there is is told, as that student's.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from grader.submissions.attempts import USUAL_EXTRAS, Attempts, Rules, matches
from grader.submissions.detection import Reading, place_other
from grader.submissions.folder import WRITTEN_BY_TOOLS, Listing, Other
from grader.submissions.layouts import Place
from grader.submissions.names import Names, plain
from grader.text import visible

SHOWN = 3  # files of a student without an answer that are told one by one
OURS = ("*.csv", "*.md", "readme*", "*.xlsx", "*.toml", "*.log")  # what whoever grades keeps beside a class
EMPTY_FOLDER = "nothing is in the folder that could be graded"
SET_ASIDE = "set aside by --ignore, and nothing else answers"
BLACKBOARD_TEXT = re.compile(r".+_attempt_[\d-]+\.txt")  # beside the files of an attempt
ONLINE_TEXT = "an online text, not a file: ask for the .py or .ipynb file"


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A file that is not graded."""

    path: str
    reason: str
    student: str = ""  # "" where nobody's
    name: str = ""
    exercise: str = ""  # where it is told
    lost: bool = False  # the student has nothing that is graded, in this exercise or at all


def unplaced(reading: Reading, listing: Listing, names: Names, attempts: Attempts, rules: Rules) -> Iterator[Unplaced]:
    graded = {(file.student, file.exercise) for file in attempts.found}
    present = {file.student for file in attempts.found}
    whole = {file.student for file in attempts.found if not file.exercise}  # notebooks of several exercises

    def is_lost(student: str, exercise: str) -> bool:
        if not student or student in whole:
            return False
        return (student, exercise) not in graded if exercise else student not in present

    def of(path: str, reason: str, place: Place | None, exercise: str = "") -> Iterator[Unplaced]:
        owners = ((place.student, place.name), *place.team) if place and place.student else (("", ""),)
        for student, name in owners:
            student, name = writable(student), writable(name)
            yield Unplaced(path, reason, student, name, exercise, is_lost(student, exercise))

    told: list[Unplaced] = []
    for each, reason in attempts.undecided:
        told.append(Unplaced(each.path, reason, each.student, each.name, each.exercise, True))
    for each, reason in attempts.too_many:
        told.append(Unplaced(each.path, reason, each.student, each.name, each.exercise))
    for each in attempts.ignored:
        if is_lost(each.student, each.exercise):
            told.append(Unplaced(each.path, SET_ASIDE, each.student, each.name, each.exercise, True))
    refused = {other.path for other in listing.others}
    for path, reason in listing.problems:  # those of nobody
        if path not in refused and not rules.ignores(path):
            told.append(Unplaced(path, reason))
    for i, reason in reading.unplaced.items():
        file, place = listing.files[i], reading.owners.get(i)
        if not reason or rules.ignores(file.path):
            continue
        is_extra = matches(file.parts[-1], USUAL_EXTRAS) and place is not None and place.student in present
        if not is_extra:
            told += of(file.path, reason, place)
    quiet: defaultdict[str, list[Unplaced]] = defaultdict(list)  # of other kinds, by student
    for other in listing.others:
        place = place_other(reading, listing, names, other)
        named = named_in(other, place, names)
        exercise = names.only or named if place else ""
        is_beside = place is not None and place.student in present and not place.team  # an answer
        if (is_beside and not named and not other.reason) or rules.ignores(other.path):
            continue
        if other.reason:
            told += of(other.path, other.reason, place, exercise)
        elif place is None and is_handed_in_flat(other, reading):
            told += of(other.path, f"tells no student: {reading.layout.title} has {reading.layout.form}", None)
        elif place and other.parts[-1] not in WRITTEN_BY_TOOLS:
            for one in of(other.path, explain_kind(other, exercise), place, exercise):
                if named and one.lost:
                    told.append(one)
                else:
                    quiet[one.student].append(one)
    yield from told
    known = present | {each.student for each in told if each.lost}
    for student, others in quiet.items():
        if student not in known:
            yield from others[:SHOWN]
            known.add(student)
    lengths = {len(folder) for folder in listing.parts}
    held = {file.parts[:length] for file in listing.files for length in lengths}  # also where it was told as nobody's
    for folder in sorted(listing.parts - held):
        path = listing.show(folder)
        place = place_other(reading, listing, names, Other(folder, path, "", is_folder=True))
        if place and writable(place.student) not in known:
            yield from of(path, EMPTY_FOLDER, place)


def is_handed_in_flat(other: Other, reading: Reading) -> bool:
    """Whether it may be somebody's, among files that all tell their student by their names."""
    is_beside = reading.layout.name == "flat" and len(other.parts) == reading.depth + 1
    return is_beside and not matches(other.parts[-1].casefold(), OURS)


def writable(text: str) -> str:
    """As UTF-8 can have it: names in a zip may be anything."""
    return text.encode("utf-8", "replace").decode()


def named_in(other: Other, place: Place | None, names: Names) -> str:
    """The exercise that stands in a file's name."""
    if place is None or other.is_folder:
        return ""
    return place.exercise or names.named(plain(place.stem or other.parts[-1]))


def explain_kind(other: Other, exercise: str) -> str:
    """Why a file of this kind is not graded, and what to do."""
    name = other.parts[-1]
    folded = name.casefold()
    if (
        "onlinetext" in folded
        or "_onlinetext" in "/".join(other.parts)
        or folded.endswith(("_text.html", "_link.html"))
        or BLACKBOARD_TEXT.fullmatch(name)
    ):
        return ONLINE_TEXT
    base = visible(plain(name))
    if ".ipynb" in folded:
        return f"not named as a notebook: rename it to {exercise or base}.ipynb"
    if folded.endswith((".py.txt", ".txt", ".py_", ".pyw")) or "." not in name:
        return f"not named as Python: if it is, rename it to {exercise or base}.py"
    return f"a .{visible(name.rpartition('.')[2])[:10]} file cannot be graded: ask for the .py or .ipynb file"
