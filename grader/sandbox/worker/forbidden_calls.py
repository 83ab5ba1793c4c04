"""Tells every call of a library function that an exercise does not allow, under whatever name it is reached.

Runs in the worker. It is a rule of the exercise, not a wall: the call still answers, so a function that merely uses
the student's own shortcut keeps its points, and what the call *replaces* loses them. What is called is told before it
answers, through a socket that nothing is taken back from (see grader.sandbox.protocol.journal), by functions that hold
no state (see grader.sandbox.worker.telling).

- torch operators are told in the dispatcher, below every route to them (nn.LSTM, torch.lstm, torch._VF, torch.ops,
  decompositions, redispatch): a kernel of ours takes the place of torch's, tells, and goes on to torch's.
- What makes code that runs its operators without the dispatcher tells of all of them when it is called.
- Python functions and the methods of classes are changed in place, so that it does not matter who holds them.
- A name stands for its family: `torch.lstm` also for `torch.quantized_lstm` and the Python functions that torch keeps
  for its compilers (`torch._decomp.decompositions.lstm_impl`), `torch.nn.LSTM` for every class of that name in torch.
  What these Python functions are made of belongs to a family that alone makes use of it (`torch._refs._normalize`).
- `threading.Thread` stands for other threads: see grader.sandbox.worker.other_threads.
- `torch.autograd.backward` stands for every way back over a recorded graph: the engine, and nodes called by hand.
- A module that is not imported yet is dealt with when it is; a forbidden function of a package that an exercise does
  not have gets a stand-in, so that the import still works and the call is named.
"""

from __future__ import annotations

import ctypes
import functools
import importlib.abc
import importlib.machinery
import inspect
import itertools
import re
import sys
import warnings
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from types import CodeType, FunctionType, ModuleType
from typing import Any

from grader import compat
from grader.sandbox.protocol import journal
from grader.sandbox.worker.telling import CALL, KERNEL, PUSH, READ, REFUSAL, TORCH_CALL, telling, watch_function

WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
# Where an operator's kernels lie that a tensor on this machine's processor can reach, and where each is found that is
# registered for several keys at once.
KERNELS = {
    "CompositeImplicitAutograd": "AutogradCPU",
    "CompositeExplicitAutograd": "CPU",
    "CompositeExplicitAutogradNonFunctional": "CPU",
    "CompositeImplicitAutogradNestedTensor": "NestedTensorCPU",
    "CPU": "CPU",
    "MkldnnCPU": "MkldnnCPU",
    "QuantizedCPU": "QuantizedCPU",
    "NestedTensorCPU": "NestedTensorCPU",
    "FuncTorchBatched": "FuncTorchBatched",
}
# Operators that do the work of several others, by a number that says of which: name → the words of those.
OF_SEVERAL = {"mkldnn_rnn_layer": {("lstm",), ("gru",), ("rnn",), ("rnn", "tanh"), ("rnn", "relu")}}
ALWAYS = {*compat.TRACERS, *compat.BELOW, *compat.PUSHES, *compat.READS}  # modules
NEXT_MODULE = "\0"
BACKWARD = "torch.autograd.backward"


class Family:
    """The functions that one forbidden name stands for."""

    def __init__(self, number: int, name: str) -> None:
        self.number, self.name = number, name
        self.module, _, self.attribute = name.rpartition(".")
        self.package = name.partition(".")[0]
        self.is_class = self.attribute.strip("_")[:1].isupper()
        self.words = words_of(self.attribute)
        self.weight = len("".join(self.words))  # of two families that fit, the longer name says what is meant
        self.letters = ".*".join("_?".join(word) for word in self.words)  # a pattern of what may belong to it

    def has_function(self, name: str) -> bool:
        """Whether the words of this family stand in a name in their order: scaled_dot_product_attention in
        _scaled_dot_product_flash_attention_for_cpu."""
        if self.words in OF_SEVERAL.get(name, ()):
            return True
        parts, at = words_of(name), 0
        for word in self.words:
            while at < len(parts) and parts[at] != word and "".join(parts[at : at + 2]) != word:
                at += 1
            if at == len(parts):
                return False
            at += 1 if parts[at] == word else 2
        return True

    def has_class(self, name: str) -> bool:
        return self.is_class and fnmatchcase(name, self.attribute)

    def shown(self, module: str, name: str) -> str:
        """The name that a student knows it by."""
        is_part = module.startswith(self.module) or self.module.startswith(module)  # many are passed on by others
        return f"{self.module}.{name}" if is_part and fnmatchcase(name, self.attribute) else f"{module}.{name}"

    def names(self, module: str, name: str) -> bool:
        """Whether it is the forbidden function itself, and no relative."""
        return fnmatchcase(f"{module}.{name}", self.name)


@functools.lru_cache(maxsize=4096)
def words_of(name: str) -> tuple[str, ...]:
    """The words of a name, in small letters: multi_head and MultiHead alike."""
    return tuple(word.lower() for word in WORD.findall(name))


class Shortcuts:
    """Watches over the forbidden names of an exercise, in this process and all that are forked from it."""

    def __init__(self, names: Sequence[str]) -> None:
        self.families = [Family(number, name) for number, name in enumerate(names) if name != BACKWARD]
        self.stand_ins: dict[str, list[Family]] = {}  # module → what it would have
        self._seen: set[int] = set()  # functions and classes that tell already
        if BACKWARD in names and "torch" in sys.modules:
            watch_backward(sys.modules["torch"], journal.used(names.index(BACKWARD), BACKWARD))
        present = [family for family in self.families if family.package in sys.modules]
        if present:
            self.packages = {family.package for family in present}
            letters = [*(family.letters for family in present), *OF_SEVERAL]
            self.candidates = re.compile("|".join(letters))
            self._watch_operators()
            for name, defined, small in defined_names():
                concerns = name in ALWAYS or self.candidates.search(small)
                if concerns and name.partition(".")[0] in self.packages:
                    self.watch(sys.modules[name], defined)
            sys.meta_path.insert(0, Watching(self))
        for family in self.families:
            if family not in present:
                self.stand_ins.setdefault(family.module, []).append(family)
        if self.stand_ins:
            sys.meta_path.insert(0, StandIns(self.stand_ins))

    def watch(self, module: ModuleType, names: str) -> None:
        """Makes what a module defines of the families tell of its calls, and what could keep them for later. `names`:
        all that it defines, a line each."""
        for name in compat.TRACERS.get(module.__name__, ()):
            family = self._best(module.__name__, name, "torch")  # forbidden itself
            self._watch_named(module, name, [family] if family else [])
        every = [family for family in self.families if family.package == "torch"]
        for name in compat.BELOW.get(module.__name__, ()):
            self._watch_named(module, name, every)  # what is called there may be any of them
        for source, names_of in ((PUSH, compat.PUSHES), (READ, compat.READS)):
            for name in names_of.get(module.__name__, ()):
                change(module, name, source)
        parts = self._parts(module) if module.__name__ in compat.MADE_OF else {}
        for name in lines_with(self.candidates, names):
            value = compat.undispatched(vars(module)[name])
            if id(value) in self._seen or not callable(value):
                continue
            package = (getattr(value, "__module__", None) or module.__name__).partition(".")[0]
            family = self._best(module.__name__, name, package, is_class=isinstance(value, type))
            if family is None:
                continue
            self._seen.add(id(value))
            record = journal.used(family.number, family.shown(module.__name__, name))
            source = TORCH_CALL if package == "torch" else CALL
            if isinstance(value, type):
                watch_class(value, record, source)
            elif isinstance(value, FunctionType):
                watch_function(value, record, source)
            elif package != "torch":  # whose operators are watched already
                replace(value, telling(CALL, record, value), package)
        for name, family in parts.items():
            function = vars(module)[name]
            if id(function) not in self._seen:
                self._seen.add(id(function))
                watch_function(function, journal.used(family.number, f"{module.__name__}.{name}"), TORCH_CALL)

    def _parts(self, module: ModuleType) -> dict[str, Family]:
        """What functions of the families are made of that nothing else there makes use of, and is no operator."""
        uses, parts, before = uses_in(module.__name__), dict[str, Family](), -1
        known = {each: self._best(module.__name__, each, "torch") for users in uses.values() for each in users}
        while before < len(parts):
            before = len(parts)
            for name, users in uses.items():
                families = [family for user in users if (family := parts.get(user) or known[user])]
                if len(families) == len(users) and not self._best(module.__name__, name, "torch"):
                    parts[name] = families[0]
        return parts

    def _watch_named(self, module: ModuleType, name: str, families: Sequence[Family]) -> None:
        """Makes a function of torch tell that what it is given may be called later, and that it counts as these."""
        holder, _, attribute = name.rpartition(".")
        owner = named_in(module, holder) if holder else module
        function = getattr(owner, attribute, None)
        if function is None or id(function) in self._seen:
            return
        full = f"{module.__name__}.{name}"
        used = (journal.used(family.number, family.shown(module.__name__, name)) for family in families)
        record = journal.traced(full) + b"".join(used)
        if isinstance(function, FunctionType):
            watch_function(function, record)
        else:
            function = telling(CALL, record, function)
            setattr(owner, attribute, function)
        self._seen.add(id(function))

    def _best(self, module: str, name: str, package: str, *, is_class: bool = False) -> Family | None:
        """The family of a package that something of this name belongs to: best the one that names it itself."""
        families = [family for family in self.families if family.package == package]
        fitting = (each for each in families if (each.has_class(name) if is_class else each.has_function(name)))
        return max(fitting, key=lambda each: (each.names(module, name), each.weight), default=None)

    def _watch_operators(self) -> None:
        torch = sys.modules.get("torch")
        if torch is None or "torch" not in self.packages:
            return
        libraries: dict[str, Any] = {}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that a kernel takes another's place is meant
            for full in lines_with(self.candidates, "\n".join(compat.operators(torch))):
                namespace, _, overload = full.partition("::")
                operator = overload.partition(".")[0]
                if family := self._best("torch", operator, "torch"):
                    if namespace not in libraries:
                        libraries[namespace] = compat.operator_library(torch, namespace, __file__)
                    record = journal.used(family.number, family.shown("torch", operator))
                    watch_operator(libraries[namespace], full, record)
        # Kept for good, and out of reach: to let go of a library is to give torch its own kernels back.
        for library in libraries.values():
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(library))


def defined_names() -> Iterator[tuple[str, str, str]]:
    """Every module that is imported, with a line for each name in it, and a text in lower case that holds these."""
    last, *texts = names_so_far()
    for text, small in zip(*(each.split(NEXT_MODULE) for each in texts), strict=True):
        name, _, defined = text.partition("\n")
        yield name, defined, small
    for name in list(itertools.takewhile(lambda name: name != last, reversed(sys.modules))):
        defined = names_in(sys.modules[name])
        yield name, defined, defined.lower()


@functools.cache
def names_so_far() -> tuple[str, str, str]:
    """The module that was imported last, and all that `defined_names` gives of the modules until then, as two texts.

    To read a name is to write to its reference count, so a process that shares the memory of torch would copy a good
    part of it. Asked in the process that all are forked from, it is there for them.
    """
    for name in compat.MADE_OF:
        if name in sys.modules:
            uses_in(name)
    modules = list(sys.modules)
    text = NEXT_MODULE.join(f"{name}\n{names_in(sys.modules[name])}" for name in modules)
    return modules[-1], text, text.lower()


@functools.cache
def uses_in(module: str) -> dict[str, tuple[str, ...]]:
    """The functions of a module of torch that bear no operator's name and are called by others there: name → those."""
    own = vars(sys.modules[module]).items()
    functions = {name: each for name, each in own if isinstance(each, FunctionType) and each.__module__ == module}
    users: dict[str, list[str]] = {}
    for user, function in functions.items():
        for name in functions.keys() & set(names_of_code(inspect.unwrap(function).__code__)) - {user}:
            users.setdefault(name, []).append(user)
    for operator in compat.operators(sys.modules["torch"]):
        users.pop(operator.partition("::")[2].partition(".")[0], None)
    return {name: tuple(each) for name, each in users.items()}


def names_of_code(code: CodeType) -> Iterator[str]:
    """What code names, and what the functions in it do."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from names_of_code(constant)


def lines_with(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    """The lines in which a pattern, in lower case, is found: much sooner than by one that ignores case."""
    small, at = text.lower(), -1
    while at < len(small) and (found := pattern.search(small, at + 1)):
        at = small.find("\n", found.end()) % (len(small) + 1)
        yield text[small.rfind("\n", 0, found.start()) + 1 : at]


def names_in(module: Any) -> str:
    return "\n".join(vars(module)) if isinstance(module, ModuleType) else ""


def named_in(value: Any, name: str) -> Any:
    """What bears a name, with dots in it; None where there is nothing."""
    return functools.reduce(lambda found, part: getattr(found, part, None), name.split("."), value)


def change(module: ModuleType, name: str, source: str) -> None:
    """Makes a function of torch look for forbidden ones whenever it is called."""
    function = getattr(module, name, None)
    if isinstance(function, FunctionType):
        watch_function(function, b"", source)
    elif function is not None:
        setattr(module, name, telling(source, b"", function))


def watch_operator(library: Any, full: str, record: bytes) -> None:
    torch = sys.modules["torch"]
    found = {}
    for key, runtime in KERNELS.items():
        if (kernel := compat.kernel_of(torch, full, key, runtime)) is not None:
            found[key] = kernel
    if "CompositeImplicitAutograd" in found:
        found.setdefault("FuncTorchBatched", found["CompositeImplicitAutograd"])  # its rule would need torch's kernel
    for key, kernel in found.items():
        told = telling(KERNEL, record, kernel.call_boxed)
        library.impl(full.partition("::")[2], key, told, True)


def watch_backward(torch: ModuleType, record: bytes) -> None:
    for owner, name in compat.ways_back(torch):
        compat.set_attribute(ctypes, owner, name, telling(TORCH_CALL, record, getattr(owner, name)))
    for module, names in compat.HIDES_BACKWARD.items():
        for name in names:
            setattr(sys.modules[module], name, telling(CALL, record, getattr(sys.modules[module], name)))


def watch_class(target: type, record: bytes, source: str) -> None:
    """Making one, and calling one that was made before, by whatever method of its own."""
    own = {name: value for name, value in vars(target).items() if isinstance(value, FunctionType)}
    for function in own.values():
        watch_function(function, record, source)
    if "__init__" not in own:
        target.__init__ = telling(source, record, target.__init__)  # type: ignore[misc]


def replace(target: object, substitute: object, package: str) -> None:
    """Puts a substitute for what cannot be changed itself wherever a module of its package holds it."""
    for module_name, module in list(sys.modules.items()):
        if module_name.partition(".")[0] == package:
            for name, value in list(vars(module).items()):
                if value is target:
                    setattr(module, name, substitute)


class Watching(importlib.abc.MetaPathFinder):
    """Finds the modules of watched packages as usual, and watches over what they define once they are loaded."""

    def __init__(self, shortcuts: Shortcuts) -> None:
        self.shortcuts = shortcuts

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname.partition(".")[0] not in self.shortcuts.packages:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path)
        if spec is not None and spec.loader is not None:
            spec.loader = Telling(spec.loader, self.shortcuts)
        return spec


class Telling(importlib.abc.Loader):
    def __init__(self, loader: Any, shortcuts: Shortcuts) -> None:
        self.loader, self.shortcuts = loader, shortcuts

    def __getattr__(self, name: str) -> Any:
        return getattr(self.loader, name)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return self.loader.create_module(spec)  # type: ignore[no-any-return]

    def exec_module(self, module: ModuleType) -> None:
        self.loader.exec_module(module)
        self.shortcuts.watch(module, names_in(module))


class StandIns(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Makes up modules that the exercise does not have, with nothing but what it forbids."""

    def __init__(self, families: dict[str, list[Family]]) -> None:
        self.families = families
        self.modules = {".".join(parts[:end]) for parts in map(split, families) for end in range(1, len(parts) + 1)}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True) if fullname in self.modules else None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        for family in self.families.get(module.__name__, ()):
            for name in plain_names(family.attribute):
                record = journal.used(family.number, f"{family.module}.{name}")
                setattr(module, name, telling(REFUSAL, record, RuntimeError(f"not allowed: {family.module}.{name}")))


def split(module: str) -> list[str]:
    return module.split(".")


def plain_names(pattern: str) -> Iterator[str]:
    """What a pattern can be stood in for by: itself, where it is a name."""
    if pattern.isidentifier():
        yield pattern
