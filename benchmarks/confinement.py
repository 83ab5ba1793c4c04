"""What the walls cost: one submission loaded and called in a confined worker and in an unconfined one, in turn.

    python benchmarks/confinement.py [SUBMISSIONS]

Prints the medians and their difference, for a worker with NumPy and for one with torch. The limit is 5 ms.
"""

import statistics
import sys
import time
from pathlib import Path

from grader.course.course import Course
from grader.sandbox.client import Examinee, Opening
from grader.sandbox.host import Host
from grader.sandbox.limits import Limits
from grader.sandbox.protocol.calls import encode_call

ROOT = Path(__file__).parents[1]


def milliseconds(host: Host, source: bytes) -> float:
    """From asking for a worker until it is reaped, with the file loaded and one call answered."""
    start = time.perf_counter()
    examinee = Examinee(host, Opening(source, "submission.py"), Limits())
    examinee.perform(encode_call("no_such_function", (), {}), 10.0)
    examinee.close()
    return 1000 * (time.perf_counter() - start)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    for name in ("softmax", "lstm_cell"):
        exercise = Course(ROOT).exercise(name)
        source = exercise.reference.encode()
        libraries = exercise.libraries
        with Host(libraries) as confined, Host(libraries, confine=False) as open_host:
            hosts = {"confined": confined, "unconfined": open_host}
            times: dict[str, list[float]] = {label: [] for label in hosts}
            for _ in range(count):
                for label, host in hosts.items():
                    times[label].append(milliseconds(host, source))
        medians = {label: statistics.median(values) for label, values in times.items()}
        cost = medians["confined"] - medians["unconfined"]
        told = ", ".join(f"{label} {median:.2f} ms" for label, median in medians.items())
        print(f"{name}: {told}; the walls cost {cost:.2f} ms (medians of {count} submissions, in turn)")


if __name__ == "__main__":
    main()
