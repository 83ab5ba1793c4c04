"""Private names of CPython, pytest, NumPy and torch: each is there, and each says what breaks when it is not."""

import ast
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from grader import compat
from grader.suite.collection import collect
from grader.suite.fixtures import CheckRun
from grader.suite.suite_cache import checks_of

PACKAGE = Path(__file__).parents[1] / "grader"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.name != "compat.py")
DOCUMENTED = {"_exit", "_xoptions"}  # of os and sys
# Names of theirs that are no use of them: what is looked for in a submission, a folder that a worker cannot read.
NAMED_ONLY = {"sandbox/worker/inspection.py", "sandbox/confinement/landlock.py"}
DOTTED = re.compile(r"(torch|numpy|pytest|sys|importlib)(\.\w+)*\._\w+")


def own_names(path):
    """What a module defines: functions, methods, attributes of its classes' objects."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and ast.unparse(node.value) == "self":
            yield node.attr


OURS = {name for path in MODULES for name in own_names(path)}


def private_names(path):
    """What looks like a private name of somebody else's, with its line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Attribute):
            names = [] if node.attr in OURS else [node.attr]
        elif isinstance(node, ast.Import):
            names = [part for alias in node.names for part in alias.name.split(".")]
        elif isinstance(node, ast.ImportFrom):
            names = [*(node.module or "").split("."), *(alias.name for alias in node.names)]
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("getattr", "hasattr", "setattr", "delattr"):
            names = [str(each.value) for each in node.args[1:2] if isinstance(each, ast.Constant)]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and DOTTED.fullmatch(node.value):
            names = [node.value.rpartition(".")[2]]
        for name in names:
            if re.match(r"_[a-zA-Z]", name) and name not in DOCUMENTED:
                yield node.lineno, name


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_private_names_of_others_stand_in_compat_alone(path):
    if path.relative_to(PACKAGE).as_posix() not in NAMED_ONLY:
        assert list(private_names(path)) == []


def test_private_names_are_found(tmp_path):
    (tmp_path / "a.py").write_text(
        "import _socket\nfrom torch._C import x\nsys._getframe()\ngetattr(f, '_impl')\nt = 'torch.jit._trace'\n"
        "self._layers = os._exit\n"
    )
    assert [line for line, _ in sorted(private_names(tmp_path / "a.py"))] == [1, 2, 3, 4, 5]


def run(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


# CPython


def test_without_a_way_to_clear_the_type_cache_workers_only_share_less_memory():
    calls = []
    old = ModuleType("sys")
    old._clear_type_cache = lambda: calls.append("old")
    new = ModuleType("sys")
    new._clear_type_cache, new._clear_internal_caches = old._clear_type_cache, lambda: calls.append("new")
    for module in (old, new, ModuleType("sys")):
        compat.clear_type_cache(module)
    assert calls == ["old", "new"]
    assert hasattr(sys, "_clear_internal_caches") or hasattr(sys, "_clear_type_cache"), "workers share less memory now"


# pytest


def test_without_pytest_s_table_of_fixtures_a_suite_s_own_cannot_be_set_up(tmp_path):
    suite = tmp_path / "solutions" / "f" / "test_f.py"
    suite.parent.mkdir(parents=True)
    suite.write_text(
        "import pytest\n@pytest.fixture\ndef base(): return 3\n"
        "def test_f(base):\n    assert base == 4\ndef test_g(rng):\n    assert rng\n"
    )
    with_fixture, without = collect(suite)
    check_run = CheckRun(with_fixture.id, None, None, 0, 1.0)
    with pytest.raises(AssertionError, match="3 == 4"):  # the fixture was found
        with_fixture.run(check_run)
    with_fixture.item._fixtureinfo = without.item._fixtureinfo = None
    without.run(check_run)
    with pytest.raises(AttributeError, match="name2fixturedefs"):
        with_fixture.run(check_run)


def test_without_pytest_s_rewritten_asserts_no_suite_is_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    suite = tmp_path / "solutions" / "f" / "test_f.py"
    suite.parent.mkdir(parents=True)
    suite.write_text("def test_f():\n    x = 3\n    assert x == 4\n")
    with monkeypatch.context() as context:
        context.setattr(
            "grader.suite.suite_cache.rewritten", lambda _, path: ModuleType("rewrite")._rewrite_test(path, None)
        )
        for _ in range(2):
            (check,) = checks_of(suite, lambda: "d")
            assert hasattr(check, "item")  # by pytest
    (first,), (kept,) = checks_of(suite, lambda: "d"), checks_of(suite, lambda: "d")
    assert not hasattr(kept, "item"), "each grade waits for pytest now"
    for check in (first, kept):
        with pytest.raises(AssertionError, match="assert 3 == 4"):
            check.run(CheckRun(check.id, None, None, 0, 1.0))


# NumPy


def test_without_numpy_s_name_for_what_it_dispatches_only_names_in_modules_tell():
    code = """
import os
import numpy as np
from grader import compat
from grader.sandbox.protocol.journal import TELL
from grader.sandbox.worker.forbidden_calls import Shortcuts
if {gone}:
    compat.undispatched = lambda function: function
held = np.trace
reading, writing = os.pipe()
os.set_blocking(reading, False)
os.dup2(writing, TELL)
Shortcuts(["numpy.trace"])
held(np.eye(2))
try:
    print("told" if b"numpy.trace" in os.read(reading, 1 << 16) else "untold")
except BlockingIOError:
    print("untold")
"""
    assert run(code.replace("{gone}", "False")) == ["told"]
    assert run(code.replace("{gone}", "True")) == ["untold"]


# torch


def test_without_torch_s_private_names_a_forbidden_operator_is_a_fault_and_never_untold():
    """Each is taken away in turn: what watches over operators does not start, so the worker grades nothing."""
    code = """
import torch
from grader.sandbox.worker.forbidden_calls import Shortcuts
names = ("_dispatch_get_all_op_names", "_dispatch_library", "_dispatch_has_kernel_for_dispatch_key",
         "_dispatch_get_computed_kernel_for_dispatch_key", "DispatchKey", "DispatchKeySet")
for name in names:
    kept = getattr(torch._C, name)
    delattr(torch._C, name)
    try:
        Shortcuts(["torch.lstm_cell"])
        print("untold")
    except AttributeError as error:
        print(name if name in str(error) else error)
    setattr(torch._C, name, kept)
Shortcuts(["torch.lstm_cell"])
print("watched")
"""
    *names, last = run(code)
    assert names == [
        "_dispatch_get_all_op_names",
        "_dispatch_library",
        "_dispatch_has_kernel_for_dispatch_key",
        "_dispatch_get_computed_kernel_for_dispatch_key",
        "DispatchKey",
        "DispatchKeySet",
    ]
    assert last == "watched"


def test_every_module_and_function_that_traces_is_where_it_was():
    """Without one, an operator that was written down, or that no dispatcher leads to, could be called untold."""
    torch = pytest.importorskip("torch")
    tables = (compat.TRACERS, compat.BELOW, compat.HIDES_BACKWARD, compat.PUSHES, compat.READS)
    places = [item for table in tables for item in table.items()]
    code = f"""
import importlib
from grader.sandbox.worker.forbidden_calls import named_in
for module, names in {places!r}:
    found = importlib.import_module(module)
    print(module, *[name for name in names if callable(named_in(found, name))])
"""
    found, at = run(code), 0
    for module, names in places:
        at = found.index(module, at) + 1
        there = found[at : at + len(names)]
        assert there[:1] == list(names[:1]), f"torch {torch.__version__} has no {module}.{names[0]}"


def test_the_modules_that_forbidden_functions_are_made_of_are_where_they_were():
    """Without one, the part of a norm that does its work could be called untold."""
    pytest.importorskip("torch")
    code = f"""
import importlib, torch
from grader.sandbox.worker.forbidden_calls import uses_in
for module in {compat.MADE_OF!r}:
    importlib.import_module(module)
    print(len(uses_in(module)) > 0, "_normalize" in uses_in(module), "var_mean" in uses_in(module))
"""
    assert run(code) == ["True", "True", "False", "True", "False", "False", "True", "False", "False"]


@pytest.mark.parametrize(
    "name",
    [
        "_len_torch_function_stack",
        "_get_function_stack_at",
        "_len_torch_dispatch_stack",
        "_get_tracing_state",
        "_dynamo",
    ],
)
def test_without_a_place_of_recorders_nothing_is_graded(name):
    """What it breaks, where it is there and says nothing, stands in tests/sandbox/worker/test_telling.py."""
    torch = pytest.importorskip("torch")
    default_device = pytest.importorskip(compat.DEFAULT_DEVICE)
    assert all(place is not None for place in compat.places_of_recorders(torch, default_device).values())
    kept = {each: getattr(torch._C, each) for each in dir(torch._C) if each != name}
    without = SimpleNamespace(_C=SimpleNamespace(**kept), nn=torch.nn)
    with pytest.raises(AttributeError, match=name):
        compat.places_of_recorders(without, default_device)


def test_the_frames_that_run_are_found():
    assert compat.frame_getter(sys)(0).f_code.co_name == "test_the_frames_that_run_are_found"
    with pytest.raises(AttributeError, match="_getframe"):
        compat.frame_getter(ModuleType("sys"))


def test_every_way_back_over_a_recorded_graph_tells():
    """Without the flags of a class in their place no worker starts; without a method it would go back untold."""
    pytest.importorskip("torch")
    code = """
import os, torch
from grader import compat
from grader.sandbox.protocol import journal
from grader.sandbox.worker.forbidden_calls import Shortcuts
reading, writing = os.pipe()
os.dup2(writing, journal.TELL)
os.set_blocking(reading, False)
def told():
    try:
        return os.read(reading, 1000).decode().split()[1:2]
    except BlockingIOError:
        return []
kept, compat.FLAGS_AT = compat.FLAGS_AT, compat.FLAGS_AT + 8
try:
    Shortcuts(["torch.autograd.backward"])
except RuntimeError as error:
    print("refused" if "flags of a class" in str(error) else error)
compat.FLAGS_AT = kept
Shortcuts(["torch.nn.LSTM", "torch.autograd.backward"])
x = torch.full((), 3.0, requires_grad=True)
y = x * x
print(*told(), "recorded")
print(*(float(g) for g in y.grad_fn(torch.ones(()))), *told())
print(*(float(g) for g in type(y.grad_fn).__call__(y.grad_fn, torch.ones(()))), *told())
print(float(torch.autograd.grad(y, x, retain_graph=True)[0]), *told())
y.backward()
print(float(x.grad), *told())
try:
    type(y.grad_fn).__call__ = None
except TypeError:
    print("as it was")
"""
    told = "torch.autograd.backward"
    assert run(code) == [
        "refused",
        "recorded",
        *("3.0", "3.0", told),
        *("3.0", "3.0", told),
        *("6.0", told),
        *("6.0", told),
        *("as", "it", "was"),
    ]


def test_without_the_guard_a_subclass_of_tensor_has_a_say_in_how_it_is_encoded():
    torch = pytest.importorskip("torch")
    from grader.sandbox.protocol import codec

    class Lying(torch.Tensor):
        @classmethod
        def __torch_function__(cls, function, types, args=(), kwargs=None):
            return torch.full((2,), 7.0)

    lying = torch.ones(2).as_subclass(Lying)
    assert codec.encode(lying) == codec.encode(torch.ones(2))
    with pytest.raises(AttributeError, match="DisableTorchFunctionSubclass"):
        compat.as_plain_tensors(SimpleNamespace(_C=SimpleNamespace()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(codec, "as_plain_tensors", lambda torch: torch.no_grad())
        assert codec.encode(lying) != codec.encode(torch.ones(2))
