"""The file of a sealed exercise: msgpack in sections, each compressed by itself so that only what is used is read.

    {"form": 3, "about": ..., "mistakes": ..., "idle": ..., "asked": {seed: ...}, "answered": {seed: ...}}

`about` is what students see anyway, `idle` tells which checks a submission passes that does nothing, `asked` the calls
of each check with the reference's answers, and `answered` the answers of the mistakes, each different one once. The
file is as trusted as the rest of a course, yet plain: nothing in it is evaluated but the probes, which are Python and
no secret.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgpack

from grader.errors import GraderError
from grader.sandbox.protocol.calls import Path as PartPath
from grader.suite.check import Check
from grader.suite.mistakes import Mistake

FORM = 3
SUFFIX = ".sealed"
AS_REFERENCE = -1  # in place of the number of an answer


class SealError(GraderError):
    """A sealed exercise that cannot be made or read. The message says what to do."""


@dataclass(frozen=True)
class About:
    """What students may know of an exercise before anything is asked."""

    name: str
    title: str
    names: tuple[str, ...]
    libraries: tuple[str, ...]
    probes: str  # Python, for the worker
    seeds: tuple[int, ...]
    checks: tuple[Check, ...]


@dataclass(frozen=True)
class Asked:
    """A call, with the reference's answer to it."""

    name: str
    body: bytes
    answer: bytes
    tolerances: dict[str, Any]
    any_error: bool
    observed: bool
    parts: tuple[PartPath, ...]
    entered: tuple[str, ...]  # functions and methods of those that are asked for, by qualified names


@dataclass(frozen=True)
class Answered:
    """What the mistakes answer with one seed: for each side the number of its answer to each distinct call."""

    answers: Sequence[bytes]
    sides: Mapping[str, Sequence[int]]


@dataclass(frozen=True)
class Sealed:
    """A sealed exercise, read as far as it was asked for."""

    path: str
    _sections: Mapping[str, Any]

    @staticmethod
    def write(
        about: About,
        mistakes: Sequence[Mistake],
        asked: Mapping[int, Mapping[str, Sequence[Asked]]],
        answered: Mapping[int, Answered],
        idle: Mapping[int, Sequence[str]],
    ) -> bytes:
        sections = {
            "form": FORM,
            "about": packed(vars(about) | {"checks": [check_fields(check) for check in about.checks]}),
            "mistakes": packed([mistake_fields(mistake) for mistake in mistakes]),
            "asked": {
                str(seed): packed({id: [vars(call) for call in calls] for id, calls in checks.items()})
                for seed, checks in asked.items()
            },
            "idle": packed({str(seed): list(ids) for seed, ids in idle.items()}),
            "answered": {str(seed): packed(vars(each)) for seed, each in answered.items()},
        }
        return bytes(msgpack.packb(sections))

    @staticmethod
    def load(path: Path) -> Sealed:
        """Raises SealError."""
        try:
            return Sealed.read(path.read_bytes(), str(path))
        except OSError as error:
            raise SealError(f"{path} cannot be read: {error.strerror}.") from None

    @staticmethod
    def read(data: bytes, path: str) -> Sealed:
        """Raises SealError."""
        try:
            sections = msgpack.unpackb(data)
            form = sections["form"]
        except (ValueError, TypeError, KeyError) as error:
            raise SealError(f"{path} is damaged: {error}. Copy it anew from where it came from.") from None
        if form != FORM:
            raise SealError(f"{path} was sealed for another version of the grader: install the one it came with.")
        return Sealed(path, sections)

    def about(self) -> About:
        found = tuples_in(self._open(self._sections["about"]))
        return About(**found | {"checks": tuple(check_of(each) for each in found["checks"])})

    def mistakes(self) -> tuple[Mistake, ...]:
        return tuple(mistake_of(each) for each in self._open(self._sections["mistakes"]))

    def asked(self, seed: int) -> dict[str, list[Asked]]:
        found = self._open(self._sections["asked"][str(seed)])
        return {id: [asked_of(call) for call in calls] for id, calls in found.items()}

    def idle(self, seed: int) -> frozenset[str]:
        """The ids of the checks that a submission which does nothing passes."""
        return frozenset(self._open(self._sections["idle"])[str(seed)])

    def answered(self, seed: int) -> Answered:
        return Answered(**self._open(self._sections["answered"][str(seed)]))

    def parts(self) -> list[bytes]:
        """All sections, decompressed."""
        each = [self._sections["about"], self._sections["mistakes"], self._sections["idle"]]
        each += [*self._sections["asked"].values(), *self._sections["answered"].values()]
        return [zlib.decompress(section) for section in each]

    def _open(self, section: bytes) -> Any:
        try:
            return msgpack.unpackb(zlib.decompress(section), max_ext_len=1 << 30)
        except (zlib.error, ValueError) as error:
            raise SealError(f"{self.path} is damaged: {error}. Copy it anew from where it came from.") from None


def packed(value: Any) -> bytes:
    return zlib.compress(msgpack.packb(value), 9)


def asked_of(found: Mapping[str, Any]) -> Asked:
    return Asked(**tuples_in(found) | {"parts": tuple(tuple(path) for path in found["parts"])})


def check_fields(check: Check) -> dict[str, Any]:
    return {field.name: getattr(check, field.name) for field in fields(Check)} | {"points": str(check.points)}


def check_of(found: Mapping[str, Any]) -> Check:
    return Check(**tuples_in(found) | {"points": Fraction(found["points"])})


def tuples_in(found: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in found.items()}


def mistake_fields(mistake: Mistake) -> dict[str, Any]:
    found = {field.name: getattr(mistake, field.name) for field in fields(Mistake)}
    return found | {"variants": [variant_key(mistake, number) for number in range(len(mistake.variants))]}


def mistake_of(found: Mapping[str, Any]) -> Mistake:
    texts = dict(found)
    variants = [(key,) for key in texts.pop("variants")]
    return Mistake(texts.pop("id"), texts.pop("title"), texts.pop("explanation"), *variants, **texts)


def variant_key(mistake: Mistake, number: int) -> str:
    return f"{mistake.id}/{number}"
