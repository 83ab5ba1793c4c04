"""How long a student waits for the second `grade`: whole process, report included, cold and warm.

    python benchmarks/warm.py [RUNS]

In turn in the same run, medians: `grade` as it starts anew; `grade` as what an earlier one left behind answers it; from
a save to the verdict of `grade --watch`; bare `python -m pytest` of an equivalent suite on the same file
(benchmarks/plain); `python -c "import torch"`. With --markdown as the table in README.md.

Wanted: at most 0.4 of bare pytest with NumPy, and 0.14 of the import of torch with torch.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
GRADE = str(Path(sys.executable).with_name("grade"))
EXERCISES = ("softmax", "lstm_cell")
WARM, COLD, WATCH, PYTEST, TORCH = (
    "`grade`, warm",
    "`grade`, cold",
    "`grade --watch`, from save to verdict",
    "bare `python -m pytest`",
    "`import torch`",
)


class Place:
    """A folder with a right solution, and the runs that are timed in it."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.folder = name, folder
        self.submission = folder / "submission.py"
        shutil.copy(ROOT / "solutions" / name / "reference.py", self.submission)
        shutil.copy(ROOT / "benchmarks" / "plain" / f"test_{name}.py", folder)
        runtime = folder / "runtime"
        runtime.mkdir(mode=0o700)
        self.environment = {**os.environ, "CI": "", "PYTHONDONTWRITEBYTECODE": "", "XDG_RUNTIME_DIR": str(runtime)}
        self.grade = [GRADE, str(self.submission), "-e", name, "--course", str(ROOT), "--reports", str(folder / "r")]
        self.text = self.submission.read_text(encoding="utf-8")
        self.saves = 0

    def run(self, *command: str, warm: str = "0") -> float:
        environment = {**self.environment, "GRADER_WARM": warm}
        start = time.perf_counter()
        done = subprocess.run(command, cwd=self.folder, capture_output=True, env=environment)
        elapsed = time.perf_counter() - start
        if done.returncode:
            sys.exit(f"{' '.join(command)} failed:\n{done.stdout.decode()}{done.stderr.decode()}")
        return elapsed

    def timed(self) -> dict[str, Callable[[], float]]:
        pytest = (sys.executable, "-m", "pytest", "-q", "-p", "no:grader", f"test_{self.name}.py")
        timed = {
            COLD: lambda: self.run(*self.grade),
            WARM: lambda: self.run(*self.grade, warm="1"),
            PYTEST: lambda: self.run(*pytest),
        }
        return timed | ({TORCH: lambda: self.run(sys.executable, "-c", "import torch")} if self.uses_torch else {})

    @property
    def uses_torch(self) -> bool:
        return "import torch" in self.text

    def watched(self, saves: int) -> list[float]:
        """Seconds from a save to the verdict."""
        found = []
        command = [*self.grade, "--watch", "-q"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=self.environment) as watching:
            assert watching.stdout is not None
            watching.stdout.readline()
            time.sleep(0.5)
            for number in range(saves):
                start = time.perf_counter()
                self.submission.write_text(f"{self.text}\n# {number}\n", encoding="utf-8")
                watching.stdout.readline()
                found.append(time.perf_counter() - start)
                time.sleep(0.2)
            watching.kill()
        return found


def measured(name: str, runs: int) -> dict[str, float]:
    """Medians, in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        place = Place(name, Path(folder))
        times: dict[str, list[float]] = {label: [] for label in place.timed()}
        for _ in range(runs + 1):  # the first run of each fills the caches of the file system and is not counted
            for label, run in place.timed().items():
                times[label].append(run())
        medians = {label: statistics.median(values[1:]) for label, values in times.items()}
        medians[WATCH] = statistics.median(place.watched(runs))
        grader = str(Path(sys.executable).with_name("grader"))
        place.run(grader, "warm", "--stop")
        return medians


def main() -> None:
    numbers = [int(word) for word in sys.argv[1:] if word.isdecimal()]
    found = {}
    for name in EXERCISES:
        found[name] = medians = measured(name, numbers[0] if numbers else 20)
        beside, wanted = (TORCH, 0.14) if TORCH in medians else (PYTEST, 0.4)
        for label, median in medians.items():
            print(f"{name}: {median:6.3f} s   {label}", flush=True)
        print(f"{name}: {medians[WARM] / medians[beside]:.2f} of {beside} (wanted: at most {wanted})", flush=True)
    if "--markdown" in sys.argv:
        print(f"| seconds | {' | '.join(EXERCISES)} |\n| :-- | --: | --: |")
        for label in (COLD, WARM, WATCH, PYTEST, TORCH):
            print(f"| {label} | {' | '.join(f'{m[label]:.2f}' if label in m else '' for m in found.values())} |")


if __name__ == "__main__":
    main()
