"""Many submissions: what is new is graded, each result is committed as it comes, and nothing is lost on the way.

The gradebook decides what is left to do, so a batch that was ended, however, goes on where it stopped. A lane that
dies takes its pool with it: what was in flight is then tried one by one, and a submission that brings its lane down
again and again is recorded as not graded, which costs its student nothing and the others no time.
"""

from __future__ import annotations

import hashlib
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from grader.course import Course
from grader.discovery import Found
from grader.gradebook import Attempt, Gradebook, Key
from grader.grading import Settings
from grader.lane import Graded, Task, failed, grade_task
from grader.notebook import answers
from grader.report import page
from grader.submission import Submission, SubmissionError, submission

TRIES = 3  # for a submission that was in flight when a lane died
AT_ONCE = 256  # attempts noted in one transaction


class Lanes(Protocol):
    """Where tasks run. `width`: how many at once."""

    width: int

    def start(self) -> Executor: ...


@dataclass
class Batch:
    """The work of one run: which submissions, with what, into which gradebook."""

    course: Course
    gradebook: Gradebook
    settings: Settings
    reports: Path
    fresh: bool = False
    graded: int = 0  # in this run
    unchanged: int = 0  # were graded already
    problems: list[tuple[str, str]] = field(default_factory=list)  # (path, reason) of files that cannot be graded

    def run(self, tasks: Iterable[Task], lanes: Lanes) -> Iterator[tuple[Task, Graded]]:
        """Grades submissions. Answers each when its result is committed."""
        for task, graded in run_tasks(iter(tasks), lanes):
            page.write_page(graded.page, self.reports / task.report)
            self.gradebook.add(task.key, graded.status, graded.score, graded.max_score, graded.document, task.report)
            self.graded += 1
            yield task, graded

    def tasks(self, found: Iterable[Found]) -> Iterator[Task]:
        """What is left to do. Notes every attempt; counts what is unchanged."""
        seen: set[Key] = set()
        for block in blocks(found, AT_ONCE):
            tasks = [(item, self._task(submission)) for item in block for submission in self._read(item)]
            self.gradebook.hand_in(
                Attempt(
                    student=item.student,
                    exercise=task.key.exercise,
                    source_digest=task.key.source_digest,
                    name=item.name,
                    path=item.path,
                    submitted=item.submitted,
                    number=item.number,
                )
                for item, task in tasks
            )
            for _, task in tasks:
                if task.key in seen or (not self.fresh and self._is_graded(task)):
                    self.unchanged += 1
                else:
                    seen.add(task.key)
                    yield task

    def numbers(self, found: Sequence[Found], first: Sequence[Task]) -> Counter[str]:
        """How many submissions to each exercise are left to do, about. `first`: tasks that are known already.

        Notebooks of several exercises are not opened: they are taken to be like the first of them.
        """
        left = Counter(item.exercise for item in found if item.exercise)
        if notebooks := sum(not item.exercise for item in found):
            left.update({task.key.exercise: notebooks for task in first})
        if not self.fresh:
            for name in left:
                left[name] -= self.gradebook.count(name, self.course.exercise(name).digest, *self._circumstances)
        return +left

    @property
    def _circumstances(self) -> tuple[int, str]:
        """The seed, and the limits in words."""
        limits = self.settings.limits
        said = f"{limits.check_seconds:g} s, {limits.submission_seconds:g} s, {limits.memory} MiB"
        return self.settings.seed, said

    def _is_graded(self, task: Task) -> bool:
        return self.gradebook.holds(task.key) and (self.reports / task.report).exists()

    def _read(self, item: Found) -> list[Submission]:
        """What a file answers: one exercise, or those of a notebook. A file that cannot be read is a problem."""
        try:
            whole = submission(item.path, item.exercise, item.read(), item.student)
            return [whole] if item.exercise else answers(whole, self.course.definitions)
        except SubmissionError as error:
            self.problems.append((item.path, str(error)))
            return []

    def _task(self, answer: Submission) -> Task:
        seed, limits = self._circumstances
        key = Key(
            student=answer.student or "",
            exercise=answer.exercise,
            source_digest=hashlib.sha256(answer.source).hexdigest(),
            suite_digest=self.course.exercise(answer.exercise).digest,
            seed=seed,
            limits=limits,
        )
        report = f"{answer.exercise}/{page.file_name(key.student)}-{key.source_digest[:8]}.html"
        return Task(answer, key, self.settings, str(self.course.root), report)


def run_tasks(tasks: Iterator[Task], lanes: Lanes) -> Iterator[tuple[Task, Graded]]:
    """Runs tasks with a few more in flight than there are lanes, and answers them as they end."""
    pool = lanes.start()
    flying: dict[Future[Graded], Task] = {}
    lost: list[Task] = []
    try:
        while True:
            while not lost and len(flying) < 2 * lanes.width and (task := next(tasks, None)) is not None:
                try:
                    flying[pool.submit(grade_task, task)] = task
                except BrokenProcessPool:
                    lost.append(task)
            for future in wait(flying, return_when=FIRST_COMPLETED).done:
                task = flying.pop(future)
                try:
                    graded = future.result()
                except BrokenProcessPool:
                    lost.append(task)
                    continue
                except Exception as error:
                    graded = failed(task, f"{type(error).__name__}: {error}")
                yield task, graded
            if lost and not flying:  # a broken pool soon gives up all that is in it
                for task in lost:
                    yield task, run_alone(task, lanes)
                lost = []
                pool = lanes.start()
            elif not flying:
                return
    finally:
        for future in flying:
            future.cancel()
        pool.shutdown(wait=False)


def run_alone(task: Task, lanes: Lanes) -> Graded:
    """Runs a task that was in flight when a lane died, in a pool of its own: was it this one?"""
    for _ in range(TRIES):
        pool = lanes.start()
        try:
            return pool.submit(grade_task, task).result()
        except BrokenProcessPool:
            continue
        finally:
            pool.shutdown(wait=False)
    return failed(task, f"the process that graded it died {TRIES + 1} times")


def blocks(items: Iterable[Found], size: int) -> Iterator[list[Found]]:
    iterator = iter(items)
    while block := list(itertools.islice(iterator, size)):
        yield block
