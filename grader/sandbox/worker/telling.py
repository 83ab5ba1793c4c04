"""Functions that tell of their call before they go on: what stands in for forbidden ones, and what looks for recorders.

Runs in the worker, beside a student's code that can change whatever has a name. So the code of each holds all that it
needs as constants: what is written as '@write' below is filled in with the function itself (see `filled`).

What is called while a file is loaded is free, unless somebody writes down what it consists of, to do it again in a
check. Nobody can do so without standing where torch asks at each operator: on the stack of one of its modes, in the
tracer of scripts, among what compiles frames, or among the arguments, as an object that is asked instead of a tensor.
These places are looked at when a forbidden function is called, however a recorder came there; and who puts a mode on a
stack looks for a forbidden function that is under way, whose helper may have been changed to do so.
"""

from __future__ import annotations

import builtins
import functools
import importlib
import os
import sys
import warnings
from types import CodeType, FunctionType
from typing import Any

from grader import compat
from grader.sandbox.protocol import journal

TELL = "'@write'('@descriptor', '@record')"
CALL = f"def call(*args, **kwargs):\n    {TELL}\n    return '@goes on'(*args, **kwargs)\n"
REFUSAL = f"def absent(*args, **kwargs):\n    {TELL}\n    raise '@goes on'\n"
# A function of torch: may be recorded.
TORCH_CALL = f"""
def call(*args, **kwargs):
    {TELL}
    if '@is recorded'(args, kwargs):
        '@write'('@descriptor', '@recorded')
    return '@goes on'(*args, **kwargs)
"""
# An operator: what it consists of is also shown to Python code that stands among its keys.
KERNEL = f"""
def kernel(keys, *args, **kwargs):
    {TELL}
    if '@has'(keys, '@python') or '@is recorded'(args, kwargs):
        '@write'('@descriptor', '@recorded')
    return '@goes on'(keys, *args, **kwargs)
"""
# The one mode that is no recorder is that of torch.set_default_device, as long as it is torch's own. Each argument is
# looked at, in lists and tuples and in the parameters of modules too: a subclass of Tensor is shown what is done to it.
IS_RECORDED = """
def is_recorded(args, kwargs):
    compiling = '@compiling'()
    if '@tracing'() is not None or '@dispatch modes'() or not (compiling is None or compiling is False):
        return True
    for at in '@range'('@function modes'()):
        if not '@is default device'('@mode at'(at)):
            return True
    waiting, seen = [*args, *kwargs.values()], '@set'()
    while waiting:
        value = waiting.pop()
        kind, key = '@type'(value), '@id'(value)
        if key in seen or kind is '@tensor' or kind is '@parameter':
            continue
        seen.add(key)
        if kind is '@list' or kind is '@tuple':
            waiting.extend(value)
        elif kind is '@dict':
            waiting.extend(value.values())
        elif '@module' in kind.__mro__:
            waiting.extend(value.__dict__.get(name) for name in ('_parameters', '_buffers', '_modules'))
        elif kind is '@lazy parameter' or kind is '@lazy buffer':
            if kind.__torch_function__.__func__ is not '@lazy function':
                return True
        elif '@hasattr'(kind, '__torch_function__') or '@hasattr'(kind, '__torch_dispatch__'):
            return True
    return False
"""
IS_DEFAULT_DEVICE = """
def is_default_device(mode):
    if '@type'(mode) is not '@device' or '__torch_function__' in mode.__dict__:
        return False
    found = '@device'.__dict__['__torch_function__']
    return found is '@shown' and found.__code__ is '@code' and '@names'.get('_device_constructors') is '@constructors'
"""
# Puts a mode on a stack: every forbidden function that is under way is recorded from now on.
PUSH = """
def push(*args, **kwargs):
    frame = None if args and '@is default device'(args[0]) else '@frame'(1)
    while frame is not None:
        for constant in frame.f_code.co_consts:
            if '@type'(constant) is '@bytes' and constant[:1] == b'~' and constant[1:2].isdigit():
                '@write'('@descriptor', constant)
        frame = frame.f_back
    return '@goes on'(*args, **kwargs)
"""
# Reads the source of a function, to make a script of it that is no longer that function.
READ = """
def read(function, *args, **kwargs):
    for constant in '@code of'(function, '__code__', '@no code').co_consts:
        if '@type'(constant) is '@bytes' and constant[:1] == b'~' and constant[1:2].isdigit():
            '@write'('@descriptor', constant)
    return '@goes on'(function, *args, **kwargs)
"""
NAMED = (bytes, dict, frozenset, hasattr, id, list, range, set, tuple, type)  # of Python's, as they are before loading


def telling(source: str, record: bytes, goes_on: Any) -> FunctionType:
    """A function that tells and goes on."""
    return FunctionType(filled(template(source), record, goes_on), {"__builtins__": builtins})


def watch_function(function: FunctionType, record: bytes, source: str = CALL) -> None:
    """Lets a function tell first, whoever holds it: its code becomes that of a function that tells and goes on."""
    own = function.__code__
    inner = FunctionType(own, function.__globals__, function.__name__, function.__defaults__, function.__closure__)
    inner.__kwdefaults__ = function.__kwdefaults__
    function.__code__ = filled(template(source), record, inner).replace(
        co_filename=own.co_filename,
        co_firstlineno=own.co_firstlineno,
        co_freevars=own.co_freevars,  # as many as the function has cells
        co_name=own.co_name,
        co_qualname=own.co_qualname,
    )


@functools.cache
def template(source: str) -> CodeType:
    """The code of the function in a text, with names in the place of constants."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "'str' object is not callable"
        return only_code(compile(source, "grader", "exec", dont_inherit=True))


def filled(code: CodeType, record: bytes, goes_on: Any) -> CodeType:
    """The code with all that it needs as constants: there is no name that could be given another meaning."""
    constants = {"@write": os.write, "@descriptor": journal.TELL, "@record": record, "@goes on": goes_on}
    needed = {each for each in code.co_consts if isinstance(each, str) and each.startswith("@")}
    if not needed <= constants.keys():
        constants |= {"@recorded": journal.recorded(record), **of_torch()}
    return with_constants(code, constants)


def with_constants(code: CodeType, constants: dict[str, Any]) -> CodeType:
    return code.replace(
        co_consts=tuple(constants.get(each, each) if isinstance(each, str) else each for each in code.co_consts)
    )


@functools.cache
def of_torch() -> dict[str, Any]:
    """What the functions above need of Python and of torch, and the two that are made of these."""
    torch = sys.modules["torch"]
    constants: dict[str, Any] = {f"@{each.__name__}": each for each in NAMED}
    constants |= {"@code of": getattr, "@no code": template(CALL), "@frame": compat.frame_getter(sys)}
    constants |= {"@tensor": torch.Tensor, "@parameter": torch.nn.Parameter, "@module": torch.nn.Module}
    constants |= compat.places_of_recorders(torch, importlib.import_module(compat.DEFAULT_DEVICE))
    constants["@has"], constants["@python"] = compat.python_key(torch)
    for name, source in (("@is default device", IS_DEFAULT_DEVICE), ("@is recorded", IS_RECORDED)):
        code = with_constants(template(source), constants)
        constants[name] = FunctionType(code, {"__builtins__": builtins})
    return constants


def only_code(code: CodeType) -> CodeType:
    return next(each for each in code.co_consts if isinstance(each, CodeType))
