"""Folders of the user: where caches and sockets lie, and whether nobody else can have put anything there.

Imports next to nothing: each `grade` runs this before it knows whether another process answers it.
"""

from __future__ import annotations

import os
import stat
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

WRITE, ENTER = 0o022, 0o077  # what nobody else may be able to do


def is_own(folder: int | str, others: int = ENTER) -> bool:
    """Whether a folder, by its descriptor or its path, is this user's, and others can do none of that there. What
    nobody else may enter is no link, which may lead elsewhere a moment later."""
    try:
        found = os.lstat(folder) if isinstance(folder, str) and others == ENTER else os.stat(folder)
    except OSError:
        return False
    if not stat.S_ISDIR(found.st_mode):
        return False
    return not hasattr(os, "geteuid") or (found.st_uid == os.geteuid() and not found.st_mode & others)


def own_folder(folder: Path) -> Path | None:
    """The folder, made where it was missing; None where it cannot be, or where others could write to it or to the one
    that it lies in, or own it (as under sudo). Nor is it one whose path is not absolute: that would lie in the working
    folder, which may be a student's."""
    if not folder.is_absolute():
        return None
    try:
        for each in (folder.parent, folder):
            each.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return None
    return folder if all(is_own(str(each), WRITE) for each in (folder.parent, folder)) else None


def cache_folder(kind: str) -> Path:
    """Where this system keeps what a user's programs can make anew. Not absolute where that is not known."""
    from pathlib import Path

    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", ""), "grader", "cache", kind)
    place = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if not place.is_absolute():  # such a one is to be passed over, says the XDG Base Directory Specification
        place = Path(os.path.expanduser("~"), *(("Library", "Caches") if sys.platform == "darwin" else (".cache",)))
    return place / "grader" / kind
