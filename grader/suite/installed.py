"""Versions of installed packages: to import importlib.metadata takes longer than to run a suite."""

from __future__ import annotations

import os
import re
import sys

KINDS = (".dist-info", ".egg-info")


def version(package: str) -> str:
    """As importlib.metadata has it, which is asked where it is not plain to see. Raises its PackageNotFoundError."""
    for entry in sys.path:
        try:
            names = os.listdir(entry or ".")
        except OSError:
            if os.path.exists(entry):  # an archive, which may hold it
                break
            continue
        found = [name for name in names if name.lower().endswith(KINDS) and same(name.partition("-")[0], package)]
        if found:
            told = version_in(os.path.join(entry, found[0], "METADATA"))
            if told is None:
                break
            return told
    from importlib import metadata

    return metadata.version(package)


def same(name: str, package: str) -> bool:
    return re.sub(r"[-_.]+", "_", name).lower() == re.sub(r"[-_.]+", "_", package).lower()


def version_in(path: str) -> str | None:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            for line in file:
                name, colon, value = line.partition(":")
                if name.lower() == "version" and colon:
                    return value.strip()
                if not line.strip():
                    return None
    except OSError:
        return None
    return None
