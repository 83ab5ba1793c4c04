"""Where the command `grade` starts: asks whether a server can answer, before anything is imported (grader.warm)."""

from __future__ import annotations

import os
import sys
import time

from grader.warm import client

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.warm.prepared import Prepared


def main() -> None:
    prepared = None
    since = time.time_ns()
    if client.fits() and (stamp := client.stamp()):
        status = client.ask(stamp)
        if status is not None:
            os._exit(status)
        from grader.warm.server import ColdRun

        prepared = ColdRun(stamp, since, run)
    run(sys.argv[1:], prepared)


def run(arguments: Sequence[str], prepared: Prepared | None) -> None:
    import gc

    from grader.threads import ENVIRONMENT

    gc.disable()  # until a first result is shown: what is imported and made ready is no garbage
    os.environ |= ENVIRONMENT  # before NumPy is imported anywhere; or which is a client's by now
    from grader.cli.grade import grade

    grade.main(list(arguments), prog_name="grade", obj=prepared)
