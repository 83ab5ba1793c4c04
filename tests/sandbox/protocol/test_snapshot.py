import numpy as np
import pytest
import torch

from grader.sandbox.protocol.snapshot import Snapshot

CHANGES = {
    "an array": lambda a: a["array"].__setitem__(0, 9.0),
    "an array's shape": lambda a: setattr(a["array"], "shape", (2, 1)),
    "a tensor": lambda a: a["tensor"].mul_(2),
    "a tensor behind its back": lambda a: a["tensor"].data.numpy().fill(3),
    "the order of a tensor's axes": lambda a: a["tensor"].t_(),
    "the memory of a tensor": lambda a: setattr(a["tensor"], "data", torch.ones(2, 2)),
    "the length of a tensor": lambda a: a["tensor"].resize_(1, 2),
    "a half tensor": lambda a: a["half"].add_(1),
    "a generator": lambda a: a["generator"].random(),
    "an item": lambda a: a["list"].__setitem__(0, 2),
    "an item more": lambda a: a["list"].append([]),
    "a list in itself": lambda a: a["list"].append(a["list"]),
    "a key": lambda a: a.pop("half"),
}


def arguments():
    return {
        "array": np.array([1.0, 2.0]),
        "tensor": torch.tensor([[1.0, 2.0], [3.0, 4.0]]),
        "half": torch.ones(2, dtype=torch.bfloat16),
        "generator": np.random.default_rng(0),
        "list": [1, (np.zeros(0), torch.zeros(0, 3))],
    }


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_shows(change):
    values = arguments()
    snapshot = Snapshot(values)
    assert snapshot.holds()
    CHANGES[change](values)
    assert not snapshot.holds()


def test_what_is_only_read_holds():
    values = arguments()
    snapshot = Snapshot(values)
    values["tensor"].requires_grad_().sum().backward()
    assert values["array"].T @ values["array"] == 5
    assert snapshot.holds()
