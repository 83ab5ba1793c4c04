"""Versions are told as importlib.metadata tells them."""

import sys
from importlib import metadata

import pytest

from grader.suite.installed import version


def test_every_installed_version_is_told_alike():
    names = {found.metadata["Name"] for found in metadata.distributions()}
    assert {name: version(name) for name in names} == {name: metadata.version(name) for name in names}


def test_the_first_on_the_path_counts_whatever_it_is_kept_in(tmp_path, monkeypatch):
    for folder, number in (("one", "1.5"), ("two", "2.5")):
        info = tmp_path / folder / f"Some_Thing-{number}.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: some.thing\nVersion: {number}\n\nVersion: 9\n")
    old = tmp_path / "old" / "other_thing.egg-info"
    old.mkdir(parents=True)
    (old / "PKG-INFO").write_text("Metadata-Version: 1.0\nName: other-thing\nVersion: 3\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path / name) for name in ("none", "old", "two", "one")])
    assert [version(name) for name in ("some-thing", "Some.Thing", "other_thing")] == ["2.5", "2.5", "3"]
    with pytest.raises(metadata.PackageNotFoundError):
        version("some")
