"""Workers that lie about the protocol gain nothing and break nothing."""

import pytest

from grader.sandbox.calls import Raised, Returned, Stopped, encode_call
from grader.sandbox.connection import WorkerStopped
from grader.sandbox.examinee import Examinee, Limits, Opening, check_ready, is_forbidden, outcome
from grader.sandbox.host import SandboxError
from grader.sandbox.kit import Kit
from grader.sandbox.wire import encode


class Scripted:
    """A host whose worker answers with prepared frames."""

    def __init__(self, *answers):
        self.answers = [encode([0, "ready"]), *answers]

    def connect(self):
        return self

    def post(self, body):
        pass

    def receive(self, seconds, more=False):
        return self.answers.pop(0)

    def take_output(self, size=None):
        return ""

    def close(self):
        pass


LOADED = encode([1, "loaded", [], {}, [], 0])


def perform(*answers):
    one = Examinee(Scripted(*answers), Opening(b"", "x.py", kit=Kit(forbidden=("a.b*",))), Limits())
    return one, one.perform(encode_call("f", (), {}), 1.0)


def test_a_proper_answer_is_taken():
    one, got = perform(LOADED, encode([2, "returned", 5, ["a.bc", "other", 3], 0]))
    assert got == Returned(5)
    assert one.used == {"a.bc"}


@pytest.mark.parametrize(
    "answer",
    [
        b"\xc1",
        encode([]),
        encode("text"),
        encode([2, "returned", 5]),
        encode([3, "returned", 5, [], 0]),
        encode([1, "returned", 5, [], 0]),
        encode([2, "passed", 5, [], 0]),
        encode([2, 7, 5, [], 0]),
        encode([2, "returned", 5, "a.b", 0]),
        encode([2, "returned", 5, 6, [], 0]),
        encode([2, "raised", [], "message", 1, [], 0]),
        encode([2, "raised", ["E"], 5, 1, [], 0]),
        encode([2, "raised", ["E"], "message", "line", [], 0]),
    ],
)
def test_answers_of_another_form_break_the_rules(answer):
    assert perform(LOADED, answer)[1] == Stopped("broke the rules of the wire")


@pytest.mark.parametrize(
    "loaded",
    [
        b"\xc1",
        encode([1, "returned", 5, [], 0]),
        encode([1, "loaded", 5, {}, [], 0]),
        encode([1, "loaded", [["x", "y"]], {}, [], 0]),
        encode([1, "loaded", [], [], [], 0]),
        encode([1, "loaded", [], 0]),
    ],
)
def test_a_load_of_another_form_breaks_the_rules(loaded):
    assert perform(loaded)[1] == Stopped("could not be loaded: broke the rules of the wire")


def test_errors_are_cut():
    got = outcome("raised", [["E" * 900] * 90, "m" * 9000, 1])
    assert isinstance(got, Raised)
    assert (len(got.kinds), len(got.kinds[0]), len(got.message)) == (20, 80, 500)
    with pytest.raises(WorkerStopped):
        outcome("raised", [])


def test_a_worker_that_is_not_ready_is_the_grader_s_fault():
    with pytest.raises(SandboxError, match="no walls"):
        check_ready(encode([0, "broken", "no walls"]))


def test_patterns_of_forbidden_names():
    assert is_forbidden("torch.nn.BatchNorm1d", ("torch.nn.BatchNorm*",))
    assert not is_forbidden("torch.nn.Linear", ("torch.nn.BatchNorm*",))
    assert not is_forbidden(5, ("*",))
