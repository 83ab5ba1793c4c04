"""What is read from and written to the gradebook's tables of results and entries, in the caller's transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path, PurePosixPath

from grader.gradebook.decisions import NONE, Decisions, Entry, Ledger
from grader.gradebook.people import People
from grader.gradebook.records import Attempt, Grade, GradebookError, Grading, Key, Unplaced
from grader.result import Result, ResultError

NEWEST_FIRST = "submitted DESC, number DESC, noted DESC, path DESC"  # attempts of one student
NOTHING = "nothing that could be graded was handed in"
OF_KEY = "student, exercise, source_digest, suite_digest, seed, limits, circumstances"
RESULT = f"{OF_KEY}, graded_at, status, score, max_score, report, result"
ENTRY = (
    'number, kind, bound, name, exercise, "check", points, out_of, text, author, made, attempt, graded, undoes'  # names
)


def add_result(connection: sqlite3.Connection, one: Grading) -> None:
    """One that another takes the place of is kept: when it was found, and all of it where the score is another."""
    key = tuple(vars(one.key).values())
    connection.execute(
        f"INSERT INTO superseded SELECT {OF_KEY}, graded_at, status, score, max_score, report,"
        " CASE WHEN (status, score, max_score) IS (?, ?, ?) THEN '' ELSE result END"
        f" FROM results WHERE ({OF_KEY}) = (?, ?, ?, ?, ?, ?, ?)",
        (one.status, one.score, one.max_score, *key),
    )
    connection.execute(
        f"INSERT OR REPLACE INTO results ({RESULT}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*key, one.graded_at, one.status, one.score, one.max_score, one.report, one.document),
    )


def gradings(connection: sqlite3.Connection, students: Iterable[str], exercise: str = "") -> list[Grading]:
    found = connection.execute(
        f"SELECT {RESULT} FROM (SELECT *, 0 AS stands, rowid AS place FROM superseded"
        " UNION ALL SELECT *, 1, rowid FROM results)"
        " WHERE student IN (SELECT value FROM json_each(?)) AND ? IN (exercise, '')"
        " ORDER BY graded_at, stands, place",
        (json.dumps(list(students)), exercise),
    )
    return [Grading(Key(*row[:7]), *row[7:]) for row in found]


def grading_before(connection: sqlite3.Connection, grade: Grade, when: float) -> Grading | None:
    """How the attempt that counts was graded last before some time."""
    key = grade.handed_in_as, grade.exercise, grade.source_digest, when
    of_attempt = "WHERE (student, exercise, source_digest) = (?, ?, ?) AND graded_at < ?"
    row = connection.execute(
        f"SELECT {RESULT} FROM (SELECT *, 0 AS stands, rowid AS place FROM superseded {of_attempt}"
        f" UNION ALL SELECT *, 1, rowid FROM results {of_attempt})"
        " ORDER BY graded_at DESC, stands DESC, place DESC LIMIT 1",
        (*key, *key),
    ).fetchone()
    return None if row is None else Grading(Key(*row[:7]), *row[7:])


def key_of(connection: sqlite3.Connection, grade: Grade) -> Key:
    """What a grade follows from."""
    attempt = grade.handed_in_as, grade.exercise, grade.source_digest
    row = connection.execute(
        f"SELECT {OF_KEY} FROM results WHERE (student, exercise, source_digest) = (?, ?, ?)"
        " ORDER BY rowid DESC LIMIT 1",
        attempt,
    ).fetchone()
    return Key(*row)


def last_run(connection: sqlite3.Connection) -> float:
    """When the last run that found anything began; 0 before the first."""
    (when,) = connection.execute("SELECT MAX(noted) FROM attempts").fetchone()
    return float(when or 0.0)


def attempts(
    connection: sqlite3.Connection, students: Iterable[str], exercise: str = ""
) -> list[tuple[Attempt, float]]:
    found = connection.execute(
        "SELECT student, exercise, source_digest, name, path, submitted, number, dated, noted FROM attempts"
        " WHERE student IN (SELECT value FROM json_each(?)) AND ? IN (exercise, '') ORDER BY submitted, number, noted",
        (json.dumps(list(students)), exercise),
    )
    return [(Attempt(*[*fields, bool(dated)]), noted) for *fields, dated, noted in found]


def hand_ins(connection: sqlite3.Connection) -> Iterator[tuple[Attempt, str]]:
    """All that was handed in, the oldest first, with the layout of each download that knows the student by that id."""
    found = connection.execute(
        """
        SELECT DISTINCT student, attempts.exercise, source_digest, attempts.name, path, submitted, number, dated,
               COALESCE(layout, '')
        FROM attempts LEFT JOIN hand_ins USING (student) LEFT JOIN classes USING (root)
        ORDER BY submitted, number, attempts.noted, path, student, attempts.exercise, source_digest, layout
        """
    )
    for *fields, dated, layout in found:
        yield Attempt(*[*fields, bool(dated)]), layout


def add_entry(connection: sqlite3.Connection, entry: Entry) -> int:
    values = vars(entry) | {"bound": json.dumps(entry.bound), "number": None}
    names = [name.strip('" ') for name in ENTRY.split(",")]
    marks = ", ".join(f":{name}" for name in names)
    added = connection.execute(f"INSERT INTO entries ({ENTRY}) VALUES ({marks})", values)
    return int(added.lastrowid or 0)


def entries(connection: sqlite3.Connection) -> list[Entry]:
    names = [name.strip('" ') for name in ENTRY.split(",")]
    found = []
    for row in connection.execute(f"SELECT {ENTRY} FROM entries ORDER BY number"):
        fields = dict(zip(names, row, strict=True))
        bound = tuple((str(kind), str(value)) for kind, value in json.loads(fields.pop("bound")))
        found.append(Entry(bound=bound, **fields))
    return found


def grades(
    connection: sqlite3.Connection, owners: Iterable[tuple[str, str, str]], path: Path, *, every: bool = False
) -> Iterator[Grade]:
    """The newest result of the newest attempt of each, or of `every` attempt that has one. `owners`: (student, person,
    how the person is called)."""
    run = connection.execute
    run("CREATE TEMP TABLE IF NOT EXISTS owners (student TEXT, person TEXT, called TEXT)")
    run("DELETE FROM owners")
    connection.executemany("INSERT INTO owners VALUES (?, ?, ?)", owners)
    found = run(
        f"""
        WITH last AS (
            SELECT MAX(rowid) AS id, student, exercise, source_digest
            FROM results GROUP BY student, exercise, source_digest
        ), placed AS (
            SELECT attempts.*, person, called, id, COUNT(*) OVER same AS attempts, ROW_NUMBER() OVER (
                PARTITION BY person, exercise
                ORDER BY id IS NULL, {NEWEST_FIRST}
            ) AS place
            FROM attempts JOIN owners USING (student) LEFT JOIN last USING (student, exercise, source_digest)
            WINDOW same AS (PARTITION BY person, exercise)
        ), chosen AS MATERIALIZED (  -- without the results' texts, which would make sorting slow
            SELECT id, person, called, student, exercise, source_digest, path, submitted, attempts, dated, place
            FROM placed WHERE (place = 1 OR ?) AND id IS NOT NULL
            ORDER BY called, person, exercise, place
        )
        SELECT person, called, chosen.exercise, path, submitted, attempts, status, score, max_score, seed,
               graded_at, report, chosen.source_digest, chosen.student, dated, place, result
        FROM chosen CROSS JOIN results ON results.rowid = chosen.id
        """,
        (every,),
    )
    for *fields, digest, student, dated, place, text in found:
        try:
            result = Result.from_json(text)
        except ResultError as error:
            person, _, exercise, *_ = fields
            raise GradebookError(
                f"The gradebook {path} has a result of {person} in {exercise} that cannot be read: {error}"
                " Grade the class again with --fresh."
            ) from None
        yield Grade(*[*fields, result, bool(dated), place, NONE, digest, student])


def graded_exercises(connection: sqlite3.Connection, owners: Iterable[tuple[str, str, str]]) -> set[tuple[str, str]]:
    """(person, exercise) of all that have a result."""
    pairs = set(connection.execute("SELECT DISTINCT student, exercise FROM results"))
    exercises = {exercise for _, exercise in pairs}
    return {
        (person, exercise) for student, person, _ in owners for exercise in exercises if (student, exercise) in pairs
    }


def decided(grade: Grade, ledger: Ledger, *, is_groups: bool) -> Grade:
    """With what is in force. A member of a group has a report apart, for what is decided of one is not the others' to
    read."""
    if grade.student not in ledger.touched:
        return grade
    report = own_report(grade.report, grade.student) if is_groups else grade.report
    decisions = ledger.of(grade.student, grade.exercise)
    return replace(grade, decisions=decisions, report=report, shared_report=grade.report)


def own_report(report: str, person: str) -> str:
    digest = blake2b(person.encode(errors="surrogatepass"), digest_size=4).hexdigest()
    return str(PurePosixPath(report).with_suffix(f".{digest}.html")) if report else ""


def ungraded(connection: sqlite3.Connection, person: str, name: str, exercise: str, decisions: Decisions) -> Grade:
    """The grade of somebody who has an override and no result."""
    entry = decisions.override
    assert entry is not None
    worth = worth_of(connection, exercise) or entry.out_of or 0.0
    return Grade(
        student=person,
        name=name,
        exercise=exercise,
        path="",
        submitted=0.0,
        attempts=0,
        status="error",
        score=None,
        max_score=worth,
        seed=0,
        graded_at=entry.made,
        report="",
        result=Result(exercise, "", "error", None, 0, max_score=worth, error=NOTHING),
        dated=False,
        decisions=decisions,
    )


def unplaced(connection: sqlite3.Connection, people: People) -> list[Unplaced]:
    """Those of the newest class first, by path. A group's are those of its members."""
    rows = connection.execute(
        "SELECT path, reason, student, unplaced.exercise, lost, root, COALESCE(layout, ''),"
        " COALESCE(exercises, '[]')"
        " FROM unplaced LEFT JOIN classes USING (root) ORDER BY COALESCE(noted, 0) DESC, path, student"
    )
    return [
        Unplaced(
            path, reason, person, people.name(person) if person else "", exercise, bool(lost), root, layout,
            student, () if exercise else tuple(json.loads(found)),
        )
        for path, reason, student, exercise, lost, root, layout, found in rows
        for person in (people.of(student) if student else ("",))
    ]  # fmt: skip


def not_graded(
    connection: sqlite3.Connection, people: People, overridden: Collection[tuple[str, str]]
) -> list[Unplaced]:
    """By name. `overridden`: (person, exercise) of those who have a grade by hand."""
    attempted: dict[tuple[str, str], float] = {}  # when it was found last
    for student, exercise, noted in connection.execute("SELECT student, exercise, noted FROM attempts"):
        for person in people.of(student):
            attempted[person, exercise] = max(noted, attempted.get((person, exercise), 0.0))
    classes = dict(connection.execute("SELECT root, noted FROM classes"))
    found: dict[tuple[str, tuple[str, ...]], Unplaced] = {}
    for each in unplaced(connection, people):
        meant = (each.exercise,) if each.exercise else each.among
        # Of which of several nobody knows, so an attempt of before may be another week's.
        since = 0.0 if each.exercise else classes.get(each.root, 0.0)
        keys = [(each.student, exercise) for exercise in meant]
        is_settled = any(key in overridden or attempted.get(key, -1.0) >= since for key in keys)
        if each.lost and each.student and not is_settled:
            found.setdefault((each.student, meant), each)
    return sorted(found.values(), key=lambda each: (each.name, each.student, each.exercise))


def exercises(connection: sqlite3.Connection) -> list[str]:
    found = connection.execute(
        "SELECT exercise FROM attempts UNION SELECT exercise FROM unplaced UNION SELECT exercise FROM entries"
        " ORDER BY exercise"
    )
    return [name for (name,) in found if name]


def worth_of(connection: sqlite3.Connection, exercise: str) -> float | None:
    """What an exercise is worth by its newest result."""
    row = connection.execute(
        "SELECT max_score FROM results WHERE exercise = ? ORDER BY rowid DESC LIMIT 1", (exercise,)
    ).fetchone()
    return float(row[0]) if row else None
