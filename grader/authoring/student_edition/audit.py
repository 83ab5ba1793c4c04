"""Proof that nothing of the solutions is in a student edition.

Looked for, in every file, in all that a wheel holds and in every decompressed section of a sealed file:

- each line of a reference, a suite or a list of mistakes, with the spaces around it taken off;
- each text in a reference or in a mistake's edit: messages, docstrings, names in quotes;
- the bytecode of each of their functions, as a .pyc would hold it.

Not counted is what is public by itself: what also stands in a stub, in a probe or in the grader, lines too short to
tell anything, and what a report tells students anyway (titles, hints, explanations, the message of a refusal).
"""

from __future__ import annotations

import ast
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType
from zipfile import ZipFile

from grader.authoring.distribution import files_of, package_files
from grader.course.course import Course
from grader.course.exercise import Exercise
from grader.course.sealed_file import SUFFIX, Sealed

SHORTEST_TEXT = 12  # characters
SHORTEST_CODE = 24  # bytes
PREFIX = 16  # bytes of code that are looked for before all of it is
PRINTABLE = re.compile(rb"[^\x00-\x08\x0b-\x1f\x7f]{%d,}" % SHORTEST_TEXT)
READABLE = {
    ".typed", ".py", ".md", ".toml", ".yml", ".txt", ".json", ".html", ".css", ".js", ".svg", ".sh", "", SUFFIX
}  # fmt: skip
WHEEL = ".whl"
PROBES = "probes.py"


@dataclass
class Secrets:
    """What must not be found, and where it comes from."""

    texts: dict[str, str] = field(default_factory=dict)
    codes: dict[bytes, str] = field(default_factory=dict)


def leaks(files: Mapping[str, bytes], course: Course) -> list[str]:
    """What of the course's solutions is in the files of an edition, a line each. Raises SuiteError, SealError."""
    secrets = secrets_of(course)
    found = []
    for name, data in unpacked(files):
        if Path(name).suffix not in READABLE and not name.endswith(".gitignore"):
            found.append(f"{name}: nobody can look into a file of this kind")
        parts = Sealed.read(data, name).parts() if name.endswith(SUFFIX) else [data]
        found += [f"{name}: {what}" for part in parts for what in found_in(part, secrets)]
    return found


def unpacked(files: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """The files, and in the place of a wheel what is in it."""
    for name, data in files.items():
        if not name.endswith(WHEEL):
            yield name, data
            continue
        with ZipFile(io.BytesIO(data)) as archive:
            yield from ((f"{name}/{each}", archive.read(each)) for each in archive.namelist())


def found_in(data: bytes, secrets: Secrets) -> Iterator[str]:
    # Runs of text and nothing else: numbers are most of a sealed section, and would take minutes to search.
    runs = "\n".join({run.decode("utf-8", "replace") for run in PRINTABLE.findall(data)})
    for text, origin in secrets.texts.items():
        if text in runs:
            yield f"{text!r} of {origin}"
    starts: dict[bytes, set[bytes]] = defaultdict(set)
    for code in secrets.codes:
        starts[code[:2]].add(code[:PREFIX])
    for start, prefixes in starts.items():
        for match in re.finditer(re.escape(start), data):
            if data[match.start() : match.start() + PREFIX] in prefixes:
                yield from (
                    f"the code of {origin}"
                    for code, origin in secrets.codes.items()
                    if data.startswith(code, match.start())
                )


def secrets_of(course: Course) -> Secrets:
    exercises = [course.exercise(name) for name in course.names]
    public_texts, public_codes = public(exercises)
    known = "\n".join([public_texts, *(text for exercise in exercises for text in told(exercise))])
    secrets = Secrets()
    for exercise in exercises:
        for path in files_of(exercise.folder):
            if path.name == PROBES:
                continue
            text = path.read_text(encoding="utf-8")
            origin = path.relative_to(course.root).as_posix()
            lines = {line.strip(): f"{origin}:{number}" for number, line in enumerate(text.splitlines(), 1)}
            if path.suffix == ".py":
                tree = ast.parse(text)
                lines |= dict.fromkeys(constants(tree), origin) if path != exercise.suite else {}
                codes = codes_of(compile(tree, origin, "exec"))
                secrets.codes |= {code: f"{name} in {origin}" for name, code in codes if code not in public_codes}
            secrets.texts |= {
                line: where for line, where in lines.items() if len(line) >= SHORTEST_TEXT and line not in known
            }
    return secrets


def public(exercises: Iterable[Exercise]) -> tuple[str, set[bytes]]:
    """The texts and the code of stubs, probes and the grader."""
    ours = package_files()
    programs = [data.decode("utf-8") for name, data in ours.items() if name.endswith(".py")]
    for exercise in exercises:
        programs += [exercise.stub.read_text(encoding="utf-8"), exercise.probes]
    others = [data.decode("utf-8") for name, data in ours.items() if not name.endswith(".py")]
    return "\n".join([*programs, *others]), {
        code for text in programs for _, code in codes_of(compile(text, "", "exec"))
    }


def told(exercise: Exercise) -> Iterator[str]:
    """What reports tell students."""
    key = exercise.answer_key()
    for check in key.checks:
        yield from (check.title, check.hint)
    for mistake in key.mistakes:
        yield from (mistake.id, mistake.title, mistake.explanation, mistake.formula)
    for node in ast.walk(ast.parse(exercise.reference)):
        if isinstance(node, ast.Raise):
            yield from constants(node)


def constants(tree: ast.AST) -> Iterator[str]:
    """The texts in quotes, as one line where they are several."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield " ".join(node.value.split())


def codes_of(code: CodeType) -> Iterator[tuple[str, bytes]]:
    """The functions and classes in some code: (name, bytecode)."""
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            if len(constant.co_code) >= SHORTEST_CODE:
                yield constant.co_qualname, constant.co_code
            yield from codes_of(constant)
