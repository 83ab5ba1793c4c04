"""`grader explain`: what it tells of known mistakes, and that it gives no line of a solution away."""

import html
import json
import os
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import click
import pytest

from grader.authoring.explain import catalogue, guide, terminal
from grader.authoring.explain.catalogue import Chapter, Explained, ExplainError, ShownBy, explain_all, find
from grader.course.course import Course, CourseError
from grader.report.formula import mathml
from grader.report.plain_formula import plain
from grader.suite.edits import edited
from grader.suite.mistakes import load_mistakes

ROOT = Path(__file__).parents[2]
SHORTEST, LONGEST_QUOTED = 8, 30  # characters of a line of a solution

MORE = """
MISTAKES += [
    Mistake(
        "scaled",
        "Scaled by something else",
        "2x is not 4x, and 2x is not 5x.",
        replace("return 2 * x", "return 4 * x"),
        replace("return 2 * x", "return 5 * x if x.size < 4 else 2 * x"),
        formula=r"\\frac{4x}{2} \\ne x^2",
    ),
]
"""


@pytest.fixture
def course(tiny_course):
    """The tiny course with one mistake more, which has two variants and a formula."""
    path = tiny_course.root / "solutions/double/mistakes.py"
    path.write_text(path.read_text() + MORE)
    return tiny_course


@pytest.fixture
def second(course):
    """The same with another exercise, which has all the same mistakes but one."""
    for kind, ending in (("exercises", ".py"), ("solutions", "")):
        old, new = (course.root / kind / f"{name}{ending}" for name in ("double", "twice"))
        if old.is_file():
            new.write_text(old.read_text())
        else:
            new.mkdir()
            for path in old.iterdir():
                text = path.read_text().replace('"squared"', '"times_itself"')
                (new / path.name.replace("test_double", "test_twice")).write_text(text)
    return Course(course.root)


@pytest.fixture
def explain(course, tmp_path):
    def run(*words, folder=course.root):
        command = [sys.executable, "-m", "grader", "explain", *map(str, words), "--course", str(folder)]
        environment = os.environ | {"COLUMNS": "100", "CI": ""}
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300)

    return run


def test_an_exercise_lists_its_mistakes(explain):
    done = explain("double")
    assert (done.returncode, done.stderr) == (0, "")
    first, _, *lines = done.stdout.splitlines()
    assert first == "Twice and half   double   5 known mistakes"
    assert lines[0] == "  squared     Squared"
    assert lines[3] == "  in_place    Writes into its input"
    assert json.loads(explain("double", "--json").stdout) == {
        "version": 1,
        "exercise": "double",
        "title": "Twice and half",
        "mistakes": [
            {"id": "squared", "title": "Squared", "textbook": False},
            {"id": "tripled", "title": "Tripled", "textbook": True},
            {"id": "wrong_half", "title": "Not half", "textbook": False},
            {"id": "in_place", "title": "Writes into its input", "textbook": False},
            {"id": "scaled", "title": "Scaled by something else", "textbook": False},
        ],
    }


def test_a_mistake_is_told_with_the_checks_that_show_it(explain):
    done = explain("double/scaled")
    assert (done.returncode, done.stderr) == (0, "")
    assert (
        done.stdout
        == (
            "double/scaled\nScaled by something else\n\n  2x is not 4x, and 2x is not 5x.\n\n      4x/2 ≠ x²\n\n"
            "  Shown by 3 of 6 checks (points, title):\n"
            "     20  Doubles 3 numbers.\n"
            "     20  Doubles 4 numbers. (1 of 2 variants)\n"
            "     10  Keeps the shape. (1 of 2 variants)\n"
        )
        or "Keeps the shape" not in done.stdout
    )
    assert explain("scaled").stdout == done.stdout


def test_a_mistake_as_json(explain):
    found = json.loads(explain("double/wrong_half", "--json").stdout)
    assert found == {
        "version": 1,
        "exercise": "double",
        "id": "wrong_half",
        "title": "Not half",
        "explanation": "A third is no half. Count.",
        "formula": "",
        "textbook": False,
        "variants": 1,
        "checks": [{"id": "test_halve", "title": "Halves.", "points": 30.0, "variants": 1}],
        "checks_in_suite": 6,
    }


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("doubel", "No exercise and no known mistake is named 'doubel'. Did you mean 'double'?"),
        ("in_plaec", "No exercise and no known mistake is named 'in_plaec'. Did you mean 'in_place'?"),
        ("0", "No exercise and no known mistake is named '0'. The exercises are: double, twice."),
        ("DOUBLE\n", "No exercise and no known mistake is named 'DOUBLE\ufffd'. Did you mean 'double'?"),
        ("doubel/squared", "No exercise named 'doubel'. Did you mean 'double'?"),
        ("double/squard", "double has no known mistake 'squard'. Did you mean 'squared'?"),
        ("tripled", "2 exercises have a mistake 'tripled': name one of double/tripled, twice/tripled."),
    ],
)
def test_what_is_not_known_or_not_clear_is_told_with_what_there_is(second, name, message):
    with pytest.raises((CourseError, ExplainError)) as told:
        find(second, name)
    assert str(told.value) == message


def test_a_mistake_of_one_exercise_needs_no_more_than_its_id(second):
    exercise, mistake = find(second, "times_itself")
    assert (exercise.name, mistake.id) == ("twice", "times_itself")


def test_an_unknown_name_is_one_line_and_status_2(explain):
    done = explain("tripeld")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "Error: No exercise and no known mistake is named 'tripeld'. Did you mean 'tripled'?\n"


@pytest.mark.parametrize("words", [(), ("double", "--json", "--html", "guide.html")])
def test_wrong_usage_is_status_2(explain, words):
    done = explain(*words)
    assert done.returncode == 2
    assert "Name an exercise or a mistake, or write the field guide with --html FILE." in done.stderr


@pytest.mark.parametrize("words", [("double",), ("double/squared",), ("--html", "guide.html")])
def test_a_student_edition_has_nothing_to_ask(explain, tmp_path, words):
    edition = tmp_path / "student"
    for name in ("exercises/double.py", "sealed/double.sealed"):
        (edition / name).parent.mkdir(parents=True)
        (edition / name).write_text("")
    done = explain(*words, folder=edition)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"Error: {edition} is a student edition, which tells the titles of what a report named and no more: "
        "`grader explain` needs the course itself.\n"
    )


def test_a_mistake_that_no_check_shows_says_where_to_look(course):
    path = course.root / "solutions/double/mistakes.py"
    path.write_text(path.read_text().replace("4 * x", "x + x").replace("return 5 * x if", "return x * 2 if"))
    *_, last = explain_all(course.exercise("double")).mistakes
    assert (last.id, last.checks) == ("scaled", ())
    assert "No check of the hidden suite shows it: `grader check` says why." in terminal.page(last)
    assert "No check of the hidden suite shows it." in guide.render([Chapter("double", "", (last,))])


def test_a_guide_that_cannot_be_written_is_told_before_the_work(explain):
    done = explain("--html", "nowhere/guide.html")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "Error: nowhere is no folder that can be written to: guide.html has no place there.\n"


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.elements, self.text = [], ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.text += data


def test_the_field_guide_is_one_page_with_formulas_and_nothing_from_elsewhere(explain, tmp_path):
    done = explain("--html", "guide.html")
    assert done.returncode == 0, done.stderr
    assert done.stderr == "double: 5 mistakes (1 of 1)\n"
    assert done.stdout.startswith("guide.html: 5 mistakes of 1 exercise, ")
    page = Page((tmp_path / "guide.html").read_text(encoding="utf-8"))
    tags = [tag for tag, _ in page.elements]
    assert tags.count("article") == 5
    assert {"math", "mfrac", "msup"} <= set(tags)
    assert not any("src" in attributes for _, attributes in page.elements)
    links = [attributes["href"] for tag, attributes in page.elements if tag in ("a", "link")]
    anchors = {"#" + attributes["id"] for _, attributes in page.elements if "id" in attributes}
    assert set(links) <= anchors | {"data:,"}
    assert "#double/scaled" in links
    assert "default-src 'none'" in str(page.elements[:4])
    for words in ("Writes into its input", "Leaves its input alone.", "a common textbook slip", "1 of 2 variants"):
        assert words in page.text


def test_a_hostile_text_is_no_markup():
    bad = "<script>alert(1)</script>\x1b[31m\u202e"
    mistake = Explained(bad, bad, bad, bad, bad, True, 1, (ShownBy(bad, bad, 1.0, 1),), 1)
    text = guide.render([Chapter(bad, bad, (mistake,))])
    page = Page(text)
    assert sum(tag == "script" for tag, _ in page.elements) == 1
    assert not {"\x1b", "\u202e"} & set(text)
    assert not {"\x1b", "\u202e"} & set(click.unstyle(terminal.page(mistake)))


def test_the_guide_of_the_course_has_no_line_of_a_solution():
    """Of any reference, as it is or with any mistake in it. A stub's lines are public; and an explanation may quote a
    short piece, as `model.train()`, which a report shows as well."""
    course = Course(ROOT)
    chapters, prose, public, secret = [], "", "", {}
    for name in course.names:
        exercise = course.exercise(name)
        checks = tuple(ShownBy(check.id, check.title, 1.0, 1) for check in exercise.answer_key().checks)
        mistakes = load_mistakes(exercise.mistakes)
        told = [
            Explained(name, m.id, m.title, m.explanation, m.formula, m.textbook, 2, () if place else checks, 1)
            for place, m in enumerate(mistakes)
        ]
        chapters.append(Chapter(name, exercise.title, tuple(told)))
        prose += "\n".join(f"{m.title}\n{m.explanation}\n{m.formula}\n" for m in mistakes)
        public += exercise.stub.read_text(encoding="utf-8")
        variants = [edited(exercise.reference, variant) for m in mistakes for variant in m.variants]
        secret |= {line.strip(): name for text in (exercise.reference, *variants) for line in text.splitlines()}
    page = html.unescape(guide.render(chapters))
    lines = [line for line in secret if len(line) >= SHORTEST and line not in public]
    assert len(lines) > 1000
    found = [line for line in lines if line in page]
    assert [line for line in found if len(line) >= LONGEST_QUOTED or line not in prose] == []


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\frac{e^{x_i - m}}{\sum_j e^{x_j - m}}, \quad m = \max_j x_j", "e^(xᵢ−m)/(∑ⱼ e^(xⱼ−m)),   m = maxⱼ xⱼ"),
        (r"\operatorname{softmax}\Big(\frac{Q K^\top}{\sqrt{D}}\Big) V", "softmax((Q Kᵀ)/√D) V"),
        (r"\frac1M \sum_n (\hat x_{nc} - \mu_c)^2", "1/M ∑ₙ (x̂_nc − μ_c)²"),
        (r"L = -\frac{1}{N} \sum_{d=1}^{D} -\log p_{n, y_n}", "L = −1/N ∑_(d=1)^D −log p_(n,yₙ)"),
        (r"\frac{\partial L}{\partial x} = \frac{a}{2b}", "∂L/∂x = a/(2b)"),
        (r"\text{macro } F_1 \text{ for every } k", "macro F₁ for every k"),
        (r"\left\lfloor \frac{n + 2p}{s} \right\rfloor", "⌊(n + 2p)/s⌋"),
        (r"\underbrace{e^x \cdots e^x}_{n}, \frac{0}{0} := 0", "e^x ⋯ e^x [n], 0/0 := 0"),
        (r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", "(a, b; c, d)"),
        (r"\sigma = e^{\frac12} x^{-|a|} \Big(\frac{a}{b}\Big)^2", "σ = e^(1/2) x^(−|a|) (a/b)²"),
        (r"\frac{", r"\frac{"),
    ],
)
def test_a_formula_is_a_line_of_text(latex, text):
    assert plain(latex) == text


def test_every_formula_of_the_course_can_be_set():
    course = Course(ROOT)
    for name in course.names:
        for mistake in load_mistakes(course.exercise(name).mistakes):
            if mistake.formula:
                assert hasattr(mathml(mistake.formula), "__html__"), (name, mistake.id)
                assert "\\" not in plain(mistake.formula), (name, mistake.id)


def test_the_seed_is_fixed_so_the_guide_is_the_same_every_time(course):
    chapters = [explain_all(course.exercise("double")) for _ in range(2)]
    assert guide.render(chapters[:1]) == guide.render(chapters[1:])
    assert catalogue.SEED == 0
