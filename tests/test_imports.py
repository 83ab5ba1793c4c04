"""What may import what, read off the code itself: the layers of packages, and what runs beside a student's code.

A package is a folder of grader/, and of grader/sandbox/ each folder is one. Imports count wherever they stand, also in
functions and under TYPE_CHECKING. grader/__init__.py is none of them: it is the public face, and holds the version.
"""

import ast
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "grader"
FILES = sorted(PACKAGE.rglob("*.py"))
MAX_LOOSE = 10

# From the top down: a package imports those below it, and none above. Loose modules stand among them by their names.
LAYERS = (
    {"__main__"},
    {"cli", "pytest_plugin"},
    {"feedback"},
    {"integrations"},
    {"authoring", "warm"},
    {"grading"},
    {"report"},
    {"course", "diagnosis", "gradebook", "submissions"},
    {"suite"},
    {"sandbox"},
    {"sandbox.worker"},
    {"sandbox.confinement"},
    {"sandbox.protocol"},
    {"result"},
    {"cache", "compat", "errors", "text", "threads", "user_folders"},
)
LAYER = {package: number for number, packages in enumerate(LAYERS) for package in packages}

# What runs beside a student's code imports nothing that has ever seen a suite, a reference or a verdict.
WORKER = {
    "sandbox.worker": {"sandbox.worker", "sandbox.confinement", "sandbox.protocol"},
    "sandbox.confinement": {"sandbox.confinement", "sandbox.protocol"},
    "sandbox.protocol": {"sandbox.protocol"},
}
# What the worker's side may have all the same: a record, and a module that imports nothing.
PLAIN = {"grader.result.Layer"}
EMPTY = "grader.compat"


def module_of(path):
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module_of(path): path for path in FILES}
INNER = [module for module in MODULES if module != "grader"]


def package_of(module):
    """The folder that a module lies in, or its own name where it is loose."""
    parts = module.split(".")[1:]
    if parts[0] == "sandbox" and len(parts) > 1 and (PACKAGE / "sandbox" / parts[1]).is_dir():
        return ".".join(parts[:2])
    return parts[0]


def imports(module):
    """(module, the name that is taken from it or None) of all imports of our own; a module itself counts as none."""
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, None) for alias in node.names if alias.name in MODULES)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: name the whole path of what is imported"
            for alias in node.names:
                if (inner := f"{node.module}.{alias.name}") in MODULES:
                    yield inner, None
                elif node.module in MODULES:
                    yield node.module, alias.name


def circle(arrows):
    """Some of what is in a circle of arrows; empty where there is none."""
    left = {start: set(ends) for start, ends in arrows.items()}
    while free := [start for start, ends in left.items() if not ends & left.keys()]:
        for start in free:
            del left[start]
    return sorted(left)


def test_few_modules_are_loose():
    loose = [path.name for path in PACKAGE.glob("*.py")]
    assert len(loose) <= MAX_LOOSE, loose


def test_every_package_has_a_layer():
    assert {package_of(module) for module in INNER} == LAYER.keys()


@pytest.mark.parametrize("module", INNER)
def test_imports_run_down(module):
    here = package_of(module)
    for other, name in imports(module):
        if other == "grader":
            assert name == "__version__", f"{module} imports {name} from grader"
        elif package_of(other) != here:
            assert LAYER[here] < LAYER[package_of(other)], f"{module} imports {other}, which is not below it"


def test_no_module_is_in_a_circle_of_imports():
    arrows = {module: {other for other, _ in imports(module)} - {module, "grader"} for module in MODULES}
    assert circle(arrows) == []


@pytest.mark.parametrize("module", [module for module in INNER if package_of(module) in WORKER])
def test_the_worker_imports_nothing_of_the_trusted_side(module):
    for other, name in imports(module):
        plain = other == EMPTY or f"{other}.{name}" in PLAIN
        assert plain or (other != "grader" and package_of(other) in WORKER[package_of(module)]), other


def test_what_both_sides_use_imports_nothing():
    tree = ast.parse(MODULES[EMPTY].read_text(encoding="utf-8"))
    statements = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
    assert [node.module for node in statements] == ["__future__"]
    assert not list(imports(EMPTY))


def test_the_tree_of_errors_is_complete():
    tree = re.findall(r"── (\S+)", (PACKAGE / "errors.py").read_text(encoding="utf-8"))
    found = [
        f"{module.removeprefix('grader.')}.{node.name}"
        for module, path in MODULES.items()
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and "GraderError" in [ast.unparse(base) for base in node.bases]
    ]
    assert tree == sorted(found)


def test_a_circle_is_found():
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == ["a", "b", "c", "d"]
    assert circle({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []
