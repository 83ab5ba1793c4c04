"""The files in a folder that may be submissions: names, sizes and dates now, their bytes when asked.

Whatever students hand in may be hostile, so nothing is trusted before it is looked at: a link is not followed, what is
no regular file is not opened, and no read takes more than its limit and one byte. What cannot be taken is one line in
`problems`, and stops nothing. What one student handed in is a *part*: too much in it costs that part and no other.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path

from grader.submissions.reading import read_below, too_large
from grader.submissions.submission import LIMITS, SubmissionError
from grader.text import visible

MAX_ENTRIES = 200_000  # in a part, whatever they are
MAX_FILES = 10_000  # of a part, that may be submissions or are refused
MAX_WRAPPERS = 4  # folders around all others, as packing a folder makes
MAX_NAME = 255  # characters; file systems have no longer ones, and zips have up to 65,535
MAX_DEPTH = 32
MAX_SHOWN = 1000  # characters of a path that is refused
MAX_OTHERS = 100  # of a part: files of other kinds that are remembered
MAX_ARCHIVE = 64 << 20  # bytes of a zip within what was handed in
TIMESTAMP = "timestamp.txt"  # nbgrader's, beside what was handed in
METADATA = "submission_metadata.yml"  # Gradescope's, beside the folders of submissions
WRITTEN_BY_TOOLS = {TIMESTAMP: 1024, METADATA: 16 << 20}  # bytes that each may have
ARCHIVE = re.compile(r".+\.(zip|7z|rar|tar|tgz|tar\.(gz|bz2|xz|zst))", re.IGNORECASE)
SYMLINK = "a symbolic link is not followed: put the file itself there"
IRREGULAR = "not a regular file, so it was not opened: remove it"
OTHER_ARCHIVE = "an archive of this kind is not opened: unpack it, or pack a zip"
EMPTY = "the file is empty: it has to be handed in again"
IGNORED = {"__pycache__", "__MACOSX", "node_modules", "site-packages"}  # and whatever is hidden

Parts = tuple[str, ...]  # folders and name, from the root


@dataclass(frozen=True, slots=True)
class File:
    """A regular file that may be a submission."""

    parts: Parts
    path: str  # as shown
    modified: float  # seconds since 1970
    read: Callable[[], bytes]  # raises SubmissionError
    zipped: tuple[int, float] | None = None  # in a zip that was found: the length of the zip's path, the date in it

    @property
    def stem(self) -> str:
        return os.path.splitext(self.parts[-1])[0]

    @property
    def is_notebook(self) -> bool:
        return self.parts[-1].lower().endswith(".ipynb")


@dataclass(frozen=True, slots=True)
class Other:
    """What was handed in and is no file to grade: of another kind, or refused."""

    parts: Parts
    path: str  # as shown
    reason: str  # "" where nothing is wrong with it but its kind
    is_folder: bool = False


@dataclass
class Listing:
    root: Path
    is_folder: bool
    files: list[File] = field(default_factory=list)
    others: list[Other] = field(default_factory=list)
    zips: list[File] = field(default_factory=list)  # within what was handed in
    timestamps: dict[Parts, File] = field(default_factory=dict)  # by folder
    metadata: dict[Parts, File] = field(default_factory=dict)  # by folder
    problems: list[tuple[str, str]] = field(default_factory=list)  # (path, reason)
    wrappers: Parts = ()  # the folders around all others, outermost first
    folders: list[str] = field(default_factory=list)  # those in the innermost wrapper, also where nothing is in them
    parts: set[Parts] = field(default_factory=set)  # the folders of students' parts, also where nothing is in them
    skipped: str = ""  # a folder that is nobody's

    @cached_property
    def name(self) -> str:
        """What the folder or zip itself is called."""
        root = Path(os.path.abspath(self.root))
        return root.name if self.is_folder else root.stem

    def show(self, parts: Parts) -> str:
        return visible("/".join((str(self.root), *parts)))

    def refuse(self, parts: Parts, reason: str, *, is_folder: bool = False) -> None:
        path = self.show(parts)
        path = path if len(path) <= MAX_SHOWN else f"{path[:MAX_SHOWN]}…"
        self.problems.append((path, reason))
        if parts and parts[0] and ".." not in parts:  # else it lies in nobody's part
            self.others.append(Other(parts, path, reason, is_folder))

    def add(self, parts: Parts, size: int, modified: float, read: Callable[[str, int], bytes]) -> None:
        """Takes a regular file; says why not where it is none to take; only remembers one of another kind."""
        limit = limit_of(parts[-1])
        if is_zip(parts[-1]) and size and unusable_name(parts) is None:
            if size > MAX_ARCHIVE:
                self.refuse(parts, f"larger than {MAX_ARCHIVE >> 20} MiB, so it was not opened: unpack it")
            else:
                self.zips.append(File(parts, self.show(parts), modified, partial(read, self.show(parts), MAX_ARCHIVE)))
        elif ARCHIVE.fullmatch(parts[-1]) and unusable_name(parts) is None:
            self.refuse(parts, OTHER_ARCHIVE if size else EMPTY)
        elif limit is None:
            if unusable_name(parts) is None:
                self.others.append(Other(parts, self.show(parts), EMPTY if size == 0 else ""))
        elif reason := unusable_name(parts):
            self.refuse(parts, reason)
        elif size == 0:
            self.refuse(parts, EMPTY)
        elif size > limit:
            self.refuse(parts, too_large(limit))
        else:
            path = self.show(parts)
            file = File(parts, path, modified, partial(read, path, limit))
            if parts[-1] == TIMESTAMP:
                self.timestamps[parts[:-1]] = file
            elif parts[-1] == METADATA:
                self.metadata[parts[:-1]] = file
            else:
                self.files.append(file)


def limit_of(name: str) -> int | None:
    """The bytes that a file of this name may have; None where it is no submission."""
    return WRITTEN_BY_TOOLS.get(name) or LIMITS.get(os.path.splitext(name)[1].lower())


def is_zip(name: str) -> bool:
    return name.lower().endswith(".zip") and len(name) > len(".zip")


def may_be_handed_in(name: str) -> bool:
    """Whether a file of this name can be graded, or be opened."""
    return limit_of(name) is not None or is_zip(name)


def unusable_name(parts: Parts) -> str | None:
    for part in parts:
        if any("\ud800" <= character <= "\udfff" for character in part):
            return "the name is not UTF-8: rename it, or unpack the zip and name the folder"
        if any(unicodedata.category(character) == "Cc" for character in part):
            return "the name has control characters: rename it"
        if len(part) > MAX_NAME:
            return f"the name has more than {MAX_NAME} characters: rename it"
    return f"deeper than {MAX_DEPTH} folders: move it up" if len(parts) > MAX_DEPTH else None


def is_ignored(parts: Parts) -> bool:
    return any(part in IGNORED or (part.startswith(".") and part != "..") for part in parts)


class Part:
    """What one student handed in, as it is listed. All of it is given up where there is too much.

    `holds_parts`: it is no student's, but a folder of students' parts, and what is directly in it is counted.
    """

    def __init__(self, listing: Listing, folder: Parts, *, holds_parts: bool = False) -> None:
        self.listing, self.folder = listing, folder
        self.limit = MAX_ENTRIES if holds_parts else MAX_FILES
        self.max_others = MAX_ENTRIES if holds_parts else MAX_OTHERS
        self.seen = self.files = self.problems = self.others = 0
        self.excess = ""  # why it was given up

    def takes_another(self) -> bool:
        """Called for each entry before it is looked at, all entries of a part one after another."""
        if self.excess:
            return False
        listing = self.listing
        if not self.seen:
            self.files, self.problems, self.others = len(listing.files), len(listing.problems), len(listing.others)
        self.seen += 1
        del listing.others[self.others + self.max_others :]
        kept = len(listing.files) - self.files + len(listing.problems) - self.problems
        if kept > self.limit:
            self.excess = f"holds more than {self.limit:,} files that could be solutions: keep those that are"
        elif self.seen > MAX_ENTRIES:
            self.excess = f"holds more than {MAX_ENTRIES:,} files: keep only the solutions"
        if self.excess:
            del listing.files[self.files :], listing.problems[self.problems :], listing.others[self.others :]
            listing.refuse(self.folder, self.excess, is_folder=True)
        return not self.excess


def holds_none(name: str) -> bool:
    return False


def list_folder(root: Path, holds_parts: Callable[[str], bool] = holds_none, skipped: Path | None = None) -> Listing:
    """What is in a folder and the folders within. Raises SubmissionError where it cannot be read.

    Each folder at the top, below the wrappers, is a part, or holds parts where its name tells so. `skipped`: a folder
    of our own, the reports, that is nobody's.
    """
    listing = Listing(root, is_folder=True, skipped=os.path.realpath(skipped) if skipped else "")
    pending: list[tuple[Parts, Part | None]] = [((), None)]  # None: it holds parts
    while pending:
        folder, part = pending.pop()
        top = part or Part(listing, folder, holds_parts=True)
        if top.excess:
            continue
        try:
            with os.scandir(os.path.join(root, *folder)) as entries:
                inner, is_alone = look_through(entries, folder, top)
        except OSError as error:
            if not folder:
                raise SubmissionError(f"{root} cannot be read: {error.strerror}.") from None
            listing.refuse(folder, f"the folder cannot be read: {error.strerror}", is_folder=True)
            continue
        if top.excess and not folder:
            raise SubmissionError(f"{root} {top.excess}, or name a folder within.")
        if part:
            pending += ((each, part) for each in inner)
        elif folder != listing.wrappers:
            listing.parts.update(inner)
            pending += ((each, Part(listing, each)) for each in inner)
        elif is_alone and len(inner) == 1 and len(folder) < MAX_WRAPPERS:
            listing.wrappers = inner[0]
            pending.append((inner[0], None))
        else:
            listing.folders = [each[-1] for each in inner]
            listing.parts.update(each for each in inner if not holds_parts(each[-1]))
            pending += ((each, None if holds_parts(each[-1]) else Part(listing, each)) for each in inner)
    listing.files.sort(key=lambda file: file.parts)
    return listing


def look_through(entries: Iterable[os.DirEntry[str]], folder: Parts, part: Part) -> tuple[list[Parts], bool]:
    """Lists what is in a folder. Answers the folders within, and whether nothing else there could be handed in."""
    inner: list[Parts] = []
    is_alone = True
    for entry in entries:
        if not part.takes_another():
            return [], False
        if is_ignored((entry.name,)) or (part.listing.skipped and is_skipped(entry, part.listing)):
            continue
        parts = (*folder, entry.name)
        if look_at(entry, parts, part.listing):
            inner.append(parts)
        elif may_be_handed_in(entry.name) or not entry.is_file(follow_symlinks=False):
            is_alone = False
    return inner, is_alone


def is_skipped(entry: os.DirEntry[str], listing: Listing) -> bool:
    return entry.name == os.path.basename(listing.skipped) and os.path.realpath(entry.path) == listing.skipped


def look_at(entry: os.DirEntry[str], parts: Parts, listing: Listing) -> bool:
    """Adds an entry of a folder to the listing; True for a folder to walk into."""
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError as error:
        listing.refuse(parts, f"cannot be read: {error.strerror}")
        return False
    if stat.S_ISLNK(status.st_mode):
        listing.refuse(parts, SYMLINK)
    elif stat.S_ISDIR(status.st_mode):
        reason = unusable_name(parts)
        if reason:
            listing.refuse(parts, reason, is_folder=True)
        return reason is None
    elif not stat.S_ISREG(status.st_mode):
        listing.refuse(parts, IRREGULAR)
    elif limit_of(entry.name) and status.st_size and not os.access(entry.path, os.R_OK):
        listing.refuse(parts, "may not be read by this user: give it read permission")
    else:
        listing.add(parts, status.st_size, status.st_mtime, partial(read_below, listing.root, parts))
    return False
