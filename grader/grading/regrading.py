"""Why a result in the gradebook is out of date and graded anew: what of its provenance has changed, in words."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from grader.gradebook.store import Key

NAMED = 4  # exercises in a line; more are counted
SPELLED = {"python": "Python", "numpy": "NumPy"}
# Where several exercises have a cause in common, one line names them all.
SUITES, STUBS = "{suites} changed", "{stubs} changed"


def causes(before: Key, now: Key) -> list[str]:
    """What is otherwise than it was; nothing where a result may stay."""
    if not before.circumstances:
        return ["graded by an earlier version of the grader"]
    return [
        *([SUITES] if before.suite_digest != now.suite_digest else []),
        *(changes(before.circumstances, now.circumstances) if before.circumstances != now.circumstances else []),
        *(["another seed"] if before.seed != now.seed else []),
        *(["other limits"] if before.limits != now.limits else []),
    ]


def changes(before: str, now: str) -> Iterator[str]:
    """What differs between two circumstances."""
    old, new = json.loads(before), json.loads(now)
    if old["asked"] != new["asked"]:
        yield STUBS
    if old["grader"] != new["grader"]:
        yield "another version of the grader"
    for name in new["versions"]:
        is_, was = new["versions"][name], old["versions"].get(name)
        if is_ != was:
            yield f"{SPELLED.get(name, name)} {is_} instead of {was or 'none'}"
    if old["platform"] != new["platform"]:
        yield f"{new['platform']} instead of {old['platform']}"
    if old["walls"] != new["walls"]:
        yield "every wall is required now" if new["walls"] else "not every wall is required any more"


def lines(anew: Mapping[tuple[str, ...], Counter[str]]) -> Iterator[str]:
    """A line for all that have the same causes, the most first. `anew`: causes → how many of each exercise."""
    for found, exercises in sorted(anew.items(), key=lambda each: (-each[1].total(), each[0])):
        yield f"{exercises.total()} graded anew: {describe(found, sorted(exercises))}"


def describe(found: Collection[str], exercises: Collection[str]) -> str:
    """Causes in words, with the exercises that have them."""
    *most, last = exercises
    names = f"{', '.join(most)} and {last}" if most else last
    if len(exercises) > NAMED:
        names = f"{len(exercises)} exercises"
    suites = f"the suites of {names}" if most else f"the suite of {names}"
    stubs = f"what the stubs of {names} ask for" if most else f"what the stub of {names} asks for"
    return ", ".join(found).replace("{suites}", suites).replace("{stubs}", stubs)
