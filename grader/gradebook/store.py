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

import heapq
import json
import sqlite3
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from shutil import disk_usage
from types import TracebackType

from grader.gradebook import queries
from grader.gradebook.decisions import Entry, Ledger, open_ledger
from grader.gradebook.locking import TOLD_AFTER, patiently
from grader.gradebook.people import Handle, People, find_people
from grader.gradebook.records import Attempt, Class, Grade, GradebookError, Grading, Key, Standing, Unplaced
from grader.gradebook.roster import Person
from grader.gradebook.schema import MIGRATIONS

__all__ = [
    "FILE_NAME", "MIGRATIONS", "Attempt", "Class", "Grade", "Gradebook", "GradebookError", "Grading", "Key", "Standing",
    "Unplaced",
]  # fmt: skip

FILE_NAME = "gradebook.sqlite"  # in the folder of the reports
FULL = 1 << 18  # bytes left on a disk on which nothing can be done any more


class Gradebook:
    """An open gradebook; makes the file where there is none. Raises GradebookError."""

    identities: Mapping[str, tuple[str, ...]] = {}  # of pseudonyms: none are used here

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, timeout=TOLD_AFTER, isolation_level=None)
            with guarded(path):
                patiently(path, self._connection, "PRAGMA journal_mode = WAL")
                self._connection.execute("PRAGMA synchronous = NORMAL")
                self._migrate()
        except (OSError, sqlite3.Error) as error:
            raise GradebookError(f"The gradebook {path} cannot be opened: {cause(error, path)}.") from None

    @classmethod
    def existing(cls, reports: Path) -> Gradebook:
        """The gradebook in a folder of reports. Raises GradebookError where there is none."""
        if not (reports / FILE_NAME).is_file():
            raise GradebookError(f"No gradebook in {reports}: grade a folder first, or name it with --reports.")
        return cls(reports / FILE_NAME)

    @classmethod
    def looked_into(cls, reports: Path) -> Gradebook:
        """The gradebook in a folder of reports; where there is none yet, an empty one that is kept nowhere."""
        return cls(path) if (path := reports / FILE_NAME).exists() else cls(Path(":memory:"))

    def _migrate(self) -> None:
        run = self._connection.execute
        if run("PRAGMA user_version").fetchone() == (len(MIGRATIONS),):  # nobody waits for a writer to read
            return
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
        """One within another is a part of it."""
        if self._connection.in_transaction:
            yield
            return
        patiently(self.path, self._connection, "BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    @contextmanager
    def alone(self) -> Iterator[None]:
        """While nobody else writes: what is read in it is still so when it ends, and what is written in it is committed
        then, all or nothing."""
        with guarded(self.path), self._transaction():
            yield

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
                " WHERE (excluded.submitted, excluded.number, excluded.noted) >= (submitted, number, noted)"
                " OR excluded.path = path",  # the same file, and its time is read otherwise now: in another zone
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

    def count_ungraded(self) -> int:
        """How many newest attempts have no result, as after a run that was stopped."""
        (number,) = self._connection.execute(
            f"""
            WITH placed AS (
                SELECT *, ROW_NUMBER() OVER (PARTITION BY student, exercise ORDER BY {queries.NEWEST_FIRST}) AS place
                FROM attempts
            )
            SELECT COUNT(*) FROM placed LEFT JOIN results USING (student, exercise, source_digest)
            WHERE place = 1 AND status IS NULL
            """
        ).fetchone()
        return int(number)

    def add(self, key: Key, status: str, score: float | None, max_score: float, document: str, report: str) -> None:
        """Commits a result, in the place of an older one under the same key. `document`: the JSON of the result."""
        with guarded(self.path), self._transaction():
            queries.add_result(self._connection, Grading(key, time.time(), status, score, max_score, report, document))

    def gradings(self, students: Iterable[str], exercise: str = "") -> list[Grading]:
        """Every time that something of these students was graded, in order of time; in all exercises where none is
        named."""
        return queries.gradings(self._connection, students, exercise)

    def before(self, grade: Grade, when: float) -> tuple[Grading, Key] | None:
        """How the attempt that counts was graded last before some time, and what its grade follows from now; None
        where it was not."""
        found = queries.grading_before(self._connection, grade, when)
        return (found, queries.key_of(self._connection, grade)) if found else None

    def last_run(self) -> float:
        """When the last run that found anything began; 0 before the first."""
        return queries.last_run(self._connection)

    def attempts(self, students: Iterable[str], exercise: str = "") -> list[tuple[Attempt, float]]:
        """What these students handed in, each with when the last run that found it began."""
        return queries.attempts(self._connection, students, exercise)

    def exercises(self) -> list[str]:
        """Those that anybody handed in, or has an override in."""
        return queries.exercises(self._connection)

    def worth(self, exercise: str) -> float | None:
        """What an exercise is worth by its newest result."""
        return queries.worth_of(self._connection, exercise)

    def write_entry(self, entry: Entry) -> int:
        """Adds an override, a comment, or what takes one back. Answers its number."""
        with guarded(self.path), self._transaction():
            return queries.add_entry(self._connection, entry)

    def ledger(self, people: People | None = None) -> Ledger:
        """What people decided and said."""
        return open_ledger(queries.entries(self._connection), people or self.people())

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
            values = vars(named) | {"noted": time.time(), "exercises": json.dumps(named.exercises)}
            run.execute(
                f"INSERT OR {'IGNORE' if below else 'REPLACE'} INTO classes"
                " VALUES (:root, :layout, :depth, :exercise, :renumbered, :noted, :exercises)",
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
            "SELECT root, layout, depth, exercise, renumbered, exercises FROM classes ORDER BY noted DESC, root"
        )
        return [
            Class(root, layout, depth, exercise, bool(own), tuple(json.loads(found)))
            for root, layout, depth, exercise, own, found in rows
        ]

    def unplaced(self) -> list[Unplaced]:
        """All files that were not graded, of every class, by path. A group's are those of its members."""
        return sorted(queries.unplaced(self._connection, self.people()), key=lambda each: each.path)

    def problems(self) -> list[tuple[str, str]]:
        """(path, reason) of the files that were not graded, and that nobody is missing."""
        return list(dict.fromkeys((each.path, each.reason) for each in self.unplaced() if not each.lost))

    def not_graded(self) -> list[Unplaced]:
        """Of each student and exercise, or of a student and all of a class, why nothing that was handed in could be
        graded, by the newest download. Who has handed in something else since, or has an override, is left out."""
        people = self.people()
        overridden = {key for key, each in self.ledger(people).decisions.items() if each.override}
        return queries.not_graded(self._connection, people, overridden)

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

    def names(self) -> dict[str, tuple[str, bool]]:
        """Everybody who handed in, by what tells them apart there: how they were called, and whether they are known by
        the number of an assignment alone."""
        rows = self._connection.execute(
            """
            SELECT student, MAX(name), MIN(renumbered) FROM (
                SELECT student, name, renumbered FROM hand_ins JOIN classes USING (root)
                UNION ALL
                SELECT student, name, NULL FROM attempts
            ) GROUP BY student
            """
        )
        return {student: (name, bool(numbered)) for student, name, numbered in rows}

    def hand_ins(self) -> Iterator[tuple[Attempt, str]]:
        """All that was handed in, the oldest first, with the layout of each download that knows the student by that id;
        "" where that was not noted."""
        return queries.hand_ins(self._connection)

    def grades(
        self, only: Collection[str] | None = None, *, every: bool = False, names: Mapping[str, str] | None = None
    ) -> Iterator[Grade]:
        """One grade for each person and exercise, by name and exercise. A group's is that of each member.

        `only`: these people. `every`: one for each attempt that has a result, the newest first. `names`: how people are
        called, if not as they are. Who has an override and nothing that could be graded has a grade as well.
        """
        people = self.people()
        ledger = self.ledger(people)
        called = people.name if names is None else names.__getitem__
        wanted = {
            (student, one, called(one))
            for student, owners in people.owners.items()
            for one in owners
            if only is None or one in only
        }

        def graded() -> Iterator[Grade]:
            for grade in queries.grades(self._connection, wanted, self.path, every=every):
                yield queries.decided(grade, ledger, is_groups=len(people.of(grade.handed_in_as)) > 1)

        def others() -> Iterator[Grade]:
            has_one = queries.graded_exercises(self._connection, wanted)
            for (person, exercise), decisions in ledger.decisions.items():
                if decisions.override and (person, exercise) not in has_one and (only is None or person in only):
                    yield queries.ungraded(self._connection, person, called(person), exercise, decisions)

        def place(grade: Grade) -> tuple[str, str, str]:
            return grade.name, grade.student, grade.exercise

        if not ledger.entries:
            yield from graded()
        else:
            yield from heapq.merge(graded(), sorted(others(), key=place), key=place)

    @contextmanager
    def connected(self, *, writing: bool = False) -> Iterator[sqlite3.Connection]:
        """For tables that other modules know about; all that is written comes to be at once, or nothing."""
        with guarded(self.path), self._transaction() if writing else nullcontext():
            yield self._connection

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
            f"The gradebook {path} cannot be used: {cause(error, path)}. What it holds already is kept; remove the"
            " cause and run the same command again."
        ) from error


def cause(error: Exception, path: Path) -> str:
    """What keeps a gradebook from being used, in words that say more than SQLite's where there are some."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_READONLY:
        return "it or its folder may not be written to"
    with suppress(OSError):
        if code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and disk_usage(path.parent).free < FULL):
            return "the disk is full"
    return str(error)
