"""`grade` as a process of its own, and what came of it: the one way in which an integration has something graded.

The process may crash, hang or be killed, and takes nothing else with it. Its results come back as records, read from
the document that it wrote; what it prints goes into files, as a pipe could be kept open by whatever outlives it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from grader.course.course import PACKAGE
from grader.result import Result, ResultError, results_in
from grader.sandbox.limits import Limits

# -P: a file in the current folder that is named like a library must not be imported instead of it. The path: this very
# grader, also where it is not installed; where it is, nothing of its folder goes before the standard library.
PLACE = str(PACKAGE.parent)
START = f"import sys; {PLACE!r} in sys.path or sys.path.insert(0, {PLACE!r}); from grader.cli.start import main"
GRADE = (sys.executable, "-P", "-c", f"{START}; main()")
REPORTS = "reports"  # in the folder
OVERHEAD = 25.0  # seconds that are not a submission's: for the start, the reports and the names of mistakes


@dataclass(frozen=True)
class Ended:
    """How a run of `grade` ended."""

    status: int | None  # its exit status; None: its time was up and it was stopped
    results: tuple[Result, ...] | None  # None: it left none that can be read
    stdout: str
    stderr: str  # ends with the reason where results cannot be read


def grade(
    files: Sequence[str | Path],
    folder: Path,
    options: Sequence[str] = (),
    *,
    seconds: float | None = None,
    environment: Mapping[str, str] | None = None,
    program: Sequence[str] = GRADE,
) -> Ended:
    """Grades files by a process that works in `folder`, a temporary one, and leaves its reports in REPORTS there.

    `environment` is what it has beside this process's own.
    """
    results, printed, errors = folder / "results.json", folder / "stdout.txt", folder / "stderr.txt"
    command = [*program, "--json", str(results), "--reports", str(folder / REPORTS), *options, "--", *map(str, files)]
    with printed.open("wb") as stdout, errors.open("wb") as stderr:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, "PYTHONUTF8": "1", **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
        )
        status = wait(process, seconds)
    said = text_of(errors)
    try:
        found = tuple(results_in(results.read_bytes()))
    except FileNotFoundError:
        found = None
    except (OSError, ResultError) as error:
        found, said = None, f"{said}Error: {error}\n"
    return Ended(status, found, text_of(printed), said)


def seconds_within(share: float) -> float:
    """What a submission may take where `grade` is waited for so long, in seconds: code that never ends costs its own
    checks, and only what the grader itself needs beyond that is a fault."""
    return min(Limits().submission_seconds, max(share - OVERHEAD, 1.0))


def wait(process: subprocess.Popen[bytes], seconds: float | None) -> int | None:
    """The exit status of a process; None where the time was up. All that it started is ended with it then, and where
    the waiting is interrupted."""
    with process, suppress(subprocess.TimeoutExpired):
        try:
            return process.wait(None if seconds is None else max(seconds, 0.0))
        finally:
            if process.returncode is None:
                end(process)
    return None


def end(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)  # its own session: the worker host with it


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")
