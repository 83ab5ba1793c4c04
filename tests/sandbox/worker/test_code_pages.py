"""A worker host's code on huge pages."""

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from grader.sandbox.host import MANY_WORKERS, Host
from grader.sandbox.protocol.calls import Returned
from grader.sandbox.worker import code_pages
from tests.sandbox.test_host import tripled

PREPARED = """
import ctypes, numpy as np
from pathlib import Path
from grader.sandbox.worker import code_pages

def work():
    return np.linalg.inv(np.eye(3) * 2).sum() + np.random.default_rng(0).normal(size=100).sum()

def owner(place):
    for line in Path("/proc/self/maps").read_text().splitlines():
        addresses, access, _, _, inode, *_ = line.split()
        start, end = (int(address, 16) for address in addresses.split("-"))
        if start <= place < end:
            return access, inode != "0"

before = work()
code_pages.MUCH_USED = 1
places = code_pages.much_used()
held = [ctypes.string_at(place, code_pages.HUGE) for place in places]
"""
SETTING = code_pages.SETTING
tells = platform.machine() == "x86_64" and SETTING.exists() and Path("/proc/self/pagemap").exists()
huge = pytest.mark.skipif(not tells or "[never]" in SETTING.read_text(), reason="no huge pages here")


def run(code):
    done = subprocess.run([sys.executable, "-c", PREPARED + code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@huge
def test_code_moves_as_it_is_and_cannot_be_written():
    code = """
code_pages.code_on_huge_pages()
print(len(places), held == [ctypes.string_at(place, code_pages.HUGE) for place in places], work() == before)
print(*{owner(place) for place in places})
"""
    count, same, works, *owners = run(code)
    assert int(count) > 0
    assert (same, works) == ("True", "True")
    if "".join(owners) == "('r-xp',True)":
        pytest.skip("no huge page was free, or memory may not become code here")
    assert "".join(owners) == "('r-xp',False)"


@huge
def test_nothing_is_left_of_the_memory_that_was_not_needed():
    code = """
def mapped():
    return int(Path("/proc/self/statm").read_text().split()[5]) * code_pages.SMALL
before = mapped()
code_pages.code_on_huge_pages()
print(mapped() - before)
ctypes.CDLL(None).prctl(41, 1, 0, 0, 0)  # PR_SET_THP_DISABLE
code_pages.move(places)
print(mapped() - before)
"""
    assert all(int(bytes_more) < code_pages.HUGE for bytes_more in run(code))


@huge
def test_code_stays_where_no_huge_page_comes():
    code = """
ctypes.CDLL(None).prctl(41, 1, 0, 0, 0)  # PR_SET_THP_DISABLE
code_pages.code_on_huge_pages()
print(*{owner(place) for place in places}, work() == before)
"""
    assert "".join(run(code)) == "('r-xp',True)True"


def test_nothing_is_done_where_the_system_does_not_tell(monkeypatch):
    def denied(*_):
        raise PermissionError

    moved = []
    monkeypatch.setattr(code_pages, "pages", denied)
    monkeypatch.setattr(code_pages, "move", moved.append)
    monkeypatch.setattr(code_pages, "much_used", lambda: code_pages.pages(0))
    code_pages.code_on_huge_pages()
    assert moved == []


def test_a_host_of_many_workers_answers_as_any_other():
    with Host(("numpy",), MANY_WORKERS) as many, Host(("numpy",)) as few:
        assert tripled(many) == tripled(few) == Returned(6)
        assert many.layers == few.layers
