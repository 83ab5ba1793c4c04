"""The files in a zip that may be submissions. It is never extracted: entries are unpacked in memory, up to their limit.

What an entry says about itself may be a lie: its size bounds what is read, and the checksum tells whether that was all.
"""

from __future__ import annotations

import mmap
import os
import re
import stat
import struct
import time
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from threading import Lock
from typing import BinaryIO, cast

from grader.listing import IRREGULAR, MAX_ENTRIES, SYMLINK, Listing, is_ignored, limit_of, too_large
from grader.report.text import visible
from grader.submission import SubmissionError

READABLE_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # the others unpack without a bound on what comes out


def list_zip(root: Path) -> Listing:
    """What is in a zip. Raises SubmissionError where it cannot be read."""
    listing, archive = Listing(root, is_folder=False), Archive(root)
    latest: dict[tuple[str, ...], zipfile.ZipInfo] = {}
    for parts, info in archive.entries():
        if parts in latest:
            listing.refuse(parts, "stands in the zip more than once: the last one counts")
        latest[parts] = info
    for parts, info in latest.items():
        if ".." in parts or parts[0] == "" or re.match(r"[A-Za-z]:", parts[0]):
            listing.refuse(parts, "the path leads out of the zip: pack it again with plain names")
        elif is_ignored(parts):
            continue
        elif (mode := info.external_attr >> 16) and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
            listing.refuse(parts, SYMLINK if stat.S_ISLNK(mode) else IRREGULAR)
        elif limit_of(parts[-1]) and info.flag_bits & 1:
            listing.refuse(parts, "the file is encrypted: unpack the zip and name the folder")
        elif limit_of(parts[-1]) and info.compress_type not in READABLE_METHODS:
            listing.refuse(parts, "the file is packed in an unusual way: unpack the zip and name the folder")
        else:
            # A file may be packed in gigabytes that come to nothing, and an empty one is packed in two bytes.
            size = info.file_size and max(info.file_size, info.compress_size)
            listing.add(parts, size, date_of(info), partial(archive.read, info))
    listing.files.sort(key=lambda file: file.parts)
    return listing


class Archive:
    """A zip, opened once and read by any number of threads; never extracted. Raises SubmissionError."""

    def __init__(self, root: Path) -> None:
        self._lock = Lock()
        if not os.path.isfile(root):  # a FIFO would never open
            what = "is neither a folder nor a zip" if os.path.exists(root) else "does not exist"
            raise SubmissionError(f"{root} {what}.")
        try:
            try:
                self._zip = zipfile.ZipFile(root)
            except UnicodeDecodeError:
                self._zip = zipfile.ZipFile(cast(BinaryIO, without_utf8_flags(root)))
        except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, struct.error) as error:
            if root.suffix.lower() == ".zip":
                raise SubmissionError(f"{root} is damaged ({visible(str(error))}): download it again.") from None
            raise SubmissionError(f"{root} is neither a folder nor a zip.") from None
        except OSError as error:
            raise SubmissionError(f"{root} cannot be read: {error.strerror}.") from None
        if len(self._zip.infolist()) > MAX_ENTRIES:
            raise SubmissionError(f"{root} holds more than {MAX_ENTRIES:,} entries: unpack it and name a folder in it.")

    def entries(self) -> Iterator[tuple[tuple[str, ...], zipfile.ZipInfo]]:
        """The entries that are no folders. Some packers write "\\" between folders, and "./" in front."""
        for info in self._zip.infolist():
            parts = name_of(info).replace("\\", "/").split("/")
            if parts[-1] not in ("", "."):
                yield tuple(part for i, part in enumerate(parts) if part != "." and (part or i == 0)), info

    def read(self, info: zipfile.ZipInfo, path: str, limit: int) -> bytes:
        try:
            with self._lock, self._zip.open(info) as file:
                data = file.read(limit + 1)
        except (zipfile.BadZipFile, zlib.error, RuntimeError, ValueError, EOFError, OSError):
            raise SubmissionError(f"{path} is damaged in the zip: ask for it again.") from None
        if len(data) > limit:
            raise SubmissionError(f"{path}: {too_large(limit)}.")
        return data


def name_of(info: zipfile.ZipInfo) -> str:
    """The name as its packer meant it: many write UTF-8 without saying so, which zipfile takes for code page 437."""
    name = info.orig_filename  # the other name ends at a NUL character
    if info.flag_bits & 0x800:
        return name
    return name.encode("cp437").decode("utf-8", errors="surrogateescape")


class View(mmap.mmap):
    """A file in memory, changed without changing the file."""

    def seekable(self) -> bool:  # asked for by zipfile, and told by mmap itself only from Python 3.13 on
        return True


def without_utf8_flags(root: Path) -> View:
    """A zip in which no name claims to be UTF-8: one false claim makes zipfile give up on all entries."""
    with root.open("rb") as file:
        view = View(file.fileno(), 0, access=mmap.ACCESS_COPY)
    for header in re.finditer(rb"PK(?:\x01\x02.{6}|\x03\x04.{4})", view, re.DOTALL):
        view[header.end() - 1] &= 0xF7
    return view


def date_of(info: zipfile.ZipInfo) -> float:
    """A zip has the time on the clock of its packer, without its zone: taken for ours."""
    try:
        return time.mktime((*info.date_time, 0, 0, -1))
    except (OverflowError, ValueError):
        return 0.0
