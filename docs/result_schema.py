"""Writes docs/result.schema.json: the JSON Schema of what `grade --json` writes. A test fails when it is out of date.

python docs/result_schema.py
"""

import json
from pathlib import Path
from typing import Any

import msgspec

from grader import result
from grader.result import Document, written_fields

TARGET = Path(__file__).with_name("result.schema.json")
HEAD = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Results of grading",
    "description": "What `grade --json` and `grader export --format json` write. Fields that are not required may be"
    " missing in documents of older versions; fields that are not named here may be there in newer ones.",
}


def schema() -> dict[str, Any]:
    """Made from the records themselves, less the fields that they do not write."""
    (reference,), definitions = msgspec.json.schema_components((Document,), ref_template="#/$defs/{name}")
    del definitions["Difference"]
    for name, made in definitions.items():
        written = written_fields(getattr(result, name))
        made["properties"] = {field: made["properties"][field] for field in written}
    definitions["Document"]["properties"]["version"]["const"] = result.VERSION
    return {**HEAD, **reference, "$defs": dict(sorted(definitions.items()))}


def text() -> str:
    return json.dumps(schema(), indent=2) + "\n"


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
