"""The class overview: complete, harmless whatever is in the gradebook, and read without a server."""

import csv
import io
import json
import re
import subprocess
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import click
import pytest

from grader.cli.progress import Summary
from grader.gradebook.assignment.grades import score
from grader.gradebook.assignment.reading import parse
from grader.gradebook.export import export
from grader.gradebook.people import Handle, People, find_people
from grader.gradebook.roster import Person
from grader.gradebook.store import Grade, Gradebook, Unplaced
from grader.report import html
from grader.report.class_overview import render, write
from grader.report.excerpts import function_around
from grader.result import Cause, CheckResult, NamedMistake, Result

VOID = {"meta", "link", "br", "wbr", "input"}
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7 * 7 }}</style>\x1b[31m\u202e"


class Page(HTMLParser):
    """The elements of a page, which must be nested properly, its text, and its tables."""

    def __init__(self, html):
        super().__init__()
        self.html, self.elements, self.open, self.text = html, [], [], ""
        self.rows = []  # of all tables: lists of texts
        self.feed(html)
        self.close()
        self.rows = [[" ".join(cell.split()) for cell in row] for row in self.rows]
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if not {"style", "script"} & set(self.open):
            self.text += data
            if {"td", "th"} & set(self.open):
                self.rows[-1][-1] += data

    def all(self, name):
        return [attributes for tag, attributes in self.elements if tag == name]

    @property
    def words(self):
        return " ".join(self.text.split())

    def row(self, first):
        return next(row for row in self.rows if row[0].startswith(first))


def grade(name, exercise, score, **more):
    """A grade of two checks of 50 points; of `score` None, the grader failed."""
    student = more.pop("student", name)
    checks = tuple(
        CheckResult(f"test_{i}", f"Check {i}", "passed" if good else "failed", 50.0 * good, 50.0, "got 1")
        for i, good in enumerate([(score or 0) >= 50, (score or 0) >= 100])
    )
    result = Result(
        exercise, f"{student}.py", "error" if score is None else "graded", score, 7,
        checks=more.pop("checks", checks) if score is not None else (), mistakes=more.pop("mistakes", ()),
        error=more.pop("error", ""), remarks=more.pop("remarks", ()),
        environment={"grader": more.pop("version", "1.2.3")},
    )  # fmt: skip
    return Grade(
        student, name, exercise, f"in/{student}.py", 0.0, 1, result.status, score, 100.0,
        more.pop("seed", 7), 1.7e9, more.pop("report", f"{exercise}-{student}.html"), result,
    )  # fmt: skip


def gradebook(*grades, problems=(), path=None, lost=(), people=None):
    return SimpleNamespace(
        grades=lambda: iter(grades),
        problems=lambda: list(problems),
        not_graded=lambda: list(lost),
        people=lambda: people or People(),
        identities={},
        count_ungraded=lambda: 0,
        true_report=lambda report: Path("nowhere") / report,
        path=path,
    )


def page(*grades, problems=(), titles=None, **more):
    return Page(render(gradebook(*grades, problems=problems, **more), titles))


AXIS = NamedMistake("axis", "Wrong axis", "Sums along axis 1.", ("test_1",), "values", textbook=True)
CLASS = (
    grade("Anna", "conv", 100.0),
    grade("Anna", "softmax", 50.0, mistakes=(AXIS,)),
    grade("Ben", "softmax", 0.0, student="b2", mistakes=(AXIS,)),
    grade("Carla", "conv", None, error="The host ended without an answer."),
    grade("Carla", "softmax", 100.0),
)


LOST = [
    Unplaced("w/cy/softmax.pdf", "a .pdf file cannot be graded", "cy", "Cy Orr", "softmax", lost=True),
    Unplaced("w/di/<b>.txt", "not named as Python", "di", "Di", lost=True),
]


def test_what_is_handed_in_and_not_graded_is_in_its_cell_and_in_a_list():
    found = page(*CLASS, lost=LOST)
    assert "2 hand-ins that could not be graded" in found.words
    assert "! handed in, not graded" in found.row("Cy Orr")[-1]
    assert found.row("Di")[1:] == ["–", "–", *["! handed in, not graded"] * 2]
    assert "a .pdf file cannot be graded" in found.words
    assert "<b>.txt" in found.words


def test_a_class_of_which_nothing_can_be_graded_has_a_page():
    assert "handed in, not graded" in page(lost=LOST[:1]).words


def test_everybody_on_the_roster_has_a_row():
    people = find_people([Person("eve@uni.edu", "Eve Ash")], [], {})
    assert page(*CLASS, people=people).row("Eve Ash")[1:] == ["–"] * 4


def test_files_of_one_name_are_one_line():
    problems = [(f"w/s{i}/helper.py", "no exercise is named 'helper'") for i in range(20)]
    found = page(*CLASS, problems=[*problems, ("w/x.py", "y")])
    assert "21 files not taken in" in found.words
    assert "20 files helper.py, one of them w/s0/helper.py" in found.words


def test_the_heading_counts():
    found = page(*CLASS)
    assert "3 students, 2 exercises, 5 results" in found.words
    assert "Last graded 14 November 2023" in found.words or "Last graded 15 November 2023" in found.words


def test_the_table_has_every_student_and_exercise():
    found = page(*CLASS)
    assert found.row("Student") == ["Student", "Total", "%", "conv", "softmax"]
    assert found.row("Anna") == ["Anna", "150", "75", "100", "50"]
    assert found.row("Ben") == ["Ben b2", "0", "0", "–", "0"]
    assert found.row("Carla") == ["Carla", "–", "–", "! not graded", "100"]
    assert found.row("Mean %") == ["Mean %", "", "37.5", "100", "50"]


def test_percent_is_that_of_the_csv():
    people = find_people([Person("eve@uni.edu", "Eve Ash")], [], {})
    book = gradebook(*CLASS, grade("Dan", "conv", 100 / 3), people=people)
    shown = Page(render(book))
    for row in csv.DictReader(io.StringIO(export(book.grades(), "csv", people=people).text)):
        assert [shown.row(row["name"])[2]] == [row["percent"] or "–"], row


def test_scores_link_to_the_reports_and_are_tinted():
    found = page(*CLASS)
    assert '<td class="t5"><a href="conv-Anna.html">100</a></td>' in found.html
    assert '<td class="t2"><a href="softmax-Anna.html">50</a></td>' in found.html
    assert '<td class="t0"><a href="softmax-b2.html">0</a></td>' in found.html


def test_columns_are_sorted_by_buttons_and_the_first_is_sorted():
    found = page(*CLASS)
    assert len([button for button in found.all("button") if "id" not in button]) == 5 + len(["Close"])
    assert [th["aria-sort"] for th in found.all("th") if "aria-sort" in th] == ["ascending"]


def test_one_exercise_has_no_totals():
    assert page(grade("Anna", "conv", 50.0)).row("Student") == ["Student", "conv"]


def test_students_of_one_name_are_two():
    found = page(grade("Anna", "conv", 50.0, student="a1"), grade("Anna", "conv", 0.0, student="a2"))
    assert found.row("Anna a1") == ["Anna a1", "50"]
    assert found.row("Anna a2") == ["Anna a2", "0"]


def test_checks_are_ranked_with_their_discrimination():
    found = page(*CLASS, titles={"softmax": "Softmax and its gradient"})
    assert "Softmax and its gradient" in found.words
    assert found.row("2") == ["2", "66.7 %", "Check 1", "50", "0.50"]
    assert ["0", "0 %", "Check 0", "50", "–"] in found.rows


def test_mistakes_have_a_count_and_an_example_without_a_name():
    words = page(*CLASS).words
    assert "Wrong axis a common textbook slip Sums along axis 1. Check 1 got 1 2 students (66.7 %)" in words
    assert "What went wrong Wrong axis softmax 2 students" in words


def test_a_mistake_leads_to_its_students_and_their_code(tmp_path):
    source = "import numpy as np\n\n\ndef f(x):\n    return x < 1  # <b>\n\n\ndef g(): pass\n"
    checks = (CheckResult("test_1", "Check 1", "failed", 0.0, 100.0, "got 1", line=4),)
    ann = grade("Anna", "softmax", 0.0, mistakes=(AXIS,), checks=checks, report="a.html")
    (tmp_path / "a.html").write_text(html.render(replace(ann.result, source=source)))
    book = gradebook(ann, grade("Ben", "softmax", 0.0, mistakes=(AXIS,)))
    book.true_report = tmp_path.joinpath
    found = Page(render(book))
    assert [item["data-student"] for item in found.all("li") if "data-student" in item] == ["1", "2"]
    assert {"a.html#L4", "#mistake-1-1"} <= {a.get("href") for a in found.all("a")}
    assert "<pre" in found.html
    assert "def f(x):</mark>\n    return x &lt; 1  # &lt;b&gt;\n</pre>" in found.html


@pytest.mark.parametrize(("line", "expected"), [
    (1, (1, ["import a"])),
    (2, (2, ["class A:", "    def f(self):", "        return 1", "", "    def g(self):", "        pass"])),
    (4, (3, ["def f(self):", "    return 1"])),
    (7, (6, ["def g(self):", "    pass"])),
    (9, (9, ["x = 1"])),
    (0, (0, [])),
    (99, (0, [])),
])  # fmt: skip
def test_the_function_around_a_line(line, expected):
    source = "import a\nclass A:\n    def f(self):\n        return 1\n\n    def g(self):\n        pass\n\nx = 1"
    assert function_around(source.split("\n"), line) == expected


def test_of_a_long_function_the_part_around_the_line_is_shown():
    first, shown = function_around(["def f():", *(f"    {i}" for i in range(99))], 60)
    assert (first, len(shown)) == (54, 14)
    assert "    58" in shown


def test_sections_and_what_was_assumed_of_people_are_told():
    people = find_people([Person("Anna", "Anna", "B"), Person("b2", "Ben", "A")], [], {})
    people.notes.append("Taken for one person: <i>Ben.")
    found = page(*CLASS, people=people)
    assert [row.get("data-section") for row in found.all("tr") if "student-" in row.get("id", "")] == ["B", "A", None]
    assert re.search("Section all ?A ?B", found.words)
    assert "Taken for one person: <i>Ben." in found.words
    assert "Section" not in page(*CLASS).words


def test_without_known_mistakes_the_checks_that_most_failed_are_told():
    assert (
        "What went wrong Check 1 softmax 2 students"
        in page(grade("A", "softmax", 0.0), grade("B", "softmax", 50.0)).words
    )
    assert "What went wrong Nothing." in page(grade("A", "softmax", 100.0)).words


def test_charts_have_text_alternatives():
    found = page(*CLASS)
    charts = [svg for svg in found.all("svg") if svg.get("role") == "img"]
    ids = [attributes["id"] for _, attributes in found.elements if "id" in attributes]
    assert len(charts) == 3
    assert all(id in ids for svg in charts for id in svg["aria-labelledby"].split())
    assert len(ids) == len(set(ids))
    assert "90 to 100 percent: 1" in found.text
    assert all(svg.get("role") == "img" or svg["aria-hidden"] == "true" for svg in found.all("svg"))


def test_links_within_the_page_lead_somewhere():
    found = page(*CLASS, problems=[("a.doc", "is not a .py file")])
    ids = {attributes.get("id") for _, attributes in found.elements}
    assert {a["href"][1:] for a in found.all("a") if a["href"].startswith("#")} <= ids


def test_the_ungraded_and_the_unplaced_are_listed_with_reasons():
    found = page(*CLASS, problems=[("a.doc", "is not a .py file")])
    assert found.rows[-3] == ["Carla", "conv", "The host ended without an answer."]
    assert found.rows[-1] == ["a.doc", "is not a .py file"]
    assert "1 submission not graded" in found.words
    assert "1 file not taken in" in found.words


def test_what_could_not_be_loaded_is_listed_with_its_cause():
    left = tuple(CheckResult(id, id, "not_run", 0.0, 50.0, "not run") for id in "ab")
    broken = grade("Dora", "softmax", 0.0, checks=left)
    cause = Cause("SyntaxError: expected ':'", place="line 4", line=4)
    broken = replace(broken, result=replace(broken.result, causes=(cause,)))
    found = page(*CLASS, broken)
    assert found.rows[-1] == ["Dora", "softmax", "SyntaxError: expected ':' (line 4)"]
    assert "1 submission that could not be loaded" in found.words
    assert "could not be loaded: 1" in click.unstyle("\n".join(Summary([*CLASS, broken]).lines()))
    assert "could not be loaded" not in "\n".join(Summary(CLASS).lines())


def test_names_that_no_exercise_needs_are_listed():
    found = page(*CLASS, with_remarks("Bo", "line 3: _getframe", "line 4: <b>f_back</b>"))
    assert found.rows[-1] == ["Bo", "conv", "line 3: _getframe; line 4: <b>f_back</b>"]
    assert "1 submission with names that no exercise needs" in found.words


def with_remarks(student, *remarks):
    return grade(student, "conv", 1.0, remarks=remarks)


def test_the_footer_has_seeds_and_versions():
    assert re.search(r"Seeds 7, 9 · Graded by version 1\.2\.3$", page(*CLASS, grade("Dan", "conv", 1.0, seed=9)).words)


def test_only_ungraded_submissions_make_a_page():
    found = page(grade("Anna", "conv", None), grade("Anna", "softmax", None))
    assert found.row("Anna") == ["Anna", "–", "–", "! not graded", "! not graded"]
    assert "No submission could be graded." in found.words


def test_hostile_text_stays_text():
    evil = grade(
        EVIL, EVIL, 50.0, student=EVIL + "2", report=EVIL, version=EVIL,
        mistakes=(NamedMistake(EVIL, EVIL, EVIL, ("test_1",), "values", textbook=True),),
        checks=(
            CheckResult("test_0", "Check 0", "passed", 50.0, 50.0),
            CheckResult("test_1", EVIL, "failed", 0.0, 50.0, "half a pair: \ud800" + EVIL[:30]),
        ),
    )  # fmt: skip
    failed = grade("Dan", EVIL, None, error=EVIL)
    found = page(evil, failed, *CLASS, problems=[(EVIL, EVIL)], titles={EVIL: EVIL})
    found.html.encode("utf-8")
    assert len(found.all("script")) == 1
    assert not found.all("img")
    assert "49" not in found.words
    assert not {"\x1b", "\u202e", "\ud800"} & set(found.html)


@pytest.mark.parametrize("report", ["javascript:alert(1)", "//evil.example/x", "/etc/passwd", "a b#?.html"])
def test_a_report_links_to_a_file_beside_the_page(report):
    found = page(grade("Anna", "conv", 50.0, report=report))
    href = next(a["href"] for a in found.all("a") if not a["href"].startswith("#"))
    assert re.fullmatch(r"(?!/)[\w%./-]+", href)


def test_nothing_is_loaded_and_only_its_own_script_runs():
    found = page(*CLASS)
    script = re.search(r"<script>(.*?)</script>", found.html, re.DOTALL).group(1)
    digest = b64encode(sha256(script.encode()).digest()).decode()
    policy = next(meta["content"] for meta in found.all("meta") if meta.get("http-equiv"))
    assert f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}';" in policy
    assert not any(name.startswith("on") for _, attributes in found.elements for name in attributes)
    assert not any("src" in attributes for _, attributes in found.elements)
    assert "url(" not in found.html


def test_the_same_gradebook_gives_the_same_page():
    assert page(*CLASS).html == page(*CLASS).html


def test_an_empty_gradebook_has_a_page(tmp_path):
    with Gradebook(tmp_path / "gradebook.sqlite") as empty:
        path = write(empty, tmp_path, {})
    assert path == tmp_path / "index.html"
    assert "No results yet." in Page(path.read_text(encoding="utf-8")).words


def test_a_page_elsewhere_links_back_to_the_reports(tmp_path):
    book = gradebook(*CLASS, path=tmp_path / "reports" / "gradebook.sqlite")
    path = write(book, tmp_path / "web" / "class", {})
    assert 'href="../../reports/conv-Anna.html"' in path.read_text(encoding="utf-8")
    assert [file.name for file in path.parent.iterdir()] == ["index.html"]


ASK = """
const click = (id) => document.getElementById(id).click();
const seen = (selector) => [...document.querySelectorAll(selector)].filter((e) => e.checkVisibility())
  .map((e) => e.textContent.trim());
const names = () => seen("#scores-table tbody th bdi");
const told = { view: document.body.dataset.view, before: names() };
click("show-names");
told.names = names();
const search = document.getElementById("search");
search.value = "lukasz";
search.dispatchEvent(new Event("input"));
told.found = names();
search.value = "";
search.dispatchEvent(new Event("input"));
document.querySelector("#scores-table tbody th a").click();
told.student = document.getElementById("student").innerText.split(/\\s*\\n+\\s*/);
click("hide-names");
told.hidden = names();
told.links = document.querySelectorAll("main a[href$='.html']").length;
click("hide-names");
told.again = names();
told.back = document.querySelectorAll("main a[href$='.html']").length;
document.getElementById("found").textContent = JSON.stringify(told);
"""


def test_a_browser_runs_the_script(chromium, tmp_path):
    book = gradebook(*CLASS, *(grade(name, "conv", 0.0) for name in ("Łukasz", "Zoë", "Åsa")))
    text = re.sub(r'<meta http-equiv="Content-Security-Policy".*?>', "", render(book), flags=re.DOTALL)
    path = tmp_path / "index.html"
    path.write_text(text.replace("</body>", f"<script>{ASK}</script></body>"), encoding="utf-8")
    done = subprocess.run([*chromium, "--lang=en", "--dump-dom", path.as_uri()], capture_output=True, timeout=300)
    dom = done.stdout.decode()
    told = json.loads(unescape(re.search(r'<output id="found"[^>]*>(.*?)</output>', dom, re.DOTALL)[1]))
    assert (told["view"], told["before"]) == ("wrong", [])
    assert told["names"] == told["again"] == ["Anna", "Åsa", "Ben", "Carla", "Łukasz", "Zoë"]
    assert told["found"] == ["Łukasz"]
    assert told["student"] == [
        "Anna",
        "150 points, 75 %",
        "conv, of 100",
        "100",
        "softmax, of 100",
        "50",
        "Wrong axis",
        "Close",
    ]
    assert told["hidden"] == [f"Student {i}" for i in range(1, 7)]
    assert (told["links"], told["back"] > 8) == (0, True)


def test_an_assignment_puts_what_counts_in_the_place_of_what_was_graded():
    due = datetime(1971, 6, 1, tzinfo=UTC)
    grades = (
        replace(grade("Anna", "conv", 100.0), submitted=due.timestamp() + 60),
        grade("Anna", "softmax", 50.0),
        grade("Ben", "softmax", 100.0),
        grade("Carla", "conv", None),
    )
    people = find_people((), [Handle(name, name) for name in ("Anna", "Ben", "Carla")], {})
    book = gradebook(*grades, people=people)
    book.grades = lambda every=False: iter(grades)
    text = f"""
    title = {json.dumps(EVIL)}
    due = {due:%Y-%m-%dT%H:%M:%SZ}
    total = 20
    exercises = ["conv", "softmax"]
    late = {{ percent = 10 }}
    [[exemptions]]
    students = ["Carla"]
    exercises = ["softmax"]
    """
    shown = Page(render(book, scores=score(book, [parse(text, "a.toml")])))
    assert ["Student", "Total", "conv", "softmax"] in shown.rows
    assert shown.row("Anna") == ["Anna", "14", "9 L", "5"]
    assert shown.row("Ben") == ["Ben", "10", "0", "10"]
    assert shown.row("Carla") == ["Carla", "–", "! not graded", "exempt"]
    assert shown.row("Mean") == ["Mean %", "60", "45", "75"]
    assert {"title": "1 day late"} in shown.all("abbr")
    assert not shown.all("img")
    assert len(shown.all("script")) == 1
