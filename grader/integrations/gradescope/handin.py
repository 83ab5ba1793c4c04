"""Which of the files that were handed in answers which exercise. What is not clear is told, not guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.submissions.folder import File, Listing, list_folder
from grader.submissions.layouts import Names
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
    names = Names(exercises)
    try:
        listing = list_folder(folder) if folder.exists() else Listing(folder, is_folder=True)
    except SubmissionError as error:  # too much in it, or it may not be read
        return {name: Handin(missing=str(error)) for name in exercises}
    answers: dict[str, list[tuple[int, File]]] = {}
    for file in listing.files:
        if match := names.match(file.stem):
            answers.setdefault(match[0], []).append((match[1], file))
    return {name: choose(name, answers, names, listing, len(exercises)) for name in exercises}


def choose(
    exercise: str, answers: dict[str, list[tuple[int, File]]], names: Names, listing: Listing, exercises: int
) -> Handin:
    if candidates := answers.get(exercise):
        # A script before a notebook, further up before further down, the plain name before a copy's.
        ranked = sorted(candidates, key=lambda each: (each[1].is_notebook, len(each[1].parts), each[0], each[1].parts))
        files = [file for _, file in ranked]
        if len(files) == 1:
            return Handin(files[0])
        return Handin(files[0], f"Several files answer {exercise}: {listed(files)}. {path_of(files[0])} was graded.")
    scripts = [file for file in listing.files if not file.is_notebook]
    notebooks = [file for file in listing.files if file.is_notebook]
    if not answers and exercises == 1 and len(scripts) == 1:
        return renamed(scripts[0], exercise, "script")
    if not answers and not scripts and len(notebooks) == 1:  # it may hold all of several exercises
        return renamed(notebooks[0], exercise, "notebook")
    return Handin(missing=explain(exercise, names, listing))


def renamed(file: File, exercise: str, kind: str) -> Handin:
    return Handin(file, f"{path_of(file)} was graded as {exercise}, because it is the only {kind} that was handed in.")


def explain(exercise: str, names: Names, listing: Listing) -> str:
    """Why there is nothing to grade, and what to do."""
    parts = [f"No file named {exercise}.py was handed in, so there is nothing to grade."]
    if slips := [file for file in listing.files if names.near(file.stem) == exercise]:
        parts.append(f"If {path_of(slips[0])} is meant, name it {exercise}.py.")
    if listing.files:
        parts.append(f"Handed in: {listed(listing.files)}.")
    for path, reason in listing.problems[:MAX_SHOWN]:
        shown = visible(path.removeprefix(f"{visible(str(listing.root))}/"))
        parts.append(f"Not opened: {shown} ({reason.partition(':')[0]}).")  # the rest advises the instructor
    return " ".join(parts)


def path_of(file: File) -> str:
    return visible("/".join(file.parts))


def listed(files: Sequence[File]) -> str:
    shown = ", ".join(path_of(file) for file in files[:MAX_SHOWN])
    return f"{shown} and {len(files) - MAX_SHOWN} more" if len(files) > MAX_SHOWN else shown
