"""The house itself: linted, typed, of a size to read, and with walls where the design puts them."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "grader").rglob("*.py"))
EXERCISES = [path.stem for path in (ROOT / "exercises").glob("*.py")]
# What the untrusted side imports: nothing that has ever seen a suite, a reference or a verdict.
WORKER_SIDE = {
    "calls", "cells", "confine", "frames", "keeping", "kit", "landlock", "libraries", "loading", "lookover", "probes",
    "reading", "seccomp", "shortcuts", "told", "walls", "warmup", "wire", "worker",
}  # fmt: skip
POSIX_ONLY = {"fcntl", "grp", "pwd", "resource", "termios"}


def imports(path, top_level_only=False):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body if top_level_only else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("tool", [["ruff", "check"], ["ruff", "format", "--check"], ["mypy"]], ids=" ".join)
def test_tools_are_content(tool):
    done = subprocess.run([sys.executable, "-m", *tool], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_module_fits_on_a_few_screens_and_knows_no_exercise(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    literals = {node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)}
    assert not literals & set(EXERCISES)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_nothing_posix_only_is_imported_at_the_top(path):
    assert not {name.partition(".")[0] for name in imports(path, top_level_only=True)} & POSIX_ONLY


@pytest.mark.parametrize("name", sorted(WORKER_SIDE))
def test_the_worker_imports_nothing_of_the_trusted_side(name):
    ours = [module for module in imports(ROOT / "grader" / "sandbox" / f"{name}.py") if module.startswith("grader.")]
    allowed = {"grader.result.Layer"}  # a plain record
    for module in ours:
        parts = module.split(".")
        assert module in allowed or (parts[1] == "sandbox" and not WORKER_SIDE.isdisjoint(parts[2:])), module
