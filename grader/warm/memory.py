"""What a server takes of the machine's memory, and whether others need it more."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from grader.sandbox.cgroup import folders

MOST = 600 << 20  # bytes of a server and its worker hosts, with torch in both
LEAST_LEFT = 0.1  # of the machine's memory, or of its container's
MOST_WAITING = 10.0  # per cent of the last ten seconds in which somebody waited for memory
FIRST_TO_GO = 800  # where memory runs out all the same: of a thousand
PROC = Path("/proc")
PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


def is_short(processes: Iterable[int]) -> bool:
    """Whether a server of these processes should go."""
    return taken(processes) > MOST or left() < LEAST_LEFT or waiting() > MOST_WAITING


def taken(processes: Iterable[int]) -> int:
    """Bytes of processes beside what they have mapped of files; what two of them share counts for each. Of worker
    hosts, which are not dumpable, the kernel tells an ordinary user no more. What is forked from one to have an
    exercise ready takes some 10 MiB more and is not counted."""
    found = [lines(PROC / str(process) / "statm") for process in processes]
    pages = [line[0].split() for line in found if line]
    return sum(int(resident) - int(of_files) for _, resident, of_files, *_ in pages) * PAGE


def left() -> float:
    """The part of the memory that is not in use, of the machine or of the container, whichever is less."""
    whole = field(PROC / "meminfo", "MemTotal:")
    parts = [field(PROC / "meminfo", "MemAvailable:") / whole] if whole else []
    for folder in folders():
        most, now = number(folder / "memory.max"), number(folder / "memory.current")
        if most and now:
            caches = field(folder / "memory.stat", "inactive_file", unit=1)
            parts.append(1 - (now - caches) / most)
    return min(parts, default=1.0)


def waiting() -> float:
    for line in lines(PROC / "pressure" / "memory"):
        if line.startswith("some "):
            with suppress(ValueError, LookupError):
                return float(line.split("avg10=")[1].split()[0])
    return 0.0


def field(path: Path, name: str, unit: int = 1024) -> int:
    for line in lines(path):
        if line.startswith(name):
            with suppress(ValueError, LookupError):
                return int(line.split()[1]) * unit
    return 0


def number(path: Path) -> int:
    """0 where there is none, or no limit."""
    found = lines(path)
    return int(found[0]) if found and found[0].isdigit() else 0


def lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="ascii").splitlines()
    except (OSError, ValueError):
        return []


def be_first_to_go(score: int = FIRST_TO_GO) -> None:
    """Where memory runs out the kernel ends this process before others; 0: as any other."""
    with suppress(OSError):
        (PROC / str(os.getpid()) / "oom_score_adj").write_text(str(score), encoding="ascii")
