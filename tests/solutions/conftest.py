"""`reference` for the oracle tests of this folder: the reference solution that test_<name>.py is about."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

SOLUTIONS = Path(__file__).parents[2] / "solutions"


def load_reference(name: str) -> ModuleType:
    path = SOLUTIONS / name / "reference.py"
    module = ModuleType(name)
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), module.__dict__)
    return module


@pytest.fixture(scope="session")
def load() -> Callable[[str], ModuleType]:
    """The module of a reference by its exercise's name."""
    return load_reference


@pytest.fixture(scope="module")
def reference(request: pytest.FixtureRequest) -> ModuleType:
    return load_reference(request.module.__name__.rpartition(".")[2].removeprefix("test_"))
