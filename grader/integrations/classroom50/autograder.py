"""Grades what a student pushed, for Classroom 50: it runs this file in the checkout and takes result.json from there.

Nothing of the checkout is run or imported here: it is data, which the grader reads and runs behind its sandbox. The
grader is the wheel beside this file. It is installed, with the packages of requirements.txt, into an environment of its
own, which grades and leaves behind what result.json is made of. Whatever goes wrong on the way is no loss of marks: a
complete result.json that claims no score is there before anything is done, and stands until there is a better one.
"""

from __future__ import annotations

import os
import sys

# What PYTHONPATH names, or an empty entry of it, may be the checkout, and would come before the standard library.
NAMED = [os.path.abspath(folder) for folder in os.environ.get("PYTHONPATH", "").split(os.pathsep)]
sys.path[:] = [folder for folder in sys.path if folder not in NAMED]

import contextlib
import html
import json
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

OLDEST = (3, 11)
INSTALL_SECONDS = 360.0  # of the whole deadline
SPARE_SECONDS = 15.0  # to write what came of it
NO_FAULT = "This is no fault of yours and costs no points: run the job again, or tell your teacher."
RESULT, BODY, REPORT = "result.json", "release-body.md", "report.html"
NOTHING: dict[str, Any] = {"score": 0, "max-score": 0, "tests": []}
PAGE = '<!DOCTYPE html>\n<html lang="en">\n<meta charset="utf-8">\n<title>Not graded</title>\n<p>{}</p>\n</html>\n'
MAX_TOLD = 1500  # characters of what a command said


class Mishap(Exception):
    """Why nothing was graded, which is never the student's fault. The message is for the teacher."""


def main() -> int:
    start = time.monotonic()
    here, checkout = Path(__file__).resolve().parent, Path.cwd()
    outcome: dict[str, Any] = {}
    work, is_there = None, False
    try:
        publish(checkout, {}, "The grader did not finish.")
        is_there = True
        work = Path(tempfile.mkdtemp(prefix="grader-"))
        os.chdir(work)  # from here on no name without a folder is the student's
        plan = json.loads((here / "assignment.json").read_text(encoding="utf-8"))
        end = start + plan["deadline"]
        python = install(here, work, plan, min(end, start + INSTALL_SECONDS))
        outcome = grade(python, here, checkout, work, plan, end - SPARE_SECONDS)
        publish(checkout, outcome, "", work)
    except Exception as error:
        outcome, reason = {}, str(error) if isinstance(error, Mishap) else f"{type(error).__name__}: {error}"
        print(f"::error title=The grader failed::{escaped(f'{NO_FAULT} {reason}')}", flush=True)
        with contextlib.suppress(OSError):  # where nothing can be written, what stands there stays
            publish(checkout, {}, reason)
    tell(outcome)
    os.chdir(here)
    if work:
        shutil.rmtree(work, ignore_errors=True)
    return 0 if is_there else 1  # what may stand there is not ours


def install(here: Path, work: Path, plan: dict[str, Any], end: float) -> Path:
    """The Python of a new environment with the grader in it: by uv where there is one, else by pip."""
    if sys.version_info < OLDEST:
        raise Mishap(f"The grader needs Python {OLDEST[0]}.{OLDEST[1]} or newer. {advice(plan)}")
    reasons = []
    for way in (by_uv, by_pip):
        try:
            return way(here, work / way.__name__, plan, end)
        except Mishap as mishap:
            reasons.append(str(mishap))
    raise Mishap(f"The grader cannot be installed. {advice(plan)} {' '.join(reasons)}")


def advice(plan: dict[str, Any]) -> str:
    """Which Python to set, where this is not the one that the versions of requirements.txt were recorded with."""
    here = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if here == plan["python"]:
        return ""
    return f'This is Python {here}: set the assignment\'s runtime to {{"python": "{plan["python"]}"}}.'


def by_uv(here: Path, folder: Path, plan: dict[str, Any], end: float) -> Path:
    uv = shutil.which("uv")
    if not uv:
        raise Mishap("There is no uv.")
    run([uv, "--no-config", "venv", "--quiet", "--python", sys.executable, str(folder)], end)
    return install_by_uv(uv, python_in(folder), here, plan, end)


def install_by_uv(uv: str, python: Path, here: Path, plan: dict[str, Any], end: float) -> Path:
    command = [uv, "--no-config", "pip", "install", "--quiet", "--python", str(python)]
    backend = ["--torch-backend", "cpu"] if plan["torch"] else []  # else torch brings gigabytes of CUDA
    run([*command, *backend, "-r", str(here / "requirements.txt")], end)
    run([*command, "--no-deps", str(here / plan["wheel"])], end)
    return python


def by_pip(here: Path, folder: Path, plan: dict[str, Any], end: float) -> Path:
    run([sys.executable, "-I", "-m", "venv", str(folder)], end)
    python = python_in(folder)
    command = [str(python), "-I", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if plan["torch"] and not plan["torch_index"]:
        with contextlib.suppress(Mishap):  # pip itself does not know where torch is without CUDA, but it can get uv
            run([*command, "uv"], end)
            return install_by_uv(str(python.with_name("uv" + python.suffix)), python, here, plan, end)
    if plan["torch"] and plan["torch_index"]:
        run([*command, "--index-url", plan["torch_index"], plan["torch"]], end)
    run([*command, "-r", str(here / "requirements.txt")], end)
    run([*command, "--no-deps", str(here / plan["wheel"])], end)
    return python


def python_in(folder: Path) -> Path:
    return folder / "Scripts" / "python.exe" if os.name == "nt" else folder / "bin" / "python"


def run(command: list[str], end: float) -> None:
    """Runs a command quietly. Raises Mishap with what it said."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=max(end - time.monotonic(), 1.0),
        )
    except subprocess.TimeoutExpired:
        raise Mishap(f"`{shown(command)}` took too long.") from None
    except OSError as error:
        raise Mishap(f"`{shown(command)}` cannot be run: {error.strerror}.") from None
    if done.returncode:
        said = done.stdout.decode("utf-8", "replace").strip()[-MAX_TOLD:]
        raise Mishap(f"`{shown(command)}` ended with status {done.returncode}: {said}")


def stop(process: subprocess.Popen[bytes]) -> None:
    """Lets a process end what it has started, as at Ctrl-C, and kills it if it does not end itself."""
    process.send_signal(signal.SIGTERM if os.name == "nt" else signal.SIGINT)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(SPARE_SECONDS / 4)
    process.kill()


def shown(command: list[str]) -> str:
    return " ".join([Path(command[0]).name, *command[1:5]])


def grade(python: Path, here: Path, checkout: Path, work: Path, plan: dict[str, Any], end: float) -> dict[str, Any]:
    """What came of the checkout. Raises Mishap where nothing did."""
    seconds = end - time.monotonic()
    command = [str(python), "-I", "-m", "grader", "classroom50", "run", str(checkout), "--course", str(here)]
    command += ["--output", str(work), "--seconds", f"{seconds:.0f}", "--timeout", str(plan["timeout"])]
    command += plan["options"]
    if seconds < plan["timeout"]:
        raise Mishap("There was no time left to grade: installing took too long.")
    # What an image sets for its own Python (where it finds modules, what it warns of) is not for this one.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, env={**environment, "CI": "true"}) as process:
        try:
            status = process.wait(seconds + SPARE_SECONDS / 2)
        except subprocess.TimeoutExpired:
            stop(process)
            raise Mishap("Grading took too long.") from None
    try:
        outcome = json.loads((work / "outcome.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise Mishap(f"The grader ended with status {status} and left no result: see its last lines above.") from None
    if not holds(outcome):
        raise Mishap("The grader left a result that Classroom 50 would not take.")
    return dict(outcome)


def holds(outcome: dict[str, Any]) -> bool:
    """Whether the scores are what Classroom 50 takes: whole, in range, adding up, under names of their own."""
    try:
        tests = outcome["tests"]
        pairs = [(outcome["score"], outcome["max-score"]), *((test["score"], test["max-score"]) for test in tests)]
        return (
            all(type(number) is int for pair in pairs for number in pair)
            and all(0 <= score <= worth for score, worth in pairs)
            and all(type(test["passed"]) is bool and test["test-name"].isprintable() for test in tests)
            and len({test["test-name"] for test in tests}) == len(tests)
            and pairs[0] == (sum(score for score, _ in pairs[1:]), sum(worth for _, worth in pairs[1:]))
            and outcome["status"] in ("success", "failure", "error")
        )
    except (KeyError, TypeError, AttributeError):
        return False


def publish(checkout: Path, outcome: dict[str, Any], reason: str, work: Path | None = None) -> None:
    """Writes the three files, each in the place of whatever stands there. Without an outcome they claim no score."""
    told = json.dumps(result(outcome), indent=2) + "\n"
    body = f"# Not graded\n\n⚠️ **The grader failed.** {NO_FAULT}\n\n```\n{reason.replace('```', '')}\n```\n"
    page = PAGE.format(html.escape(f"{NO_FAULT} {reason}".strip()))
    if outcome and work:
        body, page = ((work / name).read_text(encoding="utf-8") for name in (BODY, REPORT))
    for name, content in ((RESULT, told), (BODY, body), (REPORT, page)):
        place(checkout / name, content)


def result(outcome: dict[str, Any]) -> dict[str, Any]:
    given = os.environ.get
    document = {
        "schema": "classroom50/result/v1",
        "classroom": given("CLASSROOM") or "unknown",
        "assignment": given("ASSIGNMENT") or "unknown",
        "assignment_type": given("ASSIGNMENT_TYPE") or "individual",
        "owner": given("OWNER") or given("USERNAME") or "unknown",
        "submission": given("SUBMISSION_TAG") or "submit/unknown",
        "commit": given("COMMIT_URL") or "unknown",
        "release": given("RELEASE_URL") or "unknown",
        "review": given("REVIEW_URL") or given("COMMIT_URL") or "unknown",
        "datetime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }
    return {**document, **{key: outcome.get(key, empty) for key, empty in NOTHING.items()}}


def place(path: Path, content: str) -> None:
    """Puts a new file there, whole or not at all, so that a full disk leaves the one before. A link, file or folder of
    that name may have come with the checkout: it is removed, not followed."""
    number, made = tempfile.mkstemp(prefix=".grader-", dir=path.parent)
    try:
        with open(number, "w", encoding="utf-8", newline="\n") as file:
            file.write(content)
        os.chmod(made, 0o644)
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        os.replace(made, path)
    except BaseException:
        os.unlink(made)
        raise


def tell(outcome: dict[str, Any]) -> None:
    """What the status of the commit says."""
    status = outcome.get("status", "error")
    summary = outcome.get("summary") or f"Not graded. {NO_FAULT}"
    target = os.environ.get("GITHUB_OUTPUT") or os.devnull
    with contextlib.suppress(OSError), open(target, "a", encoding="utf-8", newline="\n") as file:
        file.write(f"status={status}\nsummary={' '.join(summary.split())}\n")


def escaped(text: str) -> str:
    """For a command to the runner."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


if __name__ == "__main__":
    sys.exit(main())
