"""Runs of `grade` that a warm process may answer, beside cold ones; and harm that is done to it meanwhile.

    python tests/fuzz/warm.py [RUNS] [HARMS]

First RUNS command lines, of mixed files, exercises, options and terminals: each is run cold and warm under one seed,
and all that is said and written must be the same, byte by byte, but for durations. Then HARMS times something is
killed, stopped, edited, replaced or made hostile before or during a run, and the answer must be that of a cold run
afterwards; and each hostile server may cost a client a moment only. In the end nothing may be left running. A copy of
the package is used, whose code can be edited. Linux only.
The short run is tests/warm/test_server.py.
"""

from __future__ import annotations

import ctypes
import os
import random
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from bench import Bench

from grader.warm import address, client

HARMED = ("softmax", "metrics", "lr_schedule", "pooling")  # exercises that are quick
PR_SET_CHILD_SUBREAPER = 36
PATIENCE = 0.06  # seconds that a hostile server may cost; one that has said that it is alive is given longer


def difference(cold: list[bytes], warm: list[bytes]) -> str:
    for one, other in zip(cold, warm, strict=False):
        if one != other:
            at = next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), 0)
            return f"cold {one[max(at - 80, 0) : at + 200]!r}\nwarm {other[max(at - 80, 0) : at + 200]!r}"
    return f"{len(cold)} and {len(warm)} files" if len(cold) != len(warm) else ""


def compare(bench: Bench, runs: int) -> int:
    """How many of the runs were not the same."""
    wrong = warm = 0
    for number in range(runs):
        words, environment, terminal = bench.line()
        kept = bench.rng.choice([{}, {"XDG_CACHE_HOME": "nowhere"}])  # where not, pytest collects the suite
        cold = bench.run(words, warm=False, terminal=terminal, **environment, **kept)
        before = bench.answered if bench.server() else 0
        told = difference(cold, bench.run(words, warm=True, terminal=terminal, **environment))
        warm += bool(bench.server()) and bench.answered > before
        if told:
            wrong += 1
            print(f"run {number}: {environment} {' '.join(words)}\n{told}", flush=True)
        if number % 50 == 49:
            print(f"{number + 1} runs: {wrong} differ, {warm} were answered by a warm process", flush=True)
    return wrong


def harm_processes(bench: Bench) -> tuple[str, Callable[[], None] | None]:
    """Kills or stops the server, one of its worker hosts or a visit; before a run, or during it."""
    number = bench.rng.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP, signal.SIGSEGV])
    which, delay = bench.rng.choice([0, 0, 1, "child"]), bench.rng.choice([0, bench.rng.uniform(0, 0.3)])
    if which == "child":
        number, delay = signal.SIGKILL, delay or 0.05
    elif which == 1 and number == signal.SIGSTOP:
        number = signal.SIGKILL
    processes = bench.server()

    def harm() -> None:
        time.sleep(delay)
        with suppress(OSError, IndexError, ValueError):
            if which == "child":
                children = Path(f"/proc/{processes[0]}/task/{processes[0]}/children").read_text().split()
                os.kill(int(children[-1]), number)
            else:
                os.kill(processes[which], number)

    label = f"{number.name} to {which} after {delay:.3f} s"
    if delay:
        return label, harm
    harm()
    return label, None


def harm_course(bench: Bench) -> tuple[str, None]:
    """Edits what a suite is made of, with the time of change put back half of the time."""
    folder = bench.course / "solutions" / bench.exercise
    suite = folder / f"test_{bench.exercise}.py"
    kind = bench.rng.choice(["suite", "mistakes", "reference", "conftest", "shared", "stub", "gone"])
    path = {
        "suite": suite, "gone": suite, "mistakes": folder / "mistakes.py", "reference": folder / "reference.py",
        "conftest": folder / "conftest.py", "shared": bench.course / "solutions" / "helpers.py",
        "stub": bench.course / "exercises" / f"{bench.exercise}.py",
    }[kind]  # fmt: skip
    before = path.stat() if path.exists() else None
    text = path.read_text(encoding="utf-8") if before else ""
    if kind == "suite":
        text = re.sub(r"points\((\d+)\)", lambda found: f"points({int(found[1]) + 1})", text, count=1)
    elif kind == "mistakes":
        text = text.replace("Mistake(\n", f"Mistake(  # {bench.runs}\n", 1)
    elif kind == "stub":
        text = re.sub(r'^"""\w*', f'"""Edited{bench.runs}', text)
    elif kind == "gone":
        text = text.replace("def test_", "def tested_", 1)
    else:
        text += f"\n# {bench.runs}\n"
    path.write_text(text, encoding="utf-8")
    if before and bench.rng.random() < 0.5:
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    return f"{kind} edited", None


def harm_code(bench: Bench) -> tuple[str, None]:
    """Another version of the grader: what it says at a terminal has a mark."""
    bench.words.append("-q")
    path = bench.code / "grader" / "report" / "terminal.py"
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"def line\((.*?)\n    return ", rf"def line(\1\n    return 'v{bench.runs} ' + ", text, flags=re.S)
    path.write_text(re.sub(r"('v\d+ ' \+ )+", f"'v{bench.runs} ' + ", text), encoding="utf-8")
    return "another version", None


def harm_socket(bench: Bench) -> tuple[str, None]:
    """Something else where the server listens."""
    path = bench.socket()
    bench.stop()
    path.parent.mkdir(mode=0o700, exist_ok=True)
    kind = bench.rng.choice([*HOSTS, "file", "link to nothing", "link to a server", "folder of others", "folder link"])
    if kind in HOSTS:
        bench.hosts.append(Hostile(path, HOSTS[kind]))
    elif kind == "file":
        path.write_bytes(b"A" * 100)
    elif kind == "link to nothing":
        path.symlink_to("/nonexistent")
    elif kind == "link to a server":
        bench.hosts.append(Hostile(bench.folder / f"s{bench.runs}", HOSTS["garbage"]))
        path.symlink_to(bench.folder / f"s{bench.runs}")
    elif kind == "folder of others":
        path.parent.chmod(0o777)
        bench.mends.append(lambda: path.parent.chmod(0o700))
    else:
        moved = path.parent.rename(bench.folder / "moved")
        path.parent.symlink_to(moved)
        bench.mends.append(lambda: (path.parent.unlink(), moved.rename(path.parent)))
    return kind, None


def harm_disk(bench: Bench) -> tuple[str, None]:
    """No room where the server would listen; only root can have that."""
    if os.geteuid():
        return "nothing", None
    bench.stop()
    small = ["mount", "-t", "tmpfs", "-o", "size=4k,nr_inodes=1,mode=700", "tmpfs", str(bench.runtime)]
    if subprocess.run(small, capture_output=True).returncode:
        return "nothing", None
    bench.mends.append(lambda: subprocess.run(["umount", str(bench.runtime)], check=True))
    return "a full disk", None


class Hostile:
    """Listens where a server would, and says what it should not."""

    def __init__(self, path: Path, talk: Callable[[socket.socket], None]) -> None:
        self.path, self._talk = path, talk
        self._listener = socket.socket(socket.AF_UNIX)
        folder = os.open(path.parent, os.O_RDONLY)
        self._listener.bind(f"/proc/self/fd/{folder}/{path.name}")
        os.close(folder)
        self._listener.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                with connection, suppress(OSError):
                    self._talk(connection)

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


def saying(*said: bytes, times: int = 1, pause: float = 0.0) -> Callable[[socket.socket], None]:
    def talk(connection: socket.socket) -> None:
        for each in (*said[:-1], *said[-1:] * times):
            connection.sendall(each)
            time.sleep(pause)

    return talk


HOSTS = {
    "silent": saying(b"", pause=5),
    "gone": saying(b""),
    "garbage": saying(random.randbytes(1000), times=1000),
    "zeros, slowly": saying(b"\0", times=200, pause=0.02),
    "alive, then silent": saying(b"A", pause=5),
    "alive, then garbage": saying(b"A" * 1000, times=1000),
    "alive and ready, then garbage": saying(b"AR", b"X" * 1000, times=1000),
    "alive and ready, then gone": saying(b"AR"),
    "half an end": saying(b"ARE"),
}
HARMS = (harm_processes, harm_processes, harm_processes, harm_course, harm_code, harm_socket, harm_socket, harm_disk)


def harmed(bench: Bench, times: int) -> int:
    """How many of the answers were not right."""
    wrong, kinds = 0, Counter[str]()
    for number in range(times):
        words, environment, terminal = bench.line(HARMED)
        words = [*words[words.index("--") + 1 :], *words[: words.index("--")]] if "--" in words else words
        bench.words = words
        bench.exercise = next(name for name in HARMED if any(f"{name}/" in word for word in words))
        if not bench.server():
            bench.run(words, warm=True, **environment)
        time.sleep(0.1)  # of what has changed within a moment of a start nothing is kept
        label, during = bench.rng.choice(HARMS)(bench)
        kinds[label.partition(" after")[0]] += 1
        try:
            warm = bench.run(words, warm=True, terminal=terminal, during=during, **environment)
        finally:
            for mend in bench.mends:
                mend()
            for host in bench.hosts:
                host.close()
            bench.hosts, bench.mends = [], []
        told = difference(bench.run(words, warm=False, terminal=terminal, **environment), warm)
        if told:
            wrong += 1
            print(f"harm {number}: {label}, {environment} {' '.join(words)}\n{told}", flush=True)
        if number % 50 == 49:
            print(f"{number + 1} harms: {wrong} answers were not right", flush=True)
    print(f"{times} harms: {wrong} answers were not right; {dict(kinds)}", flush=True)
    return wrong


def costs(bench: Bench) -> int:
    """How many hostile servers cost a client more than they may."""
    wrong = 0
    sys.argv = ["grade", "softmax.py"]
    bench.stop()
    os.environ["XDG_RUNTIME_DIR"] = str(bench.runtime)
    path = bench.runtime / "grader" / address.socket_name()
    for kind, talk in HOSTS.items():
        taken = []
        for _ in range(5):
            path.unlink(missing_ok=True)
            host = Hostile(path, talk)
            start = time.perf_counter()
            assert client.ask(client.stamp()) is None
            taken.append(time.perf_counter() - start)
            host.close()
        path.unlink(missing_ok=True)
        least = min(taken)
        print(f"{kind}: {1000 * least:.0f} ms, median {1000 * statistics.median(taken):.0f}", flush=True)
        wrong += least > PATIENCE + (client.LONGEST_START if kind == "alive, then silent" else 0)
    return wrong


def left_running() -> list[str]:
    """The commands of processes that were started here, directly or not."""
    end = time.monotonic() + 10
    while (found := [line for line in descendants(os.getpid()) if line]) and time.monotonic() < end:
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        time.sleep(0.1)
    return found


def descendants(process: int) -> Iterator[str]:
    for task in Path(f"/proc/{process}/task").iterdir():
        for child in (task / "children").read_text().split():
            with suppress(OSError):
                state = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0]
                yield "" if state == "Z" else f"{child} {Path(f'/proc/{child}/cmdline').read_text()[-200:]!r}"
                yield from descendants(int(child))


def main() -> None:
    runs, harms = (int(word) for word in (*sys.argv[1:], *("500", "200")[len(sys.argv) - 1 :]))
    seed = int(os.environ.get("SEED", random.randrange(2**32)))
    print(f"seed {seed}", flush=True)
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), random.Random(seed))
        bench.write_files()
        wrong = compare(bench, runs) + harmed(bench, harms) + costs(bench)
        bench.stop()
        left = left_running()
    for line in left:
        print(f"left running: {line}")
    sys.exit(1 if wrong or left else 0)


if __name__ == "__main__":
    main()
