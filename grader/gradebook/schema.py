"""The tables of the gradebook, and how a gradebook of an older version becomes one of today's."""

from __future__ import annotations

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
    # What was named to be graded is remembered, with everybody who handed in anything there; who they are is told by a
    # roster. Attempts tell whether their time is known.
    """
    ALTER TABLE attempts ADD COLUMN dated INTEGER NOT NULL DEFAULT 1;
    CREATE TABLE classes (
        root TEXT PRIMARY KEY,            -- the folder or zip that was named, absolute
        layout TEXT NOT NULL,
        depth INTEGER NOT NULL,           -- folders in it that are around the class
        exercise TEXT NOT NULL,           -- that all files answer; '' where their names tell it
        renumbered INTEGER NOT NULL,      -- whether the students' ids are this class's own
        noted REAL NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE hand_ins (               -- who handed in anything, graded or not
        root TEXT NOT NULL,
        student TEXT NOT NULL,
        name TEXT NOT NULL,
        download TEXT NOT NULL,           -- the folder of one download, where a class has several
        PRIMARY KEY (root, student)
    ) WITHOUT ROWID;
    CREATE TABLE unplaced (               -- files that were not graded
        root TEXT NOT NULL,
        path TEXT NOT NULL,
        student TEXT NOT NULL,            -- '' where it is nobody's
        reason TEXT NOT NULL,
        exercise TEXT NOT NULL,           -- '' where it is not told
        lost INTEGER NOT NULL,            -- whether the student has nothing else that is graded
        PRIMARY KEY (root, path, student)
    ) WITHOUT ROWID;
    INSERT INTO unplaced SELECT '', path, '', reason, '', 0 FROM problems;
    DROP TABLE problems;
    CREATE TABLE people (                 -- the roster
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        section TEXT NOT NULL,
        team TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE ids (
        kind TEXT NOT NULL,
        value TEXT NOT NULL,
        person TEXT NOT NULL,
        PRIMARY KEY (kind, value, person)
    ) WITHOUT ROWID;
    CREATE TABLE same (student TEXT PRIMARY KEY, person TEXT NOT NULL) WITHOUT ROWID  -- as decided by hand
    """,
    # What people decide and say is kept apart from results, and a result that another takes the place of is kept, too.
    """
    CREATE TABLE entries (                -- overrides, comments and what takes them back; rows are only ever added
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL,
        bound TEXT NOT NULL,              -- JSON: the ids of whoever it is about, each a kind and a value
        name TEXT NOT NULL,
        exercise TEXT NOT NULL,           -- '' for all
        "check" TEXT NOT NULL,            -- '' for the whole exercise
        points REAL,
        out_of REAL,
        text TEXT NOT NULL,
        author TEXT NOT NULL,
        made REAL NOT NULL,
        attempt TEXT NOT NULL,            -- the source that counted then
        graded REAL,                      -- its score then
        undoes INTEGER NOT NULL           -- an entry; 0 for none
    );
    CREATE TABLE superseded (             -- results in whose place another came under the same key
        student TEXT NOT NULL,
        exercise TEXT NOT NULL,
        source_digest TEXT NOT NULL,
        suite_digest TEXT NOT NULL,
        seed INTEGER NOT NULL,
        limits TEXT NOT NULL,
        circumstances TEXT NOT NULL,
        graded_at REAL NOT NULL,
        status TEXT NOT NULL,
        score REAL,
        max_score REAL NOT NULL,
        report TEXT NOT NULL,
        result TEXT NOT NULL              -- '' where the score stayed
    );
    CREATE INDEX superseded_attempts ON superseded (student, exercise, source_digest)
    """,
    # Assignments say what exercises are worth together and until when; what was told of each score is kept, to tell
    # who gained and who lost by a change.
    """
    CREATE TABLE assignments (            -- in force
        number INTEGER PRIMARY KEY,       -- their order
        path TEXT NOT NULL UNIQUE,        -- of the file, absolute
        text TEXT NOT NULL
    );
    CREATE TABLE marks (
        path TEXT NOT NULL,
        person TEXT NOT NULL,
        exercise TEXT NOT NULL,           -- '' for the total
        points REAL,                      -- NULL where there are none
        PRIMARY KEY (path, person, exercise)
    ) WITHOUT ROWID
    """,
    # Classes tell which exercises were handed in there, as JSON; [] where that is not known. A file of another kind is
    # an answer to one of these.
    "ALTER TABLE classes ADD COLUMN exercises TEXT NOT NULL DEFAULT '[]'",
    # Assignments tell whether whoever grades named the file: one that was found may be a student's. Times that cannot
    # be right, before 1970 or after 2199, are not known.
    """
    ALTER TABLE assignments ADD COLUMN named INTEGER NOT NULL DEFAULT 0;
    UPDATE attempts SET dated = 0, submitted = 0 WHERE submitted < 0 OR submitted >= 7258118400
    """,
)
