"""What all HTML pages share."""

import os
import shutil
import sys
from pathlib import Path

import jinja2
import pytest

from grader.report import page


@pytest.fixture
def compiled(tmp_path, monkeypatch):
    """The names of the templates that are compiled from now on, in a folder where none was before."""
    folder, names = tmp_path / "templates", []
    shutil.copytree(page.TEMPLATES, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(page, "TEMPLATES", folder)
    monkeypatch.setattr(page, "cache_folder", lambda: tmp_path / "cache" / "grader" / "templates")
    compile = jinja2.Environment.compile

    def noting(self, source, name=None, *rest):
        names.append(name)
        return compile(self, source, name, *rest)

    monkeypatch.setattr(jinja2.Environment, "compile", noting)
    return names


def test_a_template_is_compiled_once_for_all_processes(compiled):
    first, again = (page.template("check.html", ()) for _ in range(2))
    assert compiled == ["check.html"]
    assert first is not again
    (page.TEMPLATES / "check.html").write_text("{{ 1 + 1 }} changed")
    assert page.template("check.html", ()).render() == "2 changed"
    assert compiled == ["check.html"] * 2


def test_nothing_is_kept_beside_the_templates(compiled, tmp_path):
    before = sorted(page.TEMPLATES.rglob("*"))
    page.template("check.html", ())
    assert sorted(page.TEMPLATES.rglob("*")) == before
    assert list((tmp_path / "cache").rglob("*.cache"))


@pytest.mark.parametrize("refused_by", ["tempfile.NamedTemporaryFile", "pathlib.Path.mkdir"])
def test_where_nothing_may_be_written_templates_are_compiled_anew(compiled, monkeypatch, refused_by):
    def refused(*_, **__):
        raise PermissionError(13, "")

    monkeypatch.setattr(refused_by, refused)
    assert [page.template("check.html", ()).name for _ in range(2)] == ["check.html"] * 2
    assert compiled == ["check.html"] * 2


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
def test_templates_are_kept_in_the_users_cache(platform, environment, expected, monkeypatch):
    for name in ("XDG_CACHE_HOME", "HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    assert page.cache_folder() == Path(expected)


def test_a_folder_that_is_made_is_the_users_alone(tmp_path):
    folder = tmp_path / "grader" / "templates"
    assert page.own_folder(folder) == folder
    if os.name == "posix":
        assert [path.stat().st_mode & 0o777 for path in (folder, folder.parent)] == [0o700, 0o700]


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="the mode says nothing here")
@pytest.mark.parametrize("open_to_others", ["grader", "grader/templates"])
def test_nothing_is_kept_where_others_may_write(tmp_path, open_to_others):
    folder = tmp_path / "grader" / "templates"
    folder.mkdir(parents=True)
    (tmp_path / open_to_others).chmod(0o777)
    assert page.own_folder(folder) is None


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="files have no such owner here")
def test_nothing_is_kept_in_somebody_elses_folder(tmp_path, monkeypatch):
    folder = tmp_path / "grader" / "templates"
    folder.mkdir(parents=True)
    monkeypatch.setattr(os, "geteuid", lambda: folder.stat().st_uid + 1)
    assert page.own_folder(folder) is None


def test_nothing_is_kept_in_the_working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert page.own_folder(Path("grader", "templates")) is None
    assert not list(tmp_path.iterdir())


def test_a_file_in_the_place_of_the_cache_keeps_nothing(tmp_path):
    (tmp_path / "grader").touch()
    assert page.own_folder(tmp_path / "grader" / "templates") is None
