"""The grader itself as files to pass on, without a course: into an autograder's zip, a student edition, a wheel.

The same files give the same bytes: entries of a zip are sorted and bear one date.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import stat
from base64 import urlsafe_b64encode
from collections.abc import Collection, Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, distribution, metadata, requires, version
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from grader.course.course import PACKAGE
from grader.course.exercise import Exercise
from grader.errors import GraderError

DISTRIBUTION = "dl-grader"
LICENSE = "LICENSE"
BUILT_IN = "grader/builtin/"  # a whole course, where the grader was installed from a package
EARLIEST = (1980, 1, 1, 0, 0, 0)  # that a zip can hold
IMPORT = re.compile(r"^\s*(import|from) torch\b", re.MULTILINE)
ELSEWHERE = re.compile(r";.*\b(extra|sys_platform|platform_system|os_name)\b")
CUDA = re.compile(r"nvidia-|cuda-|triton\b")


def package_files() -> dict[str, bytes]:
    """Path → content of all that the package needs to run."""
    ours = {f"grader/{path.relative_to(PACKAGE).as_posix()}": path for path in files_of(PACKAGE)}
    found = {name: path.read_bytes() for name, path in ours.items() if not name.startswith(BUILT_IN)}
    return {**found, LICENSE: license_text()}


def license_text() -> bytes:
    """What every copy of the grader must bear."""
    checkout = PACKAGE.parent / LICENSE
    text = distribution(DISTRIBUTION).read_text(f"licenses/{LICENSE}")
    if text is None and not checkout.is_file():
        raise GraderError(f"The grader's own file {LICENSE} is missing, which copies must bear: install it again.")
    return checkout.read_bytes() if text is None else text.encode()


def files_of(folder: Path) -> Iterator[Path]:
    """The files below a folder, or the one file, that are its source: nothing made, nothing hidden."""
    if folder.is_file():
        yield folder
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(part.startswith((".", "__pycache__")) for part in parts):
            yield path


def imports_torch(exercise: Exercise) -> bool:
    """Whether its reference does, or any other of its files: a suite, a mistake."""
    texts = [path.read_text(encoding="utf-8") for path in files_of(exercise.folder) if path.suffix == ".py"]
    return "torch" in exercise.libraries or any(IMPORT.search(text) for text in texts)


def requirements() -> tuple[list[str], list[str]]:
    """(what the grader needs, what exercises with torch need beside it).

    torch is the one that is installed here, but for its last number: its answers were compared or recorded with it, and
    whoever gets the files may have any index, of which the newest is not the one that was tried.
    """
    needed = [each for each in requires(DISTRIBUTION) or () if "extra ==" not in each]
    try:
        return needed, [f"torch~={version('torch').partition('+')[0]}"]
    except PackageNotFoundError:
        return needed, []


def project(files: Mapping[str, bytes], dependencies: Sequence[str], more: Sequence[str] = ()) -> str:
    """A pyproject.toml with which pip installs the grader, without a course and without what only tests need."""
    ours = metadata(DISTRIBUTION)
    packages = sorted(path.removesuffix("/__init__.py").replace("/", ".") for path in files if is_package(path))
    data = sorted(path.removeprefix("grader/") for path in files if is_data(path))
    return "\n".join(
        [
            "[build-system]",
            'requires = ["setuptools>=77"]',
            'build-backend = "setuptools.build_meta"',
            "",
            "[project]",
            f"name = {json.dumps(DISTRIBUTION)}",
            f"version = {json.dumps(ours['Version'])}",
            f"license = {json.dumps(ours['License-Expression'])}",
            f"license-files = {json.dumps([LICENSE])}",
            f"requires-python = {json.dumps(ours['Requires-Python'])}",
            f"dependencies = {json.dumps(list(dependencies))}",
            *more,
            "",
            "[tool.setuptools]",
            f"packages = {json.dumps(packages)}",
            "",
            "[tool.setuptools.package-data]",
            f"grader = {json.dumps(data)}",
            "",
        ]
    )


def is_package(path: str) -> bool:
    return path.startswith("grader/") and path.endswith("/__init__.py")


def is_data(path: str) -> bool:
    return path.startswith("grader/") and not path.endswith(".py")


def zipped(files: Mapping[str, bytes], programs: Collection[str] = ()) -> bytes:
    """A zip of files, the same for the same files. `programs` can be run."""
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = ZipInfo(name, EARLIEST)
            entry.create_system = 3  # Unix: else the mode below means nothing
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = (stat.S_IFREG | (0o755 if name in programs else 0o644)) << 16
            archive.writestr(entry, files[name])
    return buffer.getvalue()


def wheel(package: Mapping[str, bytes], dependencies: Sequence[str]) -> tuple[str, bytes]:
    """(file name, content) of the grader as a wheel: a zip of a form that PEP 427 gives, so that no tool is needed.

    A runner unpacks it in no time; the package as files would be built anew, by a tool that is downloaded first.
    """
    ours = metadata(DISTRIBUTION)
    stem = f"{DISTRIBUTION.replace('-', '_')}-{ours['Version']}"
    about = ["Metadata-Version: 2.4", f"Name: {DISTRIBUTION}", f"Version: {ours['Version']}"]
    about += [f"License-Expression: {ours['License-Expression']}", f"License-File: {LICENSE}"]
    about += [f"Requires-Python: {ours['Requires-Python']}", *(f"Requires-Dist: {each}" for each in dependencies)]
    tag = ["Wheel-Version: 1.0", f"Generator: {DISTRIBUTION}", "Root-Is-Purelib: true", "Tag: py3-none-any"]
    files = {name: data for name, data in package.items() if name != LICENSE}
    files[f"{stem}.dist-info/licenses/{LICENSE}"] = license_text()
    files[f"{stem}.dist-info/METADATA"] = "\n".join([*about, ""]).encode()
    files[f"{stem}.dist-info/WHEEL"] = "\n".join([*tag, ""]).encode()
    record = f"{stem}.dist-info/RECORD"
    rows = [f"{name},sha256={digest(data)},{len(data)}" for name, data in sorted(files.items())]
    files[record] = "\n".join([*rows, f"{record},,", ""]).encode()
    return f"{stem}-py3-none-any.whl", zipped(files)


def digest(data: bytes) -> str:
    """As a wheel's RECORD has it."""
    return urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def lock(needed: Sequence[str]) -> list[str]:
    """The versions that are installed here of what is needed, and of what that needs in turn, as pip reads them.

    Left open is what this machine has no use for, and what only some systems need: a pin of what Windows has would end
    an install on Linux. A torch with CUDA needs gigabytes that a CPU's does without.
    """
    pins: dict[str, str] = {}
    waiting = list(needed)
    while waiting:
        requirement = waiting.pop()
        found = re.match(r"[A-Za-z0-9][\w.-]*", requirement)
        name = re.sub(r"[-_.]+", "-", found[0]).lower() if found else ""
        if name in pins or not name or ELSEWHERE.search(requirement) or CUDA.match(name):
            continue
        try:
            pins[name] = f"{name}=={version(name).partition('+')[0]}"  # what is behind a plus is one machine's build
        except PackageNotFoundError:
            continue
        waiting += requires(name) or ()
    return sorted(pins.values())
