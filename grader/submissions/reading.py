"""Reading a file that may be hostile: the one way to a student's bytes, whichever way they were handed in.

Whoever grades names a folder, and that path is trusted: a course may well lie behind a link. What lies below it is the
student's. There a link is not followed, what is no regular file is not waited for, and no read takes more than its
limit and one byte. Each folder is opened from the one above it, so nothing can be put in the way between a look and
the opening.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import IO, BinaryIO

from grader.errors import GraderError

MAX_SOURCE = 256 * 1024  # bytes
MAX_NOTEBOOK = 64 * 1024 * 1024  # bytes, most of them pictures among the outputs
IS_LINK = {errno.ELOOP, getattr(errno, "EMLINK", 0)}  # what O_NOFOLLOW says; EMLINK on FreeBSD
NO_LINK = getattr(os, "O_NOFOLLOW", 0)
FILE = os.O_RDONLY | NO_LINK | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
FOLDER = os.O_RDONLY | NO_LINK | getattr(os, "O_DIRECTORY", 0)
CAN_WALK = os.open in os.supports_dir_fd  # not on Windows


class SubmissionError(GraderError):
    """A submission that cannot be taken. The message says which and what to do."""


def read_below(root: Path, parts: Sequence[str], path: str, limit: int) -> bytes:
    """The bytes of a regular file in a folder, by way of no link. `path`: as shown. Raises SubmissionError."""
    with open_below(root, parts, path) as file:
        return read_limited(file, path, limit)


def open_below(root: Path, parts: Sequence[str], path: str) -> BinaryIO:
    """A regular file in a folder, by way of no link. `path`: as shown. Raises SubmissionError."""
    try:
        descriptor = walk(root, parts)
    except OSError as error:
        if error.errno == errno.ENXIO:  # a socket
            raise SubmissionError(f"{path} is not a regular file.") from None
        raise SubmissionError(unreadable(path, error, is_link=is_link(root, parts, error))) from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise SubmissionError(f"{path} is not a regular file.")
    return open(descriptor, "rb")


def open_named(path: Path) -> BinaryIO:
    """The file that a user named. Of links only one to a file beside it counts. Raises SubmissionError.

    The folder is the user's own word, but the file in it may have come from a student, and then a link would hand in
    what that student may not read: the solution, or a secret.
    """
    if not path.is_symlink():
        return open_below(path.parent, [path.name], str(path))
    target = Path(os.path.realpath(path))
    if target.parent != Path(os.path.realpath(path.parent)) or target.suffix.lower() != path.suffix.lower():
        raise SubmissionError(f"{path} is a link that leads out of its folder: put the file itself there.")
    return open_below(target.parent, [target.name], str(path))


def read_limited(file: IO[bytes], path: str, limit: int) -> bytes:
    try:
        data = file.read(limit + 1)
    except OSError as error:
        raise SubmissionError(unreadable(path, error)) from None
    if len(data) > limit:
        raise SubmissionError(f"{path} is {too_large(limit)}.")
    return data


def walk(root: Path, parts: Sequence[str]) -> int:
    """A descriptor of what is there, opened from folder to folder. Raises OSError."""
    if not CAN_WALK:
        for depth in range(1, len(parts) + 1):
            if os.path.islink(os.path.join(root, *parts[:depth])):
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        return os.open(os.path.join(root, *parts), FILE)
    at = os.open(root, FOLDER & ~NO_LINK)
    for i, part in enumerate(parts, 1):
        try:
            below = os.open(part, FILE if i == len(parts) else FOLDER, dir_fd=at)
        finally:
            os.close(at)
        at = below
    return at


def is_link(root: Path, parts: Sequence[str], error: OSError) -> bool:
    """Whether a link was in the way: Linux says "not a directory" of one that stands for a folder."""
    if error.errno != errno.ENOTDIR:
        return error.errno in IS_LINK
    return any(os.path.islink(os.path.join(root, *parts[:depth])) for depth in range(1, len(parts) + 1))


def unreadable(path: str, error: OSError, *, is_link: bool = False) -> str:
    said = "a link stands in the way, and links are not followed" if is_link else error.strerror
    return f"{path} cannot be read: {said}."


def too_large(limit: int) -> str:
    return f"larger than {limit >> 10} KiB: no solution is, so nothing of it was read"
