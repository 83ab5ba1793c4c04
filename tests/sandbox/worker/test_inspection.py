"""What is listed for the instructor of a submission, and costs nothing."""

import pytest

from grader.sandbox.worker.inspection import look_over

FORBIDDEN = ("torch.nn.LSTM", "torch.lstm_cell", "torch.nn.BatchNorm*")


def names(source, forbidden=FORBIDDEN):
    return list(look_over(compile(source, "sample.py", "exec"), forbidden))


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import torch\n\nx = torch.lstm_cell", [(3, "lstm_cell")]),
        ("from torch.nn import LSTM as Mine", [(1, "LSTM")]),
        ("def f(nn):\n    class C:\n        def g(self):\n            nn.BatchNorm2d(3)\n", [(4, "BatchNorm2d")]),
        ("f = sys._getframe(1)\nf.f_back.f_locals", [(1, "_getframe"), (2, "f_back"), (2, "f_locals")]),
        ("import ctypes", [(1, "ctypes")]),
        ("import gc\ngc.get_objects()", [(2, "get_objects")]),
        ("import sys\nsys.modules['grader.sandbox.worker.main']", [(1, "grader")]),
    ],
)  # fmt: skip
def test_what_is_listed(source, found):
    assert sorted(names(source)) == found


@pytest.mark.parametrize(
    "source",
    [
        "def lstm_cell(x):\n    return x\n\n\ndef lstm(x):\n    return lstm_cell(x)\n",
        "# torch.nn.LSTM\ntext = 'torch.nn.LSTM'\n",
        "import gc\ngc.collect()\nimport sys\nsys.modules\n",
        "LSTM = 3\nprint(LSTM)\n",
        "grades = 'graders are kind'\n",
    ],
)
def test_a_student_s_own_names_are_not(source):
    assert names(source) == []
