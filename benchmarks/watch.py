"""How long from saving a file to the verdict, with `grade --watch` running.

    python benchmarks/watch.py [SAVES]

Prints medians for a NumPy and a torch exercise. Wanted: 150 ms and 250 ms.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]


def main() -> None:
    saves = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    for name, wanted in (("softmax", 150), ("lstm_cell", 250)):
        with tempfile.TemporaryDirectory() as place:
            path = Path(place) / f"{name}.py"
            shutil.copy(ROOT / "solutions" / name / "reference.py", path)
            text = path.read_text(encoding="utf-8")
            grade = str(Path(sys.executable).with_name("grade"))
            command = [grade, str(path), "--watch", "-q", "--course", str(ROOT), "--reports", place + "/reports"]
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as watching:
                assert watching.stdout is not None
                watching.stdout.readline()
                time.sleep(0.5)
                times = []
                for number in range(saves):
                    start = time.perf_counter()
                    path.write_text(f"{text}\n# {number}\n", encoding="utf-8")
                    line = watching.stdout.readline()
                    times.append(1000 * (time.perf_counter() - start))
                    assert "100/100" in line, line
                    time.sleep(0.2)
                watching.kill()
        print(f"{name}: {statistics.median(times):.0f} ms (median of {saves} saves; wanted: at most {wanted})")


if __name__ == "__main__":
    main()
