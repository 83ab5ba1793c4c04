"""`grader trust`: kept in the user's own configuration, bound to a folder, its owner and its birth."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.course.choice import find_course
from grader.course.trust import Identity, TrustError, distrust, doubt, store, trust, trusted

GRADER = [sys.executable, "-c", "from grader.cli.grader import grader; grader(prog_name='grader')"]


@pytest.fixture(autouse=True)
def _own_store(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "configuration"))


@pytest.fixture
def course(tiny_course):
    return tiny_course.root


def run(folder, *words, **environment):
    environment = {**os.environ, "CI": "", **environment}
    command = [*GRADER, *map(str, words)]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)


def record_of(course):
    (path,) = store().glob("*.json")
    return path, json.loads(path.read_text())


def test_trust_is_given_listed_and_taken_back(course):
    assert doubt(course) == "it is not trusted"
    trust(course)
    assert (doubt(course), trusted()) == ("", [course])
    trust(course)
    assert trusted() == [course]
    assert distrust(course)
    assert (doubt(course), trusted()) == ("it is not trusted", [])
    assert not distrust(course)


def test_the_store_is_the_user_s_alone(course):
    before = os.umask(0)
    try:
        trust(course)
    finally:
        os.umask(before)
    path, _ = record_of(course)
    assert [each.stat().st_mode & 0o777 for each in (path, path.parent)] == [0o600, 0o700]
    assert [each.name for each in path.parent.iterdir()] == [path.name]  # nothing half written stays


@pytest.mark.parametrize("which", ["file", "folder", "configuration"])
def test_a_store_that_others_can_write_to_trusts_nobody(course, which):
    trust(course)
    path, _ = record_of(course)
    {"file": path, "folder": path.parent, "configuration": path.parent.parent}[which].chmod(0o777)
    assert "not yours alone to write to" in doubt(course)
    assert find_course(None).root != course
    if which != "file":
        with pytest.raises(TrustError, match="not yours alone"):
            trust(course)


def test_a_store_of_somebody_else_trusts_nobody(course, monkeypatch):
    trust(course)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert "not yours alone" in doubt(course)
    with pytest.raises(TrustError, match="not yours alone"):
        trusted()


def test_another_folder_in_its_place_is_not_trusted(course):
    trust(course)
    content = course.with_name("content")
    shutil.copytree(course, content)
    shutil.rmtree(course)
    assert "cannot be read" in doubt(course)
    for _ in range(3):  # the number of a removed folder is soon given to another
        course.mkdir()
        shutil.copytree(content, course, dirs_exist_ok=True)
        assert doubt(course) == "it is another folder than the one that was trusted"
        shutil.rmtree(course)


def test_a_folder_that_was_moved_is_not_trusted_where_it_is_now(course):
    trust(course)
    moved = course.rename(course.with_name("moved"))
    assert doubt(moved) == "it is not trusted"
    moved.rename(course)
    assert doubt(course) == ""


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"owner": 12345}, "its owner has changed"),
        ({"inode": 1}, "another folder"),
        ({"born": "1.0"}, "another folder"),
    ],
)
def test_what_was_trusted_is_compared_with_what_is_there(course, changes, said):
    trust(course)
    path, values = record_of(course)
    path.write_text(json.dumps(values | changes))
    assert said in doubt(course)


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"folder": "/", "owner": 0}', "\xff" * 9])
def test_a_broken_record_trusts_nobody_and_can_be_replaced(course, text):
    trust(course)
    path, _ = record_of(course)
    path.write_text(text)
    assert (doubt(course), trusted()) == ("it is not trusted", [])
    trust(course)
    assert doubt(course) == ""


def test_a_record_counts_for_its_own_folder_only(course):
    trust(course)
    path, values = record_of(course)
    path.write_text(json.dumps(values | {"folder": str(course.parent)}))
    assert doubt(course) == "it is not trusted"


def test_a_link_is_trusted_as_what_it_leads_to(course, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(course)
    trust(link)
    assert (doubt(course), doubt(link)) == ("", "")
    link.unlink()
    link.symlink_to(tmp_path)
    assert doubt(link) == "it is not trusted"


@pytest.mark.parametrize("inner", [".", "solutions"])
def test_what_everybody_can_write_to_is_not_trusted(course, inner):
    trust(course)
    (course / inner).chmod(0o777)
    assert doubt(course) == "everybody can write to it"
    with pytest.raises(TrustError, match="chmod o-w"):
        trust(course)
    (course / inner).chmod(0o775)  # a team's
    assert doubt(course) == ""


def test_names_of_any_bytes_are_kept(tmp_path):
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff \n\xc3\xa9"))
    folder.mkdir()
    trust(folder)
    assert (doubt(folder), trusted()) == ("", [folder])


def test_without_a_home_nothing_is_read_from_the_working_folder(course, monkeypatch, tmp_path):
    """`~/.config` is a folder of that name then, which a student may have made."""
    for name in ("HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)  # as for a user whom the system does not know
    monkeypatch.chdir(tmp_path)
    assert "set HOME" in doubt(course)
    with pytest.raises(TrustError, match="set HOME"):
        trust(course)


def test_where_nothing_can_be_written_it_is_said(course, monkeypatch, tmp_path):
    (tmp_path / "taken").touch()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "taken"))
    with pytest.raises(TrustError, match="name the course with --course or GRADER_COURSE"):
        trust(course)
    assert doubt(course) == "it is not trusted"


def test_the_birth_of_a_folder_is_known_here(tmp_path):
    """Else its device would stand in: on another machine this may fail, and trust is then only asked for more often."""
    if sys.platform == "linux":
        assert not Identity.of(str(tmp_path)).born.startswith("device")


# The command


def test_the_command(course, tmp_path):
    done = run(course, "trust", ".")
    assert (done.returncode, done.stdout) == (0, f"{course}: trusted. `grader trust --remove DIR` takes that back.\n")
    assert run(tmp_path, "trust", "--list").stdout == f"{course}\n"
    (course / "solutions").chmod(0o777)
    assert run(tmp_path, "trust", "--list").stdout == f"{course}: not in force, as everybody can write to it\n"
    assert run(tmp_path, "trust", "--remove", course).stdout == f"{course}: not trusted any more\n"
    assert run(tmp_path, "trust", "--remove", course).stdout == f"{course}: was not trusted\n"
    assert run(tmp_path, "trust", "--list").stdout == ""


@pytest.mark.parametrize("words", [[], ["--list", "."], ["--list", "--remove"], ["--remove"], ["configuration"], ["."]])
def test_wrong_use_is_told_with_status_2(tmp_path, words):
    done = run(tmp_path, "trust", *words)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("Error: ")


def test_a_new_course_is_trusted_and_nothing_else(tmp_path):
    made = tmp_path / "made"
    made.mkdir()
    done = run(made, "new", "huber")
    assert (done.returncode, done.stderr) == (0, "")
    assert trusted() == [made]
    assert run(made / "exercises", "new", "focal").returncode == 0
    for name in ("solutions", "conftest.py"):
        other = tmp_path / f"with {name}"
        (other / name).mkdir(parents=True)
        assert run(other, "new", "huber").returncode == 0
        assert trusted() == [made]
        assert run(other, "new", "focal").returncode == 2
        assert run(other, "new", "focal", "--course", ".").returncode == 0
    assert trusted() == [made]


def test_a_new_course_is_made_where_trust_cannot_be_kept(tmp_path):
    done = run(tmp_path, "new", "huber", XDG_CONFIG_HOME="/dev/null")
    assert done.returncode == 0
    assert done.stderr.startswith("Note: ")
    assert done.stderr.count("\n") == 1
