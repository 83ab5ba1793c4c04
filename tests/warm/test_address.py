"""Where a server listens: in a folder that nobody else can enter; and what makes it stand for another process."""

import os
import sys

import pytest

from grader.warm import address

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a server is left on Linux only")


@pytest.fixture
def runtime(tmp_path, monkeypatch):
    folder = tmp_path / "runtime"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    return folder


def test_the_folder_is_made_for_this_user_alone(runtime):
    assert address.open_folder() is None
    os.close(address.open_folder(make=True))
    assert (runtime / "grader").stat().st_mode & 0o777 == 0o700
    os.close(address.open_folder())


@pytest.mark.parametrize("mode", [0o755, 0o770, 0o701])
def test_a_folder_that_others_can_enter_is_refused(runtime, mode):
    (runtime / "grader").mkdir()
    (runtime / "grader").chmod(mode)
    assert address.open_folder(make=True) is None


def test_a_link_or_a_file_in_its_place_is_refused(runtime, tmp_path):
    (tmp_path / "mine").mkdir(mode=0o700)
    (runtime / "grader").symlink_to(tmp_path / "mine")
    assert address.open_folder(make=True) is None
    (runtime / "grader").unlink()
    (runtime / "grader").touch(mode=0o700)
    assert address.open_folder(make=True) is None


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_another_user_is_refused(runtime):
    (runtime / "grader").mkdir(mode=0o700)
    os.chown(runtime / "grader", 12345, 12345)
    assert address.open_folder(make=True) is None


def test_a_runtime_folder_that_is_not_private_is_not_used(runtime, monkeypatch):
    runtime.chmod(0o777)
    opened = []
    monkeypatch.setattr(os, "open", lambda path, *_: opened.append(path) or -1)
    monkeypatch.setattr(address, "is_own", lambda folder: folder == -1)
    address.open_folder()
    assert opened == [f"/tmp/grader-{os.geteuid()}"]


@pytest.mark.parametrize(
    ("name", "value", "same"),
    [
        ("SOME_FLAG", "1", False),
        ("PYTHONPATH", "/somewhere", False),
        ("NO_COLOR", "1", False),
        ("TERM", "dumb", False),
        ("OMP_NUM_THREADS", "7", False),
        ("COLUMNS", "61", True),
        ("TERM", "xterm-256color", True),
        ("WINDOWID", "7", True),
        ("VSCODE_PID", "7", True),
    ],
)
def test_what_counts_of_the_environment(name, value, same, monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    before = address.stamp()
    monkeypatch.setenv(name, value)
    assert (address.stamp() == before) is same


def test_where_modules_are_looked_for_counts(monkeypatch):
    before = address.stamp()
    monkeypatch.setattr(sys, "path", [*sys.path, "/somewhere"])
    assert address.stamp() != before
