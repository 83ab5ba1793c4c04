"""Folders that are the user's own."""

import os
import sys
from pathlib import Path

import pytest

from grader.user_folders import cache_folder, is_own, own_folder


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("linux", {"XDG_CACHE_HOME": "/var/mine", "HOME": "/home/ada"}, "/var/mine/grader/templates"),
        ("linux", {"HOME": "/home/ada"}, "/home/ada/.cache/grader/templates"),
        ("linux", {"XDG_CACHE_HOME": "here", "HOME": "/home/ada"}, "/home/ada/.cache/grader/templates"),
        ("darwin", {"HOME": "/Users/ada"}, "/Users/ada/Library/Caches/grader/templates"),
        ("win32", {"LOCALAPPDATA": "/AppData/Local"}, "/AppData/Local/grader/cache/templates"),
        ("win32", {}, "grader/cache/templates"),
    ],
)
@pytest.mark.skipif(os.name != "posix", reason="the paths are POSIX paths")
def test_the_cache_is_where_the_system_has_it(platform, environment, expected, monkeypatch):
    for name in ("XDG_CACHE_HOME", "HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    assert cache_folder("templates") == Path(expected)


def test_a_folder_that_is_made_is_the_users_alone(tmp_path):
    folder = tmp_path / "grader" / "templates"
    assert own_folder(folder) == folder
    if os.name == "posix":
        assert [path.stat().st_mode & 0o777 for path in (folder, folder.parent)] == [0o700, 0o700]


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="the mode says nothing here")
@pytest.mark.parametrize("open_to_others", ["grader", "grader/templates"])
def test_nothing_is_kept_where_others_may_write(tmp_path, open_to_others):
    folder = tmp_path / "grader" / "templates"
    folder.mkdir(parents=True)
    (tmp_path / open_to_others).chmod(0o777)
    assert own_folder(folder) is None


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="files have no such owner here")
def test_nothing_is_kept_in_somebody_elses_folder(tmp_path, monkeypatch):
    folder = tmp_path / "grader" / "templates"
    folder.mkdir(parents=True)
    monkeypatch.setattr(os, "geteuid", lambda: folder.stat().st_uid + 1)
    assert own_folder(folder) is None


def test_nothing_is_kept_in_the_working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert own_folder(Path("grader", "templates")) is None
    assert not list(tmp_path.iterdir())


def test_a_file_in_the_place_of_the_cache_keeps_nothing(tmp_path):
    (tmp_path / "grader").touch()
    assert own_folder(tmp_path / "grader" / "templates") is None


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="the mode says nothing here")
def test_a_link_is_followed_where_others_may_look_and_not_where_they_may_not_enter(tmp_path):
    (tmp_path / "there").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "there")
    assert own_folder(tmp_path / "link" / "templates") == tmp_path / "link" / "templates"
    assert not is_own(str(tmp_path / "link"))
    assert is_own(str(tmp_path / "there"))
