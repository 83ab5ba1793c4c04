"""When a server gives its memory back."""

import os
import sys

import pytest

from grader.warm import memory

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a server is left on Linux only")


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """Writes what a kernel tells: MiB that are there and available, the share of waiting, MiB of a process
    beside files."""

    def machine(there=1000, available=900, waiting=0.0, process=100):
        (tmp_path / "1").mkdir(exist_ok=True)
        (tmp_path / "pressure").mkdir(exist_ok=True)
        (tmp_path / "meminfo").write_text(f"MemTotal: {there << 10} kB\nMemAvailable: {available << 10} kB\n")
        (tmp_path / "pressure" / "memory").write_text(f"some avg10={waiting} avg60=0.00\nfull avg10=99.0\n")
        pages = (process << 20) // memory.PAGE
        (tmp_path / "1" / "statm").write_text(f"999999 {pages + 50} 50 1 0 999 0\n")
        monkeypatch.setattr(memory, "PROC", tmp_path)
        monkeypatch.setattr(memory, "folders", lambda: [tmp_path])

    return machine


def test_a_server_stays_while_there_is_enough(machine):
    machine()
    assert not memory.is_short([1])


@pytest.mark.parametrize("fact", [{"available": 90}, {"waiting": 11.0}, {"process": 601}])
def test_a_server_goes_when_others_need_memory_or_it_takes_too_much(machine, fact):
    machine(**fact)
    assert memory.is_short([1])


def test_the_limit_of_a_container_counts(machine, tmp_path):
    machine()
    (tmp_path / "memory.max").write_text("1000\n")
    (tmp_path / "memory.current").write_text("950\n")
    (tmp_path / "memory.stat").write_text("anon 1\ninactive_file 500\n")
    assert memory.left() == pytest.approx(0.55)
    (tmp_path / "memory.stat").write_text("anon 950\ninactive_file 0\n")
    assert memory.is_short([1])
    (tmp_path / "memory.max").write_text("max\n")
    assert not memory.is_short([1])


def test_what_a_kernel_does_not_tell_is_no_reason_to_go(tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "PROC", tmp_path)
    monkeypatch.setattr(memory, "folders", lambda: [])
    assert not memory.is_short([1])


def test_this_process_takes_something():
    assert 1 << 20 < memory.taken([os.getpid()]) < 1 << 33
