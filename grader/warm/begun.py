"""What a run of `grade FILE…` begins with: nothing, or all that a server has ready."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.sandbox.host import Hosts

if TYPE_CHECKING:
    from grader.course.exercise import Exercise
    from grader.grading.examiner import Examiner, Grading


class Begun:
    """With nothing: a cold run, which leaves nothing either. It is the context's object of the command `grade`; what
    has a method `end` is told the exit status by it, and ends the process."""

    def hosts(self) -> Hosts:
        return Hosts()

    def examiner(self, exercise: Exercise) -> Examiner | None:
        """The examiner of an exercise, where one is at hand that is made from the same files."""
        return None

    def graded(self, grading: Grading) -> None:
        """Called once all is told, before the process ends."""
