"""A connection to one worker, with a test in the worker's place."""

import socket

import pytest

from grader.sandbox import connection
from grader.sandbox.protocol.frames import frame


@pytest.fixture
def both():
    """(connection, the worker's end of its channel, the worker's end for what it prints)"""
    (channel, theirs), (prints, their_prints) = socket.socketpair(), socket.socketpair()
    made = connection.Connection(channel, prints, lambda: connection.UNKNOWN)
    with theirs, their_prints:
        yield made, theirs, their_prints
        made.close()


@pytest.fixture
def worker(both):
    return both[:2]


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


def test_what_was_answered_before_the_end_is_read_though_nothing_can_be_sent_any_more(worker):
    made, theirs = worker
    theirs.sendall(frame(b"ready"))
    theirs.close()
    made.post(b"call")
    assert made.receive(5) == b"ready"
    made.post(b"another")
    with pytest.raises(connection.WorkerDied):
        made.receive(5)


def test_an_answer_that_does_not_come_ends_the_connection(worker):
    made, theirs = worker
    with pytest.raises(connection.WorkerTimedOut, match=r"longer than 0\.01 s"):
        made.receive(0.01, more=True)
    assert made.closed
    assert theirs.recv(1) == b""


def test_a_call_that_prints_without_end_takes_no_earlier_answer_with_it(both, monkeypatch):
    """The worker runs ahead: what it prints in a later call is there before the judge asks for an earlier answer."""
    made, theirs, their_prints = both
    monkeypatch.setattr(connection, "MAX_OUTPUT", 1000)
    theirs.sendall(frame(b"one") + frame(b"two"))
    their_prints.sendall(b"x" * 5000)
    made._read_prints()
    assert made.receive(5) == b"one"
    assert made.receive(5) == b"two"
    with pytest.raises(connection.WorkerStopped, match="printed more than"):
        made.receive(5)
    assert made.closed
