"""`grade` as a process of its own: it may crash, hang or be killed, and takes nothing else with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import IO

from grader.course.course import PACKAGE

# Python looks for modules in the current folder first: where `run` starts it that is ours, never a student's. So it may
# here, and finds the grader where that is not installed.
GRADE = (sys.executable, "-c", "from grader.cli.grade import grade; grade(prog_name='grade')")


def run(
    command: Sequence[str],
    seconds: float,
    *,
    stderr: IO[bytes],
    stdout: IO[bytes] | int = subprocess.DEVNULL,
    environment: Mapping[str, str] | None = None,
) -> int:
    """The exit status. Raises TimeoutExpired, with all that the command started ended.

    What it prints goes into files: a pipe could be kept open by whatever outlives it.
    """
    with subprocess.Popen(
        command,
        cwd=PACKAGE.parent,
        env={**(os.environ if environment is None else environment), "PYTHONSAFEPATH": ""},  # see GRADE
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        start_new_session=True,
    ) as process:
        try:
            return process.wait(max(seconds, 0.0))
        finally:
            if process.returncode is None:
                end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)  # its own session: the worker host with it
