"""Documents for machines: the results as `grade --json` writes them, and JUnit XML."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from grader.gradebook.export.outcome import Export
from grader.result import (
    AssignedExercise,
    AssignedScores,
    AssignedStudent,
    CheckResult,
    NotGraded,
    Result,
    document,
)
from grader.text import points

if TYPE_CHECKING:
    from grader.gradebook.assignment.grades import Scores
    from grader.gradebook.store import Grade, Unplaced

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # by XML 1.0


def results(grades: Iterable[Grade], lost: Sequence[Unplaced] = (), scores: Sequence[Scores] = ()) -> Export:
    """The document of `grade --json`, with every student filled in, what was handed in and is not graded, and how
    everybody stands in each assignment."""
    made = document(
        (result_of(grade) for grade in grades),
        (NotGraded(each.student, each.name, each.exercise, each.path, each.reason) for each in lost),
        map(assigned, scores),
    )
    return Export(json.dumps(made, indent=2) + "\n")


def result_of(grade: Grade) -> Result:
    """The student's result, with what is decided of it."""
    decided = grade.decisions.written(grade.points) if grade.decisions else None
    return replace(grade.result, student=grade.student, decided=decided)


def assigned(scores: Scores) -> AssignedScores:
    """An assignment and everybody in it."""
    late = scores.assignment.late
    students = (
        AssignedStudent(
            person,
            scores.names[person],
            standing.total(scores.assignment),
            standing.days,
            {
                name: AssignedExercise(
                    mark.state,
                    scores.points(mark),
                    scores.scaled(mark, mark.full),
                    float(mark.worth),
                    mark.lateness.words(late),
                    mark.is_dropped,
                )
                for name, mark in standing.marks.items()
            },
        )
        for person, standing in scores.standings.items()
    )
    told = scores.assignment
    return AssignedScores(told.title, float(told.total), told.unit, tuple(students))


def junit(grades: Iterable[Grade], lost: Sequence[Unplaced] = (), problems: Sequence[str] = ()) -> Export:
    """A test suite for each student and exercise, a test case for each check.

    A check that was not run lost its points, so it is a failure: a dashboard is green at full marks only. What the
    grader could not grade is an error, and so is what was handed in and is not graded, and each of the problems: files
    that were not taken.
    """
    root = Element("testsuites")
    for grade in grades:
        _add_suite(root, grade)
    for each in lost:
        title = _clean(f"{each.student} {each.exercise}".strip())
        suite = SubElement(root, "testsuite", name=title, tests="1", failures="0", errors="1", skipped="0", time="0")
        case = SubElement(suite, "testcase", classname=title, name="hand-in", time="0")
        _explain(case, CheckResult("hand-in", "", "error", 0.0, 0.0, f"{each.path}: {each.reason}"))
    if problems:
        count = str(len(problems))
        suite = SubElement(root, "testsuite", name="not graded", tests=count, failures="0", errors=count, skipped="0")
        for problem in problems:
            case = SubElement(suite, "testcase", classname="not graded", name=_clean(problem), time=_seconds(0.0))
            SubElement(case, "error", message=_clean(problem), type="error")
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    root.set("time", _seconds(sum(float(suite.get("time", "0")) for suite in root)))
    ElementTree.indent(root)
    xml = ElementTree.tostring(root, encoding="unicode")
    return Export(f'<?xml version="1.0" encoding="UTF-8"?>\n{xml}\n')


def _add_suite(root: Element, grade: Grade) -> None:
    checks = grade.result.checks
    suite = SubElement(root, "testsuite", name=_clean(f"{grade.student} {grade.exercise}"))
    if (counts := grade.points) is not None:
        properties = SubElement(suite, "properties")
        SubElement(properties, "property", name="score", value=points(counts))
        if grade.told:
            SubElement(properties, "property", name="override", value=_clean(grade.told))
        SubElement(properties, "property", name="max_score", value=points(grade.max_score))
    times = Counter(check.title for check in checks)
    for check in checks:
        unique = check.title and times[check.title] == 1  # readers merge cases of one name
        case = _add_case(suite, grade, check.title if unique else check.id, check.duration)
        if check.status != "passed":
            _explain(case, check)
    if counts is None and suite.find("testcase/error") is None:
        fault = CheckResult("grading", "", "error", 0.0, 0.0, grade.result.error or "not graded")
        _explain(_add_case(suite, grade, fault.id, 0.0), fault)
    cases = suite.findall("testcase")
    suite.set("tests", str(len(cases)))
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    suite.set("errors", str(len(suite.findall("testcase/error"))))
    suite.set("skipped", "0")
    suite.set("time", _seconds(grade.result.duration))


def _add_case(suite: Element, grade: Grade, name: str, duration: float) -> Element:
    classname = _clean(f"{grade.exercise}.{grade.student}")
    return SubElement(suite, "testcase", classname=classname, name=_clean(name), time=_seconds(duration))


def _explain(case: Element, check: CheckResult) -> None:
    message, hint = _clean(check.message), _clean(check.hint)
    why = SubElement(case, "error" if check.status == "error" else "failure", message=message, type=check.status)
    why.text = f"{message}\nHint: {hint}" if hint else message


def _seconds(duration: float) -> str:
    return f"{duration:.6f}"


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("", text)
