"""What a container lets its processes use is read from the files of either version of cgroups."""

import pytest

from grader.sandbox import cgroup
from grader.sandbox.limits import Limits


@pytest.fixture
def system(tmp_path, monkeypatch):
    """Makes the kernel's files: which group this process is in, and what stands in the folders of groups."""
    monkeypatch.setattr(cgroup, "ROOT", tmp_path / "cgroup")
    monkeypatch.setattr(cgroup, "MEMBERSHIP", tmp_path / "membership")

    def make(membership, files):
        (tmp_path / "membership").write_text(membership)
        for name, text in files.items():
            (tmp_path / "cgroup" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "cgroup" / name).write_text(text)

    return make


@pytest.mark.parametrize(
    ("membership", "files", "most"),
    [
        ("0::/\n", {"memory.max": "536870912\n"}, 512),
        ("0::/\n", {"memory.max": "max\n"}, None),
        ("0::/jobs/one\n", {"jobs/one/memory.max": "max\n", "jobs/memory.max": "805306368\n"}, 768),
        ("0::/../outside\n", {"memory.max": "268435456\n"}, 256),
        ("4:memory:/a\n0::/\n", {"memory/a/memory.limit_in_bytes": "805306368\n"}, 768),
        ("4:cpu,memory:/outside/of/it\n", {"memory/memory.limit_in_bytes": "805306368\n"}, 768),
        ("4:memory:/\n", {"memory/memory.limit_in_bytes": "9223372036854771712\n"}, None),
        ("4:memory:/\n", {}, None),
    ],
)
def test_the_smallest_limit_of_all_groups_holds(system, membership, files, most):
    system(membership, files)
    assert cgroup.memory_limit() == most


def test_limits_are_lowered_to_what_the_container_has_and_that_is_said(system):
    system("0::/\n", {"memory.max": "536870912\n"})
    limits, said = Limits(memory=1024).here()
    assert (limits.memory, said) == (
        512,
        "This container has 512 MiB of memory, so a submission may use 512 MiB, not 1024.",
    )
    assert Limits(memory=512).here() == (Limits(memory=512), "")


def test_kills_are_counted_where_they_happened(system):
    system(
        "0::/jobs/one\n", {"jobs/one/memory.events": "low 0\noom 2\noom_kill 3\n", "jobs/memory.events": "oom_kill 9\n"}
    )
    assert cgroup.oom_kills() == 3
    system("4:memory:/a\n", {"memory/a/memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 5\n"})
    assert cgroup.oom_kills() == 5
