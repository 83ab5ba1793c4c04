"""Edits of a reference's text that survive its refactoring.

An edit names a piece of the reference. Where that text stands in it just once, it is replaced as it stands. Where it
does not, the piece is looked for token by token: spaces, comments, line breaks, trailing commas, quotes, types, the
order of keyword arguments and the parentheses that a formatter puts around a long line do not matter, and a local
variable may have another name, the same one everywhere.

Edits of two mistakes go together wherever they touch different tokens, and neither goes on with an expression whose
end the other takes away.
"""

from __future__ import annotations

import ast
import builtins
import itertools
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher, get_close_matches
from functools import lru_cache

from grader.suite.tokens import Token, dedented, in_keyword_order, offsets, one_line_each, tokens


class EditError(ValueError):
    """An edit does not fit the reference: its text is not there, or not just once."""


@dataclass(frozen=True)
class Found:
    start: int
    end: int
    renamed: Mapping[str, str]  # name in the edit → name in the reference
    function: str  # that it stands in
    known: frozenset[str]  # names that mean something there


@dataclass(frozen=True)
class Names:
    """What all edits of a reference tell about the names in it."""

    vocabulary: frozenset[str] = frozenset()  # names that edits use: what they call so, nobody renamed
    renamed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # function → old name → its name now

    def agreement(self, found: Found) -> int:
        """How many names in a piece of the reference other edits tell as well; -1 where they tell otherwise."""
        known = self.renamed.get(found.function, {})
        others = {now: old for old, now in known.items()}
        if any(known.get(old, now) != now or others.get(now, old) != old for old, now in found.renamed.items()):
            return -1
        return sum(old in known for old in found.renamed)


UNKNOWN = Names()
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
Edit = Callable[[str], str]  # from the text of a reference to that with the edit; raises EditError


@dataclass(frozen=True)
class Replacement:
    old: str
    new: str

    def __call__(self, source: str, names: Names = UNKNOWN, /) -> str:
        starts = self.stands_at(source)
        if len(starts) == 1:
            new = self._new_at(source, starts[0], names) if names.renamed else self.new
            return source[: starts[0]] + new + source[starts[0] + len(self.old) :]
        if starts:
            raise EditError(self._several(source, starts))
        plain = one_line_each(source)
        found = self.find(plain, names)
        new = self._renamed(found.function, found.known, found.renamed, names)
        start, end = around(plain, found, self.old)
        return plain[:start] + new + plain[end:]

    def stands_at(self, source: str) -> list[int]:
        """Where the old text stands as it is, and not as a part of longer words."""
        before = r"(?<!\w)" if re.match(r"\w", self.old) else ""
        after = r"(?!\w)" if re.search(r"\w\Z", self.old) else ""
        return [found.start() for found in re.finditer(f"{before}{re.escape(self.old)}{after}", source)]

    def _new_at(self, source: str, start: int, names: Names) -> str:
        """The new text for where the old one stands as it is."""
        start += len(self.old) - len(self.old.lstrip())
        function, known, _ = scopes_of(source, frozenset()).at(start)
        return self._renamed(function, known, {}, names)

    @property
    def vocabulary(self) -> Iterator[str]:
        yield from (token.text for token in tokens(self.old, fragment=True) if token.is_name)

    def find(self, plain: str, names: Names) -> Found:
        found = [each for each in self._fits(plain, names) if names.agreement(each) >= 0]
        fewest = min((len(each.renamed) for each in found), default=0)
        found = [each for each in found if len(each.renamed) == fewest]
        if len(found) > 1:
            most = max(names.agreement(each) for each in found)
            found = [each for each in found if names.agreement(each) == most]
        if len(found) == 1:
            return found[0]
        if found:
            raise EditError(self._several(plain, [each.start for each in found]))
        lines = [line.strip() for line in plain.splitlines()]
        near = get_close_matches(" ".join(self.old.split("\n", 1)[0].split()), lines, 1, 0.4)
        hint = f"; the nearest line is {near[0]!r}" if near else ""
        raise EditError(f"{self.old!r} is not in the reference{hint}")

    def _fits(self, plain: str, names: Names) -> list[Found]:
        """Where it stands, as nearly as it was written as it can be found."""
        wanted = tokens(one_line_each(dedented(self.old), fragment=True), fragment=True)
        here = tokens(plain)
        unrenamed, renamed = scopes_of(plain, frozenset(), renaming=False), scopes_of(plain, names.vocabulary)
        found = list(matches(wanted, here, unrenamed)) or list(matches(wanted, here, renamed))
        if not found:
            found = list(matches(in_keyword_order(wanted), in_keyword_order(here), renamed))
        # A new name may be one that edits of another function use for something else.
        return found or list(matches(wanted, here, scopes_of(plain, frozenset())))

    def _several(self, source: str, starts: Sequence[int]) -> str:
        lines = [source[source.rfind("\n", 0, at) + 1 :].split("\n", 1)[0].strip() for at in starts]
        shown = " and ".join(repr(line) for line in dict.fromkeys(lines))
        return f"{self.old!r} occurs {len(starts)} times in the reference, expected once: {shown}"

    def _renamed(self, function: str, known: frozenset[str], renamed: Mapping[str, str], names: Names) -> str:
        """The new text with the names that the reference has for its local variables."""
        others, text = names.renamed.get(function, {}), self.new
        for token in reversed(tokens(text, fragment=True)):
            other = renamed.get(token.text) or (others.get(token.text) if token.text not in known else None)
            if token.is_name and other:
                text = text[: token.start] + other + text[token.end :]
        return text


def around(plain: str, found: Found, old: str) -> tuple[int, int]:
    """Start and end of what an edit takes away, with the spaces and line ends that its text begins and ends with."""
    start, end = found.start, found.end
    before, after = old[: len(old) - len(old.lstrip())], old[len(old.rstrip()) :]
    if before:
        start = len(plain[:start].rstrip(" \n" if before.startswith("\n") else " "))
    if "\n" in after and plain.startswith("\n", end):
        end += 1
    if after.endswith(" "):
        end += len(plain[end:]) - len(plain[end:].lstrip(" "))
    return start, end


@dataclass(frozen=True)
class Definitions:
    code: str
    name: str = ""  # of what it takes the place of

    def __call__(self, source: str) -> str:
        names = re.findall(r"^(?:async )?(?:def|class) (\w+)", source, re.MULTILINE)
        if self.name and self.name not in names:
            near = get_close_matches(self.name, names, 1)
            raise EditError(f"there is no {self.name!r} in the reference{f'; is it {near[0]!r}?' if near else ''}")
        return f"{source}\n\n{textwrap.dedent(self.code)}\n"


def replace(old: str, new: str) -> Replacement:
    """Replaces a piece of the reference that occurs exactly once.

    Where a local variable has another name by now, it is found by what `old` calls it, here or in another edit.
    """
    return Replacement(old, new)


def define(code: str) -> Definitions:
    """Adds definitions at the end; a function of the same name takes the place of the reference's."""
    return Definitions(code)


def edited(source: str, edits: Sequence[Edit], names: Names = UNKNOWN) -> str:
    """The reference with edits. What no longer fits after the edits before it is made on the reference itself, and the
    two are merged. Raises EditError."""
    text = source
    for number, edit in enumerate(edits):
        stood = isinstance(edit, Replacement) and has_changed(edit, source, text)
        try:
            text = merged(source, text, edit(source)) if stood else made(edit, text, names)
        except EditError:
            if stood or not number:
                raise
            text = merged(source, text, made(edit, source, names))
    return text


def has_changed(edit: Replacement, source: str, text: str) -> bool:
    """Whether what an edit replaces in a source is not in another text, or the line that it ends has more after it
    there."""
    places, there = edit.stands_at(source), edit.stands_at(text)
    if len(places) != 1 or not there or edit.old.endswith("\n"):
        return len(places) == 1 and not there
    ends = (source, places[0] + len(edit.old)), (text, there[0] + len(edit.old))
    rests = [each[end:].split("\n", 1)[0].strip() for each, end in ends]
    return not rests[0] and bool(rests[1])


def made(edit: Edit, source: str, names: Names) -> str:
    return edit(source, names) if isinstance(edit, Replacement) else edit(source)


def names_of(source: str, edits: Sequence[Edit]) -> Names:
    """What edits tell about the names in a reference, some of which may have changed since."""
    replacements = [edit for edit in edits if isinstance(edit, Replacement)]
    places = {edit: edit.stands_at(source) for edit in replacements}
    if all(places.values()):
        return UNKNOWN
    renamed: dict[str, dict[str, str]] = {}
    names = Names(frozenset(name for edit in replacements for name in edit.vocabulary), renamed)
    plain = one_line_each(source)
    left = []
    for edit in replacements:
        if len(places[edit]) == 1:  # what stands as it was has kept its names
            start = places[edit][0] + len(edit.old) - len(edit.old.lstrip())
            function, there, _ = scopes_of(source, frozenset()).at(start)
            renamed.setdefault(function, {}).update((name, name) for name in edit.vocabulary if name in there)
        else:
            left.append(edit)
    told = -1
    while left and told < (told := sum(map(len, renamed.values()))):  # what one tells may make another clear
        unclear = []
        for edit in left:
            try:
                found = edit.find(plain, names)
                renamed.setdefault(found.function, {}).update(found.renamed)
            except EditError:
                unclear.append(edit)
        left = unclear
    return names


def merged(source: str, one: str, other: str) -> str:
    """The changes of two texts in one. Raises EditError where they touch the same tokens, or where one goes on in the
    same line after what the other changes."""
    pieces = pieces_of(source)
    changes = sorted([*changed_pieces(source, one), *changed_pieces(source, other)], key=lambda change: change[:2])
    result: list[str] = []
    at = 0
    changed = False  # what stands before `at`
    for start, end, replacement in changes:
        goes_on = start == end == at and changed and "\n" not in "".join([pieces[at - 1], *replacement])
        if start < at or goes_on:
            raise EditError("two edits touch the same place")
        result += [*pieces[at:start], *replacement]
        at, changed = end, start < end
    return "".join([*result, *pieces[at:]])


@lru_cache(512)  # each edit meets many others
def changed_pieces(source: str, other: str) -> tuple[tuple[int, int, tuple[str, ...]], ...]:
    """Which pieces of a text another has not, from where to where, and what it has instead."""
    here, there = pieces_of(source), pieces_of(other)
    head = shared(here, there)  # most of it is the same: no need to search there
    tail = shared(here[head:][::-1], there[head:][::-1])
    middle = SequenceMatcher(None, here[head : len(here) - tail], there[head : len(there) - tail], autojunk=False)
    return tuple(
        (head + start, head + end, there[head + low : head + high])
        for tag, start, end, low, high in middle.get_opcodes()
        if tag != "equal"
    )


def shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many pieces two texts begin with alike."""
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def pieces_of(text: str) -> tuple[str, ...]:
    """A text, each statement on one line, as its tokens and what stands between them."""
    return tuple(itertools.chain.from_iterable(map(pieces_of_part, parts_of(text))))


@lru_cache(256)  # most parts of two texts are the same
def pieces_of_part(text: str) -> list[str]:
    plain = one_line_each(text)
    found, at = [], 0
    for token in tokens(plain):
        if token.start > at:
            found.append(plain[at : token.start])
        found.append(plain[token.start : token.end])
        at = token.end
    return [*found, plain[at:]]


def parts_of(text: str) -> list[str]:
    """A text in one part for each statement at its top level: all of it, where it is not Python."""
    try:
        body = ast.parse(text).body
    except SyntaxError:
        return [text]
    lines = text.splitlines(keepends=True)
    starts = [min(each.lineno for each in (node, *getattr(node, "decorator_list", ()))) - 1 for node in body]
    ends = [*starts[1:], len(lines)]
    return ["".join(lines[start:end]) for start, end in zip([0, *starts[1:]], ends, strict=True) if start < end]


class Scopes:
    """Which names mean what in the functions of a source. `vocabulary`: names that nobody renamed."""

    def __init__(self, plain: str, vocabulary: frozenset[str], *, renaming: bool = True) -> None:
        tree, starts = ast.parse(plain), offsets(plain)
        tops = [(node.name, node) for node in tree.body if isinstance(node, DEFINITIONS)]
        methods = [
            (f"{name}.{node.name}", node) for name, top in tops if isinstance(top, ast.ClassDef)
            for node in top.body if isinstance(node, DEFINITIONS)
        ]  # fmt: skip
        # Methods first: a place is in the innermost that it is in.
        self._scopes = [
            (starts[node.lineno - 1], starts[node.end_lineno or node.lineno], name, node)
            for name, node in [*methods, *tops]
        ]
        self._global = frozenset({name for name, _ in tops} | set(dir(builtins)))
        self._vocabulary, self._renaming = vocabulary, renaming

    def at(self, place: int) -> tuple[str, frozenset[str], frozenset[str]]:
        """At a place in the text: the function, method or class, the names that are known there, and those of them
        that may be another name for a variable of an edit."""
        for start, end, function, node in self._scopes:
            if start <= place < end:
                names = own_names(node)
                local = frozenset(name for name, is_local in names.items() if is_local) - self._vocabulary
                return function, self._global | names.keys(), local if self._renaming else frozenset()
        return "", self._global, frozenset()


scopes_of = lru_cache(16)(Scopes)  # of the reference they are asked for each edit


@lru_cache(256)
def own_names(scope: ast.AST) -> dict[str, bool]:
    """The names that a function or class uses: True for variables and arguments of its own."""
    found: dict[str, bool] = {}
    for node in ast.walk(scope):
        if isinstance(node, ast.Name):
            found[node.id] = found.get(node.id, False) or isinstance(node.ctx, ast.Store)
        elif isinstance(node, ast.arg):
            found[node.arg] = True
    return found


def matches(wanted: Sequence[Token], here: Sequence[Token], scopes: Scopes) -> Iterator[Found]:
    """Where the tokens of an edit stand."""
    if not wanted:
        return
    for start in range(len(here) - len(wanted) + 1):
        piece = here[start : start + len(wanted)]
        if wanted[0].text == piece[0].text or (wanted[0].is_name and piece[0].is_name):
            function, known, free = scopes.at(piece[0].start)
            renamed = fit(wanted, piece, known, free)
            if renamed is not None and is_whole(piece, here):
                yield Found(min(one.start for one in piece), max(one.end for one in piece), renamed, function, known)


def is_whole(piece: Sequence[Token], here: Sequence[Token]) -> bool:
    """Whether a piece, which may be in another order, is all that stands from its first token to its last."""
    start, end = min(one.start for one in piece), max(one.end for one in piece)
    return sum(start <= one.start < end for one in here) == len(piece)


def fit(
    wanted: Sequence[Token], here: Sequence[Token], known: frozenset[str], free: frozenset[str]
) -> dict[str, str] | None:
    """The names that have another name, where all tokens fit; None where they do not. A name that is known has kept
    its meaning; one that is free may be another name for it."""
    renamed: dict[str, str] = {}
    for one, other in zip(wanted, here, strict=True):
        if one.is_name and one.text in renamed:
            if not other.is_name or renamed[one.text] != other.text:
                return None
        elif one.text != other.text:
            may_be = one.is_name and other.is_name and other.text in free and one.text not in known
            if not may_be or other.text in renamed.values():
                return None
            renamed[one.text] = other.text
        elif other.is_name and other.text in renamed.values():
            return None
    return renamed
