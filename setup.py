"""Packs the course with the grader, so that an installed grader has one at hand. All else is said in pyproject.toml.

The folders `exercises/` and `solutions/` lie beside the package in a checkout; in a wheel they lie in
`grader/builtin/`, which stands in for a checkout. No package is found there, so they are added to those that are.
"""

from typing import Any

from setuptools import setup
from setuptools.command.build_py import build_py

COURSE = {"grader.builtin.exercises": "exercises", "grader.builtin.solutions": "solutions"}


class WithCourse(build_py):
    """Copies the packages that were found, and the course."""

    def finalize_options(self) -> None:
        super().finalize_options()
        found: list[str] = self.packages or []
        folders: dict[str, Any] = self.package_dir or {}
        self.packages = [*found, *COURSE]
        self.package_dir = {**folders, **COURSE}


setup(cmdclass={"build_py": WithCourse})
