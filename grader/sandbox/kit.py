"""What all workers for one exercise share. Holds nothing that is secret: each of them is given it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Kit:
    probes: str = ""  # the text of the exercise's probes.py
    forbidden: tuple[str, ...] = ()  # names of library functions that the exercise does not allow

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(data: Any) -> Kit:
        return Kit(data["probes"], tuple(data["forbidden"]))
