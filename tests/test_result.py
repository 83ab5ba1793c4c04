"""The record of a result: written, read back, described by its schema, and open to what a newer version adds."""

import importlib.util
import json
import re
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from grader import result
from grader.result import (
    MINOR,
    VERSION,
    CheckResult,
    CourseUsed,
    Difference,
    Layer,
    NamedMistake,
    Result,
    ResultError,
    Sandbox,
    document,
    results_in,
)

DOCS = Path(__file__).parents[1] / "docs"
spec = importlib.util.spec_from_file_location("result_schema", DOCS / "result_schema.py")
result_schema = importlib.util.module_from_spec(spec)
spec.loader.exec_module(result_schema)

CHECK = CheckResult("rows", "Rows sum to one", "failed", 0.0, 4.0, "row 0: got nan", "Divide.", 0.25, 7)
FULL = Result(
    "softmax",
    "in/softmax.py",
    "graded",
    96.0,
    7,
    student="ann",
    duration=1.5,
    checks=(CHECK,),
    mistakes=(NamedMistake("axis", "Wrong axis", "It sums rows.", ("rows",), "values", textbook=True),),
    not_allowed=("numpy.dot",),
    remarks=("line 3: _getframe",),
    notes=("Line 9 failed.",),
    sandbox=Sandbox.of((Layer("files", True, "reading files"),)),
    environment={"numpy": "2.4"},
    course=CourseUsed("open", "/course"),
)
FAULT = Result("softmax", "softmax.py", "error", None, 7, error="the host ended")


def text_of(*results, **more):
    return json.dumps(document(results) | more)


def test_what_is_written_is_read_back():
    assert results_in(text_of(FULL, FAULT)) == [FULL, FAULT]
    assert results_in(text_of(FULL).encode()) == [FULL]
    assert Result.from_json(json.dumps(FULL.to_json())) == FULL


def test_every_field_is_written_but_those_that_stay_in_the_process():
    left_out = {
        (kind.__name__, each.name)
        for kind in (Result, CheckResult, NamedMistake, Layer, Sandbox, CourseUsed)
        for each in fields(kind)
        if each.name not in result.written_fields(kind)
    }
    assert left_out == {
        ("Result", "title"),
        ("Result", "source"),
        ("CheckResult", "printed"),
        ("CheckResult", "difference"),
        ("NamedMistake", "formula"),
    }
    picture = Difference("", np.zeros(2), np.ones(2))
    judged = replace(FULL, source="x = 1", title="Softmax", checks=(replace(CHECK, printed="x", difference=picture),))
    assert judged.to_json() == FULL.to_json()


def test_numbers_are_written_to_six_decimals():
    third = replace(FULL, score=100 / 3, checks=(replace(CHECK, score=4 / 3),))
    assert third.to_json()["score"] == 33.333333
    assert third.to_json()["checks"][0]["score"] == 1.333333


def test_confined_means_by_every_wall():
    on, off = Layer("files", True, "reading files"), Layer("memory", False, "taking memory")
    assert [Sandbox.of(layers).confined for layers in ((), (on,), (on, off), (off,))] == [False, True, False, False]
    assert FULL.to_json()["sandbox"]["confined"] is True


def test_a_name_that_is_no_utf_8_survives():
    odd = replace(FULL, submission="in/\udcff.py")
    assert results_in(text_of(odd)) == [odd]


def test_fields_of_a_newer_minor_version_are_passed_over():
    newer = document([FULL])
    newer |= {"minor": MINOR + 7, "host": "h"}
    newer["results"][0] |= {"late": True, "sandbox": newer["results"][0]["sandbox"] | {"kernel": [6, 18]}}
    newer["results"][0]["checks"][0]["tags"] = ["shape"]
    assert results_in(json.dumps(newer)) == [FULL]


def test_a_document_from_before_fields_were_added_is_read():
    check = {"id": "rows", "title": "Rows", "status": "passed", "score": 4, "max_score": 4, "message": "", "hint": ""}
    before = {"exercise": "softmax", "submission": "a.py", "student": None, "status": "graded", "score": 4, "seed": 1}
    (found,) = results_in(json.dumps({"version": 1, "results": [before | {"checks": [check]}]}))
    assert (found.score, found.remarks, found.course, found.checks[0].line) == (4.0, (), None, None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            text_of(FULL, version=VERSION + 1),
            "format 2, and this grader reads format 1: read them with the newer",
        ),
        (text_of(FULL, version=0), "the older grader that wrote them"),
        (json.dumps({"version": 9, "runs": 3}), "format 9"),
        ("", "no document of results"),
        ("[1]", "Expected `object`"),
        ("{}", "missing required field `version`"),
        ('{"version": 1}', "missing required field `results`"),
        (text_of(replace(FULL, status="late")), "Invalid enum value 'late'"),
        (text_of(FULL).replace("96.0", '"96"'), r"Expected `float \| null`, got `str` - at `\$.results\[0\].score`"),
        (text_of(FULL).replace("96.0", "NaN"), "NaN is no number in JSON"),
        ('{"version": 1, "results": ' + "[" * 100_000, "no document"),
    ],
)
def test_what_is_no_document_of_this_version_is_told_in_one_line(text, said):
    with pytest.raises(ResultError, match=said) as caught:
        results_in(text)
    assert "\n" not in str(caught.value)


def test_the_published_schema_is_that_of_the_records():
    assert result_schema.TARGET.read_text(encoding="utf-8") == result_schema.text(), "run: python docs/result_schema.py"


def test_what_is_written_is_what_the_schema_says():
    schema = json.loads(result_schema.TARGET.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    written = json.loads(text_of(FULL, FAULT))
    validator.validate(written)
    for made in schema["$defs"].values():
        made["additionalProperties"] = made["title"] not in ("Result", "CheckResult", "NamedMistake", "Document")
    Draft202012Validator(schema).validate(written)
    assert not validator.is_valid(document([FULL]) | {"version": 2})
    assert not validator.is_valid(json.loads(text_of(replace(FULL, score="96"))))


# What readers of version 1 count on. More may come with a minor version; where one of these goes, or another becomes
# required, VERSION grows and this is written anew.
VERSION_1 = {
    "Document": "version results",
    "Result": "exercise submission status score seed student max_score duration checks mistakes not_allowed remarks"
    " notes error sandbox environment course",
    "CheckResult": "id title status score max_score message hint duration line",
    "NamedMistake": "id title explanation checks evidence textbook",
    "Sandbox": "confined layers",
    "Layer": "name active stops detail",
    "CourseUsed": "kind path",
}
REQUIRED = {
    "Document": "version results",
    "Result": "exercise submission status score seed",
    "CheckResult": "id title status score max_score",
    "NamedMistake": "id title explanation checks evidence",
    "Sandbox": "",
    "Layer": "name active stops",
    "CourseUsed": "kind path",
}
WORDS = {
    ("Result", "status"): {"graded", "error"},
    ("CheckResult", "status"): {"passed", "failed", "error", "not_run"},
    ("NamedMistake", "evidence"): {"values", "pattern"},
    ("CourseUsed", "kind"): {"built-in", "open", "sealed"},
}


def test_what_version_1_has_stays_while_it_is_version_1():
    made = result_schema.schema()["$defs"]
    assert VERSION == 1
    for name, properties in VERSION_1.items():
        assert set(properties.split()) <= set(made[name]["properties"]), name
        assert set(made[name]["required"]) == set(REQUIRED[name].split()), name
    for (name, field), words in WORDS.items():
        assert set(made[name]["properties"][field]["enum"]) == words, name


def test_the_documentation_names_the_newest_version():
    assert f"\n| {VERSION}.{MINOR} |" in (DOCS / "results.md").read_text(encoding="utf-8")


def test_the_documented_example_is_one():
    (example,) = re.findall(r"```json\n(.*?)```", (DOCS / "results.md").read_text(encoding="utf-8"), re.DOTALL)
    (found,) = results_in(example)
    assert found.score == sum(check.score for check in found.checks)
    assert found.sandbox == Sandbox.of(found.sandbox.layers)


def test_grading_starts_without_the_library_that_reads_documents():
    code = (
        "import sys; import grader.cli.grade, grader.cli.grade_files, grader.grading.examiner, grader.report.terminal\n"
        "import grader.sandbox.worker.main\nprint('msgspec' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
