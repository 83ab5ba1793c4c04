"""The files of a new exercise: an example that is proven as written, and writing them where nothing is yet."""

from __future__ import annotations

import keyword
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from string import Template

from grader.errors import GraderError

TEMPLATES = Path(__file__).parent / "templates"
# A student's file of such a name would hide the library from all that is imported beside it, or from itself.
LIBRARIES = {"grader", "np", "numpy", "pytest", "torch"} | sys.stdlib_module_names


class ScaffoldError(GraderError):
    """An exercise that cannot be begun. The message says what to do."""


@dataclass(frozen=True)
class Draft:
    """The texts of an exercise that is not on disk yet."""

    stub: str
    reference: str
    suite: str
    mistakes: str
    notes: tuple[str, ...] = ()  # what the author has to see to

    def files(self, name: str) -> dict[str, str]:
        """Path in the course → text."""
        return {
            f"exercises/{name}.py": self.stub,
            f"solutions/{name}/reference.py": self.reference,
            f"solutions/{name}/test_{name}.py": self.suite,
            f"solutions/{name}/mistakes.py": self.mistakes,
        }


def check_name(name: str) -> None:
    """Raises ScaffoldError for a name that an exercise cannot have."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        near = re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_").lower()
        advice = f", such as '{near}'" if re.fullmatch(r"[a-z]\w*", near, re.ASCII) else ""
        raise ScaffoldError(f"'{name}' cannot name an exercise: take a lower-case Python identifier{advice}.")
    if keyword.iskeyword(name) or name in LIBRARIES:
        what = "a word of Python" if keyword.iskeyword(name) else "the name of a library, which its files would hide"
        raise ScaffoldError(f"'{name}' cannot name an exercise: it is {what}. Take another, such as 'own_{name}'.")


def example(name: str, library: str) -> Draft:
    """An exercise that works as it is: small enough to read, with each thing that an exercise can have."""
    title = name.replace("_", " ").strip().capitalize()

    def text(part: str) -> str:
        template = Template((TEMPLATES / library / f"{part}.py.txt").read_text(encoding="utf-8"))
        return template.substitute(name=name, title=title)

    return Draft(text("stub"), text("reference"), text("suite"), text("mistakes"))


def write(files: dict[str, str], root: Path) -> list[Path]:
    """Writes new files under a folder, all or none. Raises ScaffoldError where one is there already."""
    paths = [root / name for name in files]
    taken = [path for path in paths if path.exists() or path.is_symlink()]
    if taken:
        raise ScaffoldError(f"{taken[0]} is there already, and nothing was written: take another name, or remove it.")
    written: list[Path] = []
    try:
        for path, text in zip(paths, files.values(), strict=True):
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8", newline="\n") as file:
                written.append(path)
                file.write(text)
    except OSError as error:
        for path in written:
            path.unlink(missing_ok=True)
        reason = error.strerror or type(error).__name__
        raise ScaffoldError(f"{error.filename or root} cannot be written: {reason}. Nothing was kept.") from None
    return written
