"""The gradebook: one SQLite file that holds what each student handed in and every result there is.

A result is kept under what it follows from: (student, exercise, source digest, suite digest, seed, limits,
circumstances). An attempt whose newest result is unchanged in all of them is not graded again; anything else is a new
row, and old rows stay. Each result is committed by itself in write-ahead mode, so whatever ends the process loses at
most what was not told yet.

A seed is drawn for each run. An attempt keeps the one of the run that noted it first, whatever it is graded with later:
reports show what is expected, so what is handed in after a report was seen must meet other inputs than the report's,
while the same source gets the same score again.

A student's grade in an exercise is the newest result of the newest attempt that has one.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from grader.errors import GraderError
from grader.result import Result, ResultError

FILE_NAME = "gradebook.sqlite"  # in the folder of the reports
BUSY_SECONDS = 60.0  # to wait for another process that writes to the same gradebook

# Each entry takes the schema one version further; entries are only ever added. PRAGMA user_version counts them.
MIGRATIONS = (
    """
    CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE attempts (
        student TEXT NOT NULL,            -- what tells students apart: an id, a login, a folder's name
        exercise TEXT NOT NULL,
        source_digest TEXT NOT NULL,
        name TEXT NOT NULL,               -- of the student, as people write it
        path TEXT NOT NULL,
        submitted REAL NOT NULL,          -- seconds since 1970
        number INTEGER NOT NULL,          -- orders attempts of one time
        PRIMARY KEY (student, exercise, source_digest)
    ) WITHOUT ROWID;
    CREATE TABLE results (
        student TEXT NOT NULL,
        exercise TEXT NOT NULL,
        source_digest TEXT NOT NULL,
        suite_digest TEXT NOT NULL,
        seed INTEGER NOT NULL,
        limits TEXT NOT NULL,
        graded_at REAL NOT NULL,
        status TEXT NOT NULL,
        score REAL,
        max_score REAL NOT NULL,
        report TEXT NOT NULL,             -- file of the HTML report, from the gradebook's folder
        result TEXT NOT NULL,             -- JSON, as `grade --json` has it
        PRIMARY KEY (student, exercise, source_digest, suite_digest, seed, limits)
    );
    CREATE TABLE problems (path TEXT PRIMARY KEY, reason TEXT NOT NULL) WITHOUT ROWID;
    """,
    # Attempts keep a seed of their own, in place of one for ever, and tell when the last run that found them began;
    # results tell their circumstances.
    """
    ALTER TABLE attempts ADD COLUMN seed INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE attempts ADD COLUMN noted REAL NOT NULL DEFAULT 0;
    UPDATE attempts SET seed = (SELECT CAST(value AS INTEGER) FROM settings WHERE name = 'seed');
    DROP TABLE settings;
    ALTER TABLE results RENAME TO results_of_version_1;
    CREATE TABLE results (
        student TEXT NOT NULL,
        exercise TEXT NOT NULL,
        source_digest TEXT NOT NULL,
        suite_digest TEXT NOT NULL,
        seed INTEGER NOT NULL,
        limits TEXT NOT NULL,
        circumstances TEXT NOT NULL,      -- JSON, see grader.grading.provenance; '' where they were not kept
        graded_at REAL NOT NULL,
        status TEXT NOT NULL,
        score REAL,
        max_score REAL NOT NULL,
        report TEXT NOT NULL,
        result TEXT NOT NULL,
        PRIMARY KEY (student, exercise, source_digest, suite_digest, seed, limits, circumstances)
    );
    INSERT INTO results SELECT student, exercise, source_digest, suite_digest, seed, limits, '', graded_at, status,
        score, max_score, report, result FROM results_of_version_1 ORDER BY graded_at, rowid;
    DROP TABLE results_of_version_1;
    """,
)
NEWEST_FIRST = "submitted DESC, number DESC, noted DESC, path DESC"  # attempts of one student


class GradebookError(GraderError):
    """The gradebook cannot be read or written. The message says why and what to do."""


@dataclass(frozen=True)
class Key:
    """What a result follows from."""

    student: str
    exercise: str
    source_digest: str
    suite_digest: str
    seed: int
    limits: str
    circumstances: str  # JSON, see grader.grading.provenance


@dataclass(frozen=True)
class Standing:
    """How an attempt stands: its own seed, and its newest result, if there is one."""

    seed: int
    key: Key | None
    status: str


@dataclass(frozen=True)
class Attempt:
    """A file that a student handed in for an exercise."""

    student: str
    exercise: str
    source_digest: str
    name: str
    path: str
    submitted: float
    number: int = 0


@dataclass(frozen=True)
class Grade:
    """A student's grade in an exercise: the newest result of the newest attempt."""

    student: str
    name: str
    exercise: str
    path: str
    submitted: float
    attempts: int  # handed in for this exercise
    status: str  # "graded", or "error" where the grader could not
    score: float | None
    max_score: float
    seed: int
    graded_at: float
    report: str  # from the gradebook's folder
    result: Result


class Gradebook:
    """An open gradebook; makes the file where there is none. Raises GradebookError."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
            with guarded(path):
                self._connection.execute("PRAGMA journal_mode = WAL")
                self._connection.execute("PRAGMA synchronous = NORMAL")
                self._migrate()
        except (OSError, sqlite3.Error) as error:
            raise GradebookError(f"The gradebook {path} cannot be opened: {error}.") from None

    @classmethod
    def existing(cls, reports: Path) -> Gradebook:
        """The gradebook in a folder of reports. Raises GradebookError where there is none."""
        if not (reports / FILE_NAME).is_file():
            raise GradebookError(f"No gradebook in {reports}: grade a folder first, or name it with --reports.")
        return cls(reports / FILE_NAME)

    def _migrate(self) -> None:
        run = self._connection.execute
        with self._transaction():
            (version,) = run("PRAGMA user_version").fetchone()
            if version > len(MIGRATIONS):
                raise GradebookError(
                    f"The gradebook {self.path} was written by a newer grader: install that one, or name another file."
                )
            for script in MIGRATIONS[version:]:
                for statement in filter(str.strip, script.split(";\n")):
                    run(statement)
            run(f"PRAGMA user_version = {len(MIGRATIONS)}")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def hand_in(self, attempts: Iterable[Attempt], seed: int, noted: float) -> None:
        """Notes what a run found, at once. The same source again moves in time, and keeps the seed it has.

        `noted`: when the run began. Of attempts of one time, those that the last run found are the newest.
        """
        with guarded(self.path), self._transaction():
            self._connection.executemany(
                "INSERT INTO attempts VALUES (:student, :exercise, :source_digest, :name, :path, :submitted, :number,"
                " :seed, :noted) ON CONFLICT DO UPDATE SET name = excluded.name, path = excluded.path,"
                " submitted = excluded.submitted, number = excluded.number, noted = excluded.noted"
                " WHERE (excluded.submitted, excluded.number, excluded.noted) >= (submitted, number, noted)",
                (vars(attempt) | {"seed": seed, "noted": noted} for attempt in attempts),
            )

    def standing(self, student: str, exercise: str, source_digest: str) -> Standing:
        """Of an attempt that was noted."""
        seed, status, *rest = self._connection.execute(
            "SELECT attempts.seed, status, suite_digest, results.seed, limits, circumstances FROM attempts"
            " LEFT JOIN results USING (student, exercise, source_digest)"
            " WHERE (student, exercise, source_digest) = (?, ?, ?) ORDER BY results.rowid DESC LIMIT 1",
            (student, exercise, source_digest),
        ).fetchone()
        return Standing(seed, None if status is None else Key(student, exercise, source_digest, *rest), status or "")

    def count_waiting(self) -> int:
        """How many newest attempts have no result, as after a run that was stopped."""
        (number,) = self._connection.execute(
            f"""
            WITH placed AS (
                SELECT *, ROW_NUMBER() OVER (PARTITION BY student, exercise ORDER BY {NEWEST_FIRST}) AS place
                FROM attempts
            )
            SELECT COUNT(*) FROM placed LEFT JOIN results USING (student, exercise, source_digest)
            WHERE place = 1 AND status IS NULL
            """
        ).fetchone()
        return int(number)

    def add(self, key: Key, status: str, score: float | None, max_score: float, document: str, report: str) -> None:
        """Commits a result, in the place of an older one under the same key. `document`: the JSON of the result."""
        with guarded(self.path):
            self._connection.execute(
                "INSERT OR REPLACE INTO results VALUES (:student, :exercise, :source_digest, :suite_digest, :seed,"
                " :limits, :circumstances, :graded_at, :status, :score, :max_score, :report, :document)",
                vars(key)
                | {
                    "graded_at": time.time(),
                    "status": status,
                    "score": score,
                    "max_score": max_score,
                    "report": report,
                    "document": document,
                },
            )

    def set_problems(self, problems: Iterable[tuple[str, str]]) -> None:
        """The files of the last run that were not graded, each with the reason."""
        with guarded(self.path), self._transaction():
            self._connection.execute("DELETE FROM problems")
            self._connection.executemany("INSERT OR REPLACE INTO problems VALUES (?, ?)", problems)

    def problems(self) -> list[tuple[str, str]]:
        return self._connection.execute("SELECT path, reason FROM problems ORDER BY path").fetchall()

    def grades(self) -> Iterator[Grade]:
        """One grade for each student and exercise, by name and exercise."""
        rows = self._connection.execute(
            f"""
            WITH last AS (
                SELECT MAX(rowid) AS id, student, exercise, source_digest
                FROM results GROUP BY student, exercise, source_digest
            ), placed AS (
                SELECT attempts.*, id, COUNT(*) OVER same AS attempts, ROW_NUMBER() OVER (
                    PARTITION BY student, exercise
                    ORDER BY id IS NULL, {NEWEST_FIRST}
                ) AS place
                FROM attempts LEFT JOIN last USING (student, exercise, source_digest)
                WINDOW same AS (PARTITION BY student, exercise)
            ), chosen AS MATERIALIZED (  -- without the results' texts, which would make sorting slow
                SELECT id, student, name, exercise, path, submitted, attempts
                FROM placed WHERE place = 1 AND id IS NOT NULL
                ORDER BY name, student, exercise
            )
            SELECT chosen.student, name, chosen.exercise, path, submitted, attempts, status, score, max_score, seed,
                   graded_at, report, result
            FROM chosen CROSS JOIN results ON results.rowid = chosen.id
            """
        )
        for *fields, text in rows:
            try:
                result = Result.from_json(text)
            except ResultError as error:
                student, _, exercise, *_ = fields
                raise GradebookError(
                    f"The gradebook {self.path} has a result of {student} in {exercise} that cannot be read: {error}"
                    " Grade the class again with --fresh."
                ) from None
            yield Grade(*[*fields, result])

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Gradebook:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@contextmanager
def guarded(path: Path) -> Iterator[None]:
    """Turns SQLite's errors, a full disk among them, into one line."""
    try:
        yield
    except sqlite3.Error as error:
        raise GradebookError(
            f"The gradebook {path} cannot be used: {error}. What it holds already is kept; remove the cause and run the"
            " same command again."
        ) from error
