"""What an export comes to: its text and what to tell beside it, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass

from grader.errors import GraderError


class ExportError(GraderError, ValueError):
    """Nothing was exported. The message is one line: what is wrong and what to do."""


@dataclass(frozen=True)
class Export:
    text: str  # line ends as they are to be written
    notes: tuple[str, ...] = ()  # one line each: who is missing on either side, what was scaled or left out
