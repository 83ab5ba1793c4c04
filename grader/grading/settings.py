"""How submissions are graded: with which inputs and limits, and behind which walls."""

from __future__ import annotations

from dataclasses import dataclass, field

from grader.result import Sandbox
from grader.sandbox.host import Host, SandboxError
from grader.sandbox.limits import Limits


@dataclass(frozen=True)
class Settings:
    seed: int
    limits: Limits = field(default_factory=Limits)
    must_confine: bool = False  # refuse to run without every wall of the sandbox


def check_walls(host: Host) -> None:
    """Raises SandboxError where a wall is missing."""
    if missing := Sandbox.of(host.layers).missing:
        raise SandboxError(
            f"The sandbox lacks: {missing}. Grading others' files, or in CI, needs all of it. "
            "`grader doctor` tells more; --allow-unsandboxed grades all the same."
        )
