"""Which courses a user trusts: their suites run in the grader's own process, as that user (`grader trust DIR`).

One file a course, in a folder of the user's own configuration, named by a digest of the course's path. It holds what
the course's folder was when it was trusted; another folder in its place, or another owner, is not trusted. A file
system gives the number of a removed folder to the next one, so a folder is told apart by its time of birth as well.
Where that is not known, it is told by its device, whose number can change when the machine starts anew: then trust is
asked for again.

Gradebooks that the user's grader made are remembered in the same way, in a folder of their own: see
grader.cli.gradebook_trust.
"""

from __future__ import annotations

import json
import os
import stat
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

import click

from grader.errors import GraderError

COURSES = "trusted"  # the folder of records
AT_FDCWD, STATX_BTIME, STATX_SIZE, BIRTH = -100, 0x800, 256, 80  # of Linux's statx; bytes of its answer, and a place


class TrustError(GraderError):
    """Trust that cannot be given, taken back or looked up. The message says what to do."""


@dataclass(frozen=True)
class Identity:
    """What a folder is, wherever its name leads to later."""

    owner: int
    inode: int
    born: str  # or, where the file system does not know that, the device

    @staticmethod
    def of(folder: str) -> Identity:
        """Raises OSError."""
        status = os.stat(folder)
        return Identity(status.st_uid, status.st_ino, birth_of(folder, status) or f"device {status.st_dev}")


def birth_of(folder: str, status: os.stat_result) -> str:
    """When a folder was made, to the nanosecond; empty where that is not known."""
    known = getattr(status, "st_birthtime", None)  # on macOS, and on Windows from Python 3.12 on
    if known is not None:
        return repr(known)
    import ctypes
    import struct

    answer = ctypes.create_string_buffer(STATX_SIZE)
    try:
        failed = ctypes.CDLL(None).statx(AT_FDCWD, os.fsencode(folder), 0, STATX_BTIME, answer)
    except (AttributeError, OSError, TypeError):  # not Linux, or one of before 2018
        return ""
    (mask,) = struct.unpack_from("I", answer)
    seconds, nanoseconds = struct.unpack_from("qI", answer, BIRTH)
    return "" if failed or not mask & STATX_BTIME else f"{seconds}.{nanoseconds:09}"


def doubt(folder: Path, kind: str = COURSES) -> str:
    """Why a course is not trusted, as the end of a sentence about it; empty where it is."""
    path = os.path.realpath(folder)
    try:
        place = store(kind)
        check_store(place)
        record = read(place / name_of(path))
    except TrustError as error:
        return f"whether it is trusted cannot be told ({error})"
    if record is None or record[0] != path:
        return "it is not trusted"
    try:
        now = Identity.of(path)
    except OSError as error:
        return f"it cannot be read ({error.strerror})"
    if now.owner != record[1].owner:
        return "its owner has changed since it was trusted"
    if now != record[1]:
        return "it is another folder than the one that was trusted"
    return "everybody can write to it" if writable(path) else ""


def trust(folder: Path, kind: str = COURSES) -> None:
    """Remembers that a course is trusted. Raises TrustError."""
    path = os.path.realpath(folder)
    if open_to_all := writable(path):
        raise TrustError(
            f"Everybody can write to {open_to_all}, and what they write would run as you: `chmod o-w` it first, "
            "or name the course with --course."
        )
    place = store(kind)
    try:
        for each in (place.parent, place):
            each.mkdir(mode=0o700, parents=True, exist_ok=True)
        check_store(place)
        target, scratch = place / name_of(path), place / f".{token_hex(8)}"
        record = {"folder": path, **asdict(Identity.of(path))}
        try:
            with open(scratch, "x", encoding="ascii", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
                file.write(json.dumps(record) + "\n")
            os.replace(scratch, target)
        finally:
            scratch.unlink(missing_ok=True)
    except OSError as error:
        raise TrustError(
            f"{error.filename or place} cannot be written ({error.strerror}), so trust cannot be remembered: "
            "name the course with --course or GRADER_COURSE."
        ) from None


def distrust(folder: Path) -> bool:
    """Forgets a folder, whether or not it is there still; whether it was trusted. Raises TrustError."""
    place = store()
    check_store(place)
    target = place / name_of(os.path.realpath(folder))
    try:
        target.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise TrustError(f"{target} cannot be removed: {error.strerror}.") from None
    return True


def trusted() -> list[Path]:
    """The folders that were trusted, as they are or were. Raises TrustError."""
    place = store()
    check_store(place)
    files = sorted(place.glob("*.json")) if place.is_dir() else []
    records = [record for file in files if (record := read(file)) is not None]
    return sorted(Path(folder) for folder, _ in records)


def store(kind: str = COURSES) -> Path:
    """The folder of records. Raises TrustError where the user has no folder for configuration."""
    folder = Path(click.get_app_dir("grader"), kind)
    if not folder.is_absolute():  # as without HOME: it would lie in the working folder, which may be a student's
        raise TrustError(f"The folder for your configuration, {folder.parent}, is not an absolute path: set HOME.")
    return folder


def check_store(folder: Path) -> None:
    """Raises TrustError where somebody else could have written there."""
    for path in (folder, folder.parent):
        if path.exists():
            check_mine(path, path.stat())


def check_mine(path: Path, status: os.stat_result) -> None:
    mine = not hasattr(os, "geteuid") or (
        status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    )
    if not mine:
        raise TrustError(f"{path} is not yours alone to write to: correct its owner and mode, or remove it.")


def read(file: Path) -> tuple[str, Identity] | None:
    """(folder, what it was); None where there is no record that can be understood. Raises TrustError."""
    try:
        with open(file, "rb") as opened:
            check_mine(file, os.fstat(opened.fileno()))
            values = json.load(opened)
        return str(values.pop("folder")), Identity(**values)
    except (OSError, ValueError, TypeError, LookupError, AttributeError):
        return None


def name_of(path: str) -> str:
    return f"{sha256(os.fsencode(path)).hexdigest()}.json"


def writable(path: str) -> str:
    """The folder of a course that everybody can write to; empty where there is none."""
    if not hasattr(os, "geteuid"):  # Windows: the mode says nothing
        return ""
    for folder in (path, os.path.join(path, "solutions")):
        try:
            if os.stat(folder).st_mode & stat.S_IWOTH:
                return folder
        except OSError:
            continue
    return ""
