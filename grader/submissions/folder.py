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
from functools import partial
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
TIMESTAMP = "timestamp.txt"  # nbgrader's, beside what was handed in
ARCHIVE = re.compile(r".+\.(zip|7z|rar|tar|tgz|tar\.(gz|bz2|xz|zst))", re.IGNORECASE)
SYMLINK = "a symbolic link is not followed: put the file itself there"
IRREGULAR = "not a regular file, so it was not opened: remove it"
IGNORED = {"__pycache__", "__MACOSX", "node_modules", "site-packages"}  # and whatever is hidden

Parts = tuple[str, ...]  # folders and name, from the root


@dataclass(frozen=True, slots=True)
class File:
    """A regular file that may be a submission."""

    parts: Parts
    path: str  # as shown
    modified: float  # seconds since 1970
    read: Callable[[], bytes]  # raises SubmissionError

    @property
    def stem(self) -> str:
        return os.path.splitext(self.parts[-1])[0]

    @property
    def is_notebook(self) -> bool:
        return self.parts[-1].lower().endswith(".ipynb")


@dataclass
class Listing:
    root: Path
    is_folder: bool
    files: list[File] = field(default_factory=list)
    timestamps: dict[Parts, File] = field(default_factory=dict)  # by folder
    problems: list[tuple[str, str]] = field(default_factory=list)  # (path, reason)
    wrappers: Parts = ()  # the folders around all others, outermost first
    folders: list[str] = field(default_factory=list)  # those in the innermost wrapper, also where nothing is in them

    def show(self, parts: Parts) -> str:
        return visible("/".join((str(self.root), *parts)))

    def refuse(self, parts: Parts, reason: str) -> None:
        path = self.show(parts)
        self.problems.append((path if len(path) <= MAX_SHOWN else f"{path[:MAX_SHOWN]}…", reason))

    def add(self, parts: Parts, size: int, modified: float, read: Callable[[str, int], bytes]) -> None:
        """Takes a regular file; says why not where it is none to take; passes over what nobody submits."""
        limit = limit_of(parts[-1])
        if ARCHIVE.fullmatch(parts[-1]):
            self.refuse(parts, "an archive within what was handed in is not opened: unpack it first")
        elif limit is None:
            return
        elif reason := unusable_name(parts):
            self.refuse(parts, reason)
        elif size == 0:
            self.refuse(parts, "the file is empty: ask for it again")
        elif size > limit:
            self.refuse(parts, too_large(limit))
        else:
            path = self.show(parts)
            file = File(parts, path, modified, partial(read, path, limit))
            if parts[-1] == TIMESTAMP:
                self.timestamps[parts[:-1]] = file
            else:
                self.files.append(file)


def limit_of(name: str) -> int | None:
    """The bytes that a file of this name may have; None where it is no submission."""
    return 1024 if name == TIMESTAMP else LIMITS.get(os.path.splitext(name)[1].lower())


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
        self.seen = self.files = self.problems = 0
        self.excess = ""  # why it was given up

    def takes_another(self) -> bool:
        """Called for each entry before it is looked at, all entries of a part one after another."""
        if self.excess:
            return False
        if not self.seen:
            self.files, self.problems = len(self.listing.files), len(self.listing.problems)
        self.seen += 1
        kept = len(self.listing.files) - self.files + len(self.listing.problems) - self.problems
        if kept > self.limit:
            self.excess = f"holds more than {self.limit:,} files that could be solutions: keep those that are"
        elif self.seen > MAX_ENTRIES:
            self.excess = f"holds more than {MAX_ENTRIES:,} files: keep only the solutions"
        if self.excess:
            del self.listing.files[self.files :], self.listing.problems[self.problems :]
            self.listing.refuse(self.folder, self.excess)
        return not self.excess


def holds_none(name: str) -> bool:
    return False


def list_folder(root: Path, holds_parts: Callable[[str], bool] = holds_none) -> Listing:
    """What is in a folder and the folders within. Raises SubmissionError where it cannot be read.

    Each folder at the top, below the wrappers, is a part, or holds parts where its name tells so.
    """
    listing = Listing(root, is_folder=True)
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
            listing.refuse(folder, f"the folder cannot be read: {error.strerror}")
            continue
        if top.excess and not folder:
            raise SubmissionError(f"{root} {top.excess}, or name a folder within.")
        if part:
            pending += ((each, part) for each in inner)
        elif folder != listing.wrappers:
            pending += ((each, Part(listing, each)) for each in inner)
        elif is_alone and len(inner) == 1 and len(folder) < MAX_WRAPPERS:
            listing.wrappers = inner[0]
            pending.append((inner[0], None))
        else:
            listing.folders = [each[-1] for each in inner]
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
        if is_ignored((entry.name,)):
            continue
        parts = (*folder, entry.name)
        if look_at(entry, parts, part.listing):
            inner.append(parts)
        elif limit_of(entry.name) is not None or not entry.is_file(follow_symlinks=False):
            is_alone = False
    return inner, is_alone


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
            listing.refuse(parts, reason)
        return reason is None
    elif not stat.S_ISREG(status.st_mode):
        listing.refuse(parts, IRREGULAR)
    elif limit_of(entry.name) and status.st_size and not os.access(entry.path, os.R_OK):
        listing.refuse(parts, "may not be read by this user: give it read permission")
    else:
        listing.add(parts, status.st_size, status.st_mtime, partial(read_below, listing.root, parts))
    return False
