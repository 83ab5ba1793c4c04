"""Which of several files is a student's answer to an exercise.

The rule: what is chosen by whoever grades; else the files with the exercise's own name, where there are any; of these
those outside folders like `old/`, `starter/` and `solution/`, where there are any; of these the newest counts, by the
time that the tool tells, then by the number of the copy, and the others are earlier attempts. So a helper beside an
answer is no attempt. Where that does not decide, nothing is guessed: none of them is graded, and that is said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from grader.submissions.folder import Parts
from grader.submissions.names import Names, copies
from grader.submissions.submission import SubmissionError
from grader.text import count, one_line

# Folders of what is no answer of the student's, or no longer.
ASIDE = {
    "old", "older", "archive", "archived", "backup", "backups", "bak", "previous", "deprecated", "draft", "drafts",
    "starter", "starter_code", "startercode", "starter-code", "template", "templates", "skeleton", "original", "given",
    "handout", "example", "examples", "sample", "solution", "solutions", "reference", "test", "tests", "testing",
    "temp", "tmp", "trash",
}  # fmt: skip
# What public tests and packages bring along: set aside wherever something else was handed in.
USUAL_EXTRAS = (
    "test_*.py", "*_test.py", "tests.py", "conftest.py", "setup.py", "__init__.py", "__main__.py", "noxfile.py",
)  # fmt: skip
OWN_NAME, IN_NAME, ANY_NAME = 0, 1, 2  # how a file's name tells the exercise
SHOWN = 3
MOST = 50  # attempts of a student at an exercise that are graded: the newest
MOST_NOTEBOOKS = 200  # of a student, that tell no exercise by their names
MOST_COMPARED = 1 << 28  # bytes of files that may be one and the same


@dataclass(frozen=True, slots=True)
class Found:
    """A file that answers an exercise."""

    student: str  # tells students apart within the class: an id, a login, a folder's name
    name: str  # as people write it
    exercise: str  # "" for a notebook whose name is no exercise: it may hold several
    path: str  # as shown; of a file in a zip: "week3.zip/ann/softmax.py"
    submitted: float  # seconds since 1970
    number: int  # orders attempts of one time
    read: Callable[[], bytes]  # raises SubmissionError
    dated: bool = True  # whether `submitted` is known: else it is a date of the files, as cloning makes it
    inner: Parts = ()  # where it lies in what the student handed in


@dataclass(frozen=True)
class Rules:
    """What whoever grades says about files, as patterns of paths."""

    choose: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def ignores(self, path: str) -> bool:
        return matches(path, self.ignore)


@dataclass
class Attempts:
    """What came of the rule."""

    found: list[Found] = field(default_factory=list)
    undecided: list[tuple[Found, str]] = field(default_factory=list)  # with the reason
    too_many: list[tuple[Found, str]] = field(default_factory=list)  # of those left out the newest, and how many
    ignored: list[Found] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)  # what was chosen, in words → whose files


def matches(path: str, patterns: Iterable[str]) -> bool:
    """Whether a path, or the end of it from some folder on, is of one of the patterns."""
    return any(fnmatchcase(path, pattern) or fnmatchcase(path, f"*/{pattern}") for pattern in patterns)


def settle(candidates: Iterable[Found], names: Names, rules: Rules) -> Attempts:
    attempts = Attempts()
    groups: defaultdict[tuple[str, str], list[Found]] = defaultdict(list)
    for each in candidates:
        if rules.ignores(each.path):
            attempts.ignored.append(each)
        else:
            groups[each.student, each.exercise].append(each)
    for (_, exercise), files in groups.items():
        if not exercise:
            take_newest(files, MOST_NOTEBOOKS, attempts)
        elif len(files) == 1:
            attempts.found += files
        else:
            settle_group(files, names, rules, attempts)
    return attempts


def settle_group(files: list[Found], names: Names, rules: Rules, attempts: Attempts) -> None:
    exercise = files[0].exercise
    kept = prefer(files, lambda file: not matches(file.path, rules.choose)) if rules.choose else files
    kept = prefer(kept, lambda file: matches(file.inner[-1], USUAL_EXTRAS))
    kept = prefer(kept, lambda file: closeness(file, exercise, names))
    kept = prefer(kept, lambda file: not ASIDE.isdisjoint(part.casefold() for part in file.inner[:-1]))
    newest = max(map(age, kept))
    last = [file for file in kept if age(file) == newest]
    bases = {base_of(file) for file in kept}
    if closeness(kept[0], exercise, names) == ANY_NAME and len(bases) > 1:
        last = kept
    if len(last) > 1 and not same_text(last):
        said = f"{len(last)} files may answer {exercise}, and nothing tells which counts ({listed(last)})"
        attempts.undecided += [(file, f"{said}: choose one with --choose") for file in last]
        return
    take_newest([file for file in kept if file not in last[:-1]], MOST, attempts)
    if aside := [file for file in files if file not in kept]:
        said = f"{shown(last[-1])} counts for {exercise}, not {listed(aside)}"
        attempts.choices.setdefault(said, []).append(files[0].name)


def take_newest(files: list[Found], most: int, attempts: Attempts) -> None:
    """Each is graded, and takes the time that it takes: one student's ten thousand would hold up the class."""
    files = sorted(files, key=age)
    attempts.found += files[-most:]
    if left := files[:-most]:
        said = f"{count(len(left), 'file')} of the same student, up to this one, left out: the newest {most} are graded"
        attempts.too_many.append((left[-1], said))


def prefer(files: list[Found], distance: Callable[[Found], int]) -> list[Found]:
    """The files that are nearest; of equals all."""
    nearest = min(map(distance, files))
    return [file for file in files if distance(file) == nearest]


def closeness(file: Found, exercise: str, names: Names) -> int:
    stem = file.inner[-1].rpartition(".")[0]
    if names.named(stem) == exercise:
        return OWN_NAME
    end = names.end(stem)
    return IN_NAME if end is not None and end[1] == exercise else ANY_NAME


def age(file: Found) -> tuple[float, int]:
    return file.submitted if file.dated else 0.0, file.number


def base_of(file: Found) -> str:
    """The name without marks of copies: versions of one file have the same."""
    return list(copies(file.inner[-1].rpartition(".")[0]))[-1][0].casefold()


def same_text(files: Sequence[Found]) -> bool:
    """Whether it makes no difference which one counts; False also where there is too much to compare."""
    room = MOST_COMPARED
    try:
        text = files[0].read()
        for file in files[1:]:
            room -= len(text)
            if room < 0 or file.read() != text:
                return False
    except SubmissionError:
        return False
    return True


def shown(file: Found) -> str:
    return one_line("/".join(file.inner))


def listed(files: Sequence[Found]) -> str:
    names = sorted(map(shown, files))
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more
