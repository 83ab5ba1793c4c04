"""What a worker may import: the standard library, the packages that its exercise is answered with, and what those need.

Nothing else can be imported, whether it is installed or not, so that a score does not depend on what is installed where
it is graded, and no library does the work of an exercise that was not meant to. Landlock keeps the other packages'
files closed (see grader.sandbox.confinement.landlock); the rule here answers as if they were not installed, also where
there is no Landlock.
"""

from __future__ import annotations

import importlib.machinery
import os
import re
import sys
from collections.abc import Iterable, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importlib.metadata import Distribution

# Packages without others that they need: looking that up would take longer than to import them.
ALONE = {"numpy"}


def needed(libraries: Iterable[str]) -> frozenset[str]:
    """The names by which packages in site-packages may begin, in small letters: those of the libraries and, as their
    metadata tells, of whatever they require."""
    left = {library.partition(".")[0] for library in libraries}
    found: set[str] = set()
    while left:
        name = left.pop()
        found |= {normal(name), normal(name).partition("_")[0]}  # nvidia-cublas lies in nvidia
        if name not in ALONE:
            for distribution in distributions_of(name):
                found |= {normal(each) for each in (distribution.read_text("top_level.txt") or "").split()}
                lines = [line for line in distribution.requires or [] if "extra ==" not in line]
                required = {re.split(r"[^A-Za-z0-9._-]", line)[0] for line in lines}
                left |= {each for each in required if normal(each) not in found}
    return frozenset(found)


def distributions_of(name: str) -> list[Distribution]:
    """What was installed under this name, or holds the package of this name: scikit-learn for sklearn."""
    from importlib.metadata import PackageNotFoundError, distribution, packages_distributions

    try:
        return [distribution(name)]
    except PackageNotFoundError:
        return [distribution(each) for each in packages_distributions().get(name, ())]


def normal(name: str) -> str:
    return re.sub(r"[-.]+", "_", name).lower()


def is_needed(entry: str, packages: frozenset[str]) -> bool:
    """Whether an entry of site-packages belongs to one of the packages: numpy, numpy.libs, numpy-2.1.dist-info."""
    return normal(re.split(r"[-.]", entry, maxsplit=1)[0]) in packages


def is_standard(spec: importlib.machinery.ModuleSpec | None) -> bool:
    """Whether a module lies in the standard library: some of it, like _sysconfigdata_…, is in no list."""
    folder = os.path.dirname(spec.origin) if spec is not None and spec.origin else ""
    return folder == os.path.dirname(os.__file__)


class OnlyNeeded:
    """Stands on sys.meta_path in the place of the finder that looks through sys.path: finds what is needed only."""

    def __init__(self, packages: frozenset[str]) -> None:
        self.packages = packages

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        top = fullname.partition(".")[0]
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if top in sys.stdlib_module_names or is_needed(top, self.packages) or is_standard(spec):
            return spec
        return None

    def find_distributions(self, *arguments: Any, **options: Any) -> Any:
        return importlib.machinery.PathFinder.find_distributions(*arguments, **options)

    def invalidate_caches(self) -> None:
        importlib.machinery.PathFinder.invalidate_caches()


def restrict(packages: frozenset[str]) -> None:
    """From now on nothing else is found by an import statement in this process."""
    finder = OnlyNeeded(packages)
    sys.meta_path[:] = [finder if each is importlib.machinery.PathFinder else each for each in sys.meta_path]
