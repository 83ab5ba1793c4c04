"""The worker host and the connections to its workers, with fork and without."""

import errno
import os
import signal
import sys
import time

import numpy as np
import pytest

from grader.sandbox.client import Examinee, Opening, Used
from grader.sandbox.connection import KEPT_OUTPUT, how_it_ended
from grader.sandbox.host import MAX_EQUIPPED, Host, Hosts, SandboxError
from grader.sandbox.limits import Limits
from grader.sandbox.protocol.calls import Raised, Returned, Stopped, encode_call
from grader.sandbox.protocol.setup import Setup
from grader.sandbox.worker import main

SOURCE = """
import os, sys, time
count = 0

def add(a, b):
    return a + b

def counted():
    global count
    count += 1
    return count

def loop():
    while True:
        pass

def leave(status):
    os._exit(status)

def shout(size):
    sys.stdout.write("x" * size)

def crash():
    os.kill(os.getpid(), 11)

def environment():
    return dict(os.environ)

def streams():
    return [os.read(0, 10), sorted(int(fd) for fd in range(3, 256) if is_open(fd))]

def is_open(fd):
    try:
        os.fstat(fd)
        return True
    except OSError:
        return False

def swallow(data):
    return data.sum()

def blocks():
    return sys.getallocatedblocks()

def spoil(x):
    x += 1
    return x
"""


@pytest.fixture(scope="module", params=[True, False], ids=["forked", "spawned"])
def host(request):
    with Host(("numpy",), fork=request.param) as running:
        yield running


@pytest.fixture
def examinee(host):
    one = Examinee(host, Opening(SOURCE.encode(), "sample.py"), Limits(check_seconds=5.0))
    yield one
    one.close()


def call(examinee, name, *args, seconds=5.0):
    return examinee.perform(encode_call(name, args, {}), seconds)


def test_calls_are_answered(examinee):
    outcome = call(examinee, "add", np.ones(2), 1)
    np.testing.assert_array_equal(outcome.value, [2, 2])
    assert examinee.lines["add"] == 5


def test_a_submission_keeps_its_state_and_shares_it_with_nobody(host):
    for _ in range(2):
        one = Examinee(host, Opening(SOURCE.encode(), "sample.py"), Limits())
        assert [call(one, "counted").value for _ in range(3)] == [1, 2, 3]
        one.close()


def test_an_endless_loop_is_stopped_and_the_next_call_answered(examinee):
    assert call(examinee, "loop", seconds=0.3) == Stopped("took longer than 0.3 s")
    assert call(examinee, "add", 1, 2) == Returned(3)


def test_a_worker_that_ends_itself_is_replaced(examinee):
    assert call(examinee, "leave", 0) == Stopped("ended the process it ran in: it exited with status 0")
    assert call(examinee, "leave", 3).message.endswith("status 3")
    assert call(examinee, "add", 1, 2) == Returned(3)


def test_prints_are_kept_up_to_a_bound(examinee):
    call(examinee, "shout", 10)
    assert examinee.take_output() == "x" * 10
    call(examinee, "shout", KEPT_OUTPUT + 5)
    assert examinee.take_output() == "x" * KEPT_OUTPUT + "\n… 5 bytes more"
    assert examinee.take_output() == ""


def test_a_flood_of_prints_stops_the_worker(examinee):
    assert call(examinee, "shout", 50_000_000) == Stopped("printed more than 16 MiB")
    assert call(examinee, "add", 1, 2) == Returned(3)


def test_large_inputs_reach_the_worker(examinee):
    assert call(examinee, "swallow", np.ones(1_000_000)) == Returned(np.float64(1_000_000))


def test_the_worker_gets_nothing_of_the_environment(host, examinee, monkeypatch):
    monkeypatch.setenv("SECRET_TOKEN", "1")
    environment = call(examinee, "environment").value
    assert "SECRET_TOKEN" not in environment
    assert environment["HOME"] == "/nonexistent"


@pytest.mark.skipif(sys.platform != "linux", reason="huge pages are Linux's")
def test_objects_of_a_worker_lie_in_the_memory_of_the_c_library(examinee):
    assert call(examinee, "blocks").value == 0  # in that of Python's own allocator


def test_the_worker_gets_no_input(examinee):
    assert call(examinee, "streams").value[0] == b""


def test_an_unknown_name_and_an_error_are_outcomes(examinee):
    assert call(examinee, "nothing") == Raised(("NotDefined",), "nothing is not defined in your file")
    raised = call(examinee, "add", 1, "x")
    assert (raised.kinds[0], raised.line) == ("TypeError", 6)


def test_workers_are_reaped():
    with Host(("numpy",)) as host:
        one = Examinee(host, Opening(SOURCE.encode(), "sample.py"), Limits())
        one.load()
        one.close()
        group = host._process.pid
        children = [pid for pid in os.listdir("/proc") if pid.isdigit() and parent(pid) == group]
        assert children == []


def parent(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return int(file.read().rpartition(")")[2].split()[1])
    except OSError:
        return -1


def test_a_host_that_was_killed_is_started_again():
    with Host(("numpy",)) as host:
        one = Examinee(host, Opening(SOURCE.encode(), "sample.py"), Limits())
        assert call(one, "add", 1, 2) == Returned(3)
        os.kill(host._process.pid, signal.SIGKILL)
        host._process.wait()
        with pytest.raises(SandboxError, match="host ended"):
            call(one, "add", 1, 2)
        assert call(one, "add", 1, 2) == Returned(3)
        one.close()


def test_closing_the_host_ends_its_workers():
    with Host(("numpy",)) as host:
        one = Examinee(host, Opening(SOURCE.encode(), "sample.py"), Limits())
        call(one, "add", 1, 2)
    with pytest.raises(SandboxError, match="host ended"):
        call(one, "add", 1, 2, seconds=2.0)


@pytest.mark.parametrize(("status", "words"), [(0, "status 0"), (-11, "Segmentation fault"), (None, "lost")])
def test_endings_in_words(status, words):
    assert words in how_it_ended(status)


def test_two_workers_at_once_do_not_mix():
    with Host(("numpy",)) as host:
        both = [Examinee(host, Opening(SOURCE.encode(), "sample.py"), Limits()) for _ in range(2)]
        assert [call(one, "counted").value for one in (*both, both[0])] == [1, 1, 2]
        for one in both:
            one.close()


def planned(host, *calls, **limits):
    plan = [encode_call(name, args, {}) for name, *args in calls]
    return Examinee(host, Opening(SOURCE.encode(), "sample.py"), Limits(**limits), plan)


def test_planned_calls_are_answered_in_any_order_and_once_each(host):
    one = planned(host, ("counted",), ("add", 1, 2), ("counted",), ("add", 3, 4))
    assert call(one, "counted").value == 1
    assert call(one, "add", 5, 6).value == 11  # not planned
    assert [call(one, "counted").value, call(one, "add", 1, 2).value, call(one, "add", 3, 4).value] == [2, 3, 7]
    one.close()


def test_a_loop_in_a_planned_call_leaves_the_calls_after_it_to_a_fresh_worker(host):
    one = planned(host, ("counted",), ("loop",), ("counted",), ("add", 1, 2))
    assert call(one, "counted").value == 1
    assert call(one, "loop", seconds=0.3) == Stopped("took longer than 0.3 s")
    assert [call(one, "counted").value, call(one, "add", 1, 2).value] == [1, 3]
    one.close()


def test_a_planned_call_that_nobody_asks_for_costs_the_others_no_time(host):
    one = planned(host, ("loop",), ("add", 1, 2))
    assert call(one, "add", 1, 2, seconds=0.2).value == 3
    assert one.elsewhere >= 0.2
    one.close()


def test_prints_belong_to_the_call_that_made_them_however_far_the_worker_is_ahead(host):
    one = planned(host, ("shout", 1), ("shout", 2), ("shout", 3), ("shout", 4))
    told = []
    for size in (1, 2, 4):  # the third is not asked for
        call(one, "shout", size)
        told.append(one.take_output())
    assert told == ["x", "xx", "xxxx"]
    one.close()


SETUP = Setup("def tripled(module, x):\n    return 3 * module.add(x, 0)\n", ("numpy.linalg.norm",))
SHORT = SOURCE + "\nimport numpy\ndef size(x):\n    return float(numpy.linalg.norm(x))\n"


def with_setup(host, setup):
    return Examinee(host, Opening(SHORT.encode(), "sample.py", setup=setup), Limits())


def tripled(host):
    """What a fresh worker of a host answers."""
    one = with_setup(host, SETUP)
    answer = call(one, "tripled", 2)
    one.close()
    return answer


@pytest.mark.parametrize("laid_out", [SETUP, Setup(), None], ids=["same", "empty", "none"])
def test_a_kit_serves_whether_or_not_the_host_has_it_ready(laid_out):
    with Hosts() as hosts:
        host = hosts.get(("numpy",)) if laid_out is None else hosts.equipped(("numpy",), laid_out)
        for _ in range(2):
            one = with_setup(host, SETUP)
            assert call(one, "tripled", 2) == Returned(6)
            assert one.used == set()
            assert call(one, "size", np.ones(4)) == Returned(2.0)
            assert Used("numpy.linalg.norm", "numpy.linalg.norm") in one.used
            one.close()
        other = with_setup(host, Setup())  # of another exercise: nothing of the first is in its way
        assert call(other, "tripled", 2) == Raised(("NotDefined",), "tripled is not defined in your file")
        assert call(other, "size", np.ones(4)) == Returned(2.0)
        assert other.used == set()
        other.close()


@pytest.mark.skipif(sys.platform != "linux", reason="of other systems nothing is forked")
def test_probes_that_are_not_trusted_run_behind_the_walls_only():
    probes = "import os\nMADE_BY = os.getpid()\ndef made_by(module):\n    return MADE_BY\n"
    with Hosts() as hosts:
        for is_trusted, is_shared in ((True, True), (False, False)):
            setup = Setup(probes, is_trusted=is_trusted)
            host, made = hosts.equipped(("numpy",), setup), set()
            for _ in range(2):
                one = with_setup(host, setup)
                made.add(call(one, "made_by").value)
                one.close()
            assert (len(made) == 1) is is_shared
        reading = Setup(f"open({__file__!r})\n", is_trusted=False)
        one = with_setup(hosts.equipped(("numpy",), reading), reading)
        with pytest.raises(SandboxError, match="PermissionError"):
            call(one, "size", 1)


@pytest.mark.parametrize("limit", [1 << 24, 0], ids=["ready", "too large"])
def test_each_call_has_arguments_of_its_own_however_they_were_made_ready(limit, monkeypatch):
    monkeypatch.setattr("grader.sandbox.host.MAX_KNOWN", limit)
    known = encode_call("spoil", (np.zeros(2),), {})
    with Hosts() as hosts:
        for _ in range(2):
            one = Examinee(
                hosts.equipped(("numpy",), SETUP, (known,)), Opening(SHORT.encode(), "sample.py", setup=SETUP), Limits()
            )
            for _ in range(2):
                np.testing.assert_array_equal(one.perform(known, 5.0).value, [1, 1])
            one.close()


def test_what_is_made_ready_once_is_ready_for_another_process_too():
    known = encode_call("spoil", (np.zeros(2),), {})
    with Hosts() as hosts:
        ready = hosts.equipped(("numpy",), SETUP, (known,))
        with hosts.split() as others:
            other = others.equipped(("numpy",), SETUP, (known,))
            assert other is not ready
            assert other.unaware is other.unaware
            assert len({ready, other, ready.unaware, other.unaware}) == 4
            for host in (ready, other, ready.unaware, other.unaware):
                one = with_setup(host, SETUP)
                for _ in range(2):
                    np.testing.assert_array_equal(one.perform(known, 5.0).value, [1, 1])
                assert call(one, "size", np.ones(4)) == Returned(2.0)
                assert Used("numpy.linalg.norm", "numpy.linalg.norm") in one.used
                one.close()


def in_memory(pid, data):
    """Whether a process has it anywhere in what it can write to."""
    try:
        with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory, open(f"/proc/{pid}/maps") as maps:
            for line in maps:
                addresses, access, *rest = line.split()
                if access.startswith("rw") and "[v" not in rest[-1]:
                    start, end = (int(address, 16) for address in addresses.split("-"))
                    memory.seek(start)
                    if data in memory.read(end - start):
                        return True
    except PermissionError:
        pytest.skip("only the administrator may look into a worker host")
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="of other systems nothing is forked")
def test_a_host_that_knows_no_calls_was_never_told_any():
    known = encode_call("spoil", (np.random.default_rng().normal(size=32),), {})
    with Hosts() as hosts:
        ready = hosts.equipped(("numpy",), SETUP, (known,))
        assert tripled(ready) == tripled(ready.unaware) == Returned(6)
        assert in_memory(os.getpid(), known)
        assert not in_memory(hosts.get(("numpy",)).pid, known)


def test_a_set_that_lets_go_of_the_first_has_its_own_all_the_same():
    with Hosts() as hosts, hosts.split() as others:
        first = hosts.equipped(("numpy",), SETUP)
        own = others.equipped(("numpy",), SETUP)
        others.let_go()
        assert [host._control.fileno() for host in (first, hosts.get(("numpy",)))] == [-1, -1]
        for host in (own, others.equipped(("numpy",), Setup()), others.get(("numpy",))):
            assert tripled(host) == Returned(6)


def test_a_forked_process_splits_its_own_of_what_its_parent_has_ready():
    with Hosts() as hosts:
        parents = hosts.equipped(("numpy",), SETUP)
        others = hosts.split()
        if not (pid := os.fork()):
            try:
                own = others.equipped(("numpy",), SETUP)
                others.let_go()
                right = tripled(own) == Returned(6) and own.layers == others.get(("numpy",)).layers
                os._exit(0 if right else 1)
            finally:
                os._exit(2)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
        assert tripled(parents) == Returned(6)


def test_a_host_is_made_ready_while_the_first_one_starts():
    with Hosts() as hosts:
        host = hosts.equipped(("numpy",), SETUP)
        assert hosts.get(("numpy",))._layers is None  # nobody has waited
        assert tripled(host) == Returned(6)
        assert host.layers == hosts.get(("numpy",)).layers != ()


def test_an_older_equipped_host_ends_when_its_last_worker_has(wait_for):
    with Hosts() as hosts:
        one = with_setup(hosts.equipped(("numpy",), SETUP), SETUP)
        one.load()
        group = hosts.get(("numpy",))._process.pid
        for number in range(MAX_EQUIPPED + 2):
            hosts.equipped(("numpy",), Setup(f"# {number}"))
        assert call(one, "tripled", 2) == Returned(6)
        one.close()
        del one
        hosts.equipped(("numpy",), Setup("# the last"))  # which also reaps

        def is_ended():
            hosts.equipped(("numpy",), Setup(f"# {time.monotonic()}"))
            return count(group) <= MAX_EQUIPPED + 1  # one may have ended since, and not been reaped

        wait_for(is_ended)


def count(group):
    return sum(parent(pid) == group for pid in os.listdir("/proc") if pid.isdigit())


def test_a_setup_that_cannot_be_made_ready_is_the_graders_fault():
    broken = Setup("def tripled(:\n")
    with Hosts() as hosts:
        one = with_setup(hosts.equipped(("numpy",), broken), broken)
        with pytest.raises(SandboxError, match="a worker could not be set up: SyntaxError"):
            call(one, "tripled", 2)


def test_where_the_first_host_is_gone_a_new_one_serves():
    with Hosts() as hosts:
        first = hosts.get(("numpy",))
        _ = first.layers
        os.kill(first._process.pid, signal.SIGKILL)
        first._process.wait()
        assert tripled(hosts.equipped(("numpy",), SETUP)) == Returned(6)


def test_loading_counts_into_the_seconds_of_a_submission(host):
    """Each call ends its worker, so the file is loaded anew for each: that is the submission's own time."""
    source = "import os, time\ntime.sleep(0.5)\ndef add(*values):\n    os._exit(7)\n"
    one = Examinee(host, Opening(source.encode(), "sample.py"), Limits(check_seconds=9.0, submission_seconds=2.0))
    got = [call(one, "add", number) for number in range(30)]
    ended = sum("exited with status 7" in outcome.message for outcome in got)
    assert 1 <= ended <= 4  # each takes half a second at least
    assert "was not run: all before it took 2 s" in got[-1].message
    assert one.spent >= one.elsewhere >= 0.4 * ended  # a check is not charged for it


KILLED = "import os, signal\ndef add(a, b):\n    signal.raise_signal(signal.SIGKILL)\n"


def test_a_worker_that_kills_itself_is_the_submission_s_own(host):
    one = Examinee(host, Opening(KILLED.encode(), "sample.py"), Limits())
    assert "Killed" in call(one, "add", 1, 2).message
    one.close()


def test_a_worker_that_the_container_killed_is_no_doing_of_the_submission(host, monkeypatch):
    one = Examinee(host, Opening(KILLED.encode(), "sample.py"), Limits())
    one.load()
    monkeypatch.setattr("grader.sandbox.host.oom_kills", lambda: host._oom_kills + 1)
    with pytest.raises(SandboxError, match=r"memory ran out while the submission was at \d+ of its 1024 MiB"):
        call(one, "add", 1, 2)
    one.close()


def test_a_worker_at_its_own_limit_is_the_submission_s_own_whoever_kills_it(host, monkeypatch):
    if not host.fork:
        pytest.skip("what a process of its own had at most is not known")
    one = Examinee(host, Opening(KILLED.encode(), "sample.py"), Limits(memory=16))
    one.load()
    monkeypatch.setattr("grader.sandbox.host.oom_kills", lambda: host._oom_kills + 1)
    assert "Killed" in call(one, "add", 1, 2).message
    one.close()


TELLS = """
import os, socket

def attempt(act):
    other = os.open(os.devnull, os.O_RDWR)
    acts = {
        "close": lambda: os.close(63),
        "dup2": lambda: os.dup2(other, 63),
        "read": lambda: os.open("/proc/self/fd/63", os.O_RDONLY | os.O_NONBLOCK),
        "shut": lambda: socket.socket(fileno=63).shutdown(socket.SHUT_WR),
        "hurry": lambda: os.set_blocking(63, False),
    }
    try:
        acts[act]()
    except OSError as error:
        return type(error).__name__
    return "done"
"""


@pytest.mark.parametrize("act", ["close", "dup2", "read", "shut", "hurry"])
def test_what_is_told_goes_where_it_cannot_be_closed_replaced_or_taken_back(host, act):
    if not all(layer.active for layer in host.layers):
        pytest.skip("a wall is missing here")
    one = Examinee(host, Opening(TELLS.encode(), "sample.py"), Limits())
    assert call(one, "attempt", act) == Returned("OSError" if act == "read" else "PermissionError")
    one.close()


LOUD = """
import os

def add(a, b):
    while True:
        os.write(63, b"!0 a.b\\n" * 1000)
"""


def test_telling_without_end_stops_the_worker(host):
    limits = Limits(submission_seconds=600.0)
    one = Examinee(host, Opening(LOUD.encode(), "sample.py", setup=Setup(forbidden=("a.b",))), limits)
    got = call(one, "add", 1, 2, seconds=600.0)
    assert got == Stopped("called what is not allowed without end")
    assert one.used == {Used("a.b", "a.b")}


def test_what_is_told_is_read_while_the_call_runs(host):
    source = LOUD.replace("while True", "for _ in range(100)") + "    return a + b\n"
    limits = Limits(submission_seconds=600.0)
    one = Examinee(host, Opening(source.encode(), "sample.py", setup=Setup(forbidden=("a.b",))), limits)
    assert call(one, "add", 1, 2, seconds=600.0) == Returned(3)
    one.close()


def loaded(host, source, cells=(), names=("f",), **limits):
    opening = Opening(source.encode(), "sample.ipynb" if cells else "sample.py", cells, names)
    one = Examinee(host, opening, Limits(**limits))
    one.load()
    return one


BEFORE, AFTER = "import sys\nA = 1\ndef f(): return A, 'B' in globals()\n", "\nB = 2\n"


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("for i in range(10**12):\n    print(end='')", "took longer than 1 s"),
        ("if True:\n    while True: pass", "took longer than 1 s"),
        ("class C:\n    while True:\n        try: pass\n        except BaseException: pass", "took longer than 1 s"),
        ("x = sum(range(10**12))", "took longer than 1 s"),
        ("while True: print('x' * 10000)", "printed more than 16 MiB"),
        ("import os; os._exit(3)", "ended the process it ran in: it exited with status 3"),
    ],
)
def test_a_statement_that_stops_the_worker_costs_itself_alone(host, statement, why, monkeypatch):
    is_slow = "took longer" in why
    one = loaded(host, BEFORE + statement + AFTER, check_seconds=1.0 if is_slow else 60.0)
    line = 4
    assert one.problems == [(line, f"LeftOut: {why}")]
    assert call(one, "f") == Returned((1, True))
    started, connect = [], host.connect
    monkeypatch.setattr(host, "connect", lambda: started.append(True) or connect())
    again = Examinee(host, one.opening, one.limits)
    again.go_on_from(one)
    assert call(again, "f") == Returned((1, True))
    assert len(started) == 1  # no worker is stopped in it again
    one.close()
    again.close()


def test_a_statement_of_a_notebook_that_is_needed_and_does_not_end_costs_itself(host):
    source = "# Code cell 1\nT = []\nwhile True:\n    T.append(1); T.clear()\n# Code cell 2\ndef f(): return T"
    one = loaded(host, source, (2, 6), check_seconds=1.0)
    assert one.problems == [(3, "LeftOut: took longer than 1 s")]
    assert call(one, "f") == Returned([])
    one.close()


def test_many_statements_without_end_take_no_longer_than_a_submission_may(host):
    one = loaded(host, "while True: pass\n" * 50, check_seconds=0.5, submission_seconds=2.0)
    assert call(one, "f") == Stopped("could not be loaded: took longer than 2 s", timed_out=True)
    assert one.problems == [(0, "took longer than 2 s")]
    assert one.spent < 4


def test_what_is_printed_by_a_statement_that_is_run_again_is_shown_once(host):
    one = loaded(host, "print('once')\nwhile True: pass\nprint('after')", check_seconds=1.0)
    assert one.take_output() == "once\nafter\n"
    one.close()


@pytest.mark.parametrize("indent", ["", "    "])
def test_a_warning_of_a_notebook_names_its_cell(host, indent):
    source = f"# Code cell 1\nimport warnings\n# Code cell 2\n{indent}\n{indent}def f(): warnings.warn('hm')"
    one = loaded(host, source, (2, 4))
    call(one, "f")
    assert one.take_output() == "code cell 2, line 2: UserWarning: hm\n  def f(): warnings.warn('hm')\n"
    one.close()


def test_cells_may_wait(host):
    source = "# Code cell 1\nasync def g(): return 3\nx = await g()\n# Code cell 2\ndef f(): return x"
    one = loaded(host, source, (2, 5))
    assert one.problems == []
    assert call(one, "f") == Returned(3)
    one.close()


def test_a_host_waits_until_there_is_room_for_another_process(monkeypatch):
    refusals = [BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")] * 2

    def fork():
        if refusals:
            raise refusals.pop()
        return 7

    monkeypatch.setattr(main.os, "fork", fork)
    assert main.fork() == 7
    monkeypatch.setattr(main, "FORK_SECONDS", 0.0)
    refusals.append(BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable"))
    with pytest.raises(BlockingIOError):
        main.fork()
