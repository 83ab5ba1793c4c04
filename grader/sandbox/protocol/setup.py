"""The setup that all workers for one exercise are given: its probes, and what it forbids. Nothing of it is secret."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Setup:
    probes: str = ""  # the text of the exercise's probes.py
    forbidden: tuple[str, ...] = ()  # names of library functions that the exercise does not allow
    is_trusted: bool = True  # else its probes run behind all walls only, as a student's code does

    @cached_property
    def encoded(self) -> bytes:
        """As it crosses. A worker has the setup that it is asked for if the bytes are the same."""
        return json.dumps([self.probes, self.forbidden, self.is_trusted]).encode()

    @staticmethod
    def decode(encoded: bytes) -> Setup:
        probes, forbidden, is_trusted = json.loads(encoded)
        return Setup(probes, tuple(forbidden), is_trusted)
