"""What all commands share: exit statuses, one line for whatever goes wrong, the option that names a course."""

from __future__ import annotations

import os

from grader.threads import ENVIRONMENT

# Before NumPy is imported anywhere. What a cluster sets for its own programs is overruled.
os.environ |= ENVIRONMENT

import io
import math
import sys
import traceback
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from grader.errors import GraderError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from grader.result import Sandbox
    from grader.sandbox.limits import Limits

FULL_MARKS, MARKS_LOST, FAULT = 0, 1, 2
PLAIN = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
CONTEXT: dict[str, Any] = {"help_option_names": ["-h", "--help"], "color": False if PLAIN else None}


class Number(click.FloatRange):
    """A range in which NaN, which no bound refuses, and infinity are not."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        number: float = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value} is no finite number.", param, ctx)
        return number


def complete_exercise(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The exercises of the course that is at hand, for the shell."""
    from click.shell_completion import CompletionItem

    from grader.course.choice import find_course

    try:
        names = find_course(context.params.get("course_folder"), say=False).names
    except GraderError:
        return []
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]


course_option = click.option(
    "--course",
    "course_folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="The course to grade with: a folder with exercises/ and solutions/.  "
    "[default: $GRADER_COURSE, else one at hand that is trusted, else the grader's own]",
)
reports_option = click.option(
    "--reports", type=click.Path(path_type=Path, file_okay=False), default=Path("reports"), show_default=True,
    help="Folder for the HTML reports and the gradebook.",
)  # fmt: skip


def one_line_errors(command: Callable[..., None]) -> Callable[..., None]:
    """Turns whatever goes wrong into one line and exit status 2."""

    @wraps(command)
    def guarded(*args: Any, **kwargs: Any) -> None:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):  # what an encoding lacks becomes a mark, not an error
                stream.reconfigure(errors="replace")
        try:
            command(*args, **kwargs)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except GraderError as error:
            fail(str(error))
        except Exception as error:
            if os.environ.get("GRADER_DEBUG"):
                traceback.print_exc()
            fail(f"The grader failed: {type(error).__name__}: {error}. GRADER_DEBUG=1 shows where.")

    return guarded


def limits_here(check_seconds: float, submission_seconds: float, memory: int) -> Limits:
    """What a submission may use, as asked and as far as there is as much; says where there is less."""
    from grader.sandbox.limits import Limits

    limits, less = Limits(check_seconds, submission_seconds, memory).here()
    if less:
        click.echo(less, err=True)
    return limits


def warn_of_missing_walls(sandbox: Sandbox) -> None:
    if sandbox.missing:
        click.secho(f"Warning: the sandbox lacks: {sandbox.missing}.", fg="yellow", err=True)


def fail(message: str) -> NoReturn:
    click.echo(f"Error: {message}", err=True)
    leave(FAULT)


def leave(status: int) -> NoReturn:
    """Ends at once: a normal exit after importing torch would take half a second to take it down again.

    Where a command was begun with an object that has a method `end`, that does it.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    context = click.get_current_context(silent=True)
    getattr(context and context.obj, "end", os._exit)(status)
    raise AssertionError("a process that has ended goes on")
