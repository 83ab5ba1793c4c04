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
import weakref
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from threading import Lock
from typing import BinaryIO, cast

from grader.submissions.folder import (
    IRREGULAR,
    MAX_WRAPPERS,
    SYMLINK,
    Listing,
    Part,
    Parts,
    holds_none,
    is_ignored,
    may_be_handed_in,
)
from grader.submissions.reading import open_named, read_limited
from grader.submissions.submission import SubmissionError
from grader.text import visible

READABLE_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # the others unpack without a bound on what comes out
MAX_ALL = 500_000  # entries: half a gigabyte in lists, and twenty seconds on a busy machine
MAX_DIRECTORY = 128 << 20  # bytes, of which zipfile makes the list

Entry = tuple[Parts, zipfile.ZipInfo]
Read = Callable[[zipfile.ZipInfo, str, int], bytes]  # of an entry: as shown, up to a limit. Raises SubmissionError


def list_zip(root: Path, holds_parts: Callable[[str], bool] = holds_none) -> Listing:
    """What is in a zip. Raises SubmissionError where it cannot be read. `holds_parts`: as `list_folder` has it."""
    listing, archive = Listing(root, is_folder=False), Archive(root)
    latest: dict[Parts, zipfile.ZipInfo] = {}
    folders: list[Parts] = []
    for parts, info, is_folder in archive.entries():
        if is_folder:
            folders.append(parts)
            continue
        if parts in latest:
            listing.refuse(parts, "stands in the zip more than once: the last one counts")
        latest[parts] = info
    entries = sorted(latest.items(), key=itemgetter(0))  # by which each part's come one after another
    listing.wrappers, listing.folders = find_top(entries, folders)
    depth = len(listing.wrappers)
    listing.parts.update(part_folders(folders, listing, holds_parts))

    def part_of(entry: Entry) -> Parts:
        top = entry[0][depth : depth + 1]
        return entry[0][: depth + (2 if top and holds_parts(top[0]) else 1)]

    for folder, inside in groupby(entries, part_of):
        part = Part(listing, folder)
        for parts, info in inside:
            if len(parts) > len(folder) and not is_ignored(folder) and not leads_out(folder):
                listing.parts.add(folder)
            if part.takes_another():
                look_at(parts, info, listing, archive.read)
    listing.files.sort(key=lambda file: file.parts)
    return listing


def part_folders(folders: Iterable[Parts], listing: Listing, holds_parts: Callable[[str], bool]) -> Iterator[Parts]:
    """Of the folders that a zip names, those of students' parts."""
    depth = len(listing.wrappers)
    for parts in folders:
        if len(parts) > depth and parts[:depth] == listing.wrappers and not is_ignored(parts) and not leads_out(parts):
            length = depth + (2 if holds_parts(parts[depth]) else 1)
            if len(parts) >= length:
                yield parts[:length]


def look_at(parts: Parts, info: zipfile.ZipInfo, listing: Listing, read: Read) -> None:
    """Adds an entry of a zip to the listing."""
    if leads_out(parts):
        listing.refuse(parts, "the path leads out of the zip: pack it again with plain names")
    elif is_ignored(parts):
        return
    elif not is_regular(info):
        listing.refuse(parts, SYMLINK if stat.S_ISLNK(info.external_attr >> 16) else IRREGULAR)
    elif may_be_handed_in(parts[-1]) and info.flag_bits & 1:
        listing.refuse(parts, "the file is encrypted: unpack the zip and name the folder")
    elif may_be_handed_in(parts[-1]) and info.compress_type not in READABLE_METHODS:
        listing.refuse(parts, "the file is packed in an unusual way: unpack the zip and name the folder")
    else:
        # A file may be packed in gigabytes that come to nothing, and an empty one is packed in two bytes.
        size = info.file_size and max(info.file_size, info.compress_size)
        listing.add(parts, size, date_of(info), partial(read, info))


def leads_out(parts: Parts) -> bool:
    return ".." in parts or parts[0] == "" or re.match(r"[A-Za-z]:", parts[0]) is not None


def is_regular(info: zipfile.ZipInfo) -> bool:
    return stat.S_IFMT(info.external_attr >> 16) in (0, stat.S_IFREG)


def find_top(entries: Sequence[Entry], folders: Iterable[Parts]) -> tuple[Parts, list[str]]:
    """The folders around all others, and those in the innermost of them; as in a folder, what is ignored aside."""
    wrappers: Parts = ()
    while True:
        depth = len(wrappers)
        names = {parts[depth] for parts in folders if len(parts) > depth and parts[:depth] == wrappers}
        is_alone = True
        for parts, info in entries:
            if len(parts) > depth and parts[depth] not in names and parts[:depth] == wrappers:
                if len(parts) > depth + 1 or not is_regular(info):
                    names.add(parts[depth])
                elif may_be_handed_in(parts[depth]) and not is_ignored(parts):
                    is_alone = False
        names = {name for name in names if not is_ignored((name,)) and not leads_out((name,))}
        if depth == MAX_WRAPPERS or len(names) != 1 or not is_alone:
            return wrappers, sorted(names)
        wrappers = (*wrappers, *names)


class Archive:
    """A zip, opened once and read by any number of threads; never extracted. Raises SubmissionError."""

    def __init__(self, root: Path) -> None:
        self._lock = Lock()
        if not os.path.isfile(root):  # a FIFO would never open
            what = "is neither a folder nor a zip" if os.path.exists(root) else "does not exist"
            raise SubmissionError(f"{root} {what}.")
        file = open_named(root)
        weakref.finalize(self, file.close)
        self._zip = opened(file, str(root))

    def entries(self) -> Iterator[tuple[Parts, zipfile.ZipInfo, bool]]:
        return entries_of(self._zip)

    def read(self, info: zipfile.ZipInfo, path: str, limit: int) -> bytes:
        with self._lock:
            return read_entry(self._zip, info, path, limit)


def entries_of(archive: zipfile.ZipFile) -> Iterator[tuple[Parts, zipfile.ZipInfo, bool]]:
    """The entries, and whether each is a folder. Some packers write "\\" between folders, and "./" in front."""
    for info in archive.infolist():
        written = name_of(info).replace("\\", "/").split("/")
        parts = tuple(part for i, part in enumerate(written) if part != "." and (part or i == 0))
        if parts:
            yield parts, info, written[-1] in ("", ".")


def read_entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: str, limit: int) -> bytes:
    try:
        with archive.open(info) as file:
            return read_limited(file, path, limit)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, ValueError, EOFError, OSError):
        raise SubmissionError(f"{path} is damaged in the zip: it has to be handed in again.") from None


def opened(file: BinaryIO, path: str) -> zipfile.ZipFile:
    """A zip whose directory is of bearable size. `path`: as shown. Raises SubmissionError."""
    if directory_size(file) > MAX_DIRECTORY:
        raise too_many(path)
    try:
        try:
            archive = zipfile.ZipFile(file)
        except UnicodeDecodeError:
            archive = zipfile.ZipFile(cast(BinaryIO, without_utf8_flags(file)))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, struct.error) as error:
        if path.lower().endswith(".zip"):
            raise SubmissionError(f"{path} is damaged ({visible(str(error))}): download it again.") from None
        raise SubmissionError(f"{path} is neither a folder nor a zip.") from None
    except OSError as error:
        raise SubmissionError(f"{path} cannot be read: {error.strerror}.") from None
    if len(archive.infolist()) > MAX_ALL:
        raise too_many(path)
    return archive


def too_many(root: str) -> SubmissionError:
    return SubmissionError(f"{root} holds more than {MAX_ALL:,} entries: unpack it and name a folder in it.")


def directory_size(file: BinaryIO) -> int:
    """The bytes of the list of entries, as the end of a zip tells them, or the longer form of the end before it."""
    file.seek(max(0, file.seek(0, os.SEEK_END) - (1 << 16) - 98))
    tail = file.read()
    sizes = [0]
    for mark, form, offset in ((b"PK\5\6", "<L", 12), (b"PK\6\6", "<Q", 40)):
        at = tail.rfind(mark)
        if at >= 0 and len(tail) >= at + offset + struct.calcsize(form):
            sizes += struct.unpack_from(form, tail, at + offset)
    return max(size for size in sizes if size != 0xFFFFFFFF)


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


def without_utf8_flags(file: BinaryIO) -> View:
    """A zip in which no name claims to be UTF-8: one false claim makes zipfile give up on all entries."""
    view = View(file.fileno(), 0, access=mmap.ACCESS_COPY)
    for header in re.finditer(rb"PK(?:\x01\x02.{6}|\x03\x04.{4})", view, re.DOTALL):
        view[header.end() - 1] &= 0xF7
    return view


def date_of(info: zipfile.ZipInfo) -> float:
    """A zip has the time on the clock of its packer, without its zone: taken for ours. 0 where it has none."""
    if info.date_time <= (1980, 1, 1, 0, 0, 0):  # as packers write that have no date
        return 0.0
    try:
        return time.mktime((*info.date_time, 0, 0, -1))
    except (OverflowError, ValueError):
        return 0.0
