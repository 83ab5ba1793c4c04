"""Many submissions: what is new is graded, each result is committed as it comes, and nothing is lost on the way.

The gradebook decides what is left to do, so a batch that was ended, however, goes on where it stopped, with the inputs
that it began with. Submissions are graded by judges, processes of a pool (grader.grading.process). One that dies takes
its pool with it: what was in flight is then tried one by one, and a submission that brings its judge down again and
again is recorded as not graded, which costs its student nothing and the others no time.
"""

from __future__ import annotations

import hashlib
import itertools
import secrets
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from grader.course.course import Course
from grader.gradebook.store import Attempt, Gradebook, Key, Unplaced
from grader.grading.process import Graded, Group, Task, failed, grade_task
from grader.grading.provenance import circumstances
from grader.grading.regrading import causes
from grader.grading.settings import Settings
from grader.report import decided, page
from grader.sandbox.limits import Limits
from grader.submissions.discovery import Found
from grader.submissions.submission import Submission, SubmissionError, answers, submission

TRIES = 3  # for a submission that was in flight when a judge died
AT_ONCE = 256  # attempts noted in one transaction
ROOM = 1 << 26  # bytes of sources that are kept until their turn comes; the others are read again


class Place(Protocol):
    """Where tasks run."""

    def run(self, tasks: Iterator[Task]) -> Iterator[list[tuple[Task, Graded]]]:
        """Answers tasks when they are graded, those that are done at once together."""


class Judges(Protocol):
    """Makes pools of processes. `width`: how many tasks they run at once."""

    width: int

    def start(self) -> Executor: ...


@dataclass(frozen=True)
class Pending:
    """A submission that is left to grade."""

    item: Found
    key: Key
    settings: Settings
    report: str  # where its report goes, from the folder of reports
    causes: tuple[str, ...]  # why it is graded anew; none where it is new
    submission: Submission | None  # None: to be read again when its turn comes

    @property
    def group(self) -> Group:
        return Group(self.key.exercise, self.settings)


@dataclass
class Batch:
    """The work of one run: which submissions, with what, into which gradebook."""

    course: Course
    gradebook: Gradebook
    limits: Limits
    must_confine: bool
    reports: Path
    seed: int | None = None  # for all; else each attempt has its own, and what is new the one drawn for this run
    fresh: bool = False
    graded: int = 0  # in this run
    unchanged: int = 0  # were graded already
    problems: list[Unplaced] = field(default_factory=list)  # files that cannot be read
    anew: dict[tuple[str, ...], Counter[str]] = field(default_factory=dict)  # why graded again → how many, by exercise

    def run(self, tasks: Iterable[Task], place: Place) -> Iterator[tuple[Task, Graded]]:
        """Grades submissions. Answers each when its result is committed, and what was decided is in its report."""
        people = self.gradebook.people()
        touched = self.gradebook.ledger(people).touched
        for done in place.run(iter(tasks)):
            for task, graded in done:
                page.write_page(graded.page, self.reports / task.report)
            with self.gradebook.alone():
                for task, one in done:
                    self.gradebook.add(task.key, one.status, one.score, one.max_score, one.document, task.report)
            for task, graded in done:
                if whose := touched.intersection(people.of(task.key.student)):
                    decided.refresh(self.gradebook, whose)
                self.graded += 1
                yield task, graded

    def look_through(self, found: Iterable[Found]) -> list[Pending]:
        """What is left to do, group by group, of an exercise the largest first. Counts what is unchanged.

        Every attempt is noted before the first is graded: so all that a run finds has the run's seed, also where the
        run is stopped and another goes on.
        """
        drawn = secrets.randbits(32) if self.seed is None else self.seed
        start = time.time()
        pending: dict[Key, Pending] = {}
        room = ROOM
        for block in blocks(found, AT_ONCE):
            answers = [(item, answer) for item in block for answer in self._read(item)]
            attempts = [attempt_of(item, answer) for item, answer in answers]
            self.gradebook.hand_in(attempts, drawn, start)
            for (item, answer), attempt in zip(answers, attempts, strict=True):
                left = self._left(item, answer, attempt)
                if left is None or left.key in pending:
                    self.unchanged += 1
                    continue
                room -= len(answer.source)
                pending[left.key] = left if room >= 0 else replace(left, submission=None)
                if left.causes:
                    self.anew.setdefault(left.causes, Counter())[left.key.exercise] += 1
        numbers = Counter(left.group for left in pending.values())

        def place(left: Pending) -> tuple[str, int, int]:
            return left.key.exercise, -numbers[left.group], left.key.seed

        return sorted(pending.values(), key=place)

    def tasks(self, pending: Iterable[Pending]) -> Iterator[Task]:
        for left in pending:
            submission = left.submission or self._read_again(left)
            if submission is not None:
                yield Task(submission, left.key, left.settings, str(self.course.root), left.report)

    def _left(self, item: Found, answer: Submission, attempt: Attempt) -> Pending | None:
        """What is to be done for an attempt: nothing where its newest result is what would come of it again."""
        exercise = self.course.exercise(answer.exercise)
        standing = self.gradebook.standing(attempt.student, attempt.exercise, attempt.source_digest)
        settings = Settings(self.course.seed(self.seed, standing.seed), self.limits, self.must_confine)
        key = Key(
            student=attempt.student,
            exercise=attempt.exercise,
            source_digest=attempt.source_digest,
            suite_digest=exercise.digest,
            seed=settings.seed,
            limits=in_words(self.limits),
            circumstances=circumstances(exercise, self.must_confine),
        )
        report = f"{key.exercise}/{page.file_name(key.student)}-{key.source_digest[:8]}.html"
        found = [] if standing.key is None else causes(standing.key, key)
        if standing.key is not None and not found:
            if standing.status != "graded":
                found = ["the grader failed before"]
            elif not (self.reports / report).exists():
                found = ["the report was gone"]
            elif self.fresh:
                found = ["asked for by --fresh"]
            else:
                return None
        return Pending(item, key, settings, report, tuple(found), answer)

    def _read(self, item: Found) -> list[Submission]:
        """What a file answers: one exercise, or those of a notebook. A file that cannot be read is a problem."""
        try:
            whole = submission(item.path, item.exercise, item.read(), item.student)
            return [whole] if item.exercise else answers(whole, self.course.definitions)
        except SubmissionError as error:
            self._note_problem(item, str(error))
            return []

    def _note_problem(self, item: Found, reason: str) -> None:
        said = reason.removeprefix(f"{item.path} ")
        self.problems.append(Unplaced(item.path, said, item.student, item.name, item.exercise, lost=True))

    def _read_again(self, left: Pending) -> Submission | None:
        """A submission that there was no room for. One that is another by now is a problem."""
        before = len(self.problems)
        for answer in self._read(left.item):
            if (answer.exercise, digest_of(answer)) == (left.key.exercise, left.key.source_digest):
                return answer
        if len(self.problems) == before:
            self._note_problem(left.item, "it changed while the class was graded: grade again")
        return None


def attempt_of(item: Found, answer: Submission) -> Attempt:
    return Attempt(
        student=item.student,
        exercise=answer.exercise,
        source_digest=digest_of(answer),
        name=item.name,
        path=item.path,
        submitted=item.submitted,
        number=item.number,
        dated=item.dated,
    )


def digest_of(answer: Submission) -> str:
    """Of all that the code that runs can learn of its file. Whatever a student can write it by, what they were told of
    one run would be known to the next: the same digest keeps its seed. So it is of the cells of a notebook, too."""
    content = hashlib.sha256(answer.source)
    if answer.cells:
        content.update(b"\0" + repr(answer.cells).encode())
    return content.hexdigest()


def in_words(limits: Limits) -> str:
    return f"{limits.check_seconds:g} s, {limits.submission_seconds:g} s, {limits.memory} MiB"


def run_tasks(tasks: Iterator[Task], judges: Judges) -> Iterator[list[tuple[Task, Graded]]]:
    """Runs tasks with a few more in flight than there are judges, and answers them as they end."""
    pool = judges.start()
    flying: dict[Future[Graded], Task] = {}
    lost: list[Task] = []
    try:
        while True:
            while not lost and len(flying) < 2 * judges.width and (task := next(tasks, None)) is not None:
                try:
                    flying[pool.submit(grade_task, task)] = task
                except BrokenProcessPool:
                    lost.append(task)
            done: list[tuple[Task, Graded]] = []
            for future in wait(flying, return_when=FIRST_COMPLETED).done:
                task = flying.pop(future)
                try:
                    graded = future.result()
                except BrokenProcessPool:
                    lost.append(task)
                    continue
                except Exception as error:
                    graded = failed(task, f"{type(error).__name__}: {error}")
                done.append((task, graded))
            if done:
                yield done
            if lost and not flying:  # a broken pool soon gives up all that is in it
                for task in lost:
                    yield [(task, run_alone(task, judges))]
                lost = []
                pool = judges.start()
            elif not flying:
                return
    finally:
        for future in flying:
            future.cancel()
        pool.shutdown(wait=False)


def run_alone(task: Task, judges: Judges) -> Graded:
    """Runs a task that was in flight when a judge died, in a pool of its own: was it this one?"""
    for _ in range(TRIES):
        pool = judges.start()
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
