"""Whether a batch survives what happens to batches: thousands of submissions, some hostile, and SIGKILL on the way.

    python benchmarks/endurance.py [--submissions 10000] [--kills 20]

Grades the same class twice, once in peace and once killed again and again at random moments, and compares: every
submission must end with exactly one result, the same in both.
"""

import argparse
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "tests" / "submissions" / "softmax"
HOSTILE = {
    "loop": "def softmax(x, axis=-1):\n    while True:\n        pass\n",
    "loop while loading": "while True:\n    pass\n",
    "exit": "import os\n\ndef softmax(x, axis=-1):\n    os._exit(1)\n",
    "crash": "import ctypes\n\ndef softmax(x, axis=-1):\n    ctypes.string_at(0)\n",
    "memory": "def softmax(x, axis=-1):\n    return [bytearray(1 << 28) for _ in range(64)]\n",
    "recursion": "def softmax(x, axis=-1):\n    return softmax(x, axis)\n",
    "prints": "def softmax(x, axis=-1):\n    print('x' * 50_000_000)\n",
    "large answer": "import numpy as np\n\ndef softmax(x, axis=-1):\n    return np.zeros(50_000_000)\n",
    "syntax": "def softmax(x:\n",
    "rubbish": "\x00\xff\x1b]0;title\x07 not python",
    "lies": "class Same:\n    def __eq__(self, other): return True\n\ndef softmax(x, axis=-1):\n    return Same()\n",
    "deep": "x = " + "[" * 2000 + "]" * 2000 + "\n",
}


def hand_in(folder: Path, count: int) -> None:
    """One in fifty submissions is hostile."""
    good = [path.read_text(encoding="utf-8") for path in sorted(SAMPLES.glob("*.py")) if "library" not in path.name]
    bad = list(HOSTILE.values())
    for number in range(count):
        text = bad[number // 50 % len(bad)] if number % 50 == 49 else good[number % len(good)]
        place = folder / f"s{number:05}"
        place.mkdir(parents=True)
        (place / "softmax.py").write_text(f"{text}\n# {number}\n", encoding="latin-1")


def command(folder: Path, reports: Path) -> list[str]:
    grade = str(Path(sys.executable).with_name("grade"))
    options = ["--seed", "7", "--timeout", "1", "--memory", "256", "--course", str(ROOT)]
    return [grade, str(folder), "--reports", str(reports), *options]


def results(reports: Path) -> dict[str, tuple[int, str]]:
    """Student → (rows, what the result says but for times)."""
    connection = sqlite3.connect(reports / "gradebook.sqlite")
    rows = connection.execute(
        "SELECT student, COUNT(*), MAX(status || ' ' || COALESCE(score, '-') || ' ' ||"
        " COALESCE((SELECT group_concat(json_extract(value, '$.id')) FROM json_each(result, '$.mistakes')), ''))"
        " FROM results GROUP BY student"
    )
    return {student: (count, told) for student, count, told in rows}


def committed(reports: Path) -> int:
    try:
        return int(sqlite3.connect(reports / "gradebook.sqlite").execute("SELECT COUNT(*) FROM results").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def kill_again_and_again(folder: Path, reports: Path, count: int, kills: int) -> None:
    for number in range(kills):
        process = subprocess.Popen(command(folder, reports), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        goal = (number + 1) * count // (kills + 1) + random.randint(0, 20)
        while committed(reports) < goal and process.poll() is None:
            time.sleep(random.uniform(0.01, 0.1))
        process.send_signal(signal.SIGKILL)
        process.wait()
        print(f"killed {number + 1} times, {committed(reports)} of {count} committed", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--submissions", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=20)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder, peace, war = (Path(place) / name for name in ("class", "peace", "war"))
        hand_in(folder, arguments.submissions)
        start = time.monotonic()
        subprocess.run(command(folder, peace), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        print(f"in peace: {time.monotonic() - start:.0f} s", flush=True)
        start = time.monotonic()
        kill_again_and_again(folder, war, arguments.submissions, arguments.kills)
        done = subprocess.run(command(folder, war), capture_output=True, text=True)
        print(f"killed {arguments.kills} times: {time.monotonic() - start:.0f} s\n{done.stdout}{done.stderr}")
        calm, disturbed = results(peace), results(war)
        twice = [student for student, (rows, _) in disturbed.items() if rows != 1]
        differing = [student for student in calm if calm[student] != disturbed.get(student)]
        print(
            f"{len(disturbed)} submissions with a result, {len(twice)} with more than one, {len(differing)} that differ"
        )
        for student in differing[:10]:
            print(student, calm[student], disturbed.get(student))
        sys.exit(bool(twice or differing or len(disturbed) != arguments.submissions))


if __name__ == "__main__":
    main()
