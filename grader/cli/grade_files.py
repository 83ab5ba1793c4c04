"""`grade FILE…`: a student's files, once or again whenever one is saved."""

from __future__ import annotations

import gc
import json
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.documents import Documents
from grader.cli.options import FAULT, FULL_MARKS, MARKS_LOST, warn_of_missing_walls
from grader.course.course import Course, CourseError
from grader.result import Result, document
from grader.submissions.submission import Submission, SubmissionError, read

if TYPE_CHECKING:
    from grader.grading.examiner import Grading
    from grader.grading.settings import Settings

REFRESH = 1  # seconds after which a browser loads a watched report again
SETTLE = 20  # milliseconds that a save may take: editors write in several steps
LOOK = 1000  # milliseconds after which watched files are looked at, though nothing said that they changed


class Files:
    """The files of one command, and where what comes of them goes."""

    def __init__(
        self,
        paths: Sequence[Path],
        exercise: str | None,
        course: Course,
        reports: Path,
        *,
        quiet: bool,
        verbose: bool,
        json_target: str | None,
        watch: bool,
        documents: Documents,
    ) -> None:
        self.paths, self.exercise, self.course, self.reports = paths, exercise, course, reports
        self.quiet, self.verbose, self.json_target = quiet, verbose, json_target
        self.watch, self.documents = watch, documents
        self.problems: list[str] = []

    def read(self) -> list[Submission]:
        """The submissions that can be graded; what is wrong with the others becomes `problems`."""
        self.problems = []
        return [submission for path in self.paths for submission in self._read(path)]

    def _read(self, path: Path) -> list[Submission]:
        try:
            submission = read(path, self.exercise)
            if submission.cells and self.exercise is None and submission.exercise not in self.course.names:
                from grader.submissions.submission import answers

                return answers(submission, self.course.definitions)
            self.course.exercise(submission.exercise)
        except SubmissionError as error:
            self.problems.append(str(error))
            return []
        except CourseError as error:
            self.problems.append(str(error) if self.exercise else f"{error} {self._how_to_name(path)}")
            return []
        return [submission]

    def _how_to_name(self, path: Path) -> str:
        """How to grade a file that bears no exercise's name; with the one whose name is a part of it, if there is."""
        inside = [name for name in self.course.names if name in path.stem.lower().replace("-", "_")]
        return f"Name the exercise: grade {shlex.quote(str(path))} -e {max(inside, key=len, default='NAME')}"

    def grade(self, grading: Grading, settings: Settings, *, open_reports: bool = False) -> int:
        """Grades the files as they are now, and shows and writes what came of it. Answers the exit status."""
        from grader.report import html

        results: list[Result] = []  # without their arrays: a run of many files keeps none
        taken: dict[str, int] = {}
        for result in grading.grade(self.read(), settings):
            if not results:
                warn_of_missing_walls(result.sandbox)
            results.append(replace(result, checks=tuple(replace(check, difference=None) for check in result.checks)))
            count = taken[result.exercise] = taken.get(result.exercise, 0) + 1
            name = result.exercise if count == 1 else f"{result.exercise}-{count}"
            report = html.write(result, self.reports, name, REFRESH if self.watch else None)
            self._show(result, report)
            gc.enable()
            if open_reports:
                click.launch(str(report))
        self._write_json(results)
        self.documents.write_files(results, self.problems)
        for problem in self.problems:
            click.echo(f"Error: {problem}", err=True)
        if self.problems or any(result.status == "error" for result in results):
            return FAULT
        return FULL_MARKS if all(result.full_marks for result in results) else MARKS_LOST

    def _show(self, result: Result, report: Path) -> None:
        from grader.report import terminal

        whole = terminal.summary(result, report, verbose=self.verbose) if not self.quiet else ""
        text = whole or terminal.line(result)
        click.echo(text, err=self.json_target == "-")

    def _write_json(self, results: list[Result]) -> None:
        if self.json_target is None:
            return
        text = json.dumps(document(results), indent=2)
        if self.json_target == "-":
            click.echo(text)
        else:
            Path(self.json_target).write_text(text + "\n", encoding="utf-8")


def versions(paths: Sequence[Path]) -> list[tuple[int, ...]]:
    """What tells a version of each file from the next; empty where there is none just now."""
    found: list[tuple[int, ...]] = []
    for path in paths:
        try:
            status = path.stat()
            found.append((status.st_mtime_ns, status.st_size, status.st_ino))
        except OSError:
            found.append(())
    return found


def watched(paths: Sequence[Path], seen: list[tuple[int, ...]]) -> Iterator[None]:
    """Comes whenever one of the files was saved since its version was `seen`, until Ctrl-C.

    The file system only wakes us: what counts are the versions, so what was saved before it was asked to is not missed.
    Folders are watched, as editors put new files in place; a file may be a link to one beside it.
    """
    from watchfiles import watch

    folders = {path.parent.resolve() for path in paths}
    woken = watch(
        *folders, debounce=SETTLE, step=SETTLE // 2, recursive=False, raise_interrupt=False,
        yield_on_timeout=True, rust_timeout=LOOK,
    )  # fmt: skip
    for _ in woken:
        now = versions(paths)
        if any(version and version != before for version, before in zip(now, seen, strict=True)):
            seen = now
            yield
