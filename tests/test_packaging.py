"""What an installed grader consists of: found by rule, not listed by hand."""

import ast
import re
import tomllib
from fnmatch import fnmatchcase
from pathlib import Path

import yaml

from grader import __version__
from grader.authoring.distribution import files_of

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SETUPTOOLS = PROJECT["tool"]["setuptools"]
FILES = [path for path in files_of(ROOT / "grader") if path.relative_to(ROOT / "grader").parts[0] != "builtin"]


def is_package(folder):
    """Whether setuptools finds it: a package lies in packages only."""
    return (folder / "__init__.py").is_file() and (folder.name == "grader" or is_package(folder.parent))


def test_every_module_lies_in_a_package_that_is_found():
    assert SETUPTOOLS["packages"]["find"] == {"include": ["grader", "grader.*"], "namespaces": False}
    assert not [path for path in FILES if path.suffix == ".py" and not is_package(path.parent)]


def test_every_other_file_is_packed_as_data():
    patterns = SETUPTOOLS["package-data"]["*"]

    def is_packed(path):
        folders = [folder for folder in path.parents if folder.is_relative_to(ROOT / "grader") and is_package(folder)]
        names = [path.relative_to(folder).as_posix() for folder in folders]
        return any(
            fnmatchcase(name, pattern) and name.count("/") == pattern.count("/")
            for name in names
            for pattern in patterns
        )

    assert not [path for path in FILES if path.suffix != ".py" and not is_packed(path)]


def test_the_course_is_packed_from_folders_that_are_there():
    tree = ast.parse((ROOT / "setup.py").read_text(encoding="utf-8"))
    (course,) = [
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "COURSE"
    ]
    assert course == {f"grader.builtin.{name}": name for name in ("exercises", "solutions")}
    assert all((ROOT / folder).is_dir() for folder in course.values())
    kinds = {path.suffix for path in files_of(ROOT / "solutions")}
    assert SETUPTOOLS["package-data"]["grader.builtin.solutions"] == [f"**/*{kind}" for kind in sorted(kinds)]


def test_the_license_is_that_of_the_project():
    project, text = PROJECT["project"], (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith(f"{project['license']} License")
    assert project["license-files"] == ["LICENSE"]
    (author,) = project["authors"]
    assert re.search(rf"^Copyright \(c\) \d{{4}} {author['name']}$", text, re.MULTILINE)


def test_hooks_are_local_and_run_the_tools_of_the_tests():
    (local,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    assert local["repo"] == "local"
    assert {hook["language"] for hook in local["hooks"]} == {"system"}
    tools = [" ".join(hook["entry"].removeprefix("python -m ").split()[:2]) for hook in local["hooks"]]
    assert tools == ["ruff check", "ruff format", "mypy"]


def test_the_changelog_knows_the_version():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"`{__version__}`" in text or f"## [{__version__}]" in text


def test_the_changelog_has_the_form_of_keep_a_changelog():
    heads = re.findall(r"^(##+) (.*)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert heads[0] == ("##", "[Unreleased]")
    kinds = {head for level, head in heads if level == "###"}
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    versions = [head for level, head in heads[1:] if level == "##"]
    assert all(re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}", head) for head in versions)
