"""A cache of collected suites: pytest collects a suite once, and its checks are found without pytest from then on.

An entry, in the user's cache folder, is the suite's code as pytest compiles it. It is written once it was seen that
without pytest the very same checks come of it. Its key is all files of the suite, and whatever they can import or read,
byte for byte, their place, Python, pytest, and this code; all else that a suite looks at it looks at anew, as its code
is run anew. Where nothing can be written each suite is collected by pytest.
"""

from __future__ import annotations

import contextlib
import io
import marshal
import os
import sys
from collections.abc import Callable
from dataclasses import fields
from hashlib import blake2b
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from grader.compat import REWRITE, rewritten
from grader.suite.check import Check
from grader.suite.installed import version
from grader.suite.without_pytest import plain_checks
from grader.user_folders import cache_folder, own_folder

if TYPE_CHECKING:
    from grader.suite.collection import Collected

OURS = ("suite_cache.py", "without_pytest.py", "marked.py", "collection.py")
MOST = 300  # suites that are kept
OF_PYTEST = ("conftest.py", "__init__.py")  # which pytest looks for itself


def checks_of(suite: Path, digest: Callable[[], str]) -> tuple[Check, ...]:
    """`digest`: of all that the suite is made of, as it is at the moment. Raises SuiteError."""
    place = place_of(suite)
    before = digest() if place else ""
    if place is not None and (found := read(place, suite, before)) is not None:
        return found
    from grader.suite.collection import collect

    checks = collect(suite)
    if place is not None:
        with contextlib.suppress(Exception):  # then it is collected again
            keep(place, suite, checks, before, digest)
    return checks


def place_of(suite: Path) -> Path | None:
    """The file that holds what is kept of a suite; None where nothing can be."""
    folder = own_folder(cache_folder("suites"))
    if folder is None:
        return None
    try:
        code = b"".join(Path(__file__).with_name(name).read_bytes() for name in OURS)
        facts = (str(suite), sys.version, sys.flags.optimize, version("pytest"), code)
    except (OSError, ImportError):  # they are in an archive, or not installed as others are
        return None
    return folder / f"{blake2b(repr(facts).encode('utf-8', 'surrogateescape'), digest_size=16).hexdigest()}.suite"


def read(place: Path, suite: Path, digest: str) -> tuple[Check, ...] | None:
    """None where nothing is kept of these very files, or where it does not come out as it did."""
    try:
        kept = place.read_bytes()
        if not kept.startswith(digest.encode()):
            return None
        return plain_checks(marshal.loads(kept[len(digest) :]), suite) or None  # pytest says why there are none
    except Exception:
        return None


def keep(place: Path, suite: Path, checks: tuple[Collected, ...], before: str, digest: Callable[[], str]) -> None:
    """Keeps what is plain. Raises whatever keeps it from that."""
    if any((folder / name).exists() for folder in suite.parents[:2] for name in OF_PYTEST):
        return
    code = rewritten(import_module(REWRITE), suite)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):  # it was run before
        again = plain_checks(code, suite)
    if [told(check) for check in again] != [told(check) for check in checks] or digest() != before:
        return
    scratch = place.with_suffix(f".{os.getpid():x}")
    try:
        scratch.write_bytes(before.encode() + marshal.dumps(code))
        os.replace(scratch, place)
    finally:
        scratch.unlink(missing_ok=True)
    by_age = sorted(place.parent.glob("*.suite"), key=lambda path: path.stat().st_mtime)
    for old in by_age[:-MOST]:
        old.unlink(missing_ok=True)


def told(check: Check) -> list[object]:
    return [getattr(check, field.name) for field in fields(Check)]
