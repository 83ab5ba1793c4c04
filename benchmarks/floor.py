"""The least that an isolated verdict can cost: a fork, the submission's code, its calls. No walls, no judge, no report.

    python benchmarks/floor.py EXERCISE SUITE COUNT      (started by benchmarks/batch.py)

One process a core imports the libraries, warms them up and forks COUNT / cores children, one after the other. Prints
the seconds a submission, start not counted.
"""

import gc
import os
import sys
import time
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

from grader.course.course import Course
from grader.grading.examiner import Examiner
from grader.grading.settings import Settings
from grader.sandbox.protocol import calls, codec
from grader.sandbox.worker.loading import load
from grader.sandbox.worker.warmup import warm_up


def main() -> None:
    course, name, count = Course(Path(sys.argv[1])), sys.argv[2], int(sys.argv[3])
    examiner = Examiner(course.exercise(name))
    plan = examiner.plan(Settings(0)).calls
    warm_up(list(examiner.exercise.libraries))
    source = examiner.exercise.reference.encode()
    probes = calls.probe_functions(examiner.exercise.probes)
    cores = os.cpu_count() or 1

    def one_core(number: int) -> None:
        for _ in range(number):
            child = os.fork()
            if child == 0:
                module, _, _ = load(source, f"{name}.py")
                for call in plan:
                    codec.encode(calls.perform(call, module, probes, f"{name}.py").value)
                os._exit(0)
            os.waitpid(child, 0)

    one_core(3)
    gc.freeze()
    start = time.perf_counter()
    judges = []
    for _ in range(cores):
        judge = os.fork()
        if judge == 0:
            one_core(count // cores)
            os._exit(0)
        judges.append(judge)
    for judge in judges:
        os.waitpid(judge, 0)
    print((time.perf_counter() - start) / (count // cores * cores))


if __name__ == "__main__":
    main()
