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
        lazy: dict[str, list[str]] = {}
        for name in names:
            module_name, _, attribute = name.rpartition(".")
            if module_name in sys.modules:
                self._watch(sys.modules[module_name], attribute, name)
            elif module_name.partition(".")[0] not in sys.modules:
                lazy.setdefault(module_name, []).append(attribute)
        if lazy:
            sys.meta_path.insert(0, _Finder(lazy, self))

    def _watch(self, module: ModuleType, pattern: str, name: str) -> None:
        for attribute in [key for key in dir(module) if fnmatchcase(key, pattern)]:
            target = getattr(module, attribute)
            shown = f"{name.rpartition('.')[0]}.{attribute}"
            if isinstance(target, type):
                self._watch_class(target, shown)
            elif isinstance(target, FunctionType) or not self._watch_operator(attribute, shown):
                self._replace(target, self._noting(target, shown), shown.partition(".")[0])

    def _noting(self, function: Callable[..., Any], name: str) -> Callable[..., Any]:
        @functools.wraps(function)
        def noting(*args: Any, **kwargs: Any) -> Any:
            self.used.add(name)
            return function(*args, **kwargs)

        return noting

    def _watch_class(self, target: type, name: str) -> None:
        target.__init__ = self._noting(target.__init__, name)  # type: ignore[misc]

    def _replace(self, target: object, substitute: object, package: str) -> None:
        for module_name, module in list(sys.modules.items()):
            if module_name.partition(".")[0] == package:
                for key, value in list(vars(module).items()):
                    if value is target:
                        setattr(module, key, substitute)

    def _watch_operator(self, operator: str, name: str) -> bool:
        """Whether there is a torch operator of this name; it is noted from now on."""
        torch = sys.modules.get("torch")
        packet = getattr(torch.ops.aten, operator, None) if torch is not None and name.startswith("torch.") else None
        if torch is None or packet is None:
            return False
        if self._library is None:
            self._library = torch.library.Library("aten", "IMPL")
        for overload in packet.overloads():
            kernel = self._noting(getattr(packet, overload).decompose, name)
            for key in ("AutogradCPU", "CPU"):
                self._library.impl(getattr(packet, overload), kernel, key)
        return True

    def arrived(self, module: ModuleType, attributes: Sequence[str]) -> None:
        """A watched module was imported by the student."""
        for attribute in attributes:
            self._watch(module, attribute, f"{module.__name__}.{attribute}")

    def stand_in(self, module: ModuleType, attributes: Sequence[str]) -> None:
        """Fills a module for a package that is not installed."""
        for attribute in attributes:
            name = f"{module.__name__}.{attribute}"

            def absent(*args: Any, name: str = name, **kwargs: Any) -> Any:
                self.used.add(name)
                raise RuntimeError(f"not allowed: {name}")

            setattr(module, attribute, absent)


class _Finder(importlib.abc.MetaPathFinder):
    """Finds watched modules as usual and tells the watch once they are loaded; makes up those not installed."""

    def __init__(self, watched: dict[str, list[str]], shortcuts: Shortcuts) -> None:
        self.watched = watched
        self.shortcuts = shortcuts
        self.parents = {name.partition(".")[0] for name in watched}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname not in self.watched and fullname not in self.parents:
            return None
        attributes = self.watched.get(fullname, [])
        spec = importlib.machinery.PathFinder.find_spec(fullname, path)
        if spec is None:
            return importlib.machinery.ModuleSpec(fullname, _StandIn(self.shortcuts, attributes), is_package=True)
        if spec.loader is not None and attributes:
            spec.loader = _Telling(spec.loader, self.shortcuts, attributes)
        return spec


class _Telling(importlib.abc.Loader):
    def __init__(self, loader: Any, shortcuts: Shortcuts, attributes: Sequence[str]) -> None:
        self.loader, self.shortcuts, self.attributes = loader, shortcuts, attributes

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return self.loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self.loader.exec_module(module)
        self.shortcuts.arrived(module, self.attributes)


class _StandIn(importlib.abc.Loader):
    def __init__(self, shortcuts: Shortcuts, attributes: Sequence[str]) -> None:
        self.shortcuts, self.attributes = shortcuts, attributes

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        self.shortcuts.stand_in(module, self.attributes)
