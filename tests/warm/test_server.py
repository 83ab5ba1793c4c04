"""A `grade` is answered by what an earlier one left behind: the same answer, no stale one, and never in the way."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grader.cli.warm import NONE
from grader.warm import address, control

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a server is left on Linux only")

GRADE = [sys.executable, "-c", "from grader.cli.start import main; main()"]
DURATION = re.compile(rb'"duration": [\d.e-]+|\b\d+(?:\.\d+)? m?s\b')
ATTACKS = Path(__file__).parents[1] / "redteam" / "attacks"


@pytest.fixture(autouse=True)
def _runtime(tmp_path, monkeypatch):
    """Servers of a test listen where nobody else looks, and are ended with it."""
    folder = tmp_path / "runtime"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    monkeypatch.setenv("GRADER_WARM", "1")
    monkeypatch.setenv("CI", "")
    yield
    (folder / "grader").chmod(0o700)
    opened = address.open_folder(make=True)
    control.end_server(opened)
    os.close(opened)


@pytest.fixture
def command(tiny_course, tmp_path, right):
    (tmp_path / "double.py").write_text(right)
    (tmp_path / "wrong.py").write_text(right.replace("x + x", "x * 3"))
    (tmp_path / "broken.py").write_text("def double(x)\n")
    (tmp_path / "endless.py").write_text(right.replace("return x + x", "while True: pass"))
    time.sleep(0.2)  # of a course that has changed within a moment of a start nothing is kept
    return lambda *words: [*GRADE, *words, "-e", "double", "--course", str(tiny_course.root)]


@pytest.fixture
def run(command, tmp_path):
    def run(*words, **environment):
        more = {**os.environ, **environment}
        return subprocess.run(command(*words), cwd=tmp_path, env=more, capture_output=True, timeout=300)

    return run


@pytest.fixture
def run_warm(run):
    """As `run`, by a server: on a busy machine a client may have given up on it."""

    def run_warm(*words, **environment):
        for _ in range(5):
            before = answered() or 0
            done = run(*words, **environment)
            if (answered() or 0) > before:
                return done
        raise AssertionError("no server answers")

    return run_warm


def server():
    """What the server says of itself; None where there is none."""
    folder = address.open_folder()
    if folder is None:
        return None
    try:
        return control.status(folder)
    finally:
        os.close(folder)


def wait_for(condition, seconds=100.0):
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert condition()


def are_gone(processes):
    def is_gone(process):
        try:
            return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
        except OSError:
            return True

    return all(map(is_gone, processes))


def answered():
    return (server() or {}).get("answered")


def seen(done, tmp_path):
    reports = [DURATION.sub(b"", path.read_bytes()) for path in sorted((tmp_path / "reports").glob("*.html"))]
    return done.returncode, DURATION.sub(b"", done.stdout), DURATION.sub(b"", done.stderr), reports


def test_the_answer_is_that_of_a_cold_run(run, run_warm, tmp_path):
    lines = [["wrong.py"], ["broken.py"], ["wrong.py", "double.py", "-q"], ["double.py", "--json", "-"], ["none.py"]]
    for words in lines:
        cold = seen(run(*words, "--seed", "3", GRADER_WARM="0"), tmp_path)
        assert seen(run_warm(*words, "--seed", "3"), tmp_path) == cold
    seeds = {json.loads(run_warm("double.py", "--json", "-").stdout)["results"][0]["seed"] for _ in range(2)}
    assert len(seeds) == 2
    processes = server()["processes"]
    said = [
        subprocess.run([sys.executable, "-m", "grader", "warm", word], capture_output=True, text=True)
        for word in ("--status", "--stop", "--status")
    ]
    assert [done.returncode for done in said] == [0, 0, 1]
    assert f"A warm process is there (number {processes[0]}, " in said[0].stdout
    assert "ready for double." in said[0].stdout
    assert [done.stdout for done in said[1:]] == ["The warm process was ended.\n", f"{NONE}\n"]
    wait_for(lambda: are_gone(processes))


def test_it_is_never_stale(run, run_warm, tiny_course, tmp_path):
    def is_new(**environment):
        before = server()["processes"]
        time.sleep(0.2)  # what has changed within a moment of the start is not kept
        done = run("double.py", "-q", **environment)
        wait_for(lambda: are_gone(before))
        assert server()["answered"] == 0
        return done.stdout.decode()

    suite = tiny_course.root / "solutions" / "double" / "test_double.py"
    probes = tiny_course.root / "solutions" / "double" / "probes.py"
    module = tmp_path / "library" / "some_library.py"
    module.parent.mkdir()
    module.write_text("FACTOR = 2\n")
    conftest = tiny_course.root / "solutions" / "double" / "conftest.py"
    conftest.write_text(f"import sys\nsys.path.append({str(module.parent)!r})\nimport some_library\n")
    past = time.time() - 60
    time.sleep(0.2)
    assert "100/100" in run_warm("double.py", "-q").stdout.decode()
    suite.write_text(suite.read_text().replace("points(30)", "points(60)"))
    os.utime(suite, (past, past))
    assert "130/130" in is_new()
    assert "130/130" in is_new(SOME_FLAG="1")
    probes.write_text(probes.read_text() + "\n# another line\n")
    is_new(SOME_FLAG="1")
    module.write_text("FACTOR = 2.0\n")
    is_new(SOME_FLAG="1")


def test_a_server_that_is_killed_hangs_or_lies_costs_no_word(run, tmp_path):
    cold = seen(run("wrong.py", "--seed", "3"), tmp_path)
    for harm in (signal.SIGKILL, signal.SIGSTOP):
        processes = server()["processes"]
        os.kill(processes[0], harm)
        assert seen(run("wrong.py", "--seed", "3"), tmp_path) == cold
        wait_for(lambda: are_gone(processes))  # noqa: B023
        assert answered() == 0
    os.kill(server()["processes"][1], signal.SIGKILL)  # its worker host
    assert seen(run("wrong.py", "--seed", "3"), tmp_path) == cold
    folder = tmp_path / "runtime" / "grader"
    control.end_server(address.open_folder())
    (folder / address.socket_name()).write_text("no socket")
    assert seen(run("wrong.py", "--seed", "3"), tmp_path) == cold
    folder.chmod(0o755)
    assert seen(run("wrong.py", "--seed", "3"), tmp_path) == cold


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGKILL])
def test_a_run_ends_with_its_client(run, run_warm, command, tmp_path, ending):
    run_warm("double.py")
    processes, before = server()["processes"], answered()
    with subprocess.Popen(
        command("endless.py"), cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as asking:
        wait_for(lambda: answered() == before + 1)
        children = Path(f"/proc/{processes[0]}/task/{processes[0]}/children").read_text().split()
        time.sleep(0.3)
        asking.send_signal(ending)
        said = asking.communicate(timeout=300)[1]
    if ending == signal.SIGINT:
        assert (asking.returncode, said.strip()) == (1, b"Aborted!")
    assert len(children) == 1
    wait_for(lambda: are_gone(children))
    assert b"100/100" in run("double.py", "-q").stdout
    assert server()["processes"] == processes


@pytest.mark.parametrize("names", [("frame_forged_ahead", "exit_os_in_call", "kill_parent", "network_unix")])
def test_an_attack_is_worth_no_more(tmp_path, names):
    """A few of the attacks of tests/redteam, on one server."""
    words = ["-e", "softmax", "--course", str(ATTACKS.parents[2]), "--timeout", "1", "--memory", "256", "--json", "-"]
    words += ["--seed", "20240229", "--reports", str(tmp_path)]
    processes: list[list[int]] = []
    for name in names:
        attack = ATTACKS / f"{name}.py"
        for _ in range(5):
            before = answered() or 0
            done = subprocess.run([*GRADE, str(attack), *words], capture_output=True, text=True, timeout=300)
            if (answered() or 0) > before:
                break
        (result,) = json.loads(done.stdout)["results"]
        worth = re.search(r"^# worth: (\d+)(.*)$", attack.read_text(), re.MULTILINE)
        assert result["status"] == "graded"
        assert result["score"] <= float(worth[1])
        assert result["score"] == float(worth[1]) or worth[2]
        assert "THROUGH" not in done.stdout
        processes.append(server()["processes"])
    assert processes == processes[:1] * len(names)
