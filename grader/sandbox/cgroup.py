"""What the kernel sets and counts for the container, or the part of the system, that this process runs in (Linux)."""

from __future__ import annotations

from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
MEMBERSHIP = Path("/proc/self/cgroup")
COUNTERS = ("memory.events", "memory.oom_control")  # of version 2 and version 1
LIMITS = ("memory.max", "memory.limit_in_bytes")
UNLIMITED = 1 << 60  # bytes; version 1 writes "no limit" as a number near 2**63


def memory_limit() -> int | None:
    """MiB that all processes of the container may use together; None where nothing limits them."""
    found = []
    for folder in folders():
        for name in LIMITS:
            try:
                said = (folder / name).read_text().strip()
            except OSError:
                continue
            if said.isdigit() and int(said) < UNLIMITED:  # version 2 says "max"
                found.append(int(said) >> 20)
    return min(found, default=None)


def oom_kills() -> int:
    """How many processes were killed since it began because its memory ran out; 0 where that is not counted."""
    for folder in folders():
        for name in COUNTERS:
            try:
                lines = (folder / name).read_text().splitlines()
            except OSError:
                continue
            for line in lines:
                if line.startswith("oom_kill "):
                    return int(line.split()[1])
    return 0


def folders() -> list[Path]:
    """Where limits and counters may lie, the nearest first: this process's group, those that it is in, and the top,
    for within a container the path of the group may be the outside's."""
    tops = [ROOT, ROOT / "memory"]
    found: list[Path] = []
    try:
        groups = MEMBERSHIP.read_text().splitlines()
    except OSError:
        return tops
    for line in groups:
        _, controllers, path = line.split(":", 2)
        if controllers == "" or "memory" in controllers.split(","):
            top = ROOT / "memory" if controllers else ROOT
            names = [name for name in path.split("/") if name not in ("", ".", "..")]
            found += [top.joinpath(*names[:length]) for length in range(len(names), 0, -1)]
    return [*found, *tops]
