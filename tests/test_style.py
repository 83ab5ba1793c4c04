"""The house itself: linted, typed, of a size to read, and with walls where the design puts them."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "grader").rglob("*.py"))
EXERCISES = [path.stem for path in (ROOT / "exercises").glob("*.py")]
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
