"""Which libraries there are for workers, and where."""

import os

import pytest

from grader.sandbox.host import Host, SandboxError
from grader.sandbox.libraries import import_path, is_installed


@pytest.mark.parametrize("name", ["numpy", "json", "sys"])
def test_what_can_be_imported_is_installed(name):
    assert is_installed(name)


@pytest.mark.parametrize("name", ["nowhere_to_be_found", "__main__", "", "a\0b", "numpy.linalg", "../json", "é" * 300])
def test_any_text_may_be_asked_for(name):
    assert not is_installed(name)


@pytest.mark.parametrize("name", ["__main__", ""])
def test_what_is_no_library_is_told_in_one_line(name):
    with pytest.raises(SandboxError, match=f"^This exercise needs {name}, which is not installed here.*$"):
        Host((name,))


def test_the_import_path_holds_libraries_only():
    assert import_path()
    assert all(os.path.isabs(entry) for entry in import_path())
    assert os.getcwd() not in import_path()
