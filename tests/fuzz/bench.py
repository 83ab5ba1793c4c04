"""A place to grade in, with files of every exercise and a copy of the grader: for tests/fuzz/warm.py."""

from __future__ import annotations

import json
import os
import pty
import random
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from grader.course.course import Course
from grader.suite.edits import EditError, edited
from grader.suite.mistakes import load_mistakes
from grader.warm import address, control

ROOT = Path(__file__).parents[2]
CODE = "from grader.cli.start import main; main()"
DURATION = re.compile(rb'"duration": [\d.e+-]+|time="[\d.e+-]+"|\b\d+(?:\.\d+)? m?s\b')


class Bench:
    """A copy of the grader and its course, with files to grade. `rng`: decides everything."""

    def __init__(self, folder: Path, rng: random.Random) -> None:
        self.folder, self.rng = folder, rng
        self.code, self.course, self.files = folder / "code", folder / "course", folder / "files"
        ignored = shutil.ignore_patterns("__pycache__", "builtin")
        shutil.copytree(ROOT / "grader", self.code / "grader", ignore=ignored)
        for name in ("exercises", "solutions"):
            shutil.copytree(ROOT / name, self.course / name, ignore=ignored)
        self.runtime = folder / "runtime"
        self.runtime.mkdir(mode=0o700)
        self.files.mkdir()
        self.runs = self.answered = 0
        self.quick: list[str] = []  # exercises in NumPy
        self.slow: list[str] = []  # in torch
        self.words: list[str] = []  # of the command that harm is done to
        self.exercise = ""  # of the same
        self.hosts: list[Any] = []  # hostile servers, to be closed
        self.mends: list[Callable[[], object]] = []  # what undoes a harm
        left_out = ("GRADER_COURSE", "GRADER_WARM", "PYTHONPATH")
        kept = {name: value for name, value in os.environ.items() if name not in left_out}
        self.environment = {**kept, "CI": "", "XDG_RUNTIME_DIR": str(self.runtime), "PYTHONPATH": str(self.code)}
        self.environment |= {"XDG_CACHE_HOME": str(folder / "cache"), "PYTHONDONTWRITEBYTECODE": ""}

    def write_files(self) -> None:
        """Right, wrong and broken files of every exercise, notebooks among them."""
        course = Course(self.course)
        for name in course.names:
            exercise = course.exercise(name)
            (self.slow if "torch" in exercise.libraries else self.quick).append(name)
            texts = {"right": exercise.reference, "stub": exercise.stub.read_text(encoding="utf-8")}
            for mistake in load_mistakes(exercise.mistakes):
                with suppress(EditError):
                    texts[mistake.id] = edited(exercise.reference, mistake.variants[0])
            for kind, text in texts.items():
                folder = self.files / name
                (folder / kind).mkdir(parents=True, exist_ok=True)
                (folder / kind / f"{name}.py").write_text(text, encoding="utf-8")
            self.write_odd(name, texts["right"])

    def write_odd(self, name: str, right: str) -> None:
        odd: dict[str, bytes] = {
            "empty.py": b"",
            "bytes.py": bytes(range(256)),
            "half.py": right.encode()[: len(right) // 2],
            "raises.py": f"{right}\nraise RuntimeError('at the end')\n".encode(),
            "prints.py": f"print('a\\x1b[31m line')\n{right}\nprint('ü' * 300)\n".encode(),
            "exits.py": f"{right}\nimport os\nos._exit(3)\n".encode(),
            "crlf.py": b"\xef\xbb\xbf" + right.replace("\n", "\r\n").encode(),
            "opens.py": f"{right}\nopen('/etc/passwd').read()\n".encode(),
            "ends.ipynb": b'{"cells": [',
            "whole.ipynb": notebook(right).encode(),
            "broken.ipynb": notebook(f"{right}\n", "1 / 0\n", "%matplotlib inline\n!ls\n", "def f(:\n").encode(),
        }
        for file, body in odd.items():
            (self.files / name / file).write_bytes(body)

    def run(self, words: list[str], *, warm: bool, terminal: bool = False, during: Callable[[], None] | None = None,
            **environment: str) -> list[bytes]:  # fmt: skip
        """What a run says and writes, without durations."""
        self.runs += 1
        written = self.folder / "written"
        shutil.rmtree(written, ignore_errors=True)
        written.mkdir()
        more = {**self.environment, "GRADER_WARM": "1" if warm else "0", **environment}
        command = [sys.executable, "-P", "-c", CODE, *words]
        with ExitStack() as stack:
            output = stack.enter_context(seen_by_terminal()) if terminal else None
            process = subprocess.Popen(
                command, cwd=self.files, env=more, stdin=subprocess.DEVNULL,
                stdout=output.fd if output else subprocess.PIPE, stderr=subprocess.PIPE,
            )  # fmt: skip
            if during:
                threading.Thread(target=during, daemon=True).start()
            said, errors = process.communicate(timeout=300)
        said = output.read() if output else said
        pages = [path.name.encode() + path.read_bytes() for path in sorted(written.rglob("*")) if path.is_file()]
        return [DURATION.sub(b"#", body) for body in (b"%d" % process.returncode, said, errors, *pages)]

    def line(self, names: tuple[str, ...] = ()) -> tuple[list[str], dict[str, str], bool]:
        """Words of a command, environment, and whether it is run at a terminal."""
        rng = self.rng
        name = rng.choice(names or (self.slow if rng.random() < 0.04 else self.quick))
        files = [rng.choice(sorted((self.files / name).rglob("*.*")))]
        words = ["--course", str(self.course), "--seed", str(rng.randrange(3)), "--reports", "../written/r"]
        if files[0].stem != name:
            words += ["-e", name] if rng.random() < 0.95 else []
        elif rng.random() < 0.2:
            files += [path for path in sorted((self.files / name).rglob(f"{name}.py")) if rng.random() < 0.3]
        if rng.random() < 0.04:
            files.append(self.files / rng.choice(["none.py", "softmax.txt", "../files"]))
        for option in (["-q"], ["-v"], ["--json", "-"], ["--json", "../written/j"], ["--junit", "../written/x"],
                       ["--summary", "../written/s"], ["--timeout", "2"], ["--memory", "512"], ["--total", "20"],
                       ["--allow-unsandboxed"]):  # fmt: skip
            words += option if rng.random() < 0.12 else []
        if rng.random() < 0.03:
            words += rng.choice([["--seed", "-1"], ["--timeout", "x"], ["--nonsense"], ["--json"], ["-e", "nothing"]])
        environment = rng.choice([{}, {"COLUMNS": "60"}, {"COLUMNS": "80"}, {"COLUMNS": "200"}])
        environment = {"NO_COLOR": "1"} if rng.random() < 0.03 else environment
        shown = [os.path.relpath(path, self.files) if rng.random() < 0.5 else str(path) for path in files]
        whole = [*shown, *words]
        if rng.random() < 0.2:
            whole = [*words, "--", *shown]
        return whole, environment, rng.random() < 0.3

    @contextmanager
    def as_copy(self) -> Iterator[None]:
        """Within it this process looks for the server of the copy."""
        kept, address.PACKAGE = address.PACKAGE, str(self.code / "grader")
        os.environ["XDG_RUNTIME_DIR"] = str(self.runtime)
        try:
            yield
        finally:
            address.PACKAGE = kept

    def socket(self) -> Path:
        """Where a server of the copy listens."""
        with self.as_copy():
            return self.runtime / "grader" / address.socket_name()

    def server(self) -> list[int]:
        """The processes of the server: itself, and its worker hosts. Notes how often it has answered."""
        with self.as_copy():
            folder = address.open_folder()
            found = control.status(folder) if folder is not None else None
        if folder is not None:
            os.close(folder)
        self.answered = found["answered"] if found else 0
        return found["processes"] if found else []

    def stop(self) -> None:
        command = [sys.executable, "-P", "-m", "grader", "warm", "--stop"]
        subprocess.run(command, env=self.environment, cwd=self.files, capture_output=True, check=True)


def notebook(*cells: str) -> str:
    made = [{"cell_type": "code", "source": cell, "metadata": {}, "outputs": []} for cell in cells]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


class Screen:
    def __init__(self, theirs: int, ours: int) -> None:
        self.fd, self._ours = theirs, ours
        self._said = bytearray()
        self._reading = threading.Thread(target=self._read)
        self._reading.start()

    def _read(self) -> None:
        with suppress(OSError):
            while chunk := os.read(self._ours, 1 << 16):
                self._said += chunk

    def read(self) -> bytes:
        self._reading.join()
        return bytes(self._said)


@contextmanager
def seen_by_terminal() -> Iterator[Screen]:
    """Both ends of a terminal; what is said there can be read once it is closed."""
    ours, theirs = pty.openpty()
    yield Screen(theirs, ours)
    os.close(theirs)
