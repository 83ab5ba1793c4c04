"""Machine code of a fork server on huge pages, which its forks have at once.

A fork leaves out what it can find in files again, so a worker with torch stops 300 times for some of torch's code, 64
KiB at a time: a tenth of a submission's time. Of huge pages of 2 MiB that belong to no file it has all in one step.
Programs of much code do the same for their processor's sake (HHVM, Node.js with --use-largepages).
"""

from __future__ import annotations

import array
import ctypes
import mmap
import platform
import sys
from contextlib import suppress
from pathlib import Path

from grader.sandbox.confinement import process_limits

HUGE, SMALL = 2 << 20, 4096  # bytes of a page, on x86-64
MUCH_USED = 128  # small pages of a huge one that an import and a first use have touched
ENTRY = 8  # bytes that /proc/self/pagemap has for a small page; the highest bit says that it is there
SETTING = Path("/sys/kernel/mm/transparent_hugepage/enabled")
READ, WRITE = mmap.PROT_READ, mmap.PROT_WRITE
MREMAP_MAYMOVE, MREMAP_FIXED = 1, 2
FAILED = {-1, (1 << 64) - 1}


def code_on_huge_pages() -> None:
    """Moves the code that is much used. It takes 0.2 s and 100 MiB where torch is, so it is for a host of many workers.

    Nothing is done where the system has no huge pages to give, does not let memory become code, or does not tell.
    """
    if sys.platform.startswith("linux") and platform.machine() == "x86_64":
        with suppress(OSError):
            if "[never]" not in SETTING.read_text(encoding="ascii"):
                move(much_used())


def much_used() -> list[int]:
    """Where whole huge pages would have room in code from files. Raises OSError where the system does not tell."""
    found = []
    for line in Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace").splitlines():
        addresses, access, _, _, inode, *_ = line.split()
        if access == "r-xp" and inode != "0":
            start, end = (int(address, 16) for address in addresses.split("-"))
            found += [place for place in range(aligned(start), end - HUGE + 1, HUGE) if pages(place) >= MUCH_USED]
    return found


def pages(place: int) -> int:
    """How many small pages of a huge one this process has at hand. Raises OSError where the system does not tell."""
    with open("/proc/self/pagemap", "rb", buffering=0) as file:
        file.seek(place // SMALL * ENTRY)
        return sum(entry >> 63 for entry in array.array("Q", file.read(HUGE // SMALL * ENTRY)))


def move(places: list[int]) -> None:
    """Puts a copy on a huge page into each place, as long as there are huge pages to be had. Raises OSError where
    memory may not become code."""
    libc = process_limits.libc()
    word, number = ctypes.c_size_t, ctypes.c_int
    libc.mmap.restype, libc.mmap.argtypes = word, [word, word, number, number, number, word]
    libc.mremap.restype, libc.mremap.argtypes = word, [word, word, word, number, word]
    libc.munmap.argtypes = [word, word]
    libc.madvise.argtypes = libc.mprotect.argtypes = [word, word, number]
    size = len(places) * HUGE
    whole = checked(libc.mmap(0, size + HUGE, READ | WRITE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, -1, 0))
    area = aligned(whole)
    checked(libc.madvise(area, size, mmap.MADV_HUGEPAGE))
    left = area
    try:
        for place in places:
            ctypes.memset(left, 0, 1)
            if pages(left) * SMALL < HUGE:
                return  # a small page came
            ctypes.memmove(left, place, HUGE)
            checked(libc.mprotect(left, HUGE, READ | mmap.PROT_EXEC))
            checked(libc.mremap(left, HUGE, HUGE, MREMAP_MAYMOVE | MREMAP_FIXED, place))
            left += HUGE
    finally:
        for start, end in ((whole, area), (left, whole + size + HUGE)):
            libc.munmap(start, end - start)


def checked(answer: int) -> int:
    if answer in FAILED:
        raise OSError(ctypes.get_errno(), "the code stays where it is")
    return answer


def aligned(address: int) -> int:
    return -(-address // HUGE) * HUGE
