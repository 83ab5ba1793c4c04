"""What a pyproject.toml says about grading:

[tool.grader]
course = "../course"      # from the folder of the pyproject.toml
"""

from __future__ import annotations

from pathlib import Path

from grader.errors import GraderError


class ConfigurationError(GraderError):
    """A pyproject.toml that cannot be understood. The message names it."""


def course_named_in(folder: Path) -> Path | None:
    """The course that the pyproject.toml in a folder names, whether or not it is there. Raises ConfigurationError.

    A file that does not speak of the grader is nobody's business here, broken as it may be.
    """
    path = folder / "pyproject.toml"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None
    if "grader" not in text:
        return None
    import tomllib

    try:
        settings = tomllib.loads(text).get("tool", {}).get("grader", {})
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(
            f"{path} cannot be read: {error}. Correct it, or name a course with --course."
        ) from None
    course = settings.get("course")
    if course is None:
        return None
    if not isinstance(course, str):
        raise ConfigurationError(f'{path}: [tool.grader] course must be the text of a path, as in course = "course".')
    return (folder / course).resolve()
