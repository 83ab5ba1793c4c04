"""The root of the errors whose message is for the user: one line that says what happened and what to do.

    GraderError
    ├── authoring.assignment.cells.AssignmentError          a notebook that cannot be made
    ├── authoring.explain.catalogue.ExplainError            what is to be explained is not known, or not clear
    ├── authoring.scaffold.ScaffoldError                    an exercise that cannot be begun
    ├── cli.gradebook_trust.GradebookTrustError             a gradebook that may have been handed in
    ├── course.config.ConfigurationError                    a pyproject.toml that cannot be understood
    ├── course.course.CourseError                           no such course or exercise
    ├── course.sealed_file.SealError                        a sealed exercise that cannot be made or read
    ├── course.trust.TrustError                             trust that cannot be given, taken back or looked up
    ├── errors.SuiteError                                   a file of an exercise that cannot be read or run
    ├── feedback.package.FeedbackError                      there is nothing to hand back, or it cannot be written
    ├── gradebook.assignment.settings.AssignmentFileError   an assignment that cannot be read, or does not fit the class
    ├── gradebook.decisions.DecisionError                   an override or a comment that cannot be taken
    ├── gradebook.export.outcome.ExportError                a sheet that cannot be filled in
    ├── gradebook.pseudonyms.PseudonymError                 a key of pseudonyms that cannot be read or written
    ├── gradebook.records.GradebookError                    the gradebook cannot be read or written
    ├── gradebook.roster.RosterError                        a roster that cannot be read, a person who is not on it
    ├── grading.cluster.ExecutorError                       a batch cannot run where it was told to
    ├── grading.cluster_worker.Refused                      a worker of a cluster that cannot grade these submissions
    ├── integrations.classroom.judge.JudgeError             the grader failed on one file
    ├── integrations.classroom.runner.ClassroomError        a step or a template that is not where it belongs
    ├── integrations.classroom50.bundle.Classroom50Error    a folder for Classroom 50 that cannot be built
    ├── integrations.gradescope.assignment.GradescopeError  an autograder that cannot be built or is incomplete
    ├── integrations.jupyter.MagicError                     what keeps %grade from grading
    ├── result.ResultError                                  a document that is none of results, or of another version
    ├── sandbox.host.SandboxError                           a fault of the grader or its machine, never of a submission
    └── submissions.reading.SubmissionError                 a file that cannot be taken

Commands show the message and end with status 2.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class GraderError(Exception):
    pass


class SuiteError(GraderError):
    """A file of an exercise that cannot be read or run: the suite, the reference, the probes or the mistakes."""


@contextmanager
def blaming(path: Path, name: str) -> Iterator[None]:
    """Turns any error inside into a SuiteError that names a file of the course. `name`: of that file in tracebacks."""
    try:
        yield
    except GraderError:
        raise
    except FileNotFoundError as error:
        raise SuiteError(f"{path} is missing.") from error
    except SyntaxError as error:
        raise SuiteError(f"{path}, line {error.lineno}: {type(error).__name__}: {error.msg}") from error
    except Exception as error:
        from traceback import extract_tb

        lines = [frame.lineno for frame in extract_tb(error.__traceback__) if frame.filename == name]
        where = f"{path}, line {lines[-1]}" if lines else str(path)
        raise SuiteError(f"{where}: {type(error).__name__}: {error}") from error
