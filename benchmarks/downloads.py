"""What a push downloads, as pip alone would and by uv, and how long that installs; the table of docs/classroom.md.

    python benchmarks/downloads.py --torch-wheel FILE [--write]

Sizes are those that uv finds in the index when it resolves what the grader needs, for this Python on Linux (x86-64),
within constraints.txt. FILE is the wheel of torch for CPUs, which the default index does not have. Seconds are those
of an installation into a new environment on this machine, from the index, with nothing kept and again with uv's cache;
torch for CPUs is then taken from FILE. --write puts the table into docs/classroom.md.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "classroom.md"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NEEDED, TORCH = PROJECT["dependencies"], PROJECT["optional-dependencies"]["torch"]
CUDA = re.compile(r"nvidia-|cuda-|triton$")
HERE = f"cp{sys.version_info[0]}{sys.version_info[1]}"
TAGS = re.compile(rf"-py\d[\w.]*-none-any|-(?:{HERE}-{HERE}|cp3\d+-abi3|py3-none)-manylinux[\w.]*x86_64")
HEAD = "| A push with | downloads, before | now | installs in | again, from uv's cache |\n|:--|--:|--:|--:|--:|\n"
TABLE = re.compile(re.escape(HEAD) + r"(?:\|.*\n)*")
MB = 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures what a push downloads.")
    parser.add_argument("--torch-wheel", type=Path, required=True, metavar="FILE")
    parser.add_argument("--write", action="store_true", help="put the table into docs/classroom.md")
    asked = parser.parse_args()
    uv = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
    sizes = resolved(uv, [*NEEDED, *TORCH])
    light = resolved(uv, NEEDED)
    for_cpu = {name: size for name, size in sizes.items() if name != "torch" and not CUDA.match(name)}
    for_cpu["torch"] = asked.torch_wheel.stat().st_size
    numpy, torch = seconds(uv, NEEDED), seconds(uv, [*NEEDED, str(asked.torch_wheel)])
    whole = sum(sizes.values()) / MB
    rows = [
        ["NumPy exercises", megabytes(whole), megabytes(sum(light.values()) / MB), *map(written, numpy)],
        ["torch exercises", megabytes(whole), megabytes(sum(for_cpu.values()) / MB), *map(written, torch)],
    ]
    table = HEAD + "".join(f"| {' | '.join(row)} |\n" for row in rows)
    if asked.write:
        PAGE.write_text(TABLE.sub(lambda found: table, PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    print(table, end="")


def resolved(uv: str, requirements: list[str]) -> dict[str, int]:
    """Package → bytes of its wheel for this Python, of all that the requirements lead to."""
    pins = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if line and not line.startswith("#")]
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "pyproject.toml").write_text(
            f"[project]\nname = 'sizes'\nversion = '0'\nrequires-python = '=={version}.*'\n"
            f"dependencies = {requirements!r}\n[tool.uv]\nconstraint-dependencies = {pins!r}\n"
            "environments = [\"sys_platform == 'linux' and platform_machine == 'x86_64'\"]\n"
        )
        command = [uv, "lock", "--quiet", "--directory", folder, "--python", sys.executable]
        subprocess.run(command, check=True)
        packages = tomllib.loads(Path(folder, "uv.lock").read_text())["package"]
    found = {}
    for package in packages:
        fitting = [wheel["size"] for wheel in package.get("wheels", ()) if TAGS.search(wheel["url"])]
        if fitting:
            found[package["name"]] = max(fitting)
        elif package["name"] != "sizes":
            sys.exit(
                f"{package['name']}: no wheel for this Python among {[w['url'] for w in package.get('wheels', ())]}"
            )
    return found


def seconds(uv: str, requirements: list[str]) -> tuple[float, float]:
    """Of an installation by uv, with an empty cache and with what that left in it."""
    with tempfile.TemporaryDirectory() as folder:
        return installed(uv, requirements, folder, "first"), installed(uv, requirements, folder, "second")


def installed(uv: str, requirements: list[str], folder: str, name: str) -> float:
    environment = Path(folder, name)
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, environment], check=True)
    start = time.monotonic()
    options = ["--quiet", "--cache-dir", Path(folder, "cache"), "--constraints", ROOT / "constraints.txt"]
    command = [uv, "pip", "install", *options, "--python", environment / "bin" / "python", *requirements]
    subprocess.run(command, check=True)
    return time.monotonic() - start


def megabytes(number: float) -> str:
    return f"{number / 1000:.2f} GB" if number >= 1000 else f"{number:.0f} MB"


def written(number: float) -> str:
    return f"{number:.0f} s" if number >= 10 else f"{number:.1f} s"


if __name__ == "__main__":
    main()
