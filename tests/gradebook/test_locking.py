"""Who waits for another process is told for whom, and gets in when it is done."""

import sqlite3
import subprocess
import sys

import pytest

from grader.gradebook import locking
from grader.gradebook.roster import person
from grader.gradebook.store import Gradebook, GradebookError, cause

HOLD = """
import sqlite3, sys
book = sqlite3.connect(sys.argv[1], isolation_level=None)
book.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def book(tmp_path, monkeypatch):
    monkeypatch.setattr("grader.gradebook.store.TOLD_AFTER", 0.1)
    with Gradebook(tmp_path / "gradebook.sqlite") as book:
        yield book


@pytest.fixture
def holder(book):
    command = [sys.executable, "-c", HOLD, str(book.path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.stdin.close()


def test_who_holds_the_gradebook_is_told_and_then_it_is_written(book, holder, monkeypatch):
    said = []

    def say(line):
        said.append(line)
        holder.stdin.close()  # the other one is done
        holder.wait()

    monkeypatch.setattr(locking.patiently, "__defaults__", (say,))
    book.set_roster([person("Ann Lee", [])])
    assert [one.name for one in book.roster()] == ["Ann Lee"]
    (line,) = said
    who = f"process {holder.pid} (-c " if locking.LOCKS.exists() else "another process"
    assert line.startswith(f"Waiting for {who}")
    assert line.endswith(f", which is writing to the gradebook {book.path}")


def test_in_the_end_it_is_given_up_in_one_line(book, holder, monkeypatch, capsys):
    monkeypatch.setattr(locking, "BUSY_SECONDS", 0.15)
    monkeypatch.setattr(locking, "LOCKS", locking.Path("/nowhere"))
    with pytest.raises(
        GradebookError, match=r"^another process has held the gradebook .* What was told as done is kept\.$"
    ):
        book.set_roster([person("Ann Lee", [])])
    assert book.roster() == []  # to read, nobody waits
    assert capsys.readouterr().err.count("\n") == 1


def test_a_lock_of_ones_own_is_nobody_elses(book):
    with book._transaction():
        assert locking.who_holds(book.path) == ""


@pytest.mark.parametrize(
    ("code", "free", "said"),
    [
        (sqlite3.SQLITE_READONLY, 1 << 30, "it or its folder may not be written to"),
        (sqlite3.SQLITE_FULL, 1 << 30, "the disk is full"),
        (sqlite3.SQLITE_IOERR, 0, "the disk is full"),
        (sqlite3.SQLITE_IOERR, 1 << 30, "disk I/O error"),
    ],
)
def test_causes_are_told_in_words(tmp_path, monkeypatch, code, free, said):
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = code
    monkeypatch.setattr("grader.gradebook.store.disk_usage", lambda _: type("Usage", (), {"free": free}))
    assert cause(error, tmp_path / "gradebook.sqlite") == said
