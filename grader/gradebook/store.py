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
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from grader.gradebook.people import Handle, People, find_people
from grader.gradebook.records import Attempt, Class, Grade, GradebookError, Key, Standing, Unplaced
from grader.gradebook.roster import Person
from grader.gradebook.schema import MIGRATIONS
from grader.result import Result, ResultError

__all__ = [
    "FILE_NAME", "MIGRATIONS", "Attempt", "Class", "Grade", "Gradebook", "GradebookError", "Key", "Standing",
    "Unplaced",
]  # fmt: skip

FILE_NAME = "gradebook.sqlite"  # in the folder of the reports
BUSY_SECONDS = 60.0  # to wait for another process that writes to the same gradebook

NEWEST_FIRST = "submitted DESC, number DESC, noted DESC, path DESC"  # attempts of one student


class Gradebook:
    """An open gradebook; makes the file where there is none. Raises GradebookError."""

    identities: Mapping[str, tuple[str, ...]] = {}  # of pseudonyms: none are used here

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
                " :seed, :noted, :dated) ON CONFLICT DO UPDATE SET name = excluded.name, path = excluded.path,"
                " submitted = excluded.submitted, number = excluded.number, noted = excluded.noted,"
                " dated = excluded.dated"
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

    def note_class(
        self,
        named: Class,
        students: Mapping[str, str],
        unplaced: Iterable[Unplaced],
        below: str = "",
        downloads: Mapping[str, str] | None = None,
    ) -> None:
        """Notes who handed in what in a class, in place of what was noted of it before.

        `students`: their names. `below`: the path of the one part that was looked at, if not all of it. `downloads`: by
        student, where several lie beside each other.
        """
        folder = f"{below}/"
        with guarded(self.path), self._transaction():
            run = self._connection
            values = vars(named) | {"noted": time.time()}
            run.execute(
                f"INSERT OR {'IGNORE' if below else 'REPLACE'} INTO classes"
                " VALUES (:root, :layout, :depth, :exercise, :renumbered, :noted)",
                values,
            )
            if below:
                of_part = "root = ? AND (path = ? OR substr(path, 1, ?) = ?)"
                run.execute(f"DELETE FROM unplaced WHERE {of_part}", (named.root, below, len(folder), folder))
            else:
                of_exercise = "(? = '' OR exercise IN (?, ''))"  # others were asked for in other runs
                values_of = (named.root, named.exercise, named.exercise)
                run.execute(f"DELETE FROM unplaced WHERE root IN (?, '') AND {of_exercise}", values_of)
                run.execute("DELETE FROM hand_ins WHERE root = ?", (named.root,))
            run.executemany(
                "INSERT OR REPLACE INTO hand_ins VALUES (?, ?, ?, ?)",
                ((named.root, student, name, (downloads or {}).get(student, "")) for student, name in students.items()),
            )
            self._add_unplaced((named.root, each) for each in unplaced)

    def add_unplaced(self, unplaced: Iterable[tuple[str, Unplaced]]) -> None:
        """Notes files that were not graded, each with the root of its class."""
        with guarded(self.path), self._transaction():
            self._add_unplaced(unplaced)

    def _add_unplaced(self, unplaced: Iterable[tuple[str, Unplaced]]) -> None:
        self._connection.executemany(
            "INSERT OR REPLACE INTO unplaced VALUES (:root, :path, :student, :reason, :exercise, :lost)",
            (vars(each) | {"root": root} for root, each in unplaced),
        )

    def classes(self) -> list[Class]:
        """What was graded so far, the newest first."""
        rows = self._connection.execute(
            "SELECT root, layout, depth, exercise, renumbered FROM classes ORDER BY noted DESC, root"
        )
        return [Class(root, layout, depth, exercise, bool(own)) for root, layout, depth, exercise, own in rows]

    def unplaced(self) -> list[Unplaced]:
        """All files that were not graded, of every class, by path. A group's are those of its members."""
        people = self.people()
        rows = self._connection.execute(
            "SELECT path, reason, student, exercise, lost, root FROM unplaced ORDER BY path, student"
        )
        return [
            Unplaced(path, reason, person, people.name(person) if person else "", exercise, bool(lost), root)
            for path, reason, student, exercise, lost, root in rows
            for person in (people.of(student) if student else ("",))
        ]

    def problems(self) -> list[tuple[str, str]]:
        """(path, reason) of the files that were not graded, and that nobody is missing."""
        return list(dict.fromkeys((each.path, each.reason) for each in self.unplaced() if not each.lost))

    def not_graded(self) -> list[Unplaced]:
        """Of each student and exercise, or of a student alone, why nothing that was handed in could be graded."""
        people = self.people()
        rows = self._connection.execute("SELECT DISTINCT student, exercise FROM attempts")
        attempted = {(person, exercise) for student, exercise in rows for person in people.of(student)}
        found: dict[tuple[str, str], Unplaced] = {}
        for each in self.unplaced():
            key = each.student, each.exercise
            if each.lost and each.student and key not in attempted:
                found.setdefault(key, each)
        return sorted(found.values(), key=lambda each: (each.name, each.student, each.exercise))

    def roster(self) -> list[Person]:
        ids: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
        for kind, value, person in self._connection.execute("SELECT kind, value, person FROM ids"):
            ids[person].add((kind, value))
        rows = self._connection.execute("SELECT id, name, section, team FROM people ORDER BY name, id")
        return [Person(id, name, section, team, frozenset(ids[id])) for id, name, section, team in rows]

    def set_roster(self, people: Iterable[Person], same: Mapping[str, str] | None = None) -> None:
        """Takes these people for the roster; with `same`, student → person, also what was decided by hand."""
        with guarded(self.path), self._transaction():
            run = self._connection
            run.execute("DELETE FROM people")
            run.execute("DELETE FROM ids")
            for one in people:
                run.execute("INSERT INTO people VALUES (?, ?, ?, ?)", (one.id, one.name, one.section, one.team))
                run.executemany("INSERT INTO ids VALUES (?, ?, ?)", ((*id, one.id) for id in one.ids))
            if same is not None:
                run.execute("DELETE FROM same")
                run.executemany("INSERT INTO same VALUES (?, ?)", same.items())

    def same(self) -> dict[str, str]:
        return dict(self._connection.execute("SELECT student, person FROM same"))

    def people(self) -> People:
        """Whose attempts are whose."""
        rows = self._connection.execute(
            """
            SELECT student, hand_ins.name, root || '/' || download, layout, renumbered
            FROM hand_ins JOIN classes USING (root)
            UNION ALL
            SELECT student, MAX(name), '', '', 0 FROM attempts
            WHERE student NOT IN (SELECT student FROM hand_ins) GROUP BY student
            ORDER BY 3, 1
            """
        )
        handles = [Handle(student, name, root, layout, bool(own)) for student, name, root, layout, own in rows]
        return find_people(self.roster(), handles, self.same())

    def names(self) -> dict[str, str]:
        """The students that have attempts, by what tells them apart there."""
        return dict(self._connection.execute("SELECT student, MAX(name) FROM attempts GROUP BY student"))

    def attempts(self) -> Iterator[tuple[Attempt, str]]:
        """All that was handed in, the oldest first, with the layout of each download that knows the student by that id;
        "" where that was not noted."""
        rows = self._connection.execute(
            """
            SELECT DISTINCT student, attempts.exercise, source_digest, attempts.name, path, submitted, number, dated,
                   COALESCE(layout, '')
            FROM attempts LEFT JOIN hand_ins USING (student) LEFT JOIN classes USING (root)
            ORDER BY submitted, number, attempts.noted, path, student, attempts.exercise, source_digest, layout
            """
        )
        for *fields, dated, layout in rows:
            yield Attempt(*[*fields, bool(dated)]), layout

    def grades(self, names: Mapping[str, str] | None = None) -> Iterator[Grade]:
        """One grade for each person and exercise, by name and exercise. A group's is that of each member.

        `names`: how people are called, if not as they are.
        """
        people = self.people()
        run = self._connection.execute
        run("CREATE TEMP TABLE IF NOT EXISTS owners (student TEXT, person TEXT, called TEXT)")
        run("DELETE FROM owners")
        self._connection.executemany(
            "INSERT INTO owners VALUES (?, ?, ?)",
            (
                (student, one, names[one] if names else people.name(one))
                for student, owners in people.owners.items()
                for one in owners
            ),
        )
        rows = run(
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
                SELECT id, person, called, exercise, path, submitted, attempts, dated
                FROM placed WHERE place = 1 AND id IS NOT NULL
                ORDER BY called, person, exercise
            )
            SELECT person, called, chosen.exercise, path, submitted, attempts, status, score, max_score, seed,
                   graded_at, report, dated, result
            FROM chosen CROSS JOIN results ON results.rowid = chosen.id
            """
        )
        for *fields, dated, text in rows:
            try:
                result = Result.from_json(text)
            except ResultError as error:
                student, _, exercise, *_ = fields
                raise GradebookError(
                    f"The gradebook {self.path} has a result of {student} in {exercise} that cannot be read: {error}"
                    " Grade the class again with --fresh."
                ) from None
            yield Grade(*[*fields, result, bool(dated)])

    def true_report(self, report: str) -> Path:
        """The file of a grade's report."""
        return self.path.parent / report

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
