"""Whether a gradebook that lies in a folder of reports may say what counts.

What is handed in can hold reports/gradebook.sqlite as well, with results that nobody gave and seeds whose inputs are
known, and the working folder may be a student's. So a gradebook that --reports does not name counts only where the
user's own grader has written it: that is remembered as trust in a course is, in the user's own configuration.
"""

from __future__ import annotations

import shlex
from contextlib import suppress
from pathlib import Path

from grader.course.trust import TrustError, doubt, trust
from grader.errors import GraderError

KIND = "gradebooks"


class GradebookTrustError(GraderError):
    """A gradebook that may have been handed in. The message says what to do."""


def is_own(gradebook: Path) -> bool:
    """Whether this user's grader has written it before."""
    return not doubt(gradebook, KIND)


def check(gradebook: Path) -> None:
    """Raises GradebookTrustError for a gradebook that may have been handed in."""
    if gradebook.exists() and not is_own(gradebook):
        raise GradebookTrustError(advice(gradebook))


def advice(gradebook: Path) -> str:
    named = shlex.quote(str(gradebook.parent))
    return (
        f"{gradebook} may have been handed in: it was not made here, or not by you. Where it is yours, name its folder"
        f" with --reports {named}; else remove it, or name another."
    )


def remember(gradebook: Path) -> None:
    """For whoever goes on with it from then on. Where that cannot be, it has to be named the next time."""
    with suppress(TrustError):
        if not is_own(gradebook):
            trust(gradebook, KIND)
