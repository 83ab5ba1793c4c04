"""The libraries that can be installed here for a worker, and the folders that they lie in."""

from __future__ import annotations

import importlib.machinery
import os
import sys


def is_installed(name: str) -> bool:
    """Whether there is a module of this name, which can be any text. It is looked for in folders alone, as workers do:
    with some names importlib.util.find_spec raises an error, and so do finders that others have put there."""
    found = importlib.machinery.PathFinder.find_spec
    return name.isidentifier() and (name in sys.stdlib_module_names or found(name) is not None)


def import_path() -> list[str]:
    """The trusted process's import path less what is no library: checkouts, scripts, the current folder."""
    inside = [os.path.realpath(prefix) + os.sep for prefix in {sys.prefix, sys.base_prefix, sys.exec_prefix}]
    packages = ("site-packages", "dist-packages")
    return [
        entry
        for entry in sys.path
        if entry and (os.path.realpath(entry).startswith(tuple(inside)) or os.path.basename(entry) in packages)
    ]
