"""What a worker may read: Landlock, the Linux kernel's file rules for one process and its children.

A ruleset names the rights it governs (here: every one the kernel knows) and then gives some back, path by path.
Landlock follows paths downwards and cannot subtract, so a folder that holds something secret is never allowed whole:
`readable_paths` lists its entries one by one. Needs no privileges; Linux 5.13 or newer, `man 7 landlock`.

`stat`, `chmod`, `utime` and the names of symbolic links pass Landlock: seccomp.py refuses the writing ones.
"""

from __future__ import annotations

import errno
import functools
import glob
import os
import stat
import struct
import sys
import time
from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

from grader.sandbox.confinement.allowed_imports import is_needed
from grader.sandbox.confinement.process_limits import Attempts, syscall

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same numbers on every architecture

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
RIGHTS_SINCE = {1: (1 << 13) - 1, 2: 1 << 13, 3: 1 << 14, 5: 1 << 15}  # ABI → file rights it added
BIND_TCP_AND_CONNECT_TCP = 0b11  # since ABI 4
ABSTRACT_SOCKETS_AND_SIGNALS = 0b11  # since ABI 6
LOG_NOTHING = 1  # since ABI 7: else a student's loop of refused opens fills the system's audit log

PACKAGES = ("site-packages", "dist-packages")  # names of folders that hold what was installed

# Never a worker's to read, wherever they are installed: the grader, and the tools that judge.
JUDGES = ("grader", "dl_grader", "pytest", "_pytest", "pluggy", "hypothesis")


class Readable(NamedTuple):
    contents: tuple[str, ...]  # files, and folders with all that is below
    names: tuple[str, ...]  # folders of which only the names of entries may be read: `import` lists sys.path


def readable_paths(
    import_paths: Sequence[str], denied: Sequence[str] = (), packages: frozenset[str] | None = None
) -> Readable:
    """What Python needs to import from `import_paths` and to load shared libraries, and nothing else.

    Of installed packages only those in `packages` (see grader.sandbox.confinement.allowed_imports) may be read; None:
    all of them. `denied` adds to JUDGES: top-level names in import folders ("name" covers its dist-info too), and
    folders with a secret in them (absolute: the course, the grader's checkout). The standard library and site-packages
    are allowed even inside a denied folder, for a virtual environment often lives in the checkout.
    """
    hidden = {*JUDGES, *(name for name in denied if not os.path.isabs(name))}
    secret = [os.path.realpath(folder) for folder in denied if os.path.isabs(folder)]
    contents: dict[str, None] = {}
    names: dict[str, None] = {}
    for path in import_paths:
        real = os.path.realpath(path) if path else ""
        if os.path.isfile(real) and not any(_within(real, folder) for folder in secret):  # a zip
            contents[real] = None
        elif os.path.isdir(real) and (_is_library(real) or not _exposes(real, hidden, secret)):
            names[real] = None
            contents.update(dict.fromkeys(_entries(real, hidden, secret, packages)))
    for path in _system_paths():
        contents[path] = None
    return Readable(tuple(contents), tuple(names))


def _entries(folder: str, hidden: set[str], secret: Sequence[str], packages: frozenset[str] | None) -> Iterator[str]:
    holds_packages = packages is not None and not _is_standard(folder)
    for entry in os.scandir(folder):
        if holds_packages and not is_needed(entry.name, packages or frozenset()):
            continue
        if entry.name in PACKAGES or entry.name.startswith("__editable__"):
            continue  # inside the standard library; each is an import path of its own, or is none
        if entry.name.endswith((".pth", ".egg-link")) or entry.name.split("-")[0].split(".")[0] in hidden:
            continue
        linked = entry.is_symlink()
        real = os.path.realpath(entry.path) if linked else entry.path
        leads_in = linked and any(_within(real, place) for place in secret)
        if not leads_in and not any(_within(place, real) for place in secret):
            yield real


def _exposes(folder: str, hidden: set[str], secret: Sequence[str]) -> bool:
    """A checkout, a home or a temporary folder on the import path is not a library."""
    private = [os.path.realpath(place) for place in (os.path.expanduser("~"), "/tmp")]
    return (
        any(_within(place, folder) or _within(folder, place) for place in secret)
        or any(_within(place, folder) for place in private)
        or any(os.path.exists(os.path.join(folder, name)) for name in (*hidden, "solutions"))
    )


def _is_library(folder: str) -> bool:
    return _is_standard(folder) or os.path.basename(folder) in PACKAGES


def _is_standard(folder: str) -> bool:
    """Whether it is the standard library's."""
    standard = os.path.realpath(os.path.dirname(os.__file__))
    extensions = os.path.basename(folder) == "lib-dynload"
    return extensions or (_within(folder, standard) and os.path.basename(folder) not in PACKAGES)


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _system_paths() -> Iterator[str]:
    """Shared libraries, time zones, the processor's topology (how many cores: OpenBLAS asks) and harmless devices."""
    for folder in sorted({os.path.realpath(path) for path in ("/lib", "/usr/lib", "/lib64", "/usr/lib64")}):
        # Distributions keep their Python packages here: everything but those.
        packages = glob.glob(f"{folder}/python*/*-packages")
        yield from glob.glob(f"{folder}/[!p]*") + glob.glob(f"{folder}/p[!y]*") if packages else [folder]
    for prefix in sorted({sys.prefix, sys.base_prefix, "/usr/local"}):  # conda, pyenv and Docker's own libpython
        yield from (os.path.realpath(path) for path in glob.glob(f"{prefix}/lib/*.so*"))
    yield from ("/etc/ld.so.cache", "/etc/localtime", "/usr/share/zoneinfo", "/sys/devices/system/cpu")
    yield from ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")


def open_ruleset(readable: Readable) -> int:
    """A descriptor of the finished ruleset; OSError with the reason and the cure where there is no Landlock."""
    abi = _abi()
    rights = sum(added for since, added in RIGHTS_SINCE.items() if since <= abi)
    # Three 64-bit words: files, network, scopes. An older kernel takes the longer struct as long as the rest is zero.
    network, scopes = BIND_TCP_AND_CONNECT_TCP * (abi >= 4), ABSTRACT_SOCKETS_AND_SIGNALS * (abi >= 6)
    words = struct.pack("=QQQ", rights, network, scopes)
    ruleset = syscall(CREATE_RULESET, words, len(words), 0)
    for path in readable.contents:
        _allow(ruleset, path, READ_FILE | READ_DIR)
    for path in readable.names:
        _allow(ruleset, path, READ_DIR)
    return ruleset


def restrict(ruleset: int) -> None:
    """From here on this process reads only what the ruleset allows. There is no way back; needs no_new_privs."""
    syscall(RESTRICT_SELF, ruleset, LOG_NOTHING if _abi() >= 7 else 0)


def attempts() -> Attempts:
    """What the throw-away child tries behind this wall."""
    yield "listing the root folder", lambda: os.listdir("/")
    yield "listing /etc", lambda: os.listdir("/etc")
    if os.path.exists("/proc/self/environ"):
        yield "reading /proc", lambda: open("/proc/self/environ").close()
    for folder in filter(os.path.isdir, ("/tmp", "/dev/shm")):
        made = os.path.join(folder, f"grader-probe-{os.getpid()}-{time.monotonic_ns()}")
        yield f"creating a file in {folder}", partial(_create, made)
    open(os.__file__).close()  # must still open: else no import works, and the probe says so


def _create(path: str) -> None:
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    os.unlink(path)


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # not on this machine, or not ours to open: nothing to allow
    try:
        kind = os.fstat(opened).st_mode
        if stat.S_ISCHR(kind):
            rights |= WRITE_FILE  # print to os.devnull
        if not stat.S_ISDIR(kind):
            rights &= ~READ_DIR  # the kernel refuses a folder's right on a file
        syscall(ADD_RULE, ruleset, 1, struct.pack("=Qi", rights, opened), 0)
    finally:
        os.close(opened)


@functools.cache
def _abi() -> int:
    try:
        return syscall(CREATE_RULESET, None, 0, 1)
    except OSError as error:
        cure = {
            errno.ENOSYS: "this kernel offers no Landlock: use Linux 5.13 or newer, in a container also a current "
            "Docker or Podman (older ones hide it)",
            errno.EOPNOTSUPP: "Landlock is switched off at boot: add landlock to the kernel parameter lsm=",
            errno.EPERM: "the container forbids Landlock: update Docker or Podman, or allow the landlock_* calls in "
            "its seccomp profile",
        }
        raise OSError(error.errno, cure.get(error.errno or 0, error.strerror)) from None
