"""Attacks on the grader, one file each in attacks/, run by real grading.

Theory
------
A submission may do to its own process whatever it likes; it must not matter. Each attack file says in its first lines
what it tries, which exercise it pretends to solve, and what the same file deserves *without* the attack:

    # Kills the process that forked it.
    # exercise: softmax
    # worth: 100                      or "worth: 7 at most" where the attack may cost its own author points
    # proof: took longer              where it cannot print: words of the result that only a successful attempt makes
    # not allowed: torch.lstm_cell    optional: the shortcut that the result must name
    # says: took longer               optional: words that the result must have for the student
    # check seconds: 10               optional: the time limit of a check, where a second is too little for an import
    # seed: 3                         optional: the attack is right about this seed only; it must reach with it
    # machine: x86_64                 optional: the only machine whose numbers of system calls it knows
    # submission seconds: 5           optional: the time limit of all its checks together
    # open: reason                    optional: a known gap; the test must fail, and says so once the gap is closed
    # not run: reason                 optional: a known gap, through which it would end the process that judges it

An attack that looks for a name of the grader's that was renamed since would pass, as one that is worth nothing. So each
proves that it reached what it aims at: it prints REACHED at the moment when it has done what its first line says (the
object was found and changed, the call was refused, the loop has begun), never before. Where it cannot print, words of
the result are the proof, such as what became of the value that it answered with. Without the proof the test fails.
What belongs to the grader is looked for by what it does or holds, and what goes over the wire is a changed copy of what
the worker itself sends, so that an attack follows a renaming as far as it can.

Most attacks wrong nobody but themselves, so their worth is what the honest part of the file earns: a right solution
that attacks is worth 100, one that attacks where `softmax_jacobian` gets integers (4 points)
is worth 96, and a `softmax` that answers nonsense or a hunt for the reference 0.

After each attack:

- the score is what the file is worth, and the result is "graded": an attack is never the grader's fault;
- the worker host still is the same process, has no child, and no process of its own group or of an attack's making is
  left in the process table;
- no file has come, gone or changed in the course, and none has come where a worker might write;
- the attack ended within its time, and the grader needed little time of its own and hardly more memory meanwhile;
- the same right solution as before the first attack gets the same result, message by message;
- terminal, HTML and JSON hold no control, ANSI or bidirectional character, no element that runs or loads anything, and
  no secret. Secrets lie where an attack would look: in the environment of the trusted process, in the course (in the
  comments of reference and suite), beside it, in its .git/config and in the home folder. An attack that reads one
  prints it. Their places are named after the worker host's process id, which every worker can ask for, so that an
  attack need not search;
- nothing printed says THROUGH: that is what an attack prints when something forbidden worked, gain or no gain.

Attacks run only behind walls that were probed and found whole; where one is missing they are skipped, for then an
attack would be one on this machine. What they could break is kept small all the same: they signal with 0 instead of
SIGKILL where more than the worker host would die.
"""

from __future__ import annotations

import ast
import json
import os
import platform
import re
import shutil
import sys
import time
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from grader.course.course import Course
from grader.grading.examiner import Examiner
from grader.grading.settings import Settings
from grader.report import html, terminal
from grader.result import Result, document
from grader.sandbox.host import Host
from grader.sandbox.limits import Limits
from grader.submissions.submission import Submission

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the walls are Linux's")

ROOT = Path(__file__).parents[2]
ATTACKS = sorted((Path(__file__).parent / "attacks").glob("*.py"))
EXERCISES = (
    "softmax",
    "lstm_cell",
    "batchnorm",
    "multi_head_attention",
    "gan_loss",
    "cnn_classifier",
    "transformer_encoder",
    "double",
)
SECRET = "xyzzy-7301-plugh"
PLACES = "grader-redteam-{pid}"  # of secrets, by the worker host's process id
LOOT = "redteam-loot"  # in the name of every file and process that an attack tries to make
REACHED = "REACHED"  # printed by an attack that reached what it aims at

SEED = 20240229
CHECK_SECONDS, MEMORY = 1.0, 256  # the limits that the attacks run into
SUBMISSION_SECONDS = 20.0
MAX_SECONDS = 10.0  # beyond those of the submission
MAX_GROWTH, MAX_CPU = 200, 5.0  # MiB and seconds of the trusted process
MAX_LINES, MAX_TEXT = 100, 5000  # notes and forbidden calls in a result, characters of each text

DOUBLE = {  # an exercise with a hidden check: the course has none
    "exercises/double.py": '''"""Doubling."""


def double(x):
    """Twice x."""
    raise NotImplementedError
''',
    "solutions/double/reference.py": '''"""Doubling."""


def double(x):
    """Twice x."""
    return 2 * x
''',
    "solutions/double/test_double.py": '''"""The hidden suite of double."""

import numpy as np
import pytest


@pytest.mark.points(40)
@pytest.mark.hidden_input
def test_hidden(agree, rng):
    """Hidden numbers."""
    agree("double", np.array([31337.0625]))


@pytest.mark.points(30)
def test_shown(agree, rng):
    """Numbers."""
    agree("double", rng.normal(size=3))


@pytest.mark.points(30)
def test_scalar(agree, rng):
    """A number."""
    agree("double", 4.0)
''',
    "solutions/double/mistakes.py": "MISTAKES = ()\n",
}
HIDDEN_INPUT = "31337"

RUNS_OR_LOADS = {"script", "iframe", "object", "embed", "img", "form", "input", "base", "audio", "video", "frame"}
LINKS = {"href", "src", "action", "xlink:href"}


@dataclass(frozen=True)
class Attack:
    exercise: str
    source: bytes
    worth: float
    at_most: bool
    proof: str = REACHED
    not_allowed: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    check_seconds: float = CHECK_SECONDS
    submission_seconds: float = SUBMISSION_SECONDS
    seed: int = SEED
    machine: str = ""
    open: str = ""
    not_run: str = ""

    @property
    def limits(self) -> Limits:
        return Limits(self.check_seconds, self.submission_seconds, MEMORY)

    @property
    def patient(self) -> Attack:
        """The same with time to spare."""
        return replace(self, check_seconds=10 * self.check_seconds, submission_seconds=10 * self.submission_seconds)

    @staticmethod
    def read(path: Path) -> Attack:
        return Attack.parse(path.read_bytes())

    @staticmethod
    def parse(source: bytes) -> Attack:
        header = header_of(source)
        worth, _, bound = header["worth"][0].partition(" ")
        return Attack(
            exercise=header["exercise"][0],
            source=source,
            worth=float(worth),
            at_most=bound == "at most",
            proof=header.get("proof", [REACHED])[0],
            not_allowed=tuple(header.get("not allowed", ())),
            says=tuple(header.get("says", ())),
            check_seconds=float(header.get("check seconds", [CHECK_SECONDS])[0]),
            submission_seconds=float(header.get("submission seconds", [SUBMISSION_SECONDS])[0]),
            seed=int(header.get("seed", [SEED])[0]),
            machine=header.get("machine", [""])[0],
            open=header.get("open", [""])[0],
            not_run=header.get("not run", [""])[0],
        )


def header_of(source: bytes) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    names = "exercise|worth|proof|not allowed|says|check seconds|submission seconds|seed|machine|open|not run"
    for line in source.decode("utf-8-sig", "replace").splitlines()[:10]:
        if match := re.match(rf"# ({names}): (.+)", line):
            found.setdefault(match[1], []).append(match[2].strip())
    return found


@dataclass
class Bench:
    """A worker host, the course that it grades, and the secrets around both."""

    host: Host
    course: Course
    home: Path
    examiners: dict[str, Examiner] = field(default_factory=dict)
    right: dict[str, list[object]] = field(default_factory=dict)

    @property
    def pid(self) -> int:
        return self.host._process.pid

    @property
    def folder(self) -> Path:
        return self.course.root.parent

    def grade(self, exercise: str, source: bytes, limits: Limits, seed: int = SEED) -> Result:
        if exercise not in self.examiners:
            self.examiners[exercise] = Examiner(self.course.exercise(exercise))
        submission = Submission(f"{exercise}.py", exercise, source)
        return self.examiners[exercise].grade(submission, self.host, Settings(seed, limits))

    def grade_right(self, exercise: str) -> list[object]:
        # With time to spare: on a busy machine an honest submission may need more than the second that attacks get.
        limits = Limits(10 * CHECK_SECONDS, memory=MEMORY)
        result = self.grade(exercise, self.course.exercise(exercise).reference.encode(), limits)
        checks = [(check.id, check.status, check.score, check.message, check.printed) for check in result.checks]
        return [result.status, result.score, result.error, result.not_allowed, result.notes, *checks]

    def prepare(self, exercise: str) -> None:
        """Grades a right solution twice, the second time with nothing left to be loaded, to compare with later."""
        if exercise not in self.right:
            self.grade_right(exercise)
            self.right[exercise] = self.grade_right(exercise)
            assert self.right[exercise][:2] == ["graded", 100.0]


def make_bench(host: Host, secret_in_home: Path, folder: Path) -> Bench:
    course = folder / "course"
    shutil.copytree(ROOT / "exercises", course / "exercises")
    ignored = shutil.ignore_patterns("__pycache__")
    for name in {*EXERCISES} - {"double"}:
        shutil.copytree(ROOT / "solutions" / name, course / "solutions" / name, ignore=ignored)
    (course / "solutions" / "double").mkdir()
    for name, text in DOUBLE.items():
        (course / name).write_text(text, encoding="utf-8")
    for path in [*(course / "solutions").glob("*/*.py")]:
        if path.name.startswith(("reference", "test_", "mistakes")):
            path.write_text(f"{path.read_text(encoding='utf-8')}\n# {SECRET}\n", encoding="utf-8")
    for repository in (folder, course):
        (repository / ".git").mkdir()
        (repository / ".git" / "config").write_text(f'[remote "origin"]\n\turl = https://{SECRET}@example.org/\n')
    (folder / "secret.txt").write_text(SECRET)
    secret_in_home.write_text(SECRET)
    return Bench(host, Course(course), secret_in_home)


class Benches:
    """Exercise → its bench, made when it is asked for. Exercises with the same libraries share one worker host."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, ...], Bench] = {}
        self._places: list[Path] = []

    def __getitem__(self, exercise: str) -> Bench:
        libraries = ("numpy",) if exercise == "double" else Course(ROOT).exercise(exercise).libraries
        if libraries not in self._made:
            host = Host(libraries)
            if not all(layer.active for layer in host.layers):
                host.close()
                pytest.skip("a wall is missing here (see `grader doctor`): these attacks would be real")
            place = PLACES.format(pid=host._process.pid)
            self._places += [Path.home() / f".{place}", Path("/tmp", place)]
            self._made[libraries] = make_bench(host, *self._places[-2:])
        self._made[libraries].prepare(exercise)
        return self._made[libraries]

    def close(self) -> None:
        for bench in self._made.values():
            bench.host.close()
        for place in self._places:
            shutil.rmtree(place) if place.is_dir() else place.unlink(missing_ok=True)


@pytest.fixture(scope="module")
def benches() -> Iterator[Benches]:
    os.environ["GRADER_TEST_SECRET"] = SECRET
    made = Benches()
    try:
        yield made
    finally:
        del os.environ["GRADER_TEST_SECRET"]
        made.close()


def files(bench: Bench) -> dict[str, object]:
    """What must be the same before and after: the course with all that lies beside it, and names elsewhere."""
    seen: dict[str, object] = {}
    for path in [bench.home, bench.folder, *bench.folder.rglob("*")]:
        if "__pycache__" not in path.parts:
            facts = path.lstat()
            seen[str(path)] = (facts.st_mode, facts.st_uid, facts.st_size, facts.st_mtime_ns, facts.st_nlink)
    site_packages = Path(np.__file__).parents[1]
    for folder in (Path.home(), site_packages, Path("/"), Path("/var/tmp")):
        if folder.is_dir():
            seen[str(folder)] = sorted(name for name in os.listdir(folder) if not re.search(r"^\.?grader-", name))
    for folder in (Path("/tmp"), Path("/dev/shm"), Path.cwd(), ROOT):  # others write there too
        seen[str(folder)] = sorted(name for name in os.listdir(folder) if LOOT in name)
    return seen


def left_behind(host: int) -> list[str]:
    """Processes that only a submission can have started: children of the worker host or in its group, or marked."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal() or int(entry.name) == host:
            continue
        try:
            stat = (entry / "stat").read_text().rpartition(")")[2].split()
            command = (entry / "cmdline").read_bytes().decode("utf-8", "replace")
        except OSError:  # it has just ended
            continue
        parent, group, leader = map(int, stat[1:4])
        if host in (parent, group, leader) or LOOT in command:
            found.append(f"{entry.name}: {command}")
    return found


class Elements(HTMLParser):
    """Finds what has no place in a report: elements and attributes that run or load something."""

    def __init__(self) -> None:
        super().__init__()
        self.bad: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in RUNS_OR_LOADS:
            self.bad.append(tag)
        for name, value in attributes:
            leads_out = name in LINKS and not (value or "").startswith(("#", "data:,"))
            if name.startswith("on") or leads_out:
                self.bad.append(f"{tag} {name}={value}")


def unclean(text: str) -> set[str]:
    """Characters that steer a terminal or a reader's eye: control, format, surrogates, line separators."""
    kinds = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    return {repr(character) for character in set(text) - {"\n", "\t"} if unicodedata.category(character) in kinds}


@pytest.mark.parametrize("path", ATTACKS, ids=lambda path: path.stem)
def test_attack(path: Path, benches: Benches, monkeypatch: pytest.MonkeyPatch, within, request) -> None:
    attack = Attack.read(path)
    if attack.machine not in ("", platform.machine()):
        pytest.skip(f"knows the system calls of {attack.machine} only")
    if attack.not_run:
        pytest.skip(f"a known gap: {attack.not_run}")
    bench = benches[attack.exercise]
    host, before, memory = bench.pid, files(bench), memory_in_use()

    tries = attack, attack.patient  # on a busy machine the first may end before it reaches its aim
    for attack in tries:
        start, cpu = time.monotonic(), time.process_time()
        result = bench.grade(attack.exercise, attack.source, attack.limits)
        elapsed = time.monotonic() - start
        cpu = time.process_time() - cpu
        if is_reached := has_reached(attack, bench, result):
            break
    if cpu >= MAX_CPU:  # what known mistakes answer is found out once for a class, at its first wrong submission
        cpu = time.process_time()
        bench.grade(attack.exercise, attack.source, attack.limits)
        cpu = time.process_time() - cpu
    growth = peak_memory() - memory

    assert result.status == "graded", result.error
    assert result.score is not None
    assert is_reached, "the attack did not reach what it aims at"
    if attack.open:  # only now: also a known gap has to be reached
        request.applymarker(pytest.mark.xfail(reason=attack.open, strict=True, raises=AssertionError))
    assert result.score <= attack.worth + 1e-9
    assert attack.at_most or result.score == pytest.approx(attack.worth), messages(result)
    assert bench.host._process.poll() is None
    assert bench.pid == host
    assert left_behind(host) == []
    assert files(bench) == before
    assert within(elapsed, attack.submission_seconds + MAX_SECONDS)
    assert growth < MAX_GROWTH
    assert within(cpu, MAX_CPU)
    assert max(len(result.notes), len(result.not_allowed)) <= MAX_LINES
    assert max(map(len, [*result.notes, *result.not_allowed, *(check.message for check in result.checks)])) < MAX_TEXT
    assert bench.grade_right(attack.exercise) == bench.right[attack.exercise]

    told = messages(result)
    assert "THROUGH" not in told
    assert HIDDEN_INPUT not in told
    for words in attack.says:
        assert words in told
    for name in attack.not_allowed:
        assert name in result.not_allowed
    assert_clean(result, monkeypatch)


def has_reached(attack: Attack, bench: Bench, result: Result) -> bool:
    """Whether the attack did what it says. One that is right about a single seed shows it with that seed."""
    if attack.seed != SEED:
        result = bench.grade(attack.exercise, attack.source, attack.limits, attack.seed)
    return attack.proof in messages(result)


def messages(result: Result) -> str:
    causes = [f"{cause.message} {cause.advice}" for cause in result.causes]
    return "\n".join([*result.notes, *causes, *(f"{check.message}\n{check.printed}" for check in result.checks)])


def assert_clean(result: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    # Without the grader's own colours every escape sequence left is the student's.
    monkeypatch.setattr(terminal.click, "style", lambda text, **_: text)
    page = html.render(result)
    written = {
        "terminal": f"{terminal.summary(result)}\n{terminal.line(result)}",
        "html": page,
        "json": json.dumps(document([result]), indent=2),
    }
    for place, text in written.items():
        assert unclean(text) == set(), place
        assert SECRET not in text, place
        text.encode()
    assert SECRET not in repr(result)
    assert "<script" not in page.lower()
    elements = Elements()
    elements.feed(page)
    assert elements.bad == []


def memory_in_use() -> int:
    """MiB that this process has; what it had at most is counted from here on."""
    Path("/proc/self/clear_refs").write_text("5")
    return memory("VmRSS")


def peak_memory() -> int:
    return memory("VmHWM")


def memory(what: str) -> int:
    found = re.search(rf"{what}:\s*(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found[1]) >> 10


def test_there_are_enough_attacks() -> None:
    assert len(ATTACKS) >= 210


@pytest.mark.parametrize("path", ATTACKS, ids=lambda path: path.stem)
def test_header(path: Path) -> None:
    """Every file says in one sentence what it tries, and has one proof that it reached it."""
    source = path.read_bytes()
    first, second, third, *_ = source.decode("utf-8", "replace").lstrip("\ufeff").splitlines()
    assert first.startswith("# ")
    assert first.endswith(".")
    assert second.removeprefix("# exercise: ") in EXERCISES
    assert third.startswith("# worth: ")
    assert ("proof" in header_of(source)) != (REACHED.encode() in source)
    assert unconditional_claims(source) == []


def unconditional_claims(source: bytes) -> list[int]:
    """Lines that print REACHED whatever happened: at the top level of the file, where a statement runs also after one
    that failed, or as the first of a function."""
    if REACHED.encode() not in source:
        return []  # need not be Python
    tree = ast.parse(source)
    loose: list[ast.stmt] = []
    waiting = [*tree.body]
    while waiting:
        statement = waiting.pop()
        if isinstance(statement, (ast.For, ast.With)):
            waiting += statement.body
        elif isinstance(statement, ast.Expr):
            loose.append(statement)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    loose += [function.body[0] for function in functions if isinstance(function.body[0], ast.Expr)]
    return sorted(statement.lineno for statement in loose if REACHED in ast.unparse(statement))


LOOKS_FOR_A_NAME = b"""\
import sys

frame = sys._getframe()
while frame and "renamed_long_ago" not in frame.f_locals:
    frame = frame.f_back
if frame:
    found = frame.f_locals["renamed_long_ago"]
    print("REACHED", found is not None)
"""


def test_an_attack_that_misses_is_found_out(benches: Benches) -> None:
    bench = benches["softmax"]
    misses = Attack.parse(b"# Clears a list.\n# exercise: softmax\n# worth: 0\n" + LOOKS_FOR_A_NAME)
    reaches = replace(misses, source=misses.source.replace(b"renamed_long_ago", b"frame"))
    waits = replace(misses, proof="took longer")

    for attack, hit in [(misses, False), (reaches, True), (waits, False)]:
        result = bench.grade(attack.exercise, attack.source, attack.limits)
        assert result.score == 0
        assert has_reached(attack, bench, result) is hit


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        (b"print('REACHED')", [1]),
        (b"import os\nfor _ in range(3):\n    print('REACHED')", [3]),
        (b"def attack():\n    print('REACHED')\n    return 1", [2]),
        (b"if found:\n    print('REACHED')", []),
        (b"try:\n    act()\nexcept OSError:\n    print('REACHED')", []),
        (b"def attack():\n    answer = act()\n    print('REACHED')\n    return answer", []),
    ],
)
def test_a_claim_needs_a_condition(source: bytes, lines: list[int]) -> None:
    assert unconditional_claims(source) == lines
