"""Where the command `grade` starts: asks whether a server can answer, before anything is imported (grader.warm)."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from grader.warm import client

if TYPE_CHECKING:
    from grader.warm.begun import Begun


def main() -> None:
    if client.fits():
        from grader.warm.place import stamp

        since, ours = time.time_ns(), stamp()
        status = client.ask(ours)
        if status is not None:
            sys.stdout.flush()
            os._exit(status)
        from grader.warm.server import Leaving

        run(sys.argv[1:], Leaving(ours, since, run))
    run(sys.argv[1:])


def run(arguments: Sequence[str], begun: Begun | None = None) -> None:
    from grader.cli.grade import grade
    from grader.cli.options import ENVIRONMENT

    os.environ |= ENVIRONMENT  # which may be a client's by now
    grade.main(list(arguments), prog_name="grade", obj=begun)
