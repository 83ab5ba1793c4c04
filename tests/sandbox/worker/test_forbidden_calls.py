"""Library calls that do the exercise are told by whatever route they are reached, and still answer."""

import json
import re
import subprocess
import sys
from types import ModuleType

import pytest

from grader.sandbox.worker.forbidden_calls import Family, defined_names, lines_with, names_so_far, words_of

TORCH = [
    "torch.nn.LSTM",
    "torch.nn.LSTMCell",
    "torch.lstm",
    "torch.lstm_cell",
    "torch.nn.BatchNorm*",
    "torch.batch_norm",
    "torch.nn.MultiheadAttention",
    "torch.nn.functional.scaled_dot_product_attention",
    "torch.nn.TransformerEncoderLayer",
    "torch.fx.experimental.proxy_tensor.make_fx",
]
SETUP = """
import torch, torch.fx.experimental.proxy_tensor as fx
x, h = torch.ones(4, 2), torch.ones(4, 3)
w, v, b = torch.ones(12, 2), torch.ones(12, 3), torch.ones(12)
q = torch.rand(1, 2, 4, 3)
aten, key = torch.ops.aten, torch._C.DispatchKey
cell = lambda x: torch.lstm_cell(x, (h, h), w, v, b, b)
class Bare(torch.nn.TransformerEncoderLayer):
    def __init__(self):
        torch.nn.Module.__init__(self)
        self.linear1 = self.linear2 = torch.nn.Linear(4, 4)
        self.dropout = self.dropout2 = torch.nn.Identity()
        self.activation = torch.relu
made = torch.nn.LSTMCell(2, 3)
pack = lambda weights: torch.ops.quantized.linear_prepack_fp16(weights, b)
scripted = torch.jit.CompilationUnit("def double(x: Tensor): return x * 2\\n").double
"""
# Expression → one name that must be told, or none at all.
ROUTES = {
    "torch.nn.LSTMCell(2, 3)": "torch.nn.LSTMCell",
    "made(x)": "torch.lstm_cell",
    "type('Mine', (torch.nn.LSTM,), {})(2, 3)": "torch.nn.LSTM",
    "torch.nn.LSTM(2, 3)(x)": "torch.lstm",
    "torch._VF.lstm_cell(x, (h, h), w, v, b, b)": "torch.lstm_cell",
    "aten.lstm_cell(x, (h, h), w, v, b, b)": "torch.lstm_cell",
    "aten.lstm_cell.default.decompose(x, (h, h), w, v, b, b)": "torch.lstm_cell",
    "aten.lstm_cell.default._op_dk(key.CompositeImplicitAutograd, x, (h, h), w, v, b, b)": "torch.lstm_cell",
    "aten.lstm_cell.default.redispatch(torch._C.DispatchKeySet(key.CPU), x, (h, h), w, v, b, b)": "torch.lstm_cell",
    "torch.vmap(lambda x, h: torch.lstm_cell(x, (h, h), w, v, b, b))(x[None], h[None])": "torch.lstm_cell",
    "torch.func.vjp(lambda x: cell(x)[0], x)": "torch.lstm_cell",
    "fx.make_fx(cell)(x)": "torch.lstm_cell",
    "getattr(torch, 'lstm' + '_cell')(x, (h, h), w, v, b, b)": "torch.lstm_cell",
    "torch._decomp.decompositions.lstm_impl(x[None], (h[None, :1],) * 2, [w, v, b, b], True, 1, 0, False, False, 1)": (
        "torch._decomp.decompositions.lstm_impl"
    ),
    "__import__('torch.ao.nn.quantizable').ao.nn.quantizable.LSTM(2, 3)": "torch.ao.nn.quantizable.modules.rnn.LSTM",
    "torch.nn.functional.batch_norm(x, None, None, training=True)": "torch.batch_norm",
    "torch.inference_mode()(torch.native_batch_norm)(x, None, None, None, None, True, 0.1, 1e-5)": (
        "torch.native_batch_norm"
    ),
    "torch.native_batch_norm(torch.rand(2, 3, 2, 2).to_mkldnn(), *[torch.ones(3)] * 4, True, 0.1, 1e-5)": (
        "torch.native_batch_norm"
    ),
    "torch._decomp.decomposition_table[aten.native_batch_norm.default](x, *[None] * 4, True, 0.1, 1e-5)": (
        "torch._decomp.decompositions.native_batch_norm"
    ),
    "torch.nn.BatchNorm1d(2)": "torch.nn.BatchNorm1d",
    "torch.nn.functional.instance_norm(x[None])": "torch.batch_norm",
    "torch._scaled_dot_product_attention_math(q, q, q)": "torch._scaled_dot_product_attention_math",
    "torch.ops.aten._scaled_dot_product_flash_attention_for_cpu(q, q, q)": (
        "torch._scaled_dot_product_flash_attention_for_cpu"
    ),
    "torch.nn.functional.scaled_dot_product_attention(q, q, q)": "torch.nn.functional.scaled_dot_product_attention",
    "torch.nn.MultiheadAttention(4, 2)": "torch.nn.MultiheadAttention",
    "Bare()._ff_block(torch.ones(2, 4))": "torch.nn.TransformerEncoderLayer",
    "torch.nn.Transformer(4, 2, 1, 1, 4)": "torch.nn.TransformerEncoderLayer",
    "fx.make_fx(torch.sin)(x)": "torch.fx.experimental.proxy_tensor.make_fx",
    "torch.ops.quantized.quantized_lstm_cell_dynamic(x, (h, h), pack(w), pack(v), b, b)": (
        "torch.quantized_lstm_cell_dynamic"
    ),
    "torch._C._jit_to_static_module(scripted.graph)(x)": "torch._C._jit_to_static_module",
    "scripted.graph.copy().create('prim::StaticSubgraph', 1)": "torch._C.Graph.create",
    "torch.parse_ir('graph(%x : Tensor):\\n  return (%x)\\n')": "torch.parse_ir",
    "torch.jit.enable_onednn_fusion(False)": "torch._C._jit_set_llga_enabled",
    "scripted(x)": None,
    "torch.nn.Linear(2, 3)(x)": None,
    "torch.nn.GRU(2, 3)(x)": None,
    "torch.nn.LayerNorm(2)(x)": None,
    "'torch.nn.LSTM'": None,
}


def told(names, setup, *expressions):
    """What is told while each expression is evaluated, and what comes of it."""
    code = f"""
import json, os, warnings
warnings.simplefilter("ignore")
{setup}
from grader.sandbox.worker.forbidden_calls import Shortcuts
from grader.sandbox.protocol.journal import TELL
reading, writing = os.pipe()
os.set_blocking(reading, False)
os.dup2(writing, TELL)
Shortcuts({list(names)!r})
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
    found.append([value, [record.split()[1] for record in records]])
print(json.dumps(found))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_torch_by_every_route():
    found = told(TORCH, SETUP, *ROUTES)
    for (expression, name), (value, names) in zip(ROUTES.items(), found, strict=True):
        assert "Error" not in value, (expression, value)  # it still answers
        assert (name in names) if name else names == [], (expression, names)
    _, names = found[list(ROUTES).index("fx.make_fx(torch.sin)(x)")]
    assert names.count("torch.fx.experimental.proxy_tensor.make_fx") == 2  # forbidden, and writes down what it calls


def test_a_watched_operator_differentiates_as_before():
    setup = SETUP + "x = torch.rand(5, 2, requires_grad=True)\n"
    expression = (
        "torch.autograd.gradcheck(lambda x: torch.nn.functional.batch_norm(x, None, None, training=True), x.double())"
    )
    ((value, names),) = told(["torch.batch_norm"], setup, expression)
    assert value == "bool"
    assert "torch.batch_norm" in names


def test_what_is_imported_later_is_watched_too():
    setup = "import sys, torch; sys.modules.pop('torch.nn.utils.rnn', None)"
    expression = "__import__('torch.nn.utils.rnn').nn.utils.rnn.pad_sequence([torch.ones(2)])"
    ((_, names),) = told(["torch.nn.utils.rnn.pad_sequence"], setup, expression)
    assert "torch.nn.utils.rnn.pad_sequence" in names


@pytest.mark.parametrize(
    "expression",
    [
        "__import__('not_here.special').special.softmax(1)",
        "__import__('importlib').import_module('not_here.special').softmax([1.0])",
        "(lambda: exec('from not_here.special import softmax as s; s([1.0])'))()",
    ],
)
def test_a_package_that_the_exercise_does_not_have_has_a_stand_in(expression):
    ((value, names),) = told(["not_here.special.softmax"], "", expression)
    assert "not allowed: not_here.special.softmax" in value
    assert names == ["not_here.special.softmax"]


def test_a_stand_in_that_is_only_imported_tells_nothing():
    ((value, names),) = told(["not_here.special.softmax"], "", "__import__('not_here.special').special.softmax")
    assert (value, names) == ("function", [])


def test_numpy_whether_it_dispatches_or_is_built_in():
    expressions = ["np.linalg.norm(np.ones(3))", "np.ldexp(1.0, 2)", "np.exp(1.0)"]
    found = told(["numpy.linalg.norm", "numpy.ldexp"], "import numpy as np", *expressions)
    assert ["numpy.linalg.norm" in names for _, names in found] == [True, False, False]
    assert ["numpy.ldexp" in names for _, names in found] == [False, True, False]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("LSTMCell", ("lstm", "cell")),
        ("_thnn_fused_lstm_cell", ("thnn", "fused", "lstm", "cell")),
        ("MultiheadAttention", ("multihead", "attention")),
        ("BatchNorm2d", ("batch", "norm", "2", "d")),
    ],
)
def test_words_of_a_name(name, words):
    assert words_of(name) == words


@pytest.mark.parametrize(
    ("family", "name", "belongs"),
    [
        ("torch.nn.MultiheadAttention", "_native_multi_head_attention", True),
        ("torch.nn.functional.scaled_dot_product_attention", "_scaled_dot_product_flash_attention_for_cpu", True),
        ("torch.nn.TransformerEncoderLayer", "_transformer_encoder_layer_fwd", True),
        ("torch.nn.RNN", "return_names", False),
        ("torch.lstm_cell", "lstm", False),
        ("torch.batch_norm", "norm_batch", False),
    ],
)
def test_families(family, name, belongs):
    assert Family(0, family).has_function(name) == belongs


@pytest.mark.parametrize(
    ("pattern", "lines"),
    [
        ("norm", ["BatchNorm1d", "norm_except_dim", "weight_norm"]),
        ("l_?s_?t_?m.*cell|norm$", ["LSTMCell", "weight_norm"]),
        ("", ["BatchNorm1d", "LSTMCell", "norm_except_dim", "weight_norm"]),
        ("gru", []),
    ],
)
def test_lines_are_found_whatever_their_case(pattern, lines):
    text = "BatchNorm1d\nLSTMCell\nnorm_except_dim\nweight_norm"
    assert list(lines_with(re.compile(pattern, re.M), text)) == lines


def test_what_is_imported_after_the_names_were_noted_is_found_too(monkeypatch):
    names_so_far()
    late = ModuleType("late")
    late.norm = abs
    monkeypatch.setitem(sys.modules, "late", late)
    found = {name: defined for name, defined, _ in defined_names()}
    assert "norm" in found["late"].splitlines()
    assert "loads" in found["json"].splitlines()
    assert found.keys() == sys.modules.keys()
