"""Which file that was handed in answers which exercise, in words for students (see grader.integrations.matching)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.integrations.matching import Answers, listed, shown
from grader.submissions.folder import File, Listing, list_folder
from grader.submissions.submission import SubmissionError
from grader.text import visible

MAX_SHOWN = 10  # names of files


@dataclass(frozen=True)
class Handin:
    """What there is for one exercise: a file and what to say of its choice, or the reason why there is none."""

    file: File | None = None
    note: str = ""
    missing: str = ""


def find(folder: Path, exercises: Sequence[str]) -> dict[str, Handin]:
    """What was handed in for each exercise, in whatever folders it lies."""
    try:
        listing = list_folder(folder) if folder.exists() else Listing(folder, is_folder=True)
    except SubmissionError as error:  # too much in it, or it may not be read
        return {name: Handin(missing=str(error)) for name in exercises}
    answers = Answers(listing, exercises)
    return {name: handin(name, answers, listing, alone=len(exercises) == 1) for name in exercises}


def handin(exercise: str, answers: Answers, listing: Listing, *, alone: bool) -> Handin:
    choice = answers.of(exercise, alone=alone)
    file = choice.file
    if file is None:
        return Handin(missing=explain(exercise, answers, listing))
    if choice.is_guess:
        kind = "notebook" if file.is_notebook else "script"
        return Handin(file, f"{shown(file)} was graded as {exercise}, as there is no other {kind} that could be meant.")
    if choice.others:
        all_of_them = listed((file, *choice.others), MAX_SHOWN)
        return Handin(file, f"Several files answer {exercise}: {all_of_them}. {shown(file)} was graded.")
    return Handin(file)


def explain(exercise: str, answers: Answers, listing: Listing) -> str:
    """Why there is nothing to grade, and what to do."""
    parts = [f"No file named {exercise}.py was handed in, so there is nothing to grade."]
    if slip := answers.slip(exercise):
        parts.append(f"If {shown(slip)} is meant, name it {exercise}.py.")
    if listing.files:
        parts.append(f"Handed in: {listed(listing.files, MAX_SHOWN)}.")
    for path, reason in listing.problems[:MAX_SHOWN]:
        name = visible(path.removeprefix(f"{visible(str(listing.root))}/"))
        parts.append(f"Not opened: {name} ({reason.partition(':')[0]}).")  # the rest advises the instructor
    return " ".join(parts)
