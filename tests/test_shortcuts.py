"""Library calls that do the exercise are noted by whatever route they are reached, and still answer."""

import json
import subprocess
import sys

import pytest

TORCH = [
    "torch.nn.LSTM",
    "torch.nn.LSTMCell",
    "torch.lstm",
    "torch.lstm_cell",
    "torch.nn.BatchNorm*",
    "torch.batch_norm",
]
ROUTES = {
    "torch.nn.LSTMCell(2, 3)": ["torch.nn.LSTMCell"],
    "type('Mine', (torch.nn.LSTM,), {})(2, 3)": ["torch.nn.LSTM"],
    "torch.nn.LSTM(2, 3)(x)": ["torch.lstm", "torch.nn.LSTM"],
    "torch._VF.lstm_cell(x, (h, h), w, v, b, b)": ["torch.lstm_cell"],
    "torch.ops.aten.lstm_cell(x, (h, h), w, v, b, b)": ["torch.lstm_cell"],
    "getattr(torch, 'lstm' + '_cell')(x, (h, h), w, v, b, b)": ["torch.lstm_cell"],
    "torch.nn.functional.batch_norm(x, None, None, training=True)": ["torch.batch_norm"],
    "torch.nn.BatchNorm1d(2)": ["torch.nn.BatchNorm1d"],
    "torch.nn.functional.instance_norm(x[None])": ["torch.batch_norm"],
    "torch.nn.Linear(2, 3)(x)": [],
    "'torch.nn.LSTM'": [],
}


def noted(names, setup, expression):
    code = (
        "import json, sys\n"
        f"{setup}\n"
        "from grader.sandbox.shortcuts import Shortcuts\n"
        f"shortcuts = Shortcuts({names!r})\n"
        f"value = {expression}\n"
        "print(json.dumps(sorted(shortcuts.used)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_torch_by_every_route():
    setup = (
        "import torch\n"
        "x, h = torch.ones(4, 2), torch.ones(4, 3)\n"
        "w, v, b = torch.ones(12, 2), torch.ones(12, 3), torch.ones(12)"
    )
    expressions = ", ".join(
        f"({expression}, sorted(shortcuts.used), shortcuts.used.clear())[1]" for expression in ROUTES
    )
    found = noted(TORCH, setup, f"[{expressions}]; shortcuts.used |= {{json.dumps(value)}}")
    assert dict(zip(ROUTES, json.loads(found[0]), strict=True)) == ROUTES


def test_a_noted_operator_still_answers_and_differentiates():
    setup = "import torch\nx = torch.arange(6.0).reshape(3, 2).requires_grad_()"
    expression = (
        "torch.nn.functional.batch_norm(x, None, None, training=True); (value * value).sum().backward(); "
        "assert x.grad is not None and abs(value.mean().item()) < 1e-6; assert abs(value.std().item() - 1.1) < 0.1"
    )
    assert noted(["torch.batch_norm"], setup, expression) == ["torch.batch_norm"]


@pytest.mark.parametrize(
    "expression",
    [
        "__import__('scipy.special').special.softmax([1.0])",
        "__import__('importlib').import_module('scipy.special._logsumexp').softmax([1.0])",
        "(lambda: exec('from scipy.special import softmax as s; s([1.0])'))()",
    ],
)
def test_a_package_that_the_student_imports(expression):
    assert noted(["scipy.special.softmax"], "", expression) == ["scipy.special.softmax"]


def test_a_package_that_is_not_installed_has_a_stand_in():
    setup = ""
    expression = "__import__('not_here.special').special.softmax"
    raised = (
        "None\ntry:\n    value = __import__('not_here.special').special.softmax(1)\n"
        "except RuntimeError as e:\n    print(e, file=sys.stderr)"
    )
    assert noted(["not_here.special.softmax"], setup, expression) == []
    assert noted(["not_here.special.softmax"], setup, raised) == ["not_here.special.softmax"]
