"""What a worker host does with its memory before it forks."""

import subprocess
import sys

import pytest

linux = pytest.mark.skipif(sys.platform != "linux", reason="only the GNU C library on Linux")


def run(code: str, **environment: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    return done.stdout


def test_hooks_that_are_registered_later_do_not_run():
    code = """
import os, sys
from grader.sandbox.worker import memory
os.register_at_fork(after_in_child=lambda: os.write(1, b"before "))
memory.forget_fork_hooks()
os.register_at_fork(after_in_child=lambda: os.write(1, b"after "))
os.wait() if os.fork() else os._exit(0)
"""
    assert run(code) == "before "


def test_lookups_are_forgotten():
    code = """
import sys
from grader.sandbox.worker import memory
name = "an attribute that nobody else has"
kind = type("kind", (), {name: 1})
before = sys.getrefcount(name)
getattr(kind, name)
print(sys.getrefcount(name) > before)
memory.forget_lookups()
print(sys.getrefcount(name) > before)
"""
    assert run(code).split() == ["True", "False"]


@linux
@pytest.mark.parametrize(
    ("made", "number", "few"), [("bytearray()", 1000, 50), ("[]", 60, 5)]
)  # Python keeps lists for reuse
def test_new_objects_lie_together_once_holes_are_filled(made, number, few):
    code = f"""
import gc
from grader.sandbox.worker import memory
gc.disable()
many = [{made} for _ in range(100_000)]
del many[::50]
def pages():
    return len({{id(thing) // 4096 for thing in [{made} for _ in range({number})]}})
print(pages())
memory.settle()
print(pages())
"""
    scattered, together = map(int, run(code, PYTHONMALLOC="malloc").split())
    assert together < few < number / 2 < scattered
