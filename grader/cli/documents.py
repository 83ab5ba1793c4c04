"""What `grade` writes for other programs beside what it shows: JUnit XML for CI, and Markdown for a job's summary.

The same of files and of a class; of a class the summary names no student, as whoever sees a job sees it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from grader.result import Result
from grader.text import points

if TYPE_CHECKING:
    from grader.cli.progress import Summary
    from grader.gradebook.assignment.grades import Scores
    from grader.gradebook.store import Grade, Unplaced
    from grader.integrations.classroom.outcome import Outcome

MAX_TEXT = 300  # characters


@dataclass(frozen=True)
class Documents:
    junit: Path | None = None
    summary: Path | None = None

    def write_files(self, results: Sequence[Result], problems: Sequence[str]) -> None:
        """Of single files, and why some were not graded."""
        if self.junit:
            self.write_junit(map(grade_of, results), problems)
        if self.summary:
            from grader.integrations.classroom.summary import summarise

            write(self.summary, summarise([*map(outcome_of, results), *map(refused, problems)]))

    def write_class(
        self,
        grades: Iterable[Grade],
        summary: Summary,
        lost: Sequence[Unplaced],
        problems: Sequence[Unplaced],
        scores: Sequence[Scores] = (),
    ) -> None:
        """Of a class in its gradebook. `lost`: hand-ins that are not graded. `problems`: other files that are not.
        `scores`: of the assignments in force."""
        if self.junit:
            self.write_junit(grades, [f"{each.path}: {each.reason}" for each in problems], lost)
        if self.summary:
            assigned = (line for each in scores for line in assignment_lines(each))
            write(self.summary, "\n".join([*class_lines(summary, len(lost) + len(problems)), *assigned, ""]))

    def write_junit(self, grades: Iterable[Grade], problems: Sequence[str], lost: Sequence[Unplaced] = ()) -> None:
        from grader.gradebook.export.documents import junit

        if self.junit:
            write(self.junit, junit(grades, lost, problems).text)


def grade_of(result: Result) -> Grade:
    """A result as a gradebook would have it: of nobody, so the file stands in the student's place."""
    from grader.gradebook.store import Grade

    name = PurePath(result.submission).name
    return Grade(
        student=name,
        name=name,
        exercise=result.exercise,
        path=result.submission,
        submitted=0.0,
        attempts=1,
        status=result.status,
        score=result.score,
        max_score=result.max_score,
        seed=result.seed,
        graded_at=0.0,
        report="",
        result=result,
    )


def outcome_of(result: Result) -> Outcome:
    from grader.integrations.classroom.outcome import Outcome

    name = PurePath(result.submission).name
    if result.status != "graded":
        return Outcome(result.exercise, "fault", result.title, name, result.error)
    return Outcome(result.exercise, "graded", result.title, name, result=result)


def refused(problem: str) -> Outcome:
    from grader.integrations.classroom.outcome import Outcome

    return Outcome("not graded", "refused", reason=problem)


def class_lines(summary: Summary, problems: int) -> Iterator[str]:
    from grader.integrations.classroom.escape import markdown

    tallies = sorted(summary.tallies.items())
    yield f"# {sum(len(tally.scores) for _, tally in tallies)} graded\n"
    if summary.ungraded:
        yield f"⚠️ {summary.ungraded} could not be graded, through no fault of theirs.\n"
    if problems:
        files = "1 file was" if problems == 1 else f"{problems} files were"
        yield f"⚠️ {files} not graded: the overview of the class says why.\n"
    yield "| Exercise | Graded | Mean | Full marks | Most common mistake |\n| :-- | --: | --: | --: | :-- |"
    for exercise, tally in tallies:
        mean = f"{points(sum(tally.scores) / len(tally.scores))} / {points(tally.maximum)}" if tally.scores else "–"
        common = [f"{markdown(title, MAX_TEXT)} ({count})" for title, count in tally.mistakes.most_common(1)]
        cells = [markdown(exercise, MAX_TEXT), str(len(tally.scores)), mean, str(tally.full), *(common or ["–"])]
        yield f"| {' | '.join(cells)} |"


def assignment_lines(scores: Scores) -> Iterator[str]:
    """What the exercises are worth together and until when, and how the class stands."""
    from grader.cli.assignment import standing, terms
    from grader.integrations.classroom.escape import markdown

    assignment, everybody = scores.assignment, scores.standings.values()
    yield f"\n## {markdown(assignment.title, MAX_TEXT)}\n\n{markdown(standing(scores), MAX_TEXT)}\n"
    yield "| Exercise | Worth | Due | Late | Missing | Not graded |\n| :-- | --: | :-- | --: | --: | --: |"
    for name, exercise in assignment.exercises.items():
        marks = [each.marks[name] for each in everybody]
        late = sum(bool(mark.lateness.units or mark.lateness.days or mark.lateness.is_over) for mark in marks)
        states = Counter(mark.state for mark in marks)
        due = f"{exercise.due:%Y-%m-%d %H:%M %Z}" if exercise.due else "–"
        numbers = map(str, (late, states["missing"], states["not graded"]))
        yield f"| {' | '.join([markdown(name, MAX_TEXT), points(float(exercise.worth)), due, *numbers])} |"
    yield from (f"\n{line[:1].upper()}{line[1:]}." for line in terms(assignment))


def write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
