"""A connection to one worker, with a test in the worker's place."""

import socket

import pytest

from grader.sandbox import connection
from grader.sandbox.frames import frame


@pytest.fixture
def worker():
    """(connection, the worker's end of its channel)"""
    (channel, theirs), (prints, their_prints) = socket.socketpair(), socket.socketpair()
    made = connection.Connection(channel, prints, lambda: None)
    with theirs, their_prints:
        yield made, theirs
        made.close()


@pytest.mark.parametrize("more", [True, False])
def test_answers_that_will_follow_are_given_a_moment_to_be_read_together(worker, monkeypatch, more):
    made, theirs = worker
    waits = []

    def meanwhile(seconds):
        waits.append(seconds)
        theirs.sendall(frame(b"two"))

    monkeypatch.setattr("time.sleep", meanwhile)
    theirs.sendall(frame(b"one"))
    assert made.receive(5, more=more) == b"one"
    assert waits == [connection.MOMENT] * more
    if more:
        assert made.receive(0) == b"two"  # it was read already


def test_an_answer_that_does_not_come_ends_the_connection(worker):
    made, theirs = worker
    with pytest.raises(connection.WorkerTimedOut, match=r"longer than 0\.01 s"):
        made.receive(0.01, more=True)
    assert made.closed
    assert theirs.recv(1) == b""
