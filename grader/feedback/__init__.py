"""Handing back: each student's reports, in the form that the system takes back from which the files came.

Theory of operation. The gradebook tells whose each grade is and from which file it follows; the report of it lies in
the folder of reports. `places` finds where a system wants it, by the name that this system gave the file, and only
where that name has the id under which the file was graded: nothing that a student wrote leads a report to anybody else.
`addressed` puts into the report whose it is, which attempt and when, and takes out what is not for students: the
instructor's paths. `package` puts the parts together, and tells of whom there is no report.
"""

from grader.feedback.package import FeedbackError, Package, collect, write

__all__ = ["FeedbackError", "Package", "collect", "write"]
