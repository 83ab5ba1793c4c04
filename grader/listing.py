"""The files in a folder that may be submissions: names, sizes and dates now, their bytes when asked.

Whatever students hand in may be hostile, so nothing is trusted before it is looked at: a link is not followed, what is
no regular file is not opened, and no read takes more than its limit and one byte. What cannot
be taken is one line in `problems`, and stops nothing.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from grader.report.text import visible
from grader.submission import LIMITS, SubmissionError

MAX_ENTRIES = 200_000
MAX_NAME = 255  # characters; file systems have no longer ones, and zips have up to 65,535
MAX_DEPTH = 32
MAX_SHOWN = 1000  # characters of a path that is refused
TIMESTAMP = "timestamp.txt"  # nbgrader's, beside what was handed in
ARCHIVE = re.compile(r".+\.(zip|7z|rar|tar|tgz|tar\.(gz|bz2|xz|zst))", re.IGNORECASE)
SYMLINK = "a symbolic link is not followed: put the file itself there"
IRREGULAR = "not a regular file, so it was not opened: remove it"
IGNORED = {"__pycache__", "__MACOSX", "node_modules", "site-packages"}  # and whatever is hidden


@dataclass(frozen=True, slots=True)
class File:
    """A regular file that may be a submission."""

    parts: tuple[str, ...]  # folders and name, from the root
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
    timestamps: dict[tuple[str, ...], File] = field(default_factory=dict)  # by folder
    problems: list[tuple[str, str]] = field(default_factory=list)  # (path, reason)

    def show(self, parts: tuple[str, ...]) -> str:
        return visible("/".join((str(self.root), *parts)))

    def refuse(self, parts: tuple[str, ...], reason: str) -> None:
        path = self.show(parts)
        self.problems.append((path if len(path) <= MAX_SHOWN else f"{path[:MAX_SHOWN]}…", reason))

    def add(self, parts: tuple[str, ...], size: int, modified: float, read: Callable[[str, int], bytes]) -> None:
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


def too_large(limit: int) -> str:
    return f"larger than {limit >> 10} KiB: no solution is, so nothing of it was read"


def unusable_name(parts: tuple[str, ...]) -> str | None:
    for part in parts:
        if any("\ud800" <= character <= "\udfff" for character in part):
            return "the name is not UTF-8: rename it, or unpack the zip and name the folder"
        if any(unicodedata.category(character) == "Cc" for character in part):
            return "the name has control characters: rename it"
        if len(part) > MAX_NAME:
            return f"the name has more than {MAX_NAME} characters: rename it"
    return f"deeper than {MAX_DEPTH} folders: move it up" if len(parts) > MAX_DEPTH else None


def is_ignored(parts: tuple[str, ...]) -> bool:
    return any(part in IGNORED or (part.startswith(".") and part != "..") for part in parts)


def list_folder(root: Path) -> Listing:
    """What is in a folder and the folders within. Raises SubmissionError where it cannot be read."""
    listing, seen = Listing(root, is_folder=True), 0
    pending: list[tuple[str, ...]] = [()]
    while pending:
        folder = pending.pop()
        try:
            with os.scandir(os.path.join(root, *folder)) as entries:
                for entry in entries:
                    seen += 1
                    if seen > MAX_ENTRIES:
                        raise SubmissionError(f"{root} holds more than {MAX_ENTRIES:,} files: name a folder within.")
                    parts = (*folder, entry.name)
                    if not is_ignored(parts[-1:]) and look_at(entry, parts, listing):
                        pending.append(parts)
        except OSError as error:
            if not folder:
                raise SubmissionError(f"{root} cannot be read: {error.strerror}.") from None
            listing.refuse(folder, f"the folder cannot be read: {error.strerror}")
    listing.files.sort(key=lambda file: file.parts)
    return listing


def look_at(entry: os.DirEntry[str], parts: tuple[str, ...], listing: Listing) -> bool:
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
        listing.add(parts, status.st_size, status.st_mtime, partial(read_file, entry.path))
    return False


def read_file(place: str, path: str, limit: int) -> bytes:
    """The bytes of a regular file, which may have become something else since it was listed."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(place, flags)
        with open(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise SubmissionError(f"{path} is no longer a regular file.")
            data = file.read(limit + 1)
    except OSError as error:
        raise SubmissionError(f"{path} cannot be read: {error.strerror}.") from None
    if len(data) > limit:
        raise SubmissionError(f"{path}: {too_large(limit)}.")
    return data
