"""Zips within what was handed in: opened in memory, within the limits that hold for all that a student hands in.

Such a zip is the student's, so nothing in it has a say in the layout: its files stand in a folder of the zip's name,
and their date is that of the zip, for those within are the student's own word. A download that lies in the folder of
the class is no student's: its dates count (`Clock` in discovery), and zips in it are opened.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import groupby
from typing import BinaryIO

from grader.submissions.folder import File, Listing, Part, Parts, is_ignored, is_zip
from grader.submissions.submission import SubmissionError
from grader.submissions.zip_archive import entries_of, leads_out, look_at, opened, read_entry
from grader.text import visible

NESTED = "a zip within a zip that was handed in is not opened: unpack it"


def open_zips(listing: Listing, holds_parts: Callable[[str], bool]) -> None:
    """Adds what is in the zips of the listing. Of one part, all zips together are within the limits of a part."""
    depth = len(listing.wrappers)

    def part_of(file: File) -> Parts:
        top = file.parts[depth : depth + 1]
        return file.parts[: depth + (2 if top and holds_parts(top[0]) else 1)]

    for folder, zips in groupby(sorted(listing.zips, key=lambda file: file.parts), part_of):
        part = Part(listing, folder)
        for file in zips:
            open_zip(file, listing, part, may_nest=listing.is_folder and len(file.parts) == depth + 1)
    listing.files.sort(key=lambda file: file.parts)


def open_zip(file: File, listing: Listing, part: Part, *, may_nest: bool) -> None:
    """`may_nest`: the zip lies at the top of a folder and may be a download: zips in it are opened, too."""
    try:
        archive = opened(bytes_of(file), file.path)
    except SubmissionError:
        listing.refuse(file.parts, "damaged, or no zip at all: it has to be handed in again")
        return
    with archive:
        inner = unpack(archive, file, listing, part, may_nest=may_nest)
    for each in inner.zips:
        open_zip(each, listing, part, may_nest=False)


def bytes_of(file: File) -> BinaryIO:
    return io.BytesIO(file.read())


def unpack(archive: zipfile.ZipFile, file: File, listing: Listing, part: Part, *, may_nest: bool) -> Inner:
    """Adds what is in one zip; says so where that is nothing. Answers it with the zips in it, where they may be."""
    before = len(listing.files), len(listing.others)
    folder = (*file.parts[:-1], file.parts[-1][: -len(".zip")])
    inner = Inner(listing, file)
    for parts, info, is_folder in entries_of(archive):
        if is_folder or is_ignored(parts):
            continue
        if not part.takes_another():
            return inner
        if leads_out(parts):
            listing.refuse(file.parts, "a path in it leads out of the zip: pack it again with plain names")
        elif is_zip(parts[-1]) and not may_nest:
            inner.refuse((*folder, *parts), NESTED)
        else:
            look_at((*folder, *parts), info, inner, partial(read_again, file))
    if len(folder) == len(listing.wrappers) + 1:
        listing.folders.append(folder[-1])
    if (len(listing.files), len(listing.others)) == before and not inner.zips:
        listing.refuse(file.parts, "the zip is empty: it has to be handed in again")
    return inner


class Inner(Listing):
    """The listing as a zip in it sees it: paths are shown with the zip's name, dates are the zip's."""

    def __init__(self, listing: Listing, file: File) -> None:
        super().__init__(listing.root, listing.is_folder, listing.files, listing.others)
        self.problems = listing.problems
        self._file = file

    def show(self, parts: Parts) -> str:
        return visible("/".join((self._file.path, *parts[len(self._file.parts) :])))

    def add(self, parts: Parts, size: int, modified: float, read: Callable[[str, int], bytes]) -> None:
        zipped = self._file.zipped or (len(self._file.parts), modified)
        before = (self.files, len(self.files)), (self.zips, len(self.zips))
        super().add(parts, size, self._file.modified, read)
        for taken, number in before:
            taken[number:] = [replace(each, zipped=zipped) for each in taken[number:]]


def read_again(file: File, info: zipfile.ZipInfo, path: str, limit: int) -> bytes:
    """An entry of a zip that was handed in. The zip is not kept in memory: there may be hundreds."""
    with opened(bytes_of(file), file.path) as archive:
        return read_entry(archive, info, path, limit)
