"""The root of the errors whose message is for the user: one line that says what happened and what to do.

    GraderError
    ├── course.CourseError                      no such course or exercise
    ├── configuration.ConfigurationError        a pyproject.toml that cannot be understood
    ├── scaffold.ScaffoldError                  an exercise that cannot be begun
    ├── assignment.cells.AssignmentError        a notebook that cannot be made
    ├── magic.MagicError                        what keeps %grade from grading
    ├── submission.SubmissionError              a file that cannot be taken
    ├── result.ResultError                      a document that is none of results, or of another version
    ├── gradebook.GradebookError                the gradebook cannot be read or written
    ├── decisions.DecisionError                 an override or a comment that cannot be taken
    ├── assignment.settings.AssignmentFileError  an assignment that cannot be read, or does not fit the class
    ├── roster.RosterError                      a roster that cannot be read, a person who is not on it
    ├── cluster.ExecutorError                   a batch cannot run where it was told to
    ├── explain.catalogue.ExplainError           what is to be explained is not known, or not clear
    ├── exports.ExportError                     a sheet that cannot be filled in
    ├── pseudonyms.PseudonymError               a key of pseudonyms that cannot be read or written
    ├── feedback.package.FeedbackError          there is nothing to hand back, or it cannot be written
    ├── classroom.runner.ClassroomError         a step or a template that is not where it belongs
    ├── classroom.judge.JudgeError              the grader failed on one file
    ├── sealed.document.SealError               a sealed exercise that cannot be made or read
    ├── gradescope.assignment.GradescopeError   an autograder that cannot be built or is incomplete
    └── sandbox.host.SandboxError               a fault of the grader or its machine, never of a submission

Commands show the message and end with status 2.
"""


class GraderError(Exception):
    pass
