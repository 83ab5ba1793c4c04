"""A judge: the trusted side of a batch in one process, with suites, references and worker hosts at hand.

A judge is made once a process and grades all submissions that come to it. On this machine judges are forked from a
process that has prepared everything, so that nothing is imported, collected or recorded twice, and so they are on each
machine of a cluster; where fork is missing, each makes itself ready.
"""

from __future__ import annotations

import functools
import json
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from grader.course.course import Course, CourseError
from grader.gradebook.store import Key
from grader.grading.provenance import circumstances
from grader.grading.regrading import causes, describe
from grader.grading.settings import Settings, check_walls
from grader.report import html
from grader.result import Result
from grader.sandbox.host import MAX_EQUIPPED, Hosts, SandboxError, check_installed
from grader.sandbox.protocol.setup import Setup
from grader.submissions.submission import Submission

if TYPE_CHECKING:
    from grader.grading.examiner import Examiner
    from grader.grading.precompute import Question

MANY = 4  # submissions to an exercise from which on it is worth while to ask all that can be asked in advance


class Group(NamedTuple):
    """Submissions that meet the same inputs."""

    exercise: str
    settings: Settings


@dataclass(frozen=True)
class Task:
    """One submission to grade. Crosses to other processes and machines."""

    submission: Submission
    key: Key
    settings: Settings
    course: str  # folder of the course
    report: str  # where its report goes, from the folder of reports

    @property
    def group(self) -> Group:
        return Group(self.submission.exercise, self.settings)


@dataclass(frozen=True)
class Graded:
    """What comes back: plain texts and numbers."""

    status: str
    score: float | None
    max_score: float
    full_marks: bool
    document: str  # JSON, as `grade --json` has it
    page: str  # the HTML report

    @staticmethod
    def of(result: Result) -> Graded:
        document = json.dumps(result.to_json(), separators=(",", ":"))
        return Graded(result.status, result.score, result.max_score, result.full_marks, document, html.render(result))


class Judge:
    """Grades with one course."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self.hosts = Hosts()
        self._examiners: dict[str, Examiner] = {}
        self._lock = threading.Lock()
        self._agreed: set[tuple[str, str, str]] = set()  # exercises, and what was found the same here

    def examiner(self, name: str) -> Examiner:
        from grader.grading.examiner import Examiner  # with NumPy: a batch first starts its hosts

        with self._lock:
            if name not in self._examiners:
                self._examiners[name] = Examiner(self.course.exercise(name))
            return self._examiners[name]

    def prepare(self, numbers: Mapping[Group, int], jobs: int) -> None:
        """Does what the submissions of each group share, as far as their number is worth it, before judges are forked
        from this process. Of the groups of an exercise, the first few: a judge prepares for the others as they come.

        Raises SandboxError where a wall is missing.
        """
        exercises = {group.exercise: self.course.exercise(group.exercise) for group in numbers}
        for exercise in exercises.values():
            check_installed(exercise.libraries, exercise.name)
        workers: Counter[Sequence[str]] = Counter()
        for group, number in numbers.items():
            workers[exercises[group.exercise].libraries] += number
        hosts = [self.hosts.get(*each) for each in workers.items()]  # they import while this one does
        from grader.grading.examiner import MAX_PLANS, environment
        from grader.grading.precompute import precomputed

        questions: list[Question] = []
        equipment: list[tuple[Sequence[str], Setup, Sequence[bytes]]] = []
        for exercise in exercises.values():
            examiner = self.examiner(exercise.name)
            environment(exercise.libraries)  # looked up once: it is kept
            groups = [group for group in numbers if group.exercise == exercise.name]
            for group in groups[:MAX_PLANS]:
                plan = examiner.plan(group.settings)
                equipment.append((exercise.libraries, examiner.setup, plan.calls))
                if numbers[group] >= MANY:
                    examiner.record(group.settings)
                    questions += ((side, plan.calls + plan.hidden_calls) for side in examiner.diagnosis.each_side())
        with precomputed(questions, jobs):
            html.warm_up()
        if any(group.settings.must_confine for group in numbers):
            for host in hosts:
                check_walls(host)
        for each in equipment[:MAX_EQUIPPED]:
            self.hosts.equipped(*each)  # judges split theirs from it

    def knows(self, exercise: str) -> bool:
        return exercise in self._examiners

    def has_plan(self, group: Group) -> bool:
        return self.knows(group.exercise) and self.examiner(group.exercise).has_plan(group.settings)

    def agree(self, task: Task) -> None:
        """Raises SandboxError where something is otherwise here than where the task was made: a result would stand
        under a key that is not its own. Looked at once for all submissions that were made alike.
        """
        key, submission = task.key, task.submission
        made = (submission.exercise, key.suite_digest, key.circumstances)
        if made in self._agreed:
            return
        exercise = self.course.exercise(submission.exercise)
        here = circumstances(exercise, task.settings.must_confine)
        if found := causes(key, replace(key, suite_digest=exercise.digest, circumstances=here)):
            raise SandboxError(
                f"the grader or {task.course} is another here than where the batch was started:"
                f" {describe(found, [submission.exercise])}"
            )
        self._agreed.add(made)

    def grade(self, task: Task) -> Graded:
        exercise = self.course.exercise(task.submission.exercise)
        examiner = self.examiner(exercise.name)
        host = self.hosts.equipped(exercise.libraries, examiner.setup, examiner.plan(task.settings).calls)
        if task.settings.must_confine:
            check_walls(host)
        return Graded.of(examiner.grade(task.submission, host, task.settings))


@functools.cache
def judge_of(course: str) -> Judge:
    """This process's judge for a course."""
    return Judge(Course(Path(course)))


def grade_task(task: Task) -> Graded:
    """Grades one task in whichever process this is. Never raises for what concerns one submission."""
    try:
        judge = judge_of(task.course)
        judge.agree(task)
        return judge.grade(task)
    except (SandboxError, CourseError) as error:
        return failed(task, str(error))


def failed(task: Task, reason: str) -> Graded:
    """The record of a submission that the grader could not grade."""
    submission = task.submission
    blank = Result(submission.exercise, submission.path, "error", None, task.settings.seed, submission.student)
    source, course = submission.source.decode("utf-8", "replace"), Course(Path(task.course)).used
    return Graded.of(replace(blank, error=reason, source=source, course=course))
