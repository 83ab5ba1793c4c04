"""How long a student waits: one cold `grade` of one file, whole process, report included.

    python benchmarks/cold.py [RUNS]

Beside it, in turn in the same run: bare `python -m pytest` of an equivalent suite on the same file
(benchmarks/plain), and `python -c "import torch"`. Prints medians, and the ratio of medians.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]


def seconds(command: list[str], folder: Path) -> float:
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, env={**os.environ, "PYTHONDONTWRITEBYTECODE": ""})
    elapsed = time.perf_counter() - start
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout.decode()}{done.stderr.decode()}")
    return elapsed


def commands(name: str, folder: Path) -> dict[str, list[str]]:
    """What is timed for one exercise. The submission is the reference: right, and the same for all."""
    submission = folder / "submission.py"
    shutil.copy(ROOT / "solutions" / name / "reference.py", submission)
    shutil.copy(ROOT / "benchmarks" / "plain" / f"test_{name}.py", folder)
    grade = [str(Path(sys.executable).with_name("grade")), str(submission), "-e", name, "--course", str(ROOT)]
    return {
        "grade": [*grade, "--reports", str(folder / "reports")],
        "python -m pytest": [sys.executable, "-m", "pytest", "-q", "-p", "no:grader", str(folder / f"test_{name}.py")],
    }


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    for name in ("softmax", "lstm_cell"):
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            timed = commands(name, folder)
            if name == "lstm_cell":
                timed["python -c 'import torch'"] = [sys.executable, "-c", "import torch"]
            times: dict[str, list[float]] = {label: [] for label in timed}
            for _ in range(runs + 1):  # the first run of each fills the caches of the file system and is not counted
                for label, command in timed.items():
                    times[label].append(seconds(command, folder))
            medians = {label: statistics.median(values[1:]) for label, values in times.items()}
            print(f"{name}: medians of {runs} runs, in turn")
            for label, median in medians.items():
                ratio = medians["grade"] / median
                print(f"  {label:26} {median:6.3f} s   grade takes {ratio:.2f} of it")


if __name__ == "__main__":
    main()
