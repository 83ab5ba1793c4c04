"""Notes every call of a library function that an exercise does not allow, under whatever name it is reached.

Runs in the worker. It is a rule of the exercise, not a wall: the call still answers, so a function that merely
uses the student's own shortcut keeps its points, and what the call *replaces* loses them.

- torch operators are noted in the dispatcher, below every Python route to them (nn.LSTM, torch.lstm, torch._VF,
  torch.ops): a kernel of ours notes the name and goes on to the operator's own decomposition.
- Python functions are replaced in every module of their package that holds them, and classes note their making,
  before the student's file is loaded.
- A package that is not imported yet is dealt with when the student imports it; one that is not installed gets a
  stand-in, so that the import still works and the call is named.
"""

from __future__ import annotations

import functools
import importlib.abc
import importlib.machinery
import sys
from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from types import FunctionType, ModuleType
from typing import Any


class Shortcuts:
    """The forbidden names of an exercise, and those among them that were called."""

    def __init__(self, names: Sequence[str]) -> None:
        self.used: set[str] = set()
        self._library: Any = None
        # module → {attribute: the name it is known by}: what is to be watched when it is imported, or again
        self.awaited: dict[str, dict[str, str]] = {}
        for name in names:
            module_name, _, attribute = name.rpartition(".")
            if module_name in sys.modules:
                self._watch(sys.modules[module_name], attribute, name)
            else:
                self.awaited.setdefault(module_name, {})[attribute] = name
        if self.awaited:
            sys.meta_path.insert(0, _Finder(self))

    def _watch(self, module: ModuleType, pattern: str, name: str) -> None:
        for attribute in [key for key in dir(module) if fnmatchcase(key, pattern)]:
            target = getattr(module, attribute)
            shown = name if attribute == pattern else f"{name.rpartition('.')[0]}.{attribute}"
            if isinstance(target, type):
                self._watch_class(target, shown)
            elif isinstance(target, FunctionType) or not self._watch_operator(attribute, shown):
                self._replace(target, self._noting(target, shown), shown)

    def _noting(self, function: Callable[..., Any], name: str) -> Callable[..., Any]:
        @functools.wraps(function)
        def noting(*args: Any, **kwargs: Any) -> Any:
            self.used.add(name)
            return function(*args, **kwargs)

        vars(noting).pop("__wrapped__", None)  # no way around
        return noting

    def _watch_class(self, target: type, name: str) -> None:
        target.__init__ = self._noting(target.__init__, name)  # type: ignore[misc]

    def _replace(self, target: object, substitute: object, name: str) -> None:
        package = name.partition(".")[0]
        for module_name, module in list(sys.modules.items()):
            if module_name.partition(".")[0] == package:
                for key, value in list(vars(module).items()):
                    if value is target:
                        setattr(module, key, substitute)
                        # Should this module be loaded once more, it is watched once more.
                        self.awaited.setdefault(module_name, {})[key] = name

    def _watch_operator(self, operator: str, name: str) -> bool:
        """Whether there is a torch operator of this name; it is noted from now on."""
        torch = sys.modules.get("torch")
        packet = getattr(torch.ops.aten, operator, None) if torch is not None and name.startswith("torch.") else None
        if torch is None or packet is None:
            return False
        if self._library is None:
            self._library = torch.library.Library("aten", "IMPL")
        for overload in map(functools.partial(getattr, packet), packet.overloads()):
            composite = torch._C._dispatch_has_kernel_for_dispatch_key(overload.name(), "CompositeImplicitAutograd")
            if composite:
                overload.decompose = self._noting(overload.decompose, name)
                for key in ("AutogradCPU", "CPU"):
                    self._library.impl(overload, overload.decompose, key)
            else:
                self._library.impl(overload, self._noting(below_autograd(overload), name), "AutogradCPU")
        return True

    def arrived(self, module: ModuleType) -> None:
        """A watched module was imported."""
        for attribute, name in dict(self.awaited.get(module.__name__, {})).items():
            self._watch(module, attribute, name)

    def stand_in(self, module: ModuleType) -> None:
        """Fills a module for a package that is not installed."""
        for attribute, name in self.awaited.get(module.__name__, {}).items():

            def absent(*args: Any, name: str = name, **kwargs: Any) -> Any:
                self.used.add(name)
                raise RuntimeError(f"not allowed: {name}")

            setattr(module, attribute, absent)


def below_autograd(overload: Any) -> Callable[..., Any]:
    """An operator's kernel for plain numbers: it has no decomposition that autograd could follow."""
    torch = sys.modules["torch"]

    def kernel(*args: Any, **kwargs: Any) -> Any:
        with torch._C._AutoDispatchBelowAutograd():
            return overload(*args, **kwargs)

    return kernel


class _Finder(importlib.abc.MetaPathFinder):
    """Finds watched modules as usual and tells the watch once they are loaded; makes up those not installed."""

    def __init__(self, shortcuts: Shortcuts) -> None:
        self.shortcuts = shortcuts
        self.parents = {name.partition(".")[0] for name in shortcuts.awaited}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname not in self.shortcuts.awaited and fullname not in self.parents:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path)
        if spec is None:
            return importlib.machinery.ModuleSpec(fullname, _StandIn(self.shortcuts), is_package=True)
        if spec.loader is not None and fullname in self.shortcuts.awaited:
            spec.loader = _Telling(spec.loader, self.shortcuts)
        return spec


class _Telling(importlib.abc.Loader):
    def __init__(self, loader: Any, shortcuts: Shortcuts) -> None:
        self.loader, self.shortcuts = loader, shortcuts

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return self.loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self.loader.exec_module(module)
        self.shortcuts.arrived(module)


class _StandIn(importlib.abc.Loader):
    def __init__(self, shortcuts: Shortcuts) -> None:
        self.shortcuts = shortcuts

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        self.shortcuts.stand_in(module)
