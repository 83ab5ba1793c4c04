"""What a pyproject.toml says about grading:

[tool.grader]
course = "../course"      # from the folder of the pyproject.toml
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

from grader.errors import GraderError

MAX_SIZE = 1 << 18  # bytes of a pyproject.toml


class ConfigurationError(GraderError):
    """A pyproject.toml that cannot be understood. The message names it."""


def course_named_in(folder: Path) -> Path | None:
    """The course that the pyproject.toml in a folder names, whether or not it is there. Raises ConfigurationError.

    A file without this table is ignored, even where it is no valid TOML.
    """
    path = folder / "pyproject.toml"
    text = read_text(path)
    if "grader" not in text:
        return None
    import tomllib

    try:
        settings: Any = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else error
        raise ConfigurationError(
            f"{path} cannot be read: {reason}. Correct it, or name a course with --course."
        ) from None
    for name in ("tool", "grader"):
        settings = settings.get(name)
        if not isinstance(settings, dict):
            return None
    course = settings.get("course")
    if course is None:
        return None
    if not isinstance(course, str) or "\0" in course:
        raise ConfigurationError(f'{path}: [tool.grader] course must be the text of a path, as in course = "course".')
    return Path(os.path.realpath(folder / course))


def read_text(path: Path) -> str:
    """The text of a file; empty where there is none that can be read at once, as with a pipe or a giant."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with open(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return ""
            data = file.read(MAX_SIZE + 1)
        return data.decode() if len(data) <= MAX_SIZE else ""
    except (OSError, ValueError):
        return ""
