"""The HTML report: complete, self-contained, and harmless whatever is in the result."""

import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from grader.report.html import render, write
from grader.report.page import TEMPLATES
from grader.result import Cause, CheckResult, Difference, Layer, NamedMistake, Result, Sandbox

VOID = {"meta", "link", "br"}
ON = Sandbox.of((Layer("landlock", True, "reading files"), Layer("seccomp", True, "new processes")))
OFF = Sandbox.of((ON.layers[0], Layer("seccomp", False, "new processes", "the kernel has no seccomp")))
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7 * 7 }}</style>\x1b[31m\u202e\x00\ud800"


class Page(HTMLParser):
    """The elements of a page, which must be nested properly, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text, self.open = "", []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += "" if "style" in self.open else data

    def all(self, name):
        return [attributes for tag, attributes in self.elements if tag == name]

    @property
    def words(self):
        return " ".join(self.text.split())


def check(id="test_values", status="failed", score=0.0, best=15.0, **more):
    return CheckResult(id, more.pop("title", "The values are right"), status, score, best, **more)


def result(**more):
    checks = (check(), check("test_sum", "passed", 3.75, 3.75))
    standard = Result("softmax", "softmax.py", "graded", 3.75, 7, checks=checks, sandbox=ON, title="Softmax")
    return replace(standard, **{"environment": {"numpy": "2.4"}, "source": "x = 1\ny = 2\n", **more})


def hostile():
    difference = Difference(EVIL, np.ones(2), np.zeros(2))
    checks = tuple(
        CheckResult(EVIL, EVIL, status, 1.0, 2.0, EVIL, EVIL, 0.0, line, EVIL, difference)
        for status, line in [("passed", 1), ("failed", 2), ("error", 99), ("not_run", -1)]
    )
    formulas = (EVIL, rf"\text{{{EVIL}}}")
    mistakes = tuple(NamedMistake(EVIL, EVIL, EVIL, (EVIL, "?"), "values", True, formula) for formula in formulas)
    return Result(
        EVIL, EVIL, "graded", 1.0, 1, EVIL, checks=checks, mistakes=mistakes, not_allowed=(EVIL,), notes=(EVIL,),
        error=EVIL, sandbox=Sandbox.of((Layer(EVIL, False, EVIL, EVIL),)), environment={EVIL: EVIL}, title=EVIL,
        source=EVIL + "\n" + EVIL,
    )  # fmt: skip


def test_hostile_text_stays_text():
    html = render(hostile())
    page = Page(html)
    names = {tag for tag, _ in page.elements}
    assert not names & {"script", "img", "iframe", "object", "embed", "form", "base"}
    assert not any(name.startswith("on") for _, attributes in page.elements for name in attributes)
    assert "<script>alert(1)</script>" in page.text
    assert "{{ 7 * 7 }}" in page.text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", html)
    assert "\ufffd" in html
    html.encode()


def test_a_hostile_error_stays_text():
    more = {"status": "error", "score": None, "error": EVIL, "student": EVIL}
    assert Page(render(result(**more))).all("script") == []


@pytest.mark.parametrize("example", [result(), hostile(), result(status="error", score=None)])
def test_nothing_is_loaded_and_nothing_runs(example):
    page = Page(render(example))
    addresses = [a[name] for _, a in page.elements for name in ("src", "href", "srcset", "action", "data") if name in a]
    assert all(address.startswith("#") or address == "data:," for address in addresses)
    assert not re.search(r"@import|url\(", (TEMPLATES / "style.css").read_text())
    assert not re.search("https?:", render(example))
    policy = next(a["content"] for a in page.all("meta") if a.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:;")
    assert "script" not in policy


@pytest.mark.parametrize("example", [result(), hostile()])
def test_ids_are_unique_and_links_lead_somewhere(example):
    page = Page(render(example))
    ids = [a["id"] for _, a in page.elements if "id" in a]
    assert len(ids) == len(set(ids))
    assert {a["href"][1:] for a in page.all("a")} <= set(ids)
    named = " ".join(a["aria-labelledby"] or "" for _, a in page.elements if "aria-labelledby" in a).split()
    assert set(named) <= set(ids)


def test_the_parts_come_in_order():
    full = result(
        student="Ada Lovelace", not_allowed=("torch.softmax",), notes=("line 9 failed",),
        mistakes=(NamedMistake("m", "No maximum subtracted", "Subtract it.", ("test_values",), "values"),), sandbox=OFF,
    )  # fmt: skip
    page = Page(render(full))
    wanted = [
        "Softmax", "Ada Lovelace", "softmax.py", "1 of 2 checks passed; 1 known mistake found; 1 forbidden call.",
        "Not every layer of the sandbox was in force", "No maximum subtracted", "torch.softmax", "line 9 failed",
        "The values are right", "The submission x = 1", "landlock", "grade softmax.py --exercise softmax --seed 7",
    ]  # fmt: skip
    body = page.words[page.words.index("Softmax Ada") :]
    places = [body.index(text, body.index("Checks") if text == "The values are right" else 0) for text in wanted]
    assert places == sorted(places)


def test_points_are_trimmed_and_the_ring_names_the_score():
    page = Page(render(result()))
    assert "Score: 3.75 of 100" in page.text
    assert "0 / 15 points" in page.words
    assert all(svg["role"] == "img" for svg in page.all("svg"))


def test_only_full_marks_close_the_ring():
    assert 'stroke-dasharray="100 100"' in render(result(score=100.0))
    assert 'stroke-dasharray="99 100"' in render(result(score=99.99))
    assert 'class="arc"' not in render(result(score=0.0))


@pytest.mark.parametrize("score", [None, 0.0])
def test_an_error_claims_no_score(score):
    html = render(result(status="error", score=score, error="The reference timed out."))
    page = Page(html)
    assert page.all("svg") == []
    assert not re.search("of 100|points|score:|checks passed", page.text, re.IGNORECASE)
    assert "The grader could not grade this submission." in page.text
    unknown = Page(render(result(status="error", score=score, sandbox=Sandbox()))).text
    assert "layer of the sandbox" not in unknown  # nobody asked which walls there are
    assert "costs the student nothing" in page.text
    assert "The reference timed out." in page.text


def test_a_formula_is_mathml():
    mistake = NamedMistake("m", "M", "E", ("test_values", "gone"), "values", True, r"\frac{1}{N-1} < \sigma^2")
    page = Page(render(result(mistakes=(mistake,))))
    assert page.all("math") == [{"display": "block"}]
    assert {"mfrac", "msup"} <= {tag for tag, _ in page.elements}
    assert "a common textbook slip" in page.text
    assert "In 2 failing checks your values equal those of this mistake." in page.text
    assert {"href": "#check-1"} in page.all("a")


@pytest.mark.parametrize("latex", [r"\frac{", "{" * 5000, r"\href{javascript:alert(1)}{x}", r"\style{color:red}{x}"])
def test_a_formula_that_cannot_be_set_does_no_harm(latex):
    page = Page(render(result(mistakes=(NamedMistake("m", "M", "E", (), "pattern", False, latex),))))
    assert not any("href" in a or "style" in a for tag, a in page.elements if tag.startswith("m") and tag != "meta")
    assert "The way these checks fail is that of this mistake." in page.text


def test_the_source_has_numbers_and_marks():
    failing = check(line=2, message="got 1, expected 2")
    html = render(result(checks=(failing,), source="a\x0cb = 1\r\nif a < 2:\r\tpass\n"))
    assert '<li id="L1"><code>a\ufffdb = 1</code></li>' in html
    assert '<li id="L2" class="marked"><code>if a &lt; 2:</code><p><a href="#check-1">' in html
    assert "got 1, expected 2" in html
    assert '<li id="L3"><code>\tpass</code></li>' in html
    assert 'id="L4"' not in html
    assert '<a href="#L2">Line 2 of your file</a>' in html


def test_a_line_that_is_not_there_is_no_link():
    assert 'href="#L' not in render(result(checks=(check(line=99), check("b", line=0))))
    assert 'href="#L' not in render(result(checks=(check(line=1),), source=""))


def test_the_difference_is_shown_with_its_largest_error():
    got, expected = np.zeros((4, 6)), np.zeros((4, 6))
    got[1, 3], got[2, 2] = np.nan, 0.5
    page = Page(render(result(checks=(check(difference=Difference("[1]", got, expected)),))))
    assert "The largest error is at row 1, column 3." in page.text
    assert "got nan expected 0" in page.words
    assert "values in answer[1]" in page.text
    assert {"class": "wrong worst"} in page.all("td")
    assert len(page.all("svg")) == 2


def test_what_the_code_printed_can_be_folded():
    page = Page(render(result(checks=(check("a", "passed", printed="1\n2\n"), check("b", printed="<3")))))
    assert page.all("details") == [{"open": None}, {"class": "folded"}, {}]
    assert "Your code printed 2 lines" in page.text
    assert "<3" in page.text


def test_what_failed_alike_is_told_once_and_what_passed_is_folded():
    alike = [check(id, message="f is not written yet", title=f"Title {id}") for id in "abcd"]
    page = Page(render(result(checks=(*alike, check("e", "passed")))))
    assert page.text.count("f is not written yet") == 1
    assert "the same in 4 checks" in page.text
    assert all(f"Title {id}" in page.text for id in "abcd")
    assert len(page.all("article")) == 2
    assert "1 check passed" in page.text
    assert {"check-1", "check-2", "check-3", "check-4"} <= {
        each.get("id") for each in page.all("li") + page.all("article")
    }


def test_a_cause_comes_first_and_is_marked_in_the_source():
    cause = Cause("SyntaxError: no", "only this file is graded", "line 2", 2, "def f(x<", (5, 7))
    source = "import a\ndef f(x<\n"
    text = render(result(checks=(check("a", "not_run"), check("b", "not_run")), causes=(cause,), source=source))
    page = Page(text)
    assert text.index("SyntaxError: no") < text.index("Checks</h2>")
    assert '<li id="L2" class="marked"><code>def f<mark>(x</mark>&lt;</code><p>SyntaxError: no</p></li>' in text
    assert "Only this file is graded." in page.text
    assert "2 │ def f(x<" in page.text
    assert "2 checks" in page.text
    assert "None of 2 checks was run." in page.words


def test_a_notebooks_lines_are_told_by_cell():
    assert (
        "Code cell 2, line 1 of your file"
        in Page(render(result(checks=(check(line=1, place="code cell 2, line 1"),)))).words
    )


def test_tables_have_captions_and_status_has_words():
    page = Page(render(result(checks=(check(difference=Difference("", np.ones(3), np.zeros(3))),))))
    assert len(page.all("table")) == len(page.all("caption")) == 2
    assert "✗Failed" in page.text


@pytest.mark.parametrize(
    ("layers", "heading"),
    [
        (ON, None),
        (OFF, "Not every layer of the sandbox was in force"),
        (Sandbox.of(OFF.layers[1:]), "No layer of the sandbox was in force"),
        (Sandbox(), "No layer of the sandbox was in force"),
    ],
)
def test_a_missing_layer_is_said_loudly(layers, heading):
    page = Page(render(result(sandbox=layers)))
    assert ({"id": "warning"} in page.all("h2")) == (heading is not None)
    assert (heading or "") in page.text
    assert ("the kernel has no seccomp" in page.text) == (OFF.layers[1] in layers)


def test_the_command_is_quoted_for_a_shell():
    text = Page(render(result(submission="my file;rm -rf ~.py"))).text
    assert "grade 'my file;rm -rf ~.py' --exercise softmax --seed 7" in text
    assert "grade ./--help.py " in Page(render(result(submission="--help.py"))).text


def test_a_report_is_written_whole(tmp_path):
    folder = tmp_path / "new" / "reports"
    path = write(result(), folder)
    assert path == folder / "softmax.html"
    assert path.read_text(encoding="utf-8") == render(result())
    write(result(score=100.0), folder)
    assert "Score: 100 of 100" in path.read_text(encoding="utf-8")
    assert write(result(), folder, "softmax ada").name == "softmax ada.html"
    assert sorted(p.name for p in folder.iterdir()) == ["softmax ada.html", "softmax.html"]


@pytest.mark.parametrize("name", ["../../evil", "/etc/evil", "..", ".hidden", "a\x00b", "x" * 500, "é/\ud800", "C:\\x"])
def test_a_hostile_name_stays_in_the_folder(tmp_path, name):
    path = write(result(), tmp_path / "reports", name)
    assert path.parent == tmp_path / "reports"
    assert path.is_file()
    assert not path.name.startswith(".")


def test_different_names_are_different_files(tmp_path):
    names = ["a/b", "a_b", "a:b", "a b"]
    assert len({write(result(), tmp_path, name).name for name in names}) == len(names)


def test_a_failed_write_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        write(result(), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_importing_the_report_imports_nothing_heavy():
    code = "import sys, grader.report.html as h; print({'jinja2', 'numpy', 'torch', 'latex2mathml'} & set(sys.modules))"
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True).stdout == "set()\n"


@pytest.mark.parametrize("scheme", [0, 1, 2])  # light, dark, print
def test_colours_have_the_contrast_of_wcag_aa(scheme):
    css = (TEMPLATES / "style.css").read_text()
    colours = dict(re.findall(r"--([\w-]+): (#\w+);", re.findall(r":root \{(.*?)\}", css, re.DOTALL)[scheme]))

    def luminance(name):
        digits = colours[name][1:]
        digits = digits if len(digits) == 6 else "".join(2 * d for d in digits)
        parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    pairs = [(t, b) for t in ("ink", "quiet", "accent", "bad") for b in ("paper", "card")]
    pairs += [("ink", b) for b in ("soft", "accent-soft", "bad-soft", "warn-soft")]
    pairs += [("accent", "accent-soft"), ("bad", "bad-soft"), ("warn", "warn-soft")]
    for pair in pairs:
        dark, light = sorted(map(luminance, pair))
        assert (light + 0.05) / (dark + 0.05) >= 4.5, pair
