"""`grader warm`: what a `grade` at a terminal has left behind for the next one."""

from __future__ import annotations

import os
import sys

import click

from grader.cli.options import FULL_MARKS, MARKS_LOST, leave, one_line_errors

NONE = "No warm process is there: the next `grade` starts anew."


@click.command()
@click.option("--status", "show", is_flag=True, help="Tell whether one is there; exit status 1 if there is none.")
@click.option("--stop", is_flag=True, help="End it.")
@one_line_errors
def warm(show: bool, stop: bool) -> None:
    """The process that `grade` leaves behind, so that the next `grade` is answered at once.

    On Linux, `grade FILE...` at a terminal leaves one for ten minutes without a run. It ends by itself as soon as it is
    not what a new process would be, and when memory is short. GRADER_WARM=0 neither asks nor leaves one, GRADER_WARM=1
    does so without a terminal, too. CI never does.
    """
    if show is stop:
        raise click.UsageError("Ask for --status or for --stop.")
    if sys.platform != "linux":
        click.echo("Only on Linux a process is kept warm.")
        leave(MARKS_LOST if show else FULL_MARKS)
    from grader.warm import address, control

    folder = address.open_folder()
    if stop:
        ended = folder is not None and control.end_server(folder)
        click.echo("The warm process was ended." if ended else NONE)
        leave(FULL_MARKS)
    found = control.status(folder) if folder is not None else None
    if folder is not None:
        os.close(folder)
    if found is None:
        click.echo(NONE)
        leave(MARKS_LOST)
    click.echo(
        f"A warm process is there (number {found['processes'][0]}, {found['memory'] / (1 << 20):.0f} MiB), "
        f"ready for {', '.join(found['exercises'])}. It has answered {found['answered']} "
        f"time{'s' * (found['answered'] != 1)} and ends in {found['ends_in'] / 60:.0f} minutes without a run."
    )
    leave(FULL_MARKS)
