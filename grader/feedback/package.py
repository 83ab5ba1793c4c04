"""What is handed back: which report goes where, of whom there is none, and how it is written."""

from __future__ import annotations

import os
import re
import unicodedata
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import GraderError
from grader.feedback.addressed import ReportError, addressed, facts, joined
from grader.feedback.destinations import PLACES, HandIn, NoPlaceError, Place, safe
from grader.feedback.left_out import NAME, LeftOut
from grader.gradebook.decisions import NONE
from grader.gradebook.records import Unplaced
from grader.integrations.classroom.outcome import Outcome
from grader.integrations.classroom.summary import summarise
from grader.report.decided import box, with_decisions
from grader.report.page import write_page
from grader.report.statistics import identify, tells_who
from grader.text import one_line

if TYPE_CHECKING:
    from grader.gradebook.assignment.grades import Scores
    from grader.gradebook.people import People
    from grader.gradebook.pseudonyms import Anonymous
    from grader.gradebook.store import Attempt, Grade, Gradebook

ZIPPED = ("moodle", "canvas", "zip")
SUMMARY = "FEEDBACK.md"  # of a repository, which shows Markdown
TAG = re.compile(r"<style>.*?</style>|<[^>]*>", re.DOTALL)
LONGEST_NAME = 100  # characters of a student's folder
EARLIEST = (1980, 1, 1, 0, 0, 0)  # that a zip can hold: the same reports give the same file


class FeedbackError(GraderError):
    """Nothing was handed back. The message says why and what to do."""


@dataclass
class Report:
    """One file of the package; several grades where one notebook answers several exercises."""

    student: str  # as the download told students apart
    grades: list[tuple[Grade, str, list[str]]] = field(default_factory=list)  # (grade, file, facts), without results
    left: dict[str, LeftOut] = field(default_factory=dict)  # by path, what is not graded
    people: dict[str, str] = field(default_factory=dict)  # whose it is, id → name: several where a group handed in

    @property
    def names(self) -> list[str]:
        return list(dict.fromkeys(self.people.values()))


@dataclass
class Package:
    form: str
    find: Callable[[str], Path]  # a grade's report → its file
    files: dict[str, Report] = field(default_factory=dict)  # by name within the package
    texts: dict[str, str] = field(default_factory=dict)  # Markdown, by name
    notes: list[str] = field(default_factory=list)  # of whom there is no report, and why
    missing: int = 0  # who handed in and gets less than that
    identities: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # pseudonym → what it stands for

    @property
    def people(self) -> set[str]:
        """Who gets something, by id."""
        return {id for report in self.files.values() for id in report.people}

    def pages(self) -> Iterator[tuple[str, str]]:
        """(name, text) of each file. Where there is no report after all, that becomes a note."""
        for name, report in self.files.items():
            whose = " and ".join(map(one_line, report.names))
            try:
                pages = [
                    addressed(self.read(grade), report.names, grade, file, said) for grade, file, said in report.grades
                ]
                self.notes += self.named_all_the_same(report, pages)
                yield name, joined([*pages, *(each.page(report.names) for each in report.left.values())])
                continue
            except (OSError, UnicodeDecodeError):
                self.notes.append(f"{whose} has no report: that of {name} is gone; grade the class again.")
            except ReportError:
                self.notes.append(f"{whose} has no report: {name} is another grader's; grade the class with --fresh.")
            self.missing += 1
        yield from self.texts.items()

    def read(self, grade: Grade) -> str:
        """The report, with what is decided as it is told here."""
        page = self.find(grade.report).read_text("utf-8")
        return with_decisions(page, grade.points, grade.max_score, box(grade)) if grade.decisions else page

    def named_all_the_same(self, report: Report, pages: Iterable[str]) -> Iterator[str]:
        """Where what a student wrote or printed names them, which a pseudonym does not hide."""
        for (grade, _, _), page in zip(report.grades, pages, strict=True):
            identity = identify(grade.exercise, *self.identities.get(grade.student, ()))
            if identity and tells_who(TAG.sub(" ", page), identity):
                yield f"{grade.student} is named in {grade.exercise} by their own code or what it printed."


def collect(
    gradebook: Gradebook | Anonymous, form: str, exercises: Collection[str] = (), scores: Sequence[Scores] = ()
) -> Package:
    """What there is to hand back, of these exercises or of all. Raises FeedbackError.

    `scores`: of the assignments in force.
    The form "page" is for a folder beside a page of the class, whose links lead to the reports.
    """
    package = Package(form, gradebook.true_report, identities=gradebook.identities)
    attempts = Attempts(gradebook)
    people = gradebook.people()
    folders = Folders(people)
    outcomes: defaultdict[str, dict[str, Outcome]] = defaultdict(dict)
    sections: defaultdict[str, dict[str, str]] = defaultdict(dict)  # of what is not graded, by repository and path
    roots: set[str] = set()
    graded: set[tuple[str, str]] = set()
    others: set[str] = set()
    contested: set[str] = set()
    graded_by_hand: list[Grade] = []  # of which there is no report
    for grade in gradebook.grades():
        if exercises and grade.exercise not in exercises:
            others.add(grade.exercise)
            continue
        graded.add((grade.student, grade.exercise))
        if not grade.report and grade.decisions:
            graded_by_hand.append(grade)
            continue
        handed, attempt = attempts.find(grade)
        try:
            if form == "page":
                place = Place(grade.report)
            else:
                place = PLACES[form](handed) if form in PLACES else Place(folders.report(*whose_and_what(grade)))
        except NoPlaceError as error:
            package.notes.append(f"{person(grade)} has no report in {one_line(grade.exercise)}: {error}.")
            package.missing += 1
            continue
        report = package.files.setdefault(place.target, Report(handed.student))
        if report.student != handed.student:
            contested.add(place.target)
        roots.add(place.root)
        if form in PLACES and grade.decisions and grade.shared_report not in ("", grade.report):
            package.notes.append(of_one(grade))
            grade = replace(grade, report=grade.shared_report, decisions=NONE)
        said = facts(grade, attempt, scores)
        add(report, grade, handed.file, said)
        if form == "github":
            outcomes[place.target.partition("/")[0]][grade.exercise] = outcome(grade, handed.file, said)
    lost = [each for each in gradebook.not_graded() if not exercises or each.may_be(*exercises)]
    for each, decided in [*((each, None) for each in lost), *by_hand_alone(gradebook, graded_by_hand)]:
        if form == "page" or package.identities:
            continue  # why something is not graded is told with names only
        layouts = frozenset({each.layout} - {""})
        handed = HandIn(each.handed_in_as, layouts, each.path, each.exercise or NAME)
        try:
            place = PLACES[form](handed) if form in PLACES else Place(folders.report(*whose_and_what(each)))
        except NoPlaceError as error:
            if decided:
                package.notes.append(f"{person(decided)} has no report in {one_line(each.exercise)}: {error}.")
                package.missing += 1
            continue  # the others are told below
        if form in PLACES and decided and len(people.of(handed.student)) > 1:
            package.notes.append(of_one(decided))
            decided = None
        report = package.files.setdefault(place.target, Report(handed.student))
        if report.student != handed.student:
            contested.add(place.target)
        roots.add(place.root)
        report.people[each.student] = each.name
        report.left[each.path] = LeftOut(each, handed.file, decided)
        if form == "github":
            sections[place.target.partition("/")[0]][each.path] = report.left[each.path].section()
    for target in contested:
        whose = " and ".join(map(one_line, package.files.pop(target).names))
        package.notes.append(f"{whose} have no report: both would be {one_line(target)}, which is one of theirs.")
        package.missing += 1
    theirs = {target.partition("/")[0] for target in contested}
    for folder in sorted((outcomes.keys() | sections.keys()) - theirs):
        graded_there = list(outcomes[folder].values())
        parts = [summarise(graded_there) if graded_there else "# Not graded\n", *sections[folder].values()]
        package.texts[f"{folder}/{SUMMARY}"] = "\n".join(parts)
    if len(roots) > 1:
        package.notes.append(
            f"The files came in {len(roots)} downloads, and a system takes back those of one assignment: name its"
            " exercises with --exercise."
        )
    if others and not graded:
        there = ", ".join(sorted(others))
        raise FeedbackError(f"There are no grades in {' or '.join(exercises)}: the gradebook has {there}.")
    package.missing += len(lost)
    package.notes += without(people, graded, lost)
    if not package.files:
        reason = f" {package.notes[0]}" if package.notes else " Grade a class first."
        raise FeedbackError(f"There is no report to hand back as {form}.{reason}")
    return package


def of_one(grade: Grade) -> str:
    return (
        f"{person(grade)}: what is decided in {one_line(grade.exercise)} is not in the report, which others of the"
        " group read, too."
    )


def by_hand_alone(gradebook: Gradebook | Anonymous, grades: Iterable[Grade]) -> Iterator[tuple[Unplaced, Grade | None]]:
    """What those handed in who have a grade by an override and no result."""
    for grade in grades:
        files = [each for each in gradebook.unplaced() if (each.student, each.lost) == (grade.student, True)]
        nothing = Unplaced(
            "", grade.result.error, grade.student, grade.name, grade.exercise, handed_in_as=grade.student
        )
        found = next((each for each in files if each.may_be(grade.exercise)), nothing)
        yield replace(found, exercise=grade.exercise), grade


def add(report: Report, grade: Grade, file: str, said: list[str]) -> None:
    """A group's report is one file for all its members; the results themselves are large and are not kept."""
    report.people[grade.student] = grade.name
    for known, _, told in report.grades:
        if grade.report == known.report:
            told[:] = [
                each for each in told if each in said
            ]  # what holds for one of them only is not the others' to read
            return
    report.grades.append((slim(grade), file, said))


def slim(grade: Grade) -> Grade:
    checks = grade.result.checks if grade.decisions else ()  # whose titles are told
    return replace(grade, result=replace(grade.result, checks=checks, mistakes=(), source=""))


def outcome(grade: Grade, file: str, said: Sequence[str]) -> Outcome:
    result = replace(grade.result, course=None, score=grade.points)  # where the course lies is not for students
    comments = (f"{each.author}: {each.text}" for each in grade.decisions.comments)
    notes = tuple(filter(None, (", ".join(said), grade.told, *comments)))
    if grade.status != "graded":
        return Outcome(grade.exercise, "fault", file=file, reason=grade.result.error, notes=notes)
    return Outcome(grade.exercise, "graded", result.title, file, notes=notes, result=result)


class Attempts:
    """Which file each grade follows from, and which of how many it is."""

    def __init__(self, gradebook: Gradebook | Anonymous) -> None:
        people = gradebook.people()
        self.layouts: defaultdict[str, set[str]] = defaultdict(set)
        self.of: defaultdict[tuple[str, str], list[Attempt]] = defaultdict(list)
        for attempt, layout in gradebook.hand_ins():
            if layout:
                self.layouts[attempt.student].add(layout)
            for owner in people.of(attempt.student):
                each = self.of[owner, attempt.exercise]
                if attempt not in each[-1:]:  # once for each download that knows the student
                    each.append(attempt)

    def find(self, grade: Grade) -> tuple[HandIn, int]:
        """The file that was handed in, and its place among the attempts."""
        attempts = self.of[grade.student, grade.exercise]
        numbered = [
            (number, each)
            for number, each in enumerate(attempts, 1)
            if (each.path, each.submitted) == (grade.path, grade.submitted)
        ]
        number, attempt = numbered[-1] if numbered else (grade.attempts, None)
        student = attempt.student if attempt else grade.student
        handed = HandIn(student, frozenset(self.layouts[student]), grade.path, grade.exercise)
        return handed, number


class Folders:
    """A folder of each student's name that nobody else has, also where capitals or forms of letters make no
    difference; of namesakes with their ids."""

    def __init__(self, people: People) -> None:
        self.names = Counter(fold(safe(one.name)) for one in people.persons.values())
        self.owners: dict[str, str] = {}

    def report(self, student: str, called: str, file: str) -> str:
        name, id = safe(called)[:LONGEST_NAME].strip(), safe(student)[:LONGEST_NAME].strip()
        digest = blake2b(student.encode(errors="surrogatepass"), digest_size=4).hexdigest()
        shared = self.names[fold(safe(called))] > 1
        for folder in (*(() if shared else (name,)), f"{name} ({id})", f"{name} ({digest})"):
            if self.owners.setdefault(fold(folder), student) == student:
                return f"{folder}/{safe(file)}.html"
        raise NoPlaceError("somebody else has a folder of that name")


def whose_and_what(each: Grade | Unplaced) -> tuple[str, str, str]:
    return each.student, each.name or each.student, each.exercise or NAME


def fold(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def person(each: Grade | Unplaced) -> str:
    name, id = one_line(each.name or each.student), one_line(each.student)
    return id if name == id else f"{name} ({id})"


def without(people: People, graded: Collection[tuple[str, str]], lost: Iterable[Unplaced]) -> Iterator[str]:
    """Who has no report: what was handed in and is not graded, and of the roster who handed in nothing."""
    told = {student for student, _ in graded}
    for each in lost:
        told.add(each.student)
        where = f" in {one_line(each.exercise)}" if each.exercise else ""
        said = f"{one_line(each.file)}: {one_line(each.reason).rstrip('.')}"
        yield f"{person(each)} has no report{where}: {said}{'' if said.endswith('?') else '.'}"
    for one in people.persons.values() if people.has_roster else ():
        if one.id not in told:
            yield f"{one_line(one.name)} has no report: nothing handed in."


def write(package: Package, target: Path) -> int:
    """Writes the package to a zip or into a folder, and answers how many reports it has. Raises FeedbackError."""
    try:
        if package.form in ZIPPED:
            number = write_zip(package.pages(), target)
        else:
            if package.form == "folder" and target.is_dir() and any(target.iterdir()):
                raise FeedbackError(f"{target} is not empty: name a new folder, so that nothing old is handed back.")
            number = write_folder(package.pages(), target)
        if not number:
            raise FeedbackError(f"No report was written. {package.notes[-1]}")
        return number
    except OSError as error:
        raise FeedbackError(f"{target} cannot be written: {error.strerror or error}.") from None


def write_zip(pages: Iterable[tuple[str, str]], target: Path) -> int:
    if target.is_dir():
        raise FeedbackError(f"{target} is a folder, and this format is a zip: name a file, like {target}/feedback.zip.")
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = target.with_name(f".{os.getpid():x}.{target.name}")
    number = 0
    try:
        with zipfile.ZipFile(scratch, "w") as archive:
            for name, text in pages:
                entry = zipfile.ZipInfo(name, EARLIEST)
                entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                archive.writestr(entry, text.encode("utf-8", "replace"))
                number += 1
        if number:
            os.replace(scratch, target)
    finally:
        scratch.unlink(missing_ok=True)
    return number


def write_folder(pages: Iterable[tuple[str, str]], target: Path) -> int:
    if target.exists() and not target.is_dir():
        raise FeedbackError(f"{target} is a file, and this format is a folder: name another.")
    number = 0
    for name, text in pages:
        write_page(text, target / name)
        number += 1
    return number
