"""The graders that are used today, each in an environment of its own, on the same ten checks.

Each answers the command that grades a folder of submissions; what it needs is made beside it.
"""

import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import nbformat.v4 as notebooks

PLAIN = Path(__file__).parent / "plain"
PACKAGES = {"pytest": ["pytest"], "nbgrader": ["nbgrader", "pytest"], "otter": ["otter-grader", "ipykernel", "pytest"]}
COMMON = ["numpy>=1.26", "torch~=2.13.0"]

CALLS = {
    "softmax": [
        "test_rows(np.float32)", "test_rows(np.float64)", "test_axis(0)", "test_axis(1)", "test_axis(-1)",
        "test_large_scores()", "test_far_apart_rows()", "test_jacobian()", "test_backward(0)", "test_backward(1)",
    ],
    "lstm_cell": [
        "test_cell(1, torch.float32)", "test_cell(1, torch.float64)", "test_cell(5, torch.float32)",
        "test_cell(5, torch.float64)", "test_sequence(1, torch.float32)", "test_sequence(1, torch.float64)",
        "test_sequence(6, torch.float32)", "test_sequence(6, torch.float64)", "test_gradients(0)", "test_gradients(1)",
    ],
}  # fmt: skip


def python_of(environments: Path, name: str) -> Path:
    """The interpreter of a peer's environment, made where there is none."""
    folder = environments / name
    if not (folder / "bin" / "python").exists():
        print(f"making an environment for {name} in {folder}", file=sys.stderr)
        venv.create(folder, with_pip=True)
        subprocess.run([folder / "bin" / "pip", "install", "-q", *COMMON, *PACKAGES[name]], check=True)
    return folder / "bin" / "python"


def surroundings(python: Path) -> dict[str, str]:
    """The environment of a peer's commands: they start tools of their own by name."""
    return {**os.environ, "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}"}


def suite_cells(name: str) -> tuple[str, list[str]]:
    """The plain suite as notebooks have it: its definitions, with the notebook itself as the submission; its calls."""
    text = (PLAIN / f"test_{name}.py").read_text(encoding="utf-8")
    names = "{name: staticmethod(value) for name, value in globals().items() if callable(value)}"
    wrapped = f"submission = type('submission', (), {names})"
    return text.replace("import submission", wrapped), CALLS[name]


def pytest_loop(python: Path, name: str, sources: list[str], folder: Path) -> list[list[str]]:
    """One `python -m pytest` a submission."""
    commands = []
    for number, source in enumerate(sources):
        place = folder / str(number)
        place.mkdir()
        (place / "submission.py").write_text(source, encoding="utf-8")
        shutil.copy(PLAIN / f"test_{name}.py", place)
        commands.append([str(python), "-m", "pytest", "-q", str(place)])
    return commands


def pytest_session(python: Path, name: str, sources: list[str], folder: Path) -> list[list[str]]:
    """One session, all submissions as parameters, in one process: no isolation whatever."""
    for number, source in enumerate(sources):
        (folder / f"submission_{number}.py").write_text(source, encoding="utf-8")
    shutil.copy(PLAIN / f"test_{name}.py", folder)
    (folder / "submission.py").touch()
    (folder / "conftest.py").write_text(
        "import importlib, pytest\n"
        f"@pytest.fixture(params=range({len(sources)}), autouse=True)\n"
        "def choose(request):\n"
        "    request.module.submission = importlib.import_module(f'submission_{request.param}')\n",
        encoding="utf-8",
    )
    return [[str(python), "-m", "pytest", "-q", str(folder)]]


def nbgrader(python: Path, name: str, sources: list[str], folder: Path) -> list[list[str]]:
    """`nbgrader autograde` of an assignment."""
    setup, calls = suite_cells(name)

    def cell(source: str, id: str, **metadata: object) -> notebooks.new_code_cell:
        common = {"schema_version": 3, "grade": False, "solution": False, "locked": True, "grade_id": id}
        return notebooks.new_code_cell(source, metadata={"nbgrader": common | metadata})

    def notebook(source: str) -> str:
        cells = [cell(source, "solution", solution=True, locked=False), cell(setup, "setup")]
        cells += [cell(call, f"t{n}", grade=True, points=1) for n, call in enumerate(calls)]
        return json.dumps(notebooks.new_notebook(cells=cells))

    (folder / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'c'\n")
    (folder / "source" / "ps1").mkdir(parents=True)
    (folder / "source" / "ps1" / f"{name}.ipynb").write_text(notebook("raise NotImplementedError()"))
    for number, source in enumerate(sources):
        place = folder / "submitted" / f"s{number}" / "ps1"
        place.mkdir(parents=True)
        (place / f"{name}.ipynb").write_text(notebook(source))
    tool = [str(python), "-m", "nbgrader"]
    subprocess.run(
        [*tool, "generate_assignment", "ps1"], cwd=folder, env=surroundings(python), check=True, capture_output=True
    )
    return [[*tool, "autograde", "ps1"]]


def otter(python: Path, name: str, sources: list[str], folder: Path) -> list[list[str]]:
    """One `otter run` a submission."""
    setup, calls = suite_cells(name)
    tests = folder / "tests"
    tests.mkdir()
    for number, call in enumerate(calls):
        case = {"code": f">>> exec({setup!r})\n>>> {call}", "hidden": False, "locked": False}
        suite = {"cases": [case], "scored": True, "setup": "", "teardown": "", "type": "doctest"}
        test = {"name": f"q{number}", "points": 1, "suites": [suite]}
        (tests / f"q{number}.py").write_text(f"OK_FORMAT = True\ntest = {test!r}\n", encoding="utf-8")
    tool = [str(python), "-m", "otter"]
    subprocess.run(
        [*tool, "generate", "-t", "tests", "-o", "autograder.zip", "--no-environment"],
        cwd=folder,
        env=surroundings(python),
        check=True,
        capture_output=True,
    )
    commands = []
    for number, source in enumerate(sources):
        place = folder / f"s{number}.ipynb"
        place.write_text(json.dumps(notebooks.new_notebook(cells=[notebooks.new_code_cell(source)])))
        commands.append([*tool, "run", "-a", "autograder.zip", str(place), "-o", str(folder)])
    return commands
