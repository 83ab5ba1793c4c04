"""The layouts that submissions come in: a path → whose file it is, and what tells its exercise.

Each layout is one function of a path and the name of the folder that holds it; it says nothing (None) where the path is
not of its kind. Only the first parts of a path, as many as a layout writes itself, tell the student: what comes after
them is the student's own and may look like anything. No function opens a file, and none knows the others: which layout
a collection has is decided in `detection`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from itertools import takewhile
from os.path import splitext

from grader.submissions.folder import Parts
from grader.submissions.metadata import Submitted
from grader.submissions.names import SEPARATOR, Names, bare, copies, near, number_of

__all__ = [
    "KNOWN", "LAYOUTS", "ONE_STUDENT", "WHOLE", "Around", "Layout", "Names", "Place", "around", "holds_students",
    "near",
]  # fmt: skip

MOODLE_MARK = "_assignsubmission_"
MOODLE_FOLDER = re.compile(rf"(.+?)(?:_(\d+))?{MOODLE_MARK}[a-z]+_?")
MOODLE_FILE = re.compile(rf"(.+?)(?:_(\d+))?{MOODLE_MARK}[a-z]+_(.+)")
CANVAS = re.compile(r"(.+?)(?:_late)?_(\d{1,18})_(\d{1,18})_(.+)", re.IGNORECASE)
CANVAS_ANONYMOUS = re.compile(r"(?:late_)?anon_(?!\d+_)([a-z0-9]{5})(?:_late)?_(\d{1,18})_(.+)", re.IGNORECASE)
CANVAS_TEXT = re.compile(
    r"(?:(?:late_)?anon_(?P<anonymous>[a-z0-9]{5})|(?P<name>.+?)(?:_late)?_(?P<id>\d{1,18}))_(text|link)\.html",
    re.IGNORECASE,
)
CLASSROOM = re.compile(r"(.+)(?:-submissions|_submissions_[\dT_]+)(?:\s*\(\d+\))?")  # and Classroom 50, with a date
ASSISTANT = re.compile(r"(.+)-\d\d-\d\d-\d{4}-\d\d-\d\d-\d\d")  # the folder that GitHub Classroom's assistant makes
WHOLE = "whole"
SUBMITTED = "submitted"  # nbgrader's folder of what was handed in
INBOUND = "inbound"  # and that of its exchange
EXCHANGED = re.compile(r"([^+]+)\+([^+]+)\+(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[^+]*?)(?:\+[^+]*)?")
ATTEMPT = "_attempt_"
BLACKBOARD = re.compile(rf"(.+?){ATTEMPT}(\d\d\d\d-\d\d-\d\d)-(\d\d)-(\d\d)-(\d\d)(?:_(.+)|\.txt)?")
BRIGHTSPACE = re.compile(r"(\w+-\w+) - (.+) - ((?:[^\W\d]+\.? \d{1,2}|\d{1,2} [^\W\d]+\.?),? \d{4} \d{1,4}(?: [AP]M)?)")
EXPORT = re.compile(r"assignment_\d+_export")
SUBMISSION = re.compile(r"submission_\d+")


@dataclass(frozen=True)
class Place:
    """What a layout sees in a path."""

    student: str  # "" where it cannot be told, and then nor can the exercise
    name: str
    stem: str = ""  # the file's name as the student gave it, which may be an exercise's
    exercise: str = ""  # where the layout itself tells
    number: int = 0
    folder: str = ""  # may be an exercise's name, and then stands for the name of the one file in it...
    depth: int = 0  # ... which is the one file below the first `depth` parts of the path
    own: int = 1  # the parts of the path that come before the student's own
    stamp: str = ""  # the time of the hand-in, as the tool wrote it into the path
    team: tuple[tuple[str, str], ...] = ()  # (student, name) of others who handed this in together


@dataclass(frozen=True)
class Around:
    """What is around a path: what the tool, or whoever grades, put there."""

    holder: str  # the folder's name
    repositories: str = ""  # what the names of most folders at the top begin with, in words with "-" between
    assignment: str = ""  # what all of Blackboard's names at the top begin with, in words with "_" between
    submitted: dict[str, Submitted] = field(default_factory=dict)  # Gradescope's word, by folder


def around(holder: str, tops: Iterable[str], submitted: dict[str, Submitted]) -> Around:
    tops = sorted({top for top in tops if top})
    attempts = [top.partition(ATTEMPT)[0].split("_") for top in tops if ATTEMPT in top]
    columns = zip(*attempts, strict=False) if len(attempts) > 1 else ()
    shared = takewhile(lambda words: len(set(words)) == 1, columns)
    assignment = "_".join(words[0] for words in shared)
    is_all = any(assignment == "_".join(words) for words in attempts)  # of one student: who that is, is not told
    return Around(holder, repositories(tops), "" if is_all else assignment, submitted)


def repositories(tops: Collection[str]) -> str:
    """What names of repositories have in common: two words or more, in half of them or more."""
    counts = Counter(top[: dash.start()] for top in tops for dash in list(re.finditer("-", top))[1:])
    enough = max(2, len(tops) / 2)
    shared = [prefix for prefix, count in counts.items() if count >= enough]
    return max(shared, key=lambda prefix: (counts[prefix], len(prefix)), default="")


def moodle(path: Parts, around: Around, names: Names) -> Place | None:
    """Moodle's download, in folders or flat. The folder around it may be the assignment's.

    Groups hand in by the group's name and number, and those without one by a name alone.
    """
    if path[0].count(MOODLE_MARK) != 1 and len(path) > 1:
        return None
    if len(path) > 1 and (match := MOODLE_FOLDER.fullmatch(path[0])):
        return Place(match[2] or match[1], match[1], splitext(path[-1])[0], folder=around.holder, depth=1)
    match = MOODLE_FILE.fullmatch(path[0])
    if not match or CANVAS.fullmatch(f"{match[1]}_{match[2]}_x"):
        return None  # the mark is in what a student of Canvas named a file
    stem = splitext(path[-1] if len(path) > 1 else match[3])[0]
    return Place(match[2] or match[1], match[1], stem, own=1 if len(path) > 1 else 0)


def canvas(path: Parts, around: Around, names: Names) -> Place | None:
    """Canvas's download. The file's id grows with each upload, so it orders attempts.

    A zip that was handed in may have been unpacked into a folder of its name.
    """
    is_folder = len(path) > 1
    if not is_folder and (text := CANVAS_TEXT.fullmatch(path[0])):
        student = text["anonymous"] or text["id"]
        return Place(student, text["name"] or student, own=0)
    if match := CANVAS_ANONYMOUS.fullmatch(path[0]):
        student, name, number, file = match[1], match[1], match[2], match[3]
    elif (match := CANVAS.fullmatch(path[0])) and not (is_folder and match[1].isdecimal()):
        name, student, number, file = match.groups()
    else:
        return None
    return Place(student, name, splitext(path[-1] if is_folder else file)[0], number=int(number), own=int(is_folder))


def nbgrader(path: Parts, around: Around, names: Names) -> Place | None:
    """submitted/<student>/<assignment>/…, or the exchange's inbound/<student>+<assignment>+<time>+<random>/…

    The holder is the course (or the exchange), or the folder `submitted` (or `inbound`) itself.
    """
    skipped = 0 if around.holder == INBOUND else 1
    if len(path) > skipped + 1 and (not skipped or path[0] == INBOUND):
        match = EXCHANGED.fullmatch(path[skipped])
        if match:
            stem = splitext(path[-1])[0]
            depth = skipped + 1
            return Place(match[1], match[1], stem, folder=match[2], depth=depth, own=depth, stamp=match[3])
    skipped = 0 if around.holder == SUBMITTED else 1
    if len(path) < skipped + 3 or (skipped and path[0] != SUBMITTED):
        return None
    student, assignment = path[skipped : skipped + 2]
    return Place(student, student, splitext(path[-1])[0], folder=assignment, depth=skipped + 2, own=skipped + 2)


def classroom(path: Parts, around: Around, names: Names) -> Place | None:
    """<assignment>-submissions/<assignment>-<login>/…, whether or not the holder is the first folder itself.

    The assistant's folder ends in the time of the download, and those in it may be named by the login alone.
    """
    for i, folder in enumerate((around.holder, path[0])):
        if len(path) <= i + 1:
            continue
        match = CLASSROOM.fullmatch(folder) or ASSISTANT.fullmatch(folder)
        if not match:
            continue
        is_prefixed = path[i].casefold().startswith(f"{match[1]}-".casefold())
        login = path[i][len(match[1]) + 1 :] if is_prefixed else path[i] if ASSISTANT.fullmatch(folder) else ""
        if login:
            return Place(login, login, splitext(path[-1])[0], folder=match[1], depth=i + 1, own=i + 1)
    return None


def classroom50(path: Parts, around: Around, names: Names) -> Place | None:
    """<classroom>-<assignment>-<login>/…, where all folders begin with the same classroom and assignment."""
    prefix = f"{around.repositories}-"
    login = path[0][len(prefix) :]
    if len(path) < 2 or not around.repositories or not path[0].startswith(prefix) or not login or login.isdecimal():
        return None
    assignment = around.repositories.partition("-")[2].replace("-", "_")
    return Place(login, login, splitext(path[-1])[0], folder=assignment, depth=1)


def blackboard(path: Parts, around: Around, names: Names) -> Place | None:
    """<assignment>_<user>_attempt_<date>_<file>, beside which Blackboard puts a text of its own for each attempt.

    An assignment's name and a user's may both have a "_": what all names begin with is the assignment's.
    """
    match = BLACKBOARD.fullmatch(path[0])
    if not match:
        return None
    before, assignment = match[1], around.assignment
    is_told = assignment and before.startswith(f"{assignment}_")
    user = before[len(assignment) + 1 :] if is_told else before.rpartition("_")[2]
    stamp = f"{match[2]} {match[3]}:{match[4]}:{match[5]}"
    is_folder = len(path) > 1
    stem = splitext(path[-1] if is_folder else match[6] or "")[0]
    return Place(user, user, stem, stamp=stamp, own=int(is_folder)) if user else None


def brightspace(path: Parts, around: Around, names: Names) -> Place | None:
    """<id>-<id> - <name> - <date>/…"""
    match = BRIGHTSPACE.fullmatch(path[0]) if len(path) > 1 else None
    return Place(match[1], match[2], splitext(path[-1])[0], depth=1, stamp=match[3]) if match else None


def gradescope(path: Parts, around: Around, names: Names) -> Place | None:
    """assignment_<n>_export/submission_<n>/…, with the names and times in a file of Gradescope's beside the folders."""
    for i, folder in enumerate((around.holder, path[0])):
        if len(path) > i + 1 and EXPORT.fullmatch(folder) and SUBMISSION.fullmatch(path[i]):
            stem = splitext(path[-1])[0]
            told = around.submitted.get(path[i])
            if not told or not told.submitters:
                return Place(path[i], path[i], stem, depth=i + 1, own=i + 1)
            (student, name), *team = told.submitters
            return Place(student, name, stem, depth=i + 1, own=i + 1, stamp=told.created, team=tuple(team))
    return None


def exercise_folders(path: Parts, around: Around, names: Names) -> Place | None:
    """<exercise>/<student>.py, or <exercise>/<student>/…"""
    exercise = names.exact(path[0]) if len(path) > 1 else None
    if not exercise:
        return None
    stem = splitext(path[-1])[0]
    if len(path) > 2:
        return Place(path[1], path[1], stem, folder=exercise, depth=2, own=2)
    told = names.only or exercise
    student, named, number = names.split(stem) or (bare(stem), told, number_of(stem))
    if named != told or any(names.exact(text) for text, _ in copies(student)):
        return None  # folder and file disagree, or neither names a student
    return Place(student, student, exercise=told, number=number)


def student_folders(path: Parts, around: Around, names: Names) -> Place | None:
    """<student>/…/<exercise>.py, or one file in <student>/…/<exercise>/"""
    if len(path) < 2:
        return None
    folder = path[-2] if len(path) > 2 else ""
    return Place(path[0], path[0], splitext(path[-1])[0], folder=folder, depth=len(path) - 1)


def flat(path: Parts, around: Around, names: Names) -> Place | None:
    """<student>_<exercise>.py"""
    if len(path) > 1:
        return None
    stem = splitext(path[-1])[0]
    if parts := names.split(stem):
        return Place(parts[0], parts[0], exercise=parts[1], number=parts[2], own=0)
    ends = [stem[separator.end() :] for separator in SEPARATOR.finditer(stem)]
    slip = next(filter(names.near, ends), "") if names.match(stem) is None else ""
    return Place("", "", slip) if slip else None


def one_student(path: Parts, around: Around, names: Names) -> Place | None:
    """<exercise>.py, in the folder of a student"""
    stem = splitext(path[-1])[0]
    is_answer = len(path) == 1 and names.match(stem) is not None
    return Place(around.holder, around.holder, stem, own=0) if is_answer else None


def whole(path: Parts, around: Around, names: Names) -> Place | None:
    """…/<exercise>.py, in the folder or zip of a student, whatever the folders in it are called"""
    folder = path[-2] if len(path) > 1 else ""
    stem = splitext(path[-1])[0]
    return Place(around.holder, around.holder, stem, folder=folder, depth=len(path) - 1, own=0)


@dataclass(frozen=True)
class Layout:
    name: str
    title: str
    form: str  # shown where nothing has it
    place: Callable[[Parts, Around, Names], Place | None]
    general: bool = False  # has no mark of its own, so files that bear another layout's mark do not speak for it
    aside: frozenset[str] = frozenset()  # folders of the same tool that hold no submissions
    mark: str = ""  # what names of the tool have in them, also where they tell no student
    dated: bool = True  # the files' dates are those of the submissions, as the tool wrote them, or all that is known
    local: bool = False  # the times in its paths are those of the class's own clock
    renumbered: bool = False  # its ids are the assignment's: the same person has another one in the next
    single: bool = False  # what is named is one student's
    never_found: bool = False  # taken only where it is asked for: any folder may be so
    stamped: bool = False  # the tool writes a timestamp.txt into the folder that `Place.depth` ends at


# The more specific first: it wins where two place the same.
KNOWN = (
    Layout(
        "moodle", "Moodle download", "<Full name>_<id>_assignsubmission_file_/<exercise>.py", moodle, mark=MOODLE_MARK,
        renumbered=True,
    ),
    Layout(
        "blackboard", "Blackboard download", "<assignment>_<user>_attempt_<date>_<exercise>.py", blackboard,
        dated=False, local=True,
    ),
    Layout("canvas", "Canvas download", "<name>_<user id>_<submission id>_<exercise>.py", canvas, dated=False),
    Layout(
        "brightspace", "Brightspace download", "<id>-<id> - <name> - <date>/<exercise>.py", brightspace, dated=False,
        local=True, renumbered=True,
    ),
    Layout(
        "gradescope", "Gradescope export", "assignment_<n>_export/submission_<n>/<exercise>.py", gradescope,
        dated=False,
    ),
    Layout(
        "nbgrader", "nbgrader course", "submitted/<student>/<assignment>/<notebook>.ipynb", nbgrader,
        aside=frozenset({"source", "release", "autograded", "feedback"}), stamped=True,
    ),
    Layout(
        "classroom", "GitHub Classroom", "<assignment>-submissions/<assignment>-<login>/<exercise>.py", classroom,
        dated=False,  # cloning dates the files
    ),
    Layout(
        "classroom50", "Classroom 50", "<classroom>-<assignment>-<login>/<exercise>.py", classroom50, dated=False
    ),
    Layout("exercises", "One folder an exercise", "<exercise>/<student>.py", exercise_folders, general=True),
    Layout("folders", "One folder a student", "<student>/<exercise>.py", student_folders, general=True),
    Layout("flat", "Files named student_exercise", "<student>_<exercise>.py", flat, general=True),
    Layout("student", "One student's files", "<exercise>.py", one_student, general=True, single=True),
    Layout(
        WHOLE, "One student, with all folders", "…/<exercise>.py", whole, general=True, single=True, never_found=True
    ),
)  # fmt: skip
LAYOUTS = tuple(layout.name for layout in KNOWN)
ONE_STUDENT = frozenset(layout.name for layout in KNOWN if layout.single)


def holds_students(name: str, names: Names) -> bool:
    """Whether a folder of this name at the top is none of a student's: some layout has the students in it."""
    asides = set().union(*(layout.aside for layout in KNOWN))
    is_known = name in (SUBMITTED, INBOUND) or name in asides or names.exact(name) is not None
    return is_known or any(kind.fullmatch(name) for kind in (CLASSROOM, ASSISTANT, EXPORT))
