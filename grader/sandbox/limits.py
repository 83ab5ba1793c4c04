"""What a submission may use of time and memory."""

from __future__ import annotations

from dataclasses import dataclass, replace

from grader.sandbox.cgroup import memory_limit

MOST_MEMORY = 2**30  # MiB: more than any machine has, and in bytes still a number that the kernel takes for a limit


@dataclass(frozen=True)
class Limits:
    """What a submission may use. Raises ValueError for what is no limit."""

    check_seconds: float = 10.0
    submission_seconds: float = 120.0  # over all its checks
    memory: int = 1024  # MiB, over what the libraries take

    def __post_init__(self) -> None:
        for name in ("check_seconds", "submission_seconds"):
            seconds = getattr(self, name)
            if not (isinstance(seconds, int | float) and seconds > 0):  # which NaN is not
                raise ValueError(f"{name} must be a number above 0, not {seconds!r}")
        if not (isinstance(self.memory, int) and 0 < self.memory <= MOST_MEMORY):
            raise ValueError(f"memory must be a whole number of MiB from 1 to {MOST_MEMORY}, not {self.memory!r}")

    def here(self) -> tuple[Limits, str]:
        """These limits within the container that this process runs in, and what to say where it has less memory: beyond
        its own limit it would kill a process, whichever it is, where an allocation of the submission should fail."""
        most = memory_limit()
        if most is None or most >= self.memory:
            return self, ""
        said = f"This container has {most} MiB of memory, so a submission may use {most} MiB, not {self.memory}."
        return replace(self, memory=most), said
