"""What a submission may use of time and memory."""

from __future__ import annotations

from dataclasses import dataclass, replace

from grader.sandbox.cgroup import memory_limit


@dataclass(frozen=True)
class Limits:
    """What a submission may use."""

    check_seconds: float = 10.0
    submission_seconds: float = 120.0  # over all its checks
    memory: int = 1024  # MiB, over what the libraries take

    def here(self) -> tuple[Limits, str]:
        """These limits within the container that this process runs in, and what to say where it has less memory: beyond
        its own limit it would kill a process, whichever it is, where an allocation of the submission should fail."""
        most = memory_limit()
        if most is None or most >= self.memory:
            return self, ""
        said = f"This container has {most} MiB of memory, so a submission may use {most} MiB, not {self.memory}."
        return replace(self, memory=most), said
