"""The wording of messages about a submission: in the student's words for what failed, never by the name of a probe.

A call that fails is told by the function that the student was asked for. A probe is ours: what stands in its place is
the first sentence of its docstring, which says what is asked of the student's code ("The logits of two images.").
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from grader.sandbox.client import Opening
from grader.sandbox.libraries import is_installed
from grader.sandbox.protocol.calls import NOT_DEFINED, Raised, Stopped

UNWRITTEN = "NotImplementedError"  # what a stub raises
PROSE = {"numpy": "NumPy", "torch": "PyTorch"}

RAISES = re.compile(r"\braise\s+NotImplementedError\b")
DEFINES = re.compile(r"^([ \t]*)(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", re.MULTILINE)
NO_MODULE = re.compile(r"No module named '([\w.]+)'")
FORBIDDEN = re.compile(r"\[Errno (?:1|13|38)\]|Operation not permitted|Permission denied")
LIBRARIES = {  # that no file beside a submission will bear the name of
    *("matplotlib", "pandas", "scipy", "seaborn", "sklearn", "skimage", "cv2", "PIL", "tqdm", "einops", "numba"),
    *("torch", "torchvision", "torchaudio", "tensorflow", "keras", "jax", "cupy", "transformers", "pytest"),
}
MAIN = re.compile(r"if\s+\(?\s*(?:__name__|[\"']__main__[\"'])\s*==")
MISSING = " is not defined in your file"
NO_RETURN = "is a `return` missing?"


@dataclass(frozen=True)
class Wording:
    """`probes`: name of a probe of ours → what it asks for, "" where that is not told. `libraries`: what the exercise
    is answered with."""

    probes: Mapping[str, str] = field(default_factory=dict)
    libraries: Sequence[str] = ("numpy",)
    opening: Opening = field(default_factory=lambda: Opening(b"", ""))

    def subject(self, name: str) -> str:
        return "your code" if name in self.probes else name

    def asked(self, name: str) -> str:
        """The subject after what was asked of it: for what no line of the file tells."""
        phrase = self.probes.get(name, "")
        return f"asked for {phrase}, {self.subject(name)}" if phrase else self.subject(name)

    def nothing(self, name: str) -> str:
        """Where None came back."""
        return f"{self.asked(name)} returned None: {NO_RETURN}"

    def failure(self, name: str, outcome: Raised | Stopped) -> str:
        """What came of a call that gave no answer."""
        if isinstance(outcome, Stopped):
            told = outcome.message
            return told if told.startswith("could not") else f"{self.asked(name)} {told}"
        kind = outcome.kinds[0]
        if kind == NOT_DEFINED:
            function, missing, _ = outcome.message.partition(MISSING)
            return outcome.message + (self.inside(function) if missing else "")
        if UNWRITTEN in outcome.kinds and (unwritten := self.unwritten(name, outcome)):
            return f"{unwritten} is not written yet"
        place = outcome.place or (self.opening.place(outcome.line) if outcome.line else "")
        told = kind + (f": {outcome.message}" if outcome.message else "") + (f" ({place})" if place else "")
        if place or name not in self.probes:
            return f"{self.subject(name)} raised {told}{self.advice(outcome)}"
        return f"{self.asked(name)} failed with {told}{self.advice(outcome)}"  # who raised it is not known

    def unwritten(self, name: str, error: Raised) -> str:
        """The function that is as its stub was; "" where the error is another one: a library's own, or the student's.

        A stub raises the error itself, with no more to say than what is to be written.
        """
        if not self.lines:  # nothing is known of the file
            return error.message if error.message.isidentifier() else name
        if error.line is None and error.message.isidentifier():  # by the probe of a variable
            left = re.search(rf"^{error.message}\b[^=\n]*=\s*\.\.\.\s*$", self.text, re.MULTILINE)
            return error.message if left else ""
        if error.line is None or error.line > len(self.lines) or not RAISES.search(self.lines[error.line - 1]):
            return ""
        if not error.message:
            return self.around(error.line) or self.subject(name)
        defined = {found for _, found in DEFINES.findall(self.text)}
        return error.message if defined.issuperset(error.message.split(".")) else ""

    def inside(self, name: str) -> str:
        """Where a function is defined that is not there for whoever loads the file: inside another statement."""
        found = [DEFINES.match(line) for line in self.lines]
        at = next((number for number, match in enumerate(found) if match and match[2] == name), None)
        if at is None or not self.lines[at][:1].isspace():
            return ""
        outer = next((line for line in reversed(self.lines[:at]) if line.strip() and not line[0].isspace()), "")
        if MAIN.match(outer):
            inside = 'stands below `if __name__ == "__main__":`, which grading does not run'
        else:
            inside = "defines it inside another statement, not at the left margin"
        return f": {self.opening.place(at + 1)} {inside}"

    def around(self, line: int) -> str:
        """The function that a line stands in, by its indentation."""
        indent = len(self.lines[line - 1]) - len(self.lines[line - 1].lstrip())
        for text in reversed(self.lines[: line - 1]):
            found = DEFINES.match(text)
            if found and len(found[1]) < indent:
                return found[2]
        return ""

    def advice(self, error: Raised) -> str:
        return self.explain(error.kinds, error.message) or (
            f": {NO_RETURN}" if error.line is None and "'NoneType'" in error.message else ""
        )

    def explain(self, kinds: Sequence[str], message: str) -> str:
        """What an error means where a submission is graded; "" where it means the same as elsewhere."""
        there = " and ".join([*(PROSE.get(each, each) for each in self.libraries if "." not in each), ""])
        there += "the standard library"
        if found := NO_MODULE.search(message):
            top = found[1].partition(".")[0]
            is_library = top in LIBRARIES or is_installed(top)
            beside = "" if is_library else f": a {found[1].replace('.', '/')}.py beside it is not read"
            return f" (only this one file is graded, with {there}{beside})"
        if "relative import" in message and "ImportError" in kinds:
            return f" (only this one file is graded, with {there}: no file beside it is read)"
        if "FileNotFoundError" in kinds:
            return " (only this one file is graded: no other file is there to be read)"
        if "PermissionError" in kinds or ("OSError" in kinds and FORBIDDEN.search(message)):
            return " (grading allows no files, processes or network)"
        return ""

    @cached_property
    def text(self) -> str:
        return self.opening.source.decode("utf-8", "replace")

    @cached_property
    def lines(self) -> list[str]:
        return re.split("\r\n?|\n", self.text) if self.text else []


PLAIN = Wording()


def phrases(source: str, functions: Sequence[str]) -> dict[str, str]:
    """What each probe in the text of a probes.py asks for, but for those that bear the name of a function that is asked
    for anyway."""
    probes = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    return {node.name: phrase(ast.get_docstring(node) or "") for node in probes if node.name not in functions}


def phrase(docstring: str) -> str:
    """The first sentence of a docstring, to go on a sentence with."""
    first = re.split(r"(?<=\.)\s+(?=[A-Z])", " ".join(docstring.split()), maxsplit=1)[0].removesuffix(".")
    word = first.partition(" ")[0]
    return first if word[1:] != word[1:].lower() else first[:1].lower() + first[1:]
