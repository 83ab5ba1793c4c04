"""Where the command `grade` starts: asks whether a server can answer, before anything is imported (grader.warm)."""

from __future__ import annotations

import os
import sys
import time

from grader.warm import client

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.warm.begun import Begun


def main() -> None:
    begun = None
    if client.fits():
        from grader.warm.place import stamp

        since, ours = time.time_ns(), stamp()
        status = client.ask(ours)
        if status is not None:
            os._exit(status)
        from grader.warm.server import Leaving

        begun = Leaving(ours, since, run)
    run(sys.argv[1:], begun)


def run(arguments: Sequence[str], begun: Begun | None) -> None:
    from grader.threads import ENVIRONMENT

    os.environ |= ENVIRONMENT  # before NumPy is imported anywhere; or which is a client's by now
    from grader.cli.grade import grade

    grade.main(list(arguments), prog_name="grade", obj=begun)
