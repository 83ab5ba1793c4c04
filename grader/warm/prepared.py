"""What is prepared when a run of `grade FILE…` starts: nothing in a cold run, what a server has ready in a warm one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.sandbox.host import Hosts

if TYPE_CHECKING:
    from grader.course.exercise import Exercise
    from grader.grading.examiner import Examiner, Grading


class Prepared:
    """Nothing, and no server is left behind. Click's context of the command `grade` carries this object; where it has
    a method `end`, that is called with the exit status and ends the process."""

    def hosts(self) -> Hosts:
        return Hosts()

    def examiner(self, exercise: Exercise) -> Examiner | None:
        """The examiner of an exercise, where one is at hand that is made from the same files."""
        return None

    def graded(self, grading: Grading) -> None:
        """Called when everything has been printed, before the process ends."""
