"""A forbidden function that is called while somebody writes down what it consists of says so, and only then."""

import json
import subprocess
import sys

import pytest

pytest.importorskip("torch")

NAMES = [
    "torch.lstm_cell",
    "torch.nn.LSTMCell",
    "torch.batch_norm",
    "torch.nn.functional.layer_norm",
    "torch.nn.functional.group_norm",
    "torch.nn.functional.multi_head_attention_forward",
    "torch.autograd.backward",
]
SETUP = """
import torch
from torch import fx
from torch._decomp import decompositions
from torch.fx.experimental.proxy_tensor import make_fx
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode
from torch.utils._device import DeviceContext
from torch.utils._python_dispatch import TorchDispatchMode

x, h = torch.rand(4, 2), torch.rand(4, 3)
w, v, b = torch.rand(12, 2), torch.rand(12, 3), torch.rand(12)
cell = torch.nn.LSTMCell(2, 3)
step = lambda x: decompositions.lstm_cell(F.linear(x, w, b), h, h, v, b, None, 1)
def within(mode, function, *args):
    with mode:
        return function(*args)
class Mode(TorchFunctionMode):
    def __torch_function__(self, function, types, args=(), kwargs=None):
        return function(*args, **(kwargs or {}))
class Dispatch(TorchDispatchMode):
    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        return function(*args, **(kwargs or {}))
class Device(DeviceContext):
    pass
class Sub(torch.Tensor):
    pass
def changed():
    with DeviceContext("cpu") as mode:
        torch._C._get_function_stack_at(0).__torch_function__ = print
        with torch._C.DisableTorchFunction():
            return step(x)
def pushed():
    kept, mode = F.has_torch_function_variadic, Mode()
    def has(*tensors):
        mode.__enter__()
        return False
    F.has_torch_function_variadic = has
    try:
        return F.layer_norm(x, (2,))
    finally:
        F.has_torch_function_variadic = kept
        mode.__exit__(None, None, None)
class Module(torch.nn.Module):
    def forward(self, x):
        return step(x)
def backward():
    y = torch.ones(2, requires_grad=True)
    (y * y).sum().backward()
    return y.grad
def scripted(function):
    return torch.jit.script(function)
def with_parameters_of(kind):
    cell = torch.nn.LSTMCell(2, 3)
    cell.weight_ih.data = cell.weight_ih.data
    cell._parameters["weight_hh"] = cell.weight_hh.detach().as_subclass(kind)
    return cell(x)
def default_device():
    torch.set_default_device("cpu")
    try:
        F.layer_norm(x, (2,))
        return cell(x)
    finally:
        torch.set_default_device(None)
own = torch.compile(lambda x: torch.sigmoid(x @ w.T + b), backend="eager")
"""
RECORDED = {
    "within(Mode(), step, x)": "torch.lstm_cell",
    "within(Mode(), cell, x)": "torch.nn.LSTMCell",
    "within(Device('cpu'), step, x)": "torch.lstm_cell",
    "within(Dispatch(), step, x)": "torch.lstm_cell",
    "within(Dispatch(), backward)": "torch.autograd.backward",
    "changed()": "torch.lstm_cell",
    "pushed()": "torch.nn.functional.layer_norm",
    "step(x.as_subclass(Sub))": "torch.lstm_cell",
    "decompositions.lstm_cell(F.linear(x, w, b).as_subclass(Sub), h, h, v, b, None, 1)": ("torch.lstm_cell"),
    "with_parameters_of(Sub)": "torch.nn.LSTMCell",
    "fx.Tracer().trace(step)": "torch.lstm_cell",
    "type('Own', (fx.Tracer,), {})().trace(Module())": "torch.lstm_cell",
    "make_fx(step)(x)": "torch.lstm_cell",
    "torch.jit.trace(step, (x,), check_trace=False)": "torch.lstm_cell",
    "torch._C._create_function_from_trace('f', step, (x,), lambda value: '', True, False)": ("torch.lstm_cell"),
    "torch._C._create_graph_by_tracing(step, (x,), lambda value: '', True, False)": ("torch.lstm_cell"),
    "scripted(F.multi_head_attention_forward)": "torch.nn.functional.multi_head_attention_forward",
}
FREE = [
    "step(x)",
    "cell(x)",
    "default_device()",
    "within(DeviceContext('cpu'), cell, x)",
    "within(torch.device('cpu'), cell, x)",
    "within(torch.no_grad(), cell, x)",
    "within(torch.inference_mode(), cell, x)",
    "torch.vmap(lambda x, h: torch.lstm_cell(x[None], (h[None], h[None]), w, v, b, b))(x, h)",
    "backward()",
    "torch.autograd.gradcheck(lambda x: F.batch_norm(x, None, None, training=True), x.double().requires_grad_())",
    "torch.nn.LazyBatchNorm1d()(x)",
    "torch.nn.LazyBatchNorm1d()(own(x))",
    "F.layer_norm(x, (2,), weight=torch.nn.Parameter(torch.ones(2)))",
    "within(Mode(), torch.relu, x)",
    "scripted(F.relu6)",
    "torch.jit.trace(torch.relu, (x,))",
]


def told(*expressions, before=""):
    """The records of each expression's evaluation."""
    code = f"""
import json, os, warnings
warnings.simplefilter("ignore")
{SETUP}
from grader import compat
{before}
from grader.sandbox.worker.forbidden_calls import Shortcuts
from grader.sandbox.protocol.journal import TELL
reading, writing = os.pipe()
os.set_blocking(reading, False)
os.dup2(writing, TELL)
Shortcuts({NAMES!r})
found = []
for expression in {list(expressions)!r}:
    try:
        value = type(eval(expression)).__name__
    except Exception as error:
        value = repr(error)
    try:
        records = os.read(reading, 1 << 20).decode().splitlines()
    except BlockingIOError:
        records = []
    found.append([value, records])
print(json.dumps(found))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def recorded(records):
    return {record.split()[1] for record in records if record[:1] == "~" and record[1:2].isdigit()}


def test_who_writes_down_a_forbidden_function_is_told():
    for (expression, name), (value, records) in zip(RECORDED.items(), told(*RECORDED), strict=True):
        assert "Error" not in value, (expression, value)
        assert name in recorded(records), (expression, records)


def test_a_forbidden_function_that_nobody_writes_down_is_told_as_called_alone():
    for expression, (value, records) in zip(FREE, told(*FREE), strict=True):
        assert "Error" not in value, (expression, value)
        assert recorded(records) == set(), (expression, records)


@pytest.mark.parametrize(
    ("name", "expression", "taken_away"),
    [
        ("function modes", "within(Mode(), step, x)", "lambda: 0"),
        ("dispatch modes", "within(Dispatch(), backward)", "lambda: 0"),
        ("frames", "pushed()", "lambda sys: lambda depth: None"),
    ],
)
def test_without_a_private_name_of_torch_or_python_a_recorder_is_not_seen(name, expression, taken_away):
    before = f"""
kept = compat.places_of_recorders
compat.places_of_recorders = lambda *modules: kept(*modules) | {{"@{name}": {taken_away}}}
"""
    if name == "frames":
        before = f"compat.frame_getter = {taken_away}"
    ((_, records),) = told(expression, before=before)
    assert expression in RECORDED  # where it is seen
    assert recorded(records) == set()


def test_what_only_forbidden_functions_are_made_of_belongs_to_them():
    setup = "import torch._refs as refs\nfrom torch._decomp import decompositions_for_jvp as jvp"
    found = told(
        "refs._normalize(x, [0], 1e-5)",
        "jvp.recompute_mean_var(x, torch.ones(4, 1), [1], True)",
        "refs.var_mean(x, 0)",
        "torch.var_mean(x, 0)",
        "refs.softmax(x, 0)",
        "refs._maybe_convert_to_dtype(x, torch.float64)",
        before=setup,
    )
    names = [[record.split()[1] for record in records] for _, records in found]
    assert not any("Error" in value for value, _ in found)
    assert names == [["torch._refs._normalize"], ["torch._decomp.decompositions_for_jvp.recompute_mean_var"], *[[]] * 4]
