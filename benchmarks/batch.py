"""What a submission costs in a batch, beside the graders that are used today, on the same ten checks.

    python benchmarks/batch.py [--ours 500] [--pytest 50] [--notebooks 50] [--runs 3] [--environments DIR]
    python benchmarks/batch.py --growth 10000

Times are whole commands, start-up, reports and gradebook included, divided by the submissions, and medians over the
runs; half of the submissions are right. Each peer runs in an environment of its own, which is made in DIR where there
is none. CPU seconds and memory are those of the machine while the command ran: let nothing else run on it.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import peers

HERE = Path(__file__).parent
ROOT = HERE.parent
WRONG = {"softmax": "wrong_textbook.py", "lstm_cell": "wrong_gate_order.py"}
TARGETS = {  # times faster than each peer, as the project wants it: (NumPy, torch)
    "python -m pytest": (60, 200),
    "one pytest session": (4, 10),
    "nbgrader autograde": (150, 300),
    "otter run": (400, 400),
}


@dataclass(frozen=True)
class Cost:
    """Of one submission."""

    seconds: float
    cpu: float  # seconds
    memory: float  # MiB at the peak, of the whole command


def sources(name: str, count: int) -> list[str]:
    """Every other one right, all different."""
    right = (ROOT / "solutions" / name / "reference.py").read_text(encoding="utf-8")
    wrong = (ROOT / "tests" / "submissions" / name / WRONG[name]).read_text(encoding="utf-8")
    return [f"{(right, wrong)[number % 2]}\n# {number}\n" for number in range(count)]


def measure(run: Callable[[], None], count: int) -> Cost:
    lowest = [available()]
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.05):
            lowest[0] = min(lowest[0], available())

    before, busy, start = lowest[0], cpu_seconds(), time.perf_counter()
    watcher = threading.Thread(target=watch)
    watcher.start()
    run()
    seconds, used = time.perf_counter() - start, cpu_seconds() - busy
    done.set()
    watcher.join()
    return Cost(seconds / count, used / count, (before - lowest[0]) / 1024)


def cpu_seconds() -> float:
    """Of the whole machine, but for idling."""
    user, nice, system, _, _, irq, softirq, *_ = map(int, Path("/proc/stat").read_text().split("\n")[0].split()[1:])
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")


def available() -> float:
    """Memory, KiB."""
    lines = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
    return float(lines["MemAvailable"].split()[0])


def equivalent_course(folder: Path) -> Path:
    """A course with the peers' ten checks, our references and our known mistakes."""
    for name in WRONG:
        solution = folder / "solutions" / name
        shutil.copytree(ROOT / "solutions" / name, solution)
        shutil.copy(HERE / "equivalent" / f"test_{name}.py", solution)
        (folder / "exercises").mkdir(exist_ok=True)
        shutil.copy(ROOT / "exercises" / f"{name}.py", folder / "exercises")
    return folder


def ours(course: Path, name: str, count: int, folder: Path) -> Cost:
    for number, source in enumerate(sources(name, count)):
        place = folder / "class" / f"s{number:05}"
        place.mkdir(parents=True)
        (place / f"{name}.py").write_text(source, encoding="utf-8")
    grade = str(Path(sys.executable).with_name("grade"))
    command = [grade, str(folder / "class"), "--course", str(course), "--reports", str(folder / "reports")]

    def run() -> None:
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 1 or f"{count} graded in" not in done.stdout:
            sys.exit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")

    return measure(run, count)


def peer(prepare: Callable[..., list[list[str]]], python: Path, name: str, count: int, folder: Path) -> Cost:
    commands = prepare(python, name, sources(name, count), folder)
    environment = peers.surroundings(python)

    def run() -> None:
        for command in commands:
            subprocess.run(command, cwd=folder, env=environment, capture_output=True)

    return measure(run, count)


def floor(course: Path, name: str, count: int) -> float:
    """Seconds."""
    command = [sys.executable, str(HERE / "floor.py"), str(course), name, str(count)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def compare(arguments: argparse.Namespace, course: Path) -> None:
    environments = Path(arguments.environments)
    interpreters = {name: peers.python_of(environments, name) for name in peers.PACKAGES}
    rivals = {
        "python -m pytest": (peers.pytest_loop, interpreters["pytest"], arguments.pytest),
        "one pytest session": (peers.pytest_session, interpreters["pytest"], arguments.pytest),
        "nbgrader autograde": (peers.nbgrader, interpreters["nbgrader"], arguments.notebooks),
        "otter run": (peers.otter, interpreters["otter"], arguments.notebooks),
    }
    for kind, name in enumerate(WRONG):
        costs: dict[str, list[Cost]] = {"grade": [], **{rival: [] for rival in rivals}}
        floors = []
        for _ in range(arguments.runs):
            with tempfile.TemporaryDirectory() as place:
                costs["grade"].append(ours(course, name, arguments.ours, Path(place)))
            floors.append(floor(course, name, 200))
            for rival, (prepare, python, count) in rivals.items():
                with tempfile.TemporaryDirectory() as place:
                    costs[rival].append(peer(prepare, python, name, count, Path(place)))
        mine = statistics.median(cost.seconds for cost in costs["grade"])
        print(f"\n{name}: a submission, medians of {arguments.runs} runs in turn ({arguments.ours} submissions for us,")
        print(f"{arguments.pytest} for pytest, {arguments.notebooks} for notebooks)")
        for label, list_of_costs in costs.items():
            seconds = statistics.median(cost.seconds for cost in list_of_costs)
            cpu = statistics.median(cost.cpu for cost in list_of_costs)
            memory = statistics.median(cost.memory for cost in list_of_costs)
            ratio = f"{seconds / mine:7.1f} times ours (wanted: {TARGETS[label][kind]})" if label in TARGETS else ""
            print(f"  {label:20} {1000 * seconds:9.2f} ms  {1000 * cpu:9.2f} ms CPU  {memory:6.0f} MiB  {ratio}")
        least = statistics.median(floors)
        print(f"  {'isolated floor':20} {1000 * least:9.2f} ms  ours is {mine / least:.2f} of it (wanted: at most 3)")


def grow(arguments: argparse.Namespace, course: Path) -> None:
    for name in WRONG:
        for count in (100, 1000, arguments.growth):
            with tempfile.TemporaryDirectory() as place:
                cost = ours(course, name, count, Path(place))
            told = f"{1000 * cost.seconds:.2f} ms, {1000 * cost.cpu:.2f} ms CPU a submission, {cost.memory:.0f} MiB"
            print(f"{name}: {count:6} submissions: {told}; {cost.seconds * count:.1f} s in all")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ours", type=int, default=500)
    parser.add_argument("--pytest", type=int, default=50)
    parser.add_argument("--notebooks", type=int, default=50)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--growth", type=int)
    parser.add_argument("--environments", default=str(Path(tempfile.gettempdir()) / "peers"))
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        course = equivalent_course(Path(place))
        if arguments.growth:
            grow(arguments, course)
        else:
            compare(arguments, course)


if __name__ == "__main__":
    main()
