"""What grading anew did to a class: of each attempt that counts, its newest result beside the one before."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, field
from statistics import fmean

from grader.gradebook.records import Grade, Grading, Key
from grader.gradebook.store import Gradebook
from grader.grading.regrading import causes, describe
from grader.result import CheckResult, Result

ROUNDING = 1e-6  # points: scores are written to six decimals, so less is no difference
REPEATED = "asked for by --fresh"


@dataclass(frozen=True)
class CheckChange:
    """A check that came out otherwise. A score of None: the suite did not have it then."""

    check: str
    title: str
    before: float | None
    now: float | None

    @property
    def gain(self) -> float:
        return (self.now or 0.0) - (self.before or 0.0)


@dataclass(frozen=True)
class Change:
    """An attempt that was graded anew."""

    student: str
    name: str
    exercise: str
    before: float | None  # None: the grader could not grade it
    now: float | None
    max_before: float
    max_now: float
    counts: float | None  # after overrides
    overridden: bool
    causes: tuple[str, ...]
    checks: tuple[CheckChange, ...]

    @property
    def gain(self) -> float:
        """In points of now."""
        scale = self.max_now / self.max_before if self.max_before else 1.0
        return (self.now or 0.0) - (self.before or 0.0) * scale

    @property
    def is_other(self) -> bool:
        return (self.before is None) is not (self.now is None) or abs(self.gain) > ROUNDING

    def written(self) -> dict[str, object]:
        return asdict(self) | {"gain": round(self.gain, 6), "causes": describe(self.causes, [self.exercise])}


@dataclass(frozen=True)
class CheckTotal:
    """What became of a check over the class."""

    check: str
    title: str
    up: int  # students who get more for it
    down: int
    points: float  # gained by all together
    is_new: bool
    is_gone: bool


@dataclass
class Exercise:
    """What became of an exercise."""

    changes: list[Change] = field(default_factory=list)
    causes: Counter[tuple[str, ...]] = field(default_factory=Counter)

    @property
    def others(self) -> list[Change]:
        """Those whose score is another, who lost most first."""
        return sorted((each for each in self.changes if each.is_other), key=lambda each: (each.gain, each.name))

    @property
    def gained(self) -> int:
        return sum(each.is_other and each.gain > 0 for each in self.changes)

    @property
    def lost(self) -> int:
        return sum(each.is_other and each.gain < 0 for each in self.changes)

    @property
    def mean_gain(self) -> float:
        return fmean(each.gain for each in self.changes)

    def checks(self) -> list[CheckTotal]:
        found: defaultdict[str, list[CheckChange]] = defaultdict(list)
        for change in self.changes:
            for each in change.checks:
                found[each.check].append(each)
        totals = [
            CheckTotal(
                check=check,
                title=each[-1].title,
                up=sum(one.gain > ROUNDING for one in each),
                down=sum(one.gain < -ROUNDING for one in each),
                points=sum(one.gain for one in each),
                is_new=all(one.before is None for one in each),
                is_gone=all(one.now is None for one in each),
            )
            for check, each in found.items()
        ]
        return sorted(totals, key=lambda total: (-total.up - total.down, total.check))


@dataclass
class Difference:
    since: float
    exercises: dict[str, Exercise] = field(default_factory=dict)
    earlier: float = 0.0  # when something was graded last before `since` that had a result already

    @property
    def changes(self) -> list[Change]:
        return [each for exercise in self.exercises.values() for each in exercise.changes]

    def in_short(self) -> str:
        gained = sum(exercise.gained for exercise in self.exercises.values())
        lost = sum(exercise.lost for exercise in self.exercises.values())
        if gained + lost:
            return f"{gained + lost} scores changed: {gained} gained, {lost} lost"
        return "No score changed, but the points of single checks did"

    @property
    def is_empty(self) -> bool:
        """Whether every score and check is as it was."""
        return not any(each.is_other or each.checks for each in self.changes)


def compare(gradebook: Gradebook, since: float, only: Collection[str] = ()) -> Difference:
    """What was graded since then, beside how the same attempts were graded last before. `only`: these exercises."""
    found = Difference(since)
    for grade in gradebook.grades():
        if only and grade.exercise not in only:
            continue
        if grade.graded_at < since:
            if grade.attempts and gradebook.before(grade, grade.graded_at):
                found.earlier = max(found.earlier, grade.graded_at)
            continue
        if grade.attempts and (known := gradebook.before(grade, since)):
            change = change_of(grade, *known)
            exercise = found.exercises.setdefault(grade.exercise, Exercise())
            exercise.changes.append(change)
            exercise.causes[change.causes] += 1
    found.exercises = dict(sorted(found.exercises.items()))
    return found


def change_of(grade: Grade, before: Grading, key: Key) -> Change:
    old = Result.from_json(before.document).checks if before.document else None
    return Change(
        student=grade.student,
        name=grade.name,
        exercise=grade.exercise,
        before=before.score if before.status == "graded" else None,
        now=grade.score if grade.status == "graded" else None,
        max_before=before.max_score,
        max_now=grade.max_score,
        counts=grade.points,
        overridden=bool(grade.told),
        causes=tuple(causes(before.key, key)) or (REPEATED,),
        checks=tuple(changed_checks(old, grade.result.checks)) if old is not None else (),
    )


def changed_checks(before: Iterable[CheckResult], now: Iterable[CheckResult]) -> list[CheckChange]:
    old, new = {each.id: each for each in before}, {each.id: each for each in now}
    found = []
    for id in dict.fromkeys((*new, *old)):
        was, is_ = old.get(id), new.get(id)
        if was is None or is_ is None or abs(was.score - is_.score) > ROUNDING:
            title = (is_ or was or CheckResult(id, "", "passed", 0, 0)).title
            found.append(CheckChange(id, title or id, was.score if was else None, is_.score if is_ else None))
    return found


def why(exercise: str, causes: Counter[tuple[str, ...]]) -> str:
    """Why it was graded anew, in words; of several causes the most frequent first."""
    return "; ".join(describe(each, [exercise]) for each, _ in causes.most_common())
