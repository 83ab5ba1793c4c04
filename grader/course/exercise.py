"""One exercise of a course: its files, and what follows from them."""

from __future__ import annotations

import ast
import hashlib
import os
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.errors import blaming

if TYPE_CHECKING:
    from grader.course.answer_key import AnswerKey
    from grader.suite.oracles import Local

MAX_STUB = 1 << 20  # bytes
DEFINED = re.compile(r"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", re.MULTILINE)
ASSIGNED = re.compile(r"^(\w+)[ \t]*(?::[^=\n]*)?=(?!=)", re.MULTILINE)


@dataclass(frozen=True)
class Exercise:
    name: str
    stub: Path
    folder: Path
    shared: tuple[Path, ...] = ()  # what lies beside the folders of exercises: suites can import and read it, too

    @property
    def suite(self) -> Path:
        return self.folder / f"test_{self.name}.py"

    @cached_property
    def reference(self) -> str:
        """The text of the reference. Raises SuiteError."""
        path = self.folder / "reference.py"
        with blaming(path, path.name):
            return path.read_text(encoding="utf-8")

    @cached_property
    def probes(self) -> str:
        """The text of the exercise's own probes; empty where it has none. Raises SuiteError."""
        path = self.folder / "probes.py"
        with blaming(path, path.name):
            return path.read_text(encoding="utf-8") if path.exists() else ""

    @property
    def mistakes(self) -> Path:
        return self.folder / "mistakes.py"

    @cached_property
    def libraries(self) -> tuple[str, ...]:
        """What the exercise is answered with: NumPy, and what its reference or its probes import beside it. A worker
        imports it before it is forked and can import nothing else but the standard library."""
        text = self.reference + "\n" + self.probes
        imported = dict.fromkeys(re.findall(r"^(?:import|from)[ \t]+(\w+)", text, re.MULTILINE))
        more = [name for name in imported if name not in sys.stdlib_module_names and name != "numpy"]
        if "torch" in more and re.search(r"\boptim\b", text):
            more.append("torch.optim")
        return ("numpy", *more)

    @cached_property
    def title(self) -> str:
        match = re.match(r'\s*"""(.+)', self._stub_text)
        return match[1].strip().rstrip('."') if match else self.name

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What a submission defines: the functions and classes of the reference that the stub has, too; and the
        variables that both have, where the suite or a probe asks for them by name. Raises SuiteError."""
        with blaming(self.folder / "reference.py", "reference.py"):
            tree = ast.parse(self.reference)
        defined, assigned = set(DEFINED.findall(self._stub_text)), set(ASSIGNED.findall(self._stub_text))
        found = []
        for node in tree.body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                found += [node.name] if node.name in defined else []
            elif isinstance(node, (ast.Assign, ast.AnnAssign)):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                names = [target.id for target in targets if isinstance(target, ast.Name)]
                found += [name for name in names if name in assigned and self._asks_for(name)]
        return tuple(dict.fromkeys(found))

    def _asks_for(self, variable: str) -> bool:
        """Whether a variable is an answer, and no constant that is given."""
        by_name = rf"""["']{variable}["']"""
        return bool(re.search(by_name, self._suite_text) or re.search(rf"{by_name}|\.{variable}\b", self.probes))

    @cached_property
    def _suite_text(self) -> str:
        return self.suite.read_text(encoding="utf-8") if self.suite.exists() else ""

    @property
    def _stub_text(self) -> str:
        """The stub as it is now: a student who works in place has made it a submission, which nobody parses here."""
        try:
            with self.stub.open("rb") as file:
                return file.read(MAX_STUB).decode("utf-8", "replace")
        except OSError:
            return ""

    @cached_property
    def digest(self) -> str:
        """Changes when any file does that the suite is made of, or can import or read."""
        return self.digest_now()

    def digest_now(self) -> str:
        content = hashlib.sha256()
        for path in self.files():
            content.update(path.relative_to(self.folder.parent).as_posix().encode() + b"\0" + digest_of(path))
        return content.hexdigest()

    def files(self) -> Iterator[Path]:
        """What the suite is made of, or can import or read."""
        for root in (self.folder, *self.shared):
            yield from sorted(files_below(root))

    @property
    def is_trusted(self) -> bool:
        """Whether its code may run outside the walls: an open course is used where it is trusted only."""
        return True

    @property
    def seeds(self) -> tuple[int, ...] | None:
        """The seeds that it can be graded with; None: any."""
        return None

    def answer_key(self) -> AnswerKey:
        """Raises SuiteError where the suite cannot be collected."""
        from grader.course.answer_key import OpenKey

        return OpenKey(self)

    def reference_side(self) -> Local:
        """Raises SuiteError."""
        from grader.suite.mistakes import module_of
        from grader.suite.oracles import Local

        with blaming(self.folder / "reference.py", f"{self.name}.py"):
            module = module_of(self.reference, self.name)
        return Local(module, self.probe_functions())

    def probe_functions(self) -> dict[str, Callable[..., Any]]:
        """The probes that its suite may use by name. Raises SuiteError."""
        from grader.sandbox.protocol.calls import probe_functions

        with blaming(self.folder / "probes.py", "probes.py"):
            return probe_functions(self.probes)


def is_ignored(name: str) -> bool:
    """Whether a file or folder is made or kept by a tool: no part of a suite."""
    return name.startswith(".") or name == "__pycache__"


def files_below(root: Path) -> Iterator[Path]:
    """A file itself, or all regular files of a folder, those behind links among them."""
    if root.is_file():
        yield root
    seen: set[str] = set()
    for folder, folders, files in os.walk(root, followlinks=True):
        place = os.path.realpath(folder)
        folders[:] = [name for name in folders if not is_ignored(name) and place not in seen]
        if place not in seen:
            yield from (path for name in files if not is_ignored(name) and (path := Path(folder, name)).is_file())
        seen.add(place)


def digest_of(path: Path) -> bytes:
    """Of what a file holds; nothing where it cannot be read: then no suite reads it either."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError:
        return b""
