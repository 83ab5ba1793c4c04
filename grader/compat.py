"""Private names of CPython, pytest, NumPy and torch: what a new version of theirs may take from us, all in one place.

Nothing else of grader/ uses one, as tests/test_compat.py makes sure; it shows for each what breaks without it. What
Python documents, as `os._exit`, is not private for its underscore, and the names that an inspection of submissions
looks for are not used by us (grader.sandbox.worker.inspection).

Imports nothing, as the worker's side uses it beside a student's code and the judge's side beside a suite: whoever calls
hands in the module that is meant.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path
    from types import CodeType, ModuleType
    from typing import Any

# torch's functions that write down the operators another function calls, so that they can be called again without it:
# module → names. Without them a submission could keep a forbidden operator and call it untold.
TRACERS = {
    "torch.jit._trace": ("trace", "trace_module"),
    "torch._C": (
        "_jit_differentiate",
        "_create_function_from_trace",
        "_create_function_from_trace_with_dict",
        "_create_graph_by_tracing",
    ),
    "torch._C._profiler": ("_add_execution_trace_observer",),
    "torch._C._autograd": ("_ProfilerResult.experimental_event_tree",),
    "torch._ops": ("_set_mode_pre_dispatch",),
    "torch.fx._symbolic_trace": ("symbolic_trace",),
    "torch.fx.experimental.proxy_tensor": ("make_fx",),
    "torch.export": ("export", "export_for_training"),
    "torch.utils._python_dispatch": ("TorchDispatchMode.__enter__",),
    "torch._dynamo.compiled_autograd": ("AutogradCompilerInstance.begin_capture",),
}

# torch's functions that put a mode on a stack, where it is shown each operator and its values, and wherever a module
# holds one: module → names. Without them what a forbidden function calls could let one write down the rest of it.
PUSHES = {
    "torch._C": ("_push_on_torch_function_stack", "_push_on_torch_dispatch_stack", "_set_dispatch_mode"),
    "torch.overrides": ("_push_on_torch_function_stack",),
    "torch.utils._python_dispatch": ("_push_on_torch_dispatch_stack",),
    "torch._dynamo.utils": ("_push_on_torch_function_stack",),
    "torch._ops": ("_set_mode_pre_dispatch",),
}

# torch's functions that read the source of another, to make a script of it, or find the script that was made when torch
# was imported. Module → names. Without them a script of a forbidden function could be called untold.
READS = {"torch._sources": ("parse_def",), "torch.jit._state": ("_try_get_jit_cached_function",)}

# torch's modules of Python functions that its compilers call in the place of operators, and what these are made of.
# Without them a part of a forbidden function that is none by its name, and does its work, is not told.
MADE_OF = ("torch._refs", "torch._decomp.decompositions", "torch._decomp.decompositions_for_jvp")

# torch's module of the mode that torch.set_default_device puts on the stack of modes.
DEFAULT_DEVICE = "torch.utils._device"

# torch's functions that make code whose operators are not called through the dispatcher, or let its compiler make such:
# the static runtime, the fusers of oneDNN and NNC, frozen graphs in oneDNN's layout, and graphs that are put together
# by hand, which can hold any of these. Module → names. Without them an operator that is called there is not told.
BELOW = {
    "torch._C": (
        "_jit_to_static_module",
        "_fuse_to_static_module",
        "_jit_set_llga_enabled",
        "_jit_set_te_must_use_llvm_cpu",
        "_jit_pass_convert_frozen_ops_to_mkldnn",
        "_jit_pass_optimize_for_inference",
        "Graph.create",
        "parse_ir",
    ),
    "torch._C._te": ("TensorExprKernel", "lower"),
    "torch": ("parse_ir",),
}

# torch's functions that go back over a recorded graph where nothing else tells, or that end a profile which would show
# it. Module → names. Without them a function can let autograd derive what it is to derive itself.
HIDES_BACKWARD = {
    "torch._C": ("_jit_get_operation",),
    "torch._C._autograd": (
        "_clear_callbacks",
        "_disable_profiler",
        "_disable_profiler_legacy",
        "_enable_profiler",
        "_enable_profiler_legacy",
        "_enable_record_function",
    ),
}

# CPython: where a class keeps its flags (PyTypeObject.tp_flags), and the one that keeps its attributes as they are.
FLAGS_AT, IMMUTABLE = 168, 1 << 8

# pytest's module that makes asserts say what they compared, and that the code which it makes imports.
REWRITE = "_pytest.assertion.rewrite"


def clear_type_cache(sys: ModuleType) -> None:
    """CPython: empties the cache of what was looked up in classes. Without it workers share less memory."""
    # The first is what Python 3.13 has in the place of the second.
    clear: Callable[[], None] | None
    clear = getattr(sys, "_clear_internal_caches", None) or getattr(sys, "_clear_type_cache", None)
    if clear is not None:
        clear()


def frame_getter(sys: ModuleType) -> Callable[[int], Any]:
    """CPython: the frames that run. Without it a mode that is put on a stack while a forbidden function runs is not
    seen to write it down."""
    getter: Callable[[int], Any] = sys._getframe
    return getter


def set_attribute(ctypes: ModuleType, target: type, name: str, value: Any) -> None:
    """CPython: setattr for a class that was made in C as well. Without it the nodes of a recorded graph do not tell
    that they are called."""
    flags = ctypes.c_ulong.from_address(id(target) + FLAGS_AT)
    before: int = flags.value
    if before != target.__flags__:
        raise RuntimeError("this Python keeps the flags of a class in another place")
    flags.value = before & ~IMMUTABLE
    try:
        setattr(target, name, value)
    finally:
        flags.value |= before & IMMUTABLE


def fixture_definitions(item: Any, name: str) -> Sequence[Any]:
    """pytest: the fixtures of a name that a collected test can see, its own last. Without them no suite runs that has a
    fixture or a parameter of its own."""
    found: Sequence[Any] = item._fixtureinfo.name2fixturedefs.get(name, ())
    return found


def rewritten(rewrite: ModuleType, path: Path) -> CodeType:
    """pytest: the code of a suite with asserts that say what they compared. Without it none is kept, and each grade
    waits for pytest."""
    code: CodeType = rewrite._rewrite_test(path, None)[1]
    return code


def undispatched(function: Any) -> Any:
    """NumPy: what stands behind a function that is dispatched by the types of its arguments; any other is itself.
    Without it a forbidden one is told by the names that modules have for it, and not by whoever else holds it."""
    return getattr(function, "_implementation", function)


def as_plain_tensors(torch: ModuleType) -> AbstractContextManager[None]:
    """torch: within it a subclass of Tensor is treated as a Tensor. Without it a submission's subclass would have a say
    in how it is encoded, and no tensor crosses."""
    context: AbstractContextManager[None] = torch._C.DisableTorchFunctionSubclass()
    return context


def operators(torch: ModuleType) -> list[str]:
    """torch: every operator that is registered, as "aten::lstm_cell" or "aten::add.Tensor". Without it, or one of the
    two below, no exercise that forbids an operator of torch is graded."""
    found: list[str] = torch._C._dispatch_get_all_op_names()
    return found


def operator_library(torch: ModuleType, namespace: str, file: str) -> Any:
    """torch: what puts kernels of ours in the place of torch's. They are gone when it is."""
    return torch._C._dispatch_library("IMPL", namespace, "", file, 1)


def python_key(torch: ModuleType) -> tuple[Callable[[Any, Any], bool], Any]:
    """torch: what tells whether a key is among those that a kernel gets, and the key of Python code that is shown what
    an operator calls. Without it that code could write it down, as a tracer does."""
    return torch._C.DispatchKeySet.has, torch._C.DispatchKey.Python


def places_of_recorders(torch: ModuleType, default_device: ModuleType) -> dict[str, Any]:
    """torch: what tells which modes are on its stacks, whether it traces a script or compiles frames; and that the mode
    of the default device, and what a parameter without values does, are torch's own. Without it whoever stands there
    could write down what a forbidden function consists of."""
    shown = vars(default_device.DeviceContext)["__torch_function__"]
    lazy = torch.nn.parameter
    return {
        "@function modes": torch._C._len_torch_function_stack,
        "@mode at": torch._C._get_function_stack_at,
        "@dispatch modes": torch._C._len_torch_dispatch_stack,
        "@tracing": torch._C._get_tracing_state,
        "@compiling": torch._C._dynamo.eval_frame.get_eval_frame_callback,
        "@device": default_device.DeviceContext,
        "@shown": shown,
        "@code": shown.__code__,
        "@names": vars(default_device),
        "@constructors": default_device._device_constructors,
        "@lazy parameter": lazy.UninitializedParameter,
        "@lazy buffer": lazy.UninitializedBuffer,
        "@lazy function": lazy.UninitializedParameter.__torch_function__.__func__,
    }


def kernel_of(torch: ModuleType, operator: str, key: str, runtime: str) -> Any:
    """torch: the kernel that is registered for a key, taken where it is found at run time; None where there is none."""
    if not torch._C._dispatch_has_kernel_for_dispatch_key(operator, key):
        return None
    found = torch._C._dispatch_key_parse(runtime)
    return torch._C._dispatch_get_computed_kernel_for_dispatch_key(operator, found)


def ways_back(torch: ModuleType) -> Iterator[tuple[type, str]]:
    """torch: the methods that go back over a recorded graph: of autograd's engine, and of each kind of node. Without
    them a function that lets autograd derive what it is to derive itself is not told."""
    yield type(torch.autograd.Variable._execution_engine), "run_backward"
    for kind in vars(torch._C._functions).values():
        if isinstance(kind, type):
            yield kind, "__call__"
