"""What the kernel counts for the container, or the part of the system, that this process runs in (Linux, cgroups)."""

from __future__ import annotations

from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
COUNTERS = ("memory.events", "memory.oom_control")  # of version 2 and version 1


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
    """Where the counters may lie: within a container the path of the group may be the outside's."""
    found = [ROOT, ROOT / "memory"]
    try:
        groups = Path("/proc/self/cgroup").read_text().splitlines()
    except OSError:
        return found
    for line in groups:
        _, controllers, path = line.split(":", 2)
        if controllers == "" or "memory" in controllers.split(","):
            found.insert(0, ROOT / controllers / path.lstrip("/"))
    return found
