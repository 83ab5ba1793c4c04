"""Where a server listens, and what it has in common with the clients that it may answer.

Imports next to nothing and is quick: each client runs this before it knows whether there is a server.
"""

from __future__ import annotations

import binascii
import io
import os
import sys

from grader.user_folders import is_own

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
NAMESPACES = ("mnt", "net", "pid", "user")
# Of Python's, those that change what a program does. Whether text is UTF-8 by default, and whether the folder of a
# script is looked at for modules, is told by its effect.
FLAGS = (
    "debug", "optimize", "dont_write_bytecode", "no_user_site", "no_site", "ignore_environment", "verbose",
    "bytes_warning", "isolated", "dev_mode", "warn_default_encoding", "int_max_str_digits",
)  # fmt: skip

# Of the environment, what shells, terminals and desktops set for each window, and what is told by its effect. All else
# counts: a suite, or a library while it is imported, may have looked at anything. A client's own is in force in any
# case while it is answered.
OF_NO_ACCOUNT = {
    "_", "CLICOLOR", "CLICOLOR_FORCE", "COLORTERM", "COLUMNS", "DBUS_SESSION_BUS_ADDRESS", "DESKTOP_STARTUP_ID",
    "DISPLAY", "EDITOR", "FORCE_COLOR", "GIT_PAGER", "GRADER_WARM", "HISTFILE", "INVOCATION_ID", "JOURNAL_STREAM",
    "LINES", "LS_COLORS", "MANAGERPID", "MPLBACKEND", "OLDPWD", "PAGER", "PS1", "PWD", "PYTHONIOENCODING",
    "PYTHONUTF8", "SESSION_MANAGER", "SHLVL", "SSH_AUTH_SOCK", "SSH_AGENT_PID", "STY", "SYSTEMD_EXEC_PID", "TERM",
    "TERM_PROGRAM", "TERM_PROGRAM_VERSION", "TERM_SESSION_ID", "TMUX", "TMUX_PANE", "VTE_VERSION",
    "VIRTUAL_ENV_PROMPT", "WAYLAND_DISPLAY", "WINDOW", "WINDOWID", "XDG_SESSION_ID",
}  # fmt: skip
KINDS = ("GNOME_TERMINAL_", "ITERM_", "JPY_", "KITTY_", "KONSOLE_", "SSH_C", "SSH_T", "VSCODE_", "WT_")


def socket_name() -> str:
    """Of the socket in the folder: one for each environment that Python and the grader are installed in."""
    return f"{binascii.crc32(repr((sys.executable, sys.prefix, PACKAGE)).encode()):08x}"


def open_folder(*, make: bool = False) -> int | None:
    """A descriptor of the user's own folder for sockets; None where there is none that nobody else can enter.

    It is looked at after it was opened, and used by this descriptor: nobody can put another in its place.
    """
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if os.path.isabs(runtime) and is_own(runtime):
        path = os.path.join(runtime, "grader")
    else:
        path = f"/tmp/grader-{os.geteuid()}"
    try:
        if make and not os.path.lexists(path):
            os.mkdir(path, 0o700)
        folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    if is_own(folder):
        return folder
    os.close(folder)
    return None


def in_folder(folder: int, name: str) -> str:
    """The path of what lies in an opened folder: short, as the address of a socket has to be."""
    return f"/proc/self/fd/{folder}/{name}"


def stamp() -> bytes:
    """What must be the same for a server to stand for a process of one's own: Python, how it was started, where it
    looks for modules, what confines it, and each variable of the environment that counts."""
    root = os.stat("/")
    with open("/proc/self/limits", encoding="ascii") as limits:
        facts = (
            (sys.version, sys.executable, sys.prefix, PACKAGE, sys.warnoptions, sys._xoptions),
            ([getattr(sys.flags, name) for name in FLAGS], module_path(), os.environ.get("TERM") == "dumb"),
            (sys.getfilesystemencoding(), io.TextIOWrapper(io.BytesIO()).encoding.lower()),
            (os.geteuid(), os.getegid(), os.getgroups(), root.st_dev, root.st_ino, limits.read()),
            [os.readlink(f"/proc/self/ns/{name}") for name in NAMESPACES],
            sorted(variable for variable in os.environ.items() if counts(variable[0])),
        )
    return repr(facts).encode("utf-8", "surrogateescape")


def module_path() -> list[str]:
    """Python's path without the folder of the script, which is of no use to the grader."""
    return sys.path if sys.flags.safe_path else sys.path[1:]


def counts(name: str) -> bool:
    return name not in OF_NO_ACCOUNT and not name.startswith(KINDS)
