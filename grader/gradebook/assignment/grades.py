"""The class in its assignments: every attempt of the gradebook is gone through once, and nothing is run."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

from grader.gradebook.assignment.reading import parse
from grader.gradebook.assignment.rounding import exact, rounded
from grader.gradebook.assignment.scoring import Mark, Standing, Try, Work, stand
from grader.gradebook.assignment.settings import Assignment, AssignmentFileError, Special
from grader.gradebook.assignment.stored import Applied, assignments
from grader.gradebook.assignment.tables import near
from grader.gradebook.assignment.who import Directory, resolved
from grader.gradebook.decisions import Entry
from grader.gradebook.people import People
from grader.gradebook.store import Grade, Gradebook, Unplaced
from grader.result import Result
from grader.text import one_line
from grader.text import points as text_of


@dataclass
class Scores:
    """Everybody in one assignment."""

    assignment: Assignment
    standings: dict[str, Standing]  # by person
    names: dict[str, str]
    notes: list[str] = field(default_factory=list)

    def total(self, person: str, out_of: float | None = None) -> float | None:
        standing = self.standings.get(person)
        return standing.total(self.assignment, out_of) if standing else None

    def mean(self) -> float | None:
        """Of the totals, rounded like one."""
        shares = [share for each in self.standings.values() if (share := each.share) is not None]
        if not shares:
            return None
        return rounded(sum(shares, Fraction(0)) / len(shares) * self.assignment.total, self.assignment.decimals)

    def of(self, person: str) -> Collection[Mark]:
        standing = self.standings.get(person)
        return standing.marks.values() if standing else ()

    def mark(self, person: str, exercise: str) -> Mark | None:
        standing = self.standings.get(person)
        return standing.marks.get(exercise) if standing else None

    def points(self, mark: Mark, out_of: float | None = None) -> float | None:
        """Of an exercise, rounded as the assignment says."""
        return self.scaled(mark, mark.points, out_of)

    def scaled(self, mark: Mark, points: Fraction | None, out_of: float | None = None) -> float | None:
        if points is None:
            return None
        if out_of is not None and mark.worth:
            points = points * exact(out_of) / mark.worth
        return rounded(points, self.assignment.decimals)

    def told(self, person: str, exercise: str) -> str:
        """In a few words what counts of what was handed in; "" where nothing was, or where it does not count yet."""
        mark = self.mark(person, exercise)
        if mark is not None and mark.state == "exempt":
            return "exempt: counts neither way"
        if mark is None or mark.state != "graded":
            return ""
        is_older = mark.attempt is not None and mark.attempt.place > 1
        said = (
            f"counts {text_of(self.points(mark) or 0.0)} of {text_of(float(mark.worth))}",
            mark.lateness.words(self.assignment.late),
            "by an earlier attempt" if is_older else "",
            "dropped" if mark.is_dropped else "",
        )
        return ", ".join(filter(None, said))

    def marks(self) -> Iterator[tuple[tuple[str, str, str], float | None]]:
        """What is told of everybody, to be compared with what is told another time."""
        path = self.assignment.path
        for person, standing in self.standings.items():
            yield (path, person, ""), standing.total(self.assignment)
            for exercise, mark in standing.marks.items():
                yield (path, person, exercise), self.points(mark)


def read_applied(applied: Applied) -> Assignment:
    """Raises AssignmentFileError."""
    return parse(applied.text, applied.path)


def in_force(gradebook: Gradebook) -> list[Assignment]:
    """Raises AssignmentFileError."""
    return [read_applied(each) for each in assignments(gradebook)]


def taken_in(
    known: Sequence[Applied], applied: Applied, *, is_named: bool, exercises: Collection[str] = ()
) -> list[Applied]:
    """The assignments with one more, or with a newer text of one. Raises AssignmentFileError.

    `is_named`: whoever grades named the file, so it may take the place of one of the same title elsewhere, as after
    a move; a file that was found in a folder may not. An exercise is in one assignment only.
    """
    assignment = parse(applied.text, applied.path, exercises)
    kept: list[Applied] = []
    place = len(known)
    was_named = any(each.path == applied.path and each.is_named for each in known)
    for number, each in enumerate(known):
        other = read_applied(each)
        if each.path == applied.path or (is_named and other.title == assignment.title):
            place = min(place, number)
            continue
        if other.title == assignment.title:
            raise AssignmentFileError(
                f"{applied.path} has the title of {other.path}, {other.title!r}: give it another, or use"
                " `grader assignment apply FILE` where it takes that one's place."
            )
        if shared := sorted(assignment.exercises.keys() & other.exercises.keys()):
            raise AssignmentFileError(
                f"{applied.path} and {other.path} both have {shared[0]}: an exercise is in one assignment."
                f' `grader assignment forget "{other.title}"` takes the other back.'
            )
        if assignment.late.pool and other.late.pool == assignment.late.pool and other.late.days != assignment.late.days:
            raise AssignmentFileError(
                f"{applied.path} and {other.path} share the pool {assignment.late.pool!r}, of {assignment.late.days}"
                f" and of {other.late.days} days: write one number in both."
            )
        kept.append(each)
    return [*kept[:place], replace(applied, is_named=applied.is_named or was_named), *kept[place:]]


def score(gradebook: Gradebook, assignments: Sequence[Assignment], now: float | None = None) -> list[Scores]:
    """Everybody in each of the assignments. Raises AssignmentFileError where one does not fit the class."""
    if not assignments:
        return []
    moment = datetime.fromtimestamp(time.time() if now is None else now, UTC)
    people = gradebook.people()
    directory = Directory(people)
    owner = {name: assignment for assignment in assignments for name in assignment.exercises}
    tries, undated, checks = attempts(gradebook.grades(every=True), owner)
    lost: defaultdict[str, list[Unplaced]] = defaultdict(list)
    for gone in gradebook.not_graded():
        lost[gone.student].append(gone)
    rosters = set(people.persons) | lost.keys() | {person for person, _ in tries}
    order = sorted(rosters, key=lambda id: (people.name(id).casefold(), id))
    names = {person: people.name(person) for person in order}
    made = [Scores(assignment, {}, names) for assignment in assignments]
    terms = [Terms(each.assignment, directory, each.notes) for each in made]
    for person in order:
        works = [each.works(person, tries, lost.get(person, ())) for each in terms]
        for each, standing in zip(made, stand(assignments, works, moment), strict=True):
            each.standings[person] = standing
    for each in made:
        check_names(each.assignment, checks)
        each.notes += notes_of(each, undated)
    return made


def scored(gradebook: Gradebook) -> tuple[list[Scores], AssignmentFileError | None]:
    """The class by the assignments, or why it cannot be scored by them: what was graded is told all the same."""
    try:
        return score(gradebook, in_force(gradebook)), None
    except AssignmentFileError as error:
        return [], error


class Terms:
    """What holds for whom."""

    def __init__(self, assignment: Assignment, directory: Directory, notes: list[str]) -> None:
        self.assignment = assignment
        self.extensions = by_person(resolved(assignment, assignment.extensions, directory, notes))
        self.exemptions = by_person(resolved(assignment, assignment.exemptions, directory, notes))

    def due(self, person: str, exercise: str) -> datetime | None:
        """Of several dates the latest."""
        due = asked = self.assignment.exercises[exercise].due
        if due is None or asked is None:
            return None
        for special in self.extensions.get(person, ()):
            if special.concerns(exercise):
                own = special.by.after(asked) if special.by else special.due or asked
                due = max(due, own, key=lambda moment: moment.astimezone(UTC))
        return due

    def works(
        self, person: str, tries: Mapping[tuple[str, str], Sequence[Try]], lost: Sequence[Unplaced]
    ) -> dict[str, Work]:
        """By exercise. `lost`: what was handed in and is not graded."""
        here = [each for each in lost if each.exercise or each.among or self.is_of_class(each)]
        exemptions = self.exemptions.get(person, ())
        return {
            name: Work(
                tries.get((person, name), ()),
                self.due(person, name),
                is_exempt=any(special.concerns(name) for special in exemptions),
                is_lost=any(each.may_be(name) for each in here),
            )
            for name in self.assignment.exercises
        }

    def is_of_class(self, lost: Unplaced) -> bool:
        """Where nothing tells an exercise of a hand-in: whether the file of this assignment is its class's."""
        return not lost.root or Path(self.assignment.path).parent == Path(lost.root)


def check_people(people: People, assignments: Iterable[Assignment]) -> None:
    """Raises AssignmentFileError where it is not clear whom an assignment means."""
    directory = Directory(people)
    for assignment in assignments:
        Terms(assignment, directory, [])


def by_person(pairs: Iterable[tuple[Special, set[str]]]) -> dict[str, list[Special]]:
    found: defaultdict[str, list[Special]] = defaultdict(list)
    for special, persons in pairs:
        for person in persons:
            found[person].append(special)
    return found


def attempts(
    grades: Iterable[Grade], owner: Mapping[str, Assignment]
) -> tuple[dict[tuple[str, str], list[Try]], Counter[str], dict[str, set[str]]]:
    """By person and exercise, the newest first; how many have no time, by exercise; the checks of each exercise."""
    tries: defaultdict[tuple[str, str], list[Try]] = defaultdict(list)
    undated: Counter[str] = Counter()
    checks: defaultdict[str, set[str]] = defaultdict(set)
    decided: dict[tuple[str, str], Try] = {}
    for grade in grades:
        if grade.exercise not in owner:
            continue
        assignment = owner[grade.exercise]
        weights = assignment.exercises[grade.exercise].checks
        if weights:
            checks[grade.exercise].update(check.id for check in grade.result.checks)
        undated[grade.exercise] += not grade.dated
        made = Try(
            share=share_of(grade, weights),
            submitted=datetime.fromtimestamp(grade.submitted, UTC) if grade.dated else None,
            place=grade.place,
            attempts=grade.attempts,
            report=grade.report,
            graded_at=grade.graded_at,
            error=grade.result.error if grade.status != "graded" else "",
        )
        key = grade.student, grade.exercise
        tries[key].append(made)
        if override := grade.decisions.override:
            if override.attempt == grade.source_digest:
                decided[key] = made
            elif not override.attempt:  # made when nothing was graded
                decided.setdefault(key, replace(made, submitted=None))
    # An override of an exercise is one of the attempt that counted then: what is handed in later does not make it late.
    return tries | {key: [made] for key, made in decided.items()}, undated, checks


def share_of(grade: Grade, weights: Mapping[str, Fraction]) -> Fraction | None:
    """Of the points there are. An override of the exercise is not weighed anew, one of a check is."""
    if grade.points is None or (grade.status != "graded" and grade.points == grade.score):
        return None
    if weights and not grade.decisions.override and grade.result.checks:
        return weighed(grade.result, weights, grade.decisions.checks)
    worth = exact(grade.max_score)
    return exact(grade.points) / worth if worth else Fraction(1)


def weighed(result: Result, weights: Mapping[str, Fraction], overrides: Iterable[Entry] = ()) -> Fraction:
    """With other points for some checks. Those of a test with several cases are divided as its own are."""
    given = {entry.check: entry for entry in overrides}
    whole: defaultdict[str, Fraction] = defaultdict(Fraction)
    for check in result.checks:
        whole[test_of(check.id)] += exact(check.max_score)
    got = worth = Fraction(0)
    for check in result.checks:
        own, test = exact(check.max_score), test_of(check.id)
        points = own
        if check.id in weights:
            points = weights[check.id]
        elif test in weights:
            cases = sum(test_of(other.id) == test for other in result.checks)
            points = weights[test] * (own / whole[test] if whole[test] else Fraction(1, cases))
        worth += points
        score = given[check.id].scaled(check.max_score) if check.id in given else check.score
        got += points * (exact(score) / own if own else Fraction(check.status == "passed"))
    if not worth:
        raise AssignmentFileError(f"All checks of {result.exercise} that count are worth 0: give one of them points.")
    return got / worth


def test_of(check: str) -> str:
    """Of a case of a test: "test_axis[0]" is one of "test_axis"."""
    return check.partition("[")[0]


def check_names(assignment: Assignment, checks: Mapping[str, set[str]]) -> None:
    """Raises AssignmentFileError for a check that no result has, where there are results."""
    for exercise in assignment.exercises.values():
        known = checks.get(exercise.name, set())
        known = known | {test_of(check) for check in known}
        for name in exercise.checks:
            if known and name not in known:
                said = f"{exercise.name} has no check {one_line(name)!r}{near(name, sorted(known))}"
                raise assignment.fail(exercise.lines[name], said)


def notes_of(scores: Scores, undated: Mapping[str, int]) -> Iterator[str]:
    """What whoever reads the grades should know."""
    states = Counter(
        mark.state for standing in scores.standings.values() for mark in standing.marks.values() if not mark.is_dropped
    )
    if states["not due"]:
        yield f"{states['not due']} missing and not due yet: left out of the totals, which are those so far."
    if states["not graded"]:
        number = sum(
            any(mark.state == "not graded" for mark in each.marks.values()) for each in scores.standings.values()
        )
        who = "1 student has" if number == 1 else f"{number} students have"
        yield f"{who} something that is not graded, and so no total."
    dated = scores.assignment.exercises.values()
    unknown = sum(undated.get(each.name, 0) for each in dated if each.due)
    if unknown:
        noun = "attempt" if unknown == 1 else "attempts"
        yield f"When {unknown} {noun} {'was' if unknown == 1 else 'were'} handed in is not known: never late."
