"""Waiting for another process that writes to the same gradebook, and saying for whom."""

from __future__ import annotations

import os
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from grader.gradebook.records import GradebookError
from grader.text import one_line

TOLD_AFTER = 2.0  # seconds
BUSY_SECONDS = 60.0  # to wait in all
LOCKS = Path("/proc/locks")  # Linux; elsewhere nobody tells who holds a lock
LONGEST = 120  # characters of a command


def tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def patiently(path: Path, connection: sqlite3.Connection, statement: str, say: Callable[[str], None] = tell) -> None:
    """Runs a statement that needs the gradebook to itself. The connection waits TOLD_AFTER seconds by itself each time.

    Raises GradebookError after BUSY_SECONDS.
    """
    end = time.monotonic() + BUSY_SECONDS
    told = False
    while True:
        try:
            connection.execute(statement)
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise
        holder = who_holds(path) or "another process"
        if not told:
            say(f"Waiting for {holder}, which is writing to the gradebook {path}")
            told = True
        if time.monotonic() >= end:
            raise GradebookError(
                f"{holder} has held the gradebook {path} for {BUSY_SECONDS:g} s: wait until it is done, or end it, and"
                " run the same command again. What was told as done is kept."
            )


def who_holds(path: Path) -> str:
    """The process that keeps others from writing, as "process 4711 (grade week3)"; "" where that is not told."""
    for process in holders(path):
        return describe(process)
    return ""


def holders(path: Path) -> Iterator[int]:
    """Processes that lock the gradebook's files to write. They are not opened for it: to close one again would give up
    the locks of this very process."""
    try:
        files = {os.stat(file).st_ino for file in (path, f"{path}-shm") if os.path.exists(file)}
        lines = LOCKS.read_text(encoding="ascii").splitlines()
    except OSError:
        return
    for line in lines:
        parts = line.split()
        if len(parts) == 8 and parts[3] == "WRITE" and parts[4].isdigit() and "->" not in parts:
            process, inode = int(parts[4]), int(parts[5].rpartition(":")[2])
            if inode in files and process not in (0, os.getpid()):
                yield process


def describe(process: int) -> str:
    try:
        words = Path(f"/proc/{process}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        words = []
    if words and Path(words[0]).name.startswith("python"):
        words = words[1:]
    command = one_line(" ".join(filter(None, [Path(words[0]).name, *words[1:]]))) if words else ""
    shown = command if len(command) <= LONGEST else f"{command[:LONGEST]}…"
    return f"process {process} ({shown})" if shown else f"process {process}"
