"""Workers that lie about the protocol gain nothing and break nothing."""

import pytest

from grader.sandbox.client import Examinee, Opening, Used, check_ready, outcome
from grader.sandbox.connection import WorkerStopped, WorkerToldTooMuch
from grader.sandbox.host import SandboxError
from grader.sandbox.limits import Limits
from grader.sandbox.protocol.calls import Raised, Returned, Stopped, encode_call
from grader.sandbox.protocol.codec import encode
from grader.sandbox.protocol.journal import MAX_RECORDS, Journal
from grader.sandbox.protocol.setup import Setup


class Scripted:
    """A host whose worker answers with prepared frames. `records`: what it tells before each of them."""

    def __init__(self, *answers, records=()):
        self.answers = [encode([0, "ready"]), *answers]
        self.journal = Journal()
        self.records = [b"", *records]

    @property
    def unaware(self):
        return self

    def connect(self):
        return self

    def post(self, body):
        pass

    def receive(self, seconds, more=False):
        if self.records:
            self.journal.feed(self.records.pop(0))
        return self.answers.pop(0)

    def take_output(self, size=None):
        return ""

    def close(self):
        pass


LOADED = encode([1, "loaded", [], {}, 0])


def examinee(*answers, records=(), one_by_one=False, source=b""):
    opening = Opening(source, "x.py", setup=Setup(forbidden=("a.b*", "a.c")))
    return Examinee(Scripted(*answers, records=records), opening, Limits(), one_by_one=one_by_one)


def perform(*answers, **options):
    one = examinee(*answers, **options)
    return one, one.perform(encode_call("f", (), {}), 1.0)


ANSWER = encode([2, "returned", 5, None, 0])


def test_a_proper_answer_is_taken():
    one, got = perform(LOADED, ANSWER, records=[b"", b"!0 a.bc\n?7 sys.settrace\n"], one_by_one=True)
    assert got == Returned(5)
    assert (one.used, one.is_to_be_asked_again) == ({Used("a.b*", "a.bc")}, False)
    assert list(one.remarks) == [(7, "sys.settrace")]


def test_what_is_called_while_loading_answers_nothing():
    one, _ = perform(LOADED, ANSWER, records=[b"!0 a.bc\n!1 a.c\n", b"!1 a.c\n"], one_by_one=True)
    assert one.used == {Used("a.c", "a.c")}


def test_what_is_written_down_while_loading_may_answer_later():
    one, _ = perform(LOADED, ANSWER, records=[b"~ a.trace\n!0 a.bc\n"], one_by_one=True)
    assert one.used == {Used("a.b*", "a.bc")}


def test_what_is_written_down_itself_may_answer_any_call_after():
    one, _ = perform(LOADED, ANSWER, records=[b"!1 a.c\n!0 a.bc\n~0 a.bc\n"], one_by_one=True)
    assert one.used == {Used("a.b*", "a.bc")}  # not a.c, which nobody wrote down
    assert one.take_used() == one.take_used() == {Used("a.b*", "a.bc")}

    one, _ = perform(LOADED, ANSWER, records=[b"", b"!0 a.bc\n~0 a.bc\n!1 a.c\n"], one_by_one=True)
    assert one.take_used() == {Used("a.b*", "a.bc"), Used("a.c", "a.c")}
    assert one.take_used() == {Used("a.b*", "a.bc")}

    one, _ = perform(LOADED, ANSWER, records=[b"~7 a.bc\n"], one_by_one=True)
    assert one.used == {Used("a.b*", "a.b*"), Used("a.c", "a.c")}


def test_a_submission_that_had_all_calls_at_once_is_asked_again_wherever_it_told_a_call():
    for records in ([b"!0 a.bc\n"], [b"", b"!0 a.bc\n"], [b"~ a.trace\n"], [b"", b"hidden\n"]):
        one, _ = perform(LOADED, ANSWER, records=records)
        assert one.is_to_be_asked_again

    one, _ = perform(LOADED, ANSWER, records=[b"?7 sys.settrace\n"])
    assert not one.is_to_be_asked_again


def test_what_a_worker_left_out_that_made_forbidden_calls_is_not_taken_over():
    for records, known in ([], [1]), ([b"!0 a.bc\n"], None):
        one = examinee(LOADED, records=records)
        one.load()
        one._left_out = {1: "took longer than 1 s"}
        again = examinee(LOADED, one_by_one=True)
        again.go_on_from(one)
        assert (again._left_out and list(again._left_out)) == known


def test_what_tells_without_end_before_its_first_word_is_read_is_no_fault_of_the_grader():
    class Loud(Scripted):
        connected = 0

        def connect(self):
            self.connected += 1
            return self

        def receive(self, seconds, more=False):
            raise WorkerToldTooMuch("called what is not allowed without end")

    host = Loud()
    one = Examinee(host, Opening(b"", "x.py"), Limits())
    for _ in range(3):
        got = one.perform(encode_call("f", (), {}), 1.0)
        assert got == Stopped("could not be loaded: called what is not allowed without end")
    assert host.connected == 1


@pytest.mark.parametrize("line", [0, -1, 1 << 40, 4])
def test_a_line_that_the_file_does_not_have_is_no_statement(line):
    one = examinee(encode([1, "loading", 3, 0]), encode([1, "loading", line, 0]), LOADED, source=b"1\n2")
    one.load()
    assert one.problems == []
    assert one.perform(encode_call("f", (), {}), 1.0) == Stopped("could not be loaded: broke the rules of the wire")


@pytest.mark.parametrize("record", [b"hidden !0 a.bc\n", b"=3\n", b"!9 a.bc\n", b"!0 a b\n", b"x" * 500])
def test_a_record_that_was_written_over_hides_nothing(record):
    one, _ = perform(LOADED, ANSWER, records=[b"", record])
    assert one.used == {Used("a.b*", "a.b*"), Used("a.c", "a.c")}


@pytest.mark.parametrize(
    "answer",
    [
        b"\xc1",
        encode([]),
        encode("text"),
        encode([2, "returned", 5, None]),
        encode([3, "returned", 5, None, 0]),
        encode([1, "returned", 5, None, 0]),
        encode([2, "passed", 5, 0]),
        encode([2, 7, 5, 0]),
        encode([2, "returned", 5, None, "a.b"]),
        encode([2, "returned", 5, None, 6, 0]),
        encode([2, "returned", 5, 6, 0]),
        encode([2, "raised", [], "message", 1, 0]),
        encode([2, "raised", ["E"], 5, 1, 0]),
        encode([2, "raised", ["E"], "message", "line", 0]),
    ],
)
def test_answers_of_another_form_break_the_rules(answer):
    assert perform(LOADED, answer)[1] == Stopped("broke the rules of the wire")


@pytest.mark.parametrize(
    "loaded",
    [
        b"\xc1",
        encode([1, "returned", 5, None, 0]),
        encode([1, "loaded", 5, {}, 0]),
        encode([1, "loaded", [["x", "y"]], {}, 0]),
        encode([1, "loaded", [], [], 0]),
        encode([1, "loaded", 0]),
    ],
)
def test_a_load_of_another_form_breaks_the_rules(loaded):
    assert perform(loaded)[1] == Stopped("could not be loaded: broke the rules of the wire")


def test_errors_are_cut():
    def taken(*fields):
        return outcome("raised", list(fields), b"digest", 9, "line {}".format)

    got = taken(["E" * 900] * 90, "m" * 9000, 1)
    assert isinstance(got, Raised)
    assert (len(got.kinds), len(got.kinds[0]), len(got.message)) == (20, 80, 500)
    assert (got.place, got.digest) == ("line 1", b"digest")
    with pytest.raises(WorkerStopped):
        taken()


def test_a_worker_that_is_not_ready_is_the_grader_s_fault():
    with pytest.raises(SandboxError, match="no walls"):
        check_ready(encode([0, "broken", "no walls"]))


def test_a_submission_that_keeps_breaking_the_rules_gets_no_more_workers():
    class Counting:
        workers = 0

        def connect(self):
            self.workers += 1
            return Scripted(LOADED, b"\xc1").connect()

        def explain_death(self, stop, memory):
            return ""

    host = Counting()
    one = Examinee(host, Opening(b"", "x.py"), Limits())
    outcomes = [one.perform(encode_call("f", (number,), {}), 1.0) for number in range(9)]
    assert {outcome.message for outcome in outcomes} == {"broke the rules of the wire"}
    assert host.workers == 3


@pytest.mark.parametrize("form", ["{}", "!0 a{}", "~ a{}", "?{} a"])
def test_of_a_flood_of_records_no_more_is_read_than_anything_honest_tells(form):
    class Counting(Journal):
        lines = 0

        def _read(self, line):
            self.lines += 1
            super()._read(line)

    flood = "".join(f"{form.format(number)}\n" for number in range(1, 50_000)).encode()
    told = Counting()
    for at in range(0, len(flood), 1 << 16):
        told.feed(flood[at : at + (1 << 16)])
    assert told.lines <= MAX_RECORDS + 1
    assert told.is_spoilt
    assert told.size == len(flood)
