"""Names that are almost right are told."""

import builtins
from types import ModuleType

import pytest
import torch

from grader.sandbox.protocol.calls import Raised, encode_call, perform
from grader.sandbox.protocol.suggest import close, missing_method


def outcome(source, name, *args):
    module = ModuleType("student")
    exec(compile(source, "student.py", "exec"), module.__dict__)
    found = perform(encode_call(name, args, {}), module, {}, "student.py")
    assert isinstance(found, Raised)
    return found


@pytest.mark.parametrize(
    ("name", "names", "expected"),
    [
        ("softmax_jacobian", ["softmax", "softmax_jacobain"], "softmax_jacobain"),
        ("lstm_cell", ["LSTMCell", "np"], "LSTMCell"),
        ("forward", ["foward", "__init__"], "foward"),
        ("nms", ["iou", "np"], ""),
        ("step", ["step"], ""),
    ],
)
def test_close_names(name, names, expected):
    assert close(name, names) == expected


def test_a_misspelt_function_is_suggested():
    found = outcome("def softmx(x): return x", "softmax", 1)
    assert found.message == "softmax is not defined in your file; did you mean `softmx` to be `softmax`?"
    assert outcome("", "softmax", 1).message == "softmax is not defined in your file"


def test_a_misspelt_variable_and_attribute_are_suggested():
    assert outcome("def f(weights): return weigths", "f", 1).message.endswith("Did you mean: 'weights'?")
    assert outcome("def f(x): return pritn", "f", 1).message.endswith("Did you mean: 'print'?")
    assert outcome("def f(x): return x.raviel", "f", 1).message.endswith("has no attribute 'raviel'")
    assert outcome("import math\ndef f(x): return math.sqtr(x)", "f", 1).message.endswith("Did you mean: 'sqrt'?")


def test_a_misspelt_forward_is_suggested():
    source = "from torch import nn\nclass Net(nn.Module):\n    def foward(self, x): return x\ndef f(x): return Net()(x)"
    found = outcome(source, "f", 1)
    assert found.kinds[0] == "NotDefined"
    assert found.message == "Net has no forward; did you mean `foward` to be `forward`?"
    assert outcome(source.replace("foward", "run"), "f", 1).message == "Net has no forward"


def test_torch_says_it_in_the_words_that_are_looked_for():
    with pytest.raises(NotImplementedError) as caught:
        torch.nn.Module()(1)
    assert missing_method(caught.value, str(caught.value)).startswith("Module has no forward")


def test_hostile_names_do_no_harm():
    class Odd(NameError):
        name = property(lambda self: 1 / 0)

    def fail(x):
        raise Odd("odd")

    module = ModuleType("student")
    module.f = fail
    found = perform(encode_call("f", (1,), {}), module, {}, "student.py")
    assert isinstance(found, Raised)
    assert found.kinds[0] == "Odd"
    assert hasattr(builtins, "NameError")
