"""Gradescope's submission_metadata.yml: who handed in what, and when. Written by Gradescope, beside the submissions.

Of YAML only what Gradescope writes there is read, line by line: nothing in it is made into an object.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

ENTRY = re.compile(r"(submission_\d+):\s*")
FIELD = re.compile(r"(\s+)(-\s+)?:(\w+):\s*(.*)")
QUOTED = re.compile(r"'((?:[^']|'')*)'|\"((?:[^\"\\]|\\.)*)\"")


@dataclass(frozen=True)
class Submitted:
    submitters: tuple[tuple[str, str], ...]  # (what tells them apart, name)
    created: str  # as written


def read_metadata(text: str) -> dict[str, Submitted]:
    """By folder. What cannot be understood is passed over."""
    found: dict[str, Submitted] = {}
    folder, created = "", ""
    people: list[dict[str, str]] = []
    inside = False  # among the submitters

    def close() -> None:
        submitters = (
            (one.get("sid") or one.get("email") or one.get("name", ""), one.get("name", "")) for one in people
        )
        if folder:
            found[folder] = Submitted(tuple((id, name or id) for id, name in submitters if id), created)

    for line in text.splitlines():
        if entry := ENTRY.fullmatch(line):
            close()
            folder, created, people, inside = entry[1], "", [], False
        elif field := FIELD.fullmatch(line):
            indent, dash, key, value = len(field[1]), field[2], field[3], unquote(field[4])
            if indent <= 2 and not dash:
                inside = key == "submitters"
                created = value if key == "created_at" else created
            elif inside:
                if dash:
                    people.append({})
                if people and key in ("name", "sid", "email"):
                    people[-1][key] = value
    close()
    return found


def unquote(value: str) -> str:
    value = value.strip()
    match = QUOTED.fullmatch(value)
    if match:
        return match[1].replace("''", "'") if match[1] is not None else match[2].replace('\\"', '"')
    return "" if value in ("null", "~") else value
