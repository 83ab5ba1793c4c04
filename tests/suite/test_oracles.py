"""The reference and its wrong versions, as they are asked in the grader's own process."""

import signal
from types import ModuleType

import pytest

from grader.sandbox.protocol.calls import Raised, encode_call
from grader.suite import oracles
from grader.suite.collection import collect
from grader.suite.edits import replace
from grader.suite.oracles import EditedVersions, Local


def interrupted(*_):
    signal.raise_signal(signal.SIGINT)


def test_ctrl_c_is_no_answer_of_a_reference():
    module = ModuleType("reference")
    module.slow = interrupted
    with pytest.raises(KeyboardInterrupt):
        Local(module, {}).perform(encode_call("slow", (), {}))
    module.slow = lambda: 1 / 0
    assert isinstance(Local(module, {}).perform(encode_call("slow", (), {})), Raised)


def test_ctrl_c_while_a_suite_is_collected_is_no_fault_of_the_suite(tmp_path):
    path = tmp_path / "solutions" / "one" / "test_one.py"
    path.parent.mkdir(parents=True)
    path.write_text("import signal\nsignal.raise_signal(signal.SIGINT)\n")
    with pytest.raises(KeyboardInterrupt):
        collect(path)


def test_what_a_known_mistake_answered_outlives_the_pairs_that_were_tried(monkeypatch):
    monkeypatch.setattr(oracles, "MAX_OTHERS", 2000)
    halved = (replace("x * 2", "x / 2"),)
    versions = EditedVersions("def doubled(x):\n    return x * 2\n", "sample", {}, [halved])
    known = versions.side(halved)
    for number in range(3, 60):
        assert versions.side((replace("x * 2", f"x * {number}"),)) is not known
    assert versions.side(halved) is known
