"""What a batch costs on a Dask cluster beside the same batch without one, on the same cores of one machine.

    python benchmarks/cluster.py [--exercise lstm_cell] [--submissions 400] [--workers 2] [--runs 5]
    python benchmarks/cluster.py --feed 5000

The first form starts a scheduler and one-thread workers, and runs `grade` without and with them in turn; the first run
with them finds nothing prepared, the later ones find what is not particular to their inputs. Scores must be equal. The
second form grades nothing: workers answer at once, so that what is left is what client and scheduler do for each
submission, and with it how many workers they can keep busy. CPU seconds of the first form are those of the machine
while a command ran: let nothing else run on it.
"""

import argparse
import pickle
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from batch import ROOT, measure, sources

from grader.course.course import built_in
from grader.gradebook.store import FILE_NAME, Gradebook, Key
from grader.grading import cluster
from grader.grading.batch import Batch
from grader.grading.cluster_worker import Bundle, Done
from grader.grading.process import Graded, Task
from grader.grading.settings import Settings
from grader.sandbox.limits import Limits
from grader.submissions.submission import Submission

PAGE, DOCUMENT = 24_000, 6_000  # bytes of a report and a record, as those of lstm_cell have
READY_SECONDS = 0.01  # that a submission is said to have taken


@contextmanager
def dask(workers: int) -> Iterator[tuple[str, psutil.Process]]:
    """A scheduler, by address and process, with workers of one thread each."""
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "scheduler.json")
        common = ["--scheduler-file", file, "--no-dashboard"]
        program = [sys.executable, "-m", "distributed.cli.dask_"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        scheduler = subprocess.Popen([*program[:-1], f"{program[-1]}scheduler", "--port", "0", *common], **quiet)
        crew = subprocess.Popen(
            [*program[:-1], f"{program[-1]}worker", "--nworkers", str(workers), "--nthreads", "1", *common], **quiet
        )
        try:
            from distributed import Client

            with Client(scheduler_file=file, timeout=60) as client:
                client.wait_for_workers(workers, timeout=60)
                address = client.scheduler.address
            yield address, psutil.Process(scheduler.pid)
        finally:
            for process in (crew, scheduler):
                process.terminate()
                process.wait()


def scores(reports: Path) -> dict[str, float | None]:
    with Gradebook.existing(reports) as book:
        return {grade.student: grade.score for grade in book.grades()}


def compare(arguments: argparse.Namespace) -> None:
    count = arguments.submissions
    with tempfile.TemporaryDirectory() as place, dask(arguments.workers) as (address, _):
        for number, source in enumerate(sources(arguments.exercise, count)):
            path = Path(place) / "class" / f"s{number:05}" / f"{arguments.exercise}.py"
            path.parent.mkdir(parents=True)
            path.write_text(source, encoding="utf-8")
        ways = {"local": ["-j", str(arguments.workers)], "cluster": ["--scheduler", address]}
        ratios = []
        print(f"{arguments.exercise}: {count} submissions, {arguments.workers} workers, whole commands")
        for run in range(arguments.runs):
            costs, found = {}, {}
            for way, options in ways.items():
                reports = Path(place) / f"{way}-{run}"
                grade = [str(Path(sys.executable).with_name("grade")), "class", "--course", str(ROOT), *options]
                command = [*grade, "--reports", str(reports)]
                costs[way] = measure(lambda: subprocess.run(command, cwd=place, capture_output=True), count)  # noqa: B023
                found[way] = scores(reports)
            if found["local"] != found["cluster"] or len(found["local"]) != count:
                sys.exit("the scores are not the same")
            told = [
                f"{way} {cost.seconds * count:6.2f} s, {cost.cpu * count:6.2f} s CPU" for way, cost in costs.items()
            ]
            ratios.append(
                (costs["cluster"].seconds / costs["local"].seconds, costs["cluster"].cpu / costs["local"].cpu)
            )
            print(f"  {'; '.join(told)}; ratio {ratios[-1][0]:.2f}, of CPU {ratios[-1][1]:.2f}", flush=True)
        seconds, cpu = (statistics.median(each) for each in zip(*ratios, strict=True))
        print(f"  median ratio {seconds:.2f} (wanted: at most 1.15), of CPU {cpu:.2f}; cold {ratios[0][0]:.2f}")


def ready_made(bundle: Bundle, threads: int) -> Done:
    """In the place of `grade_bundle`."""
    graded = pickle.dumps(Graded("graded", 100.0, 100.0, True, "d" * DOCUMENT, "p" * PAGE))
    return Done(cluster.JUDGES_PER_THREAD * READY_SECONDS * len(bundle.tasks), (graded,) * len(bundle.tasks))


def feed(arguments: argparse.Namespace) -> None:
    count = arguments.feed
    cluster.grade_bundle = ready_made
    settings = Settings(0)

    def task(number: int, source: str) -> Task:
        key = Key(f"s{number:05}", "lstm_cell", f"{number:064x}", "0" * 64, 0, "", "c" * 300)
        submission = Submission("lstm_cell.py", "lstm_cell", source.encode(), key.student)
        return Task(submission, key, settings, str(ROOT), f"lstm_cell/{number:05}.html")

    tasks = [task(number, source) for number, source in enumerate(sources("lstm_cell", count))]
    with tempfile.TemporaryDirectory() as place, dask(arguments.workers) as (address, scheduler):
        judges = cluster.DaskJudges(address, {tasks[0].group: count})
        with Gradebook(Path(place) / FILE_NAME) as book:
            batch = Batch(built_in(), book, Limits(), True, Path(place))
            times, start = scheduler.cpu_times(), (time.process_time(), time.perf_counter())
            done = sum(1 for _ in batch.run(tasks, judges))
            client, seconds = time.process_time() - start[0], time.perf_counter() - start[1]
            after = scheduler.cpu_times()
        judges.close()
    assert done == count
    held = after.user - times.user + after.system - times.system
    print(f"{count} submissions fed in {seconds:.1f} s: {1000 * client / count:.2f} ms CPU of the client and")
    print(f"{1000 * held / count:.2f} ms of the scheduler for each (wanted: at most 1 together)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--exercise", default="lstm_cell")
    parser.add_argument("--submissions", type=int, default=400)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--feed", type=int)
    arguments = parser.parse_args()
    feed(arguments) if arguments.feed else compare(arguments)


if __name__ == "__main__":
    main()
