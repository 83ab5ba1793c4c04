"""Every kind of page in a browser: axe-core finds nothing, and nothing is wider than a small phone.

axe-core comes with the package axe-core-python, which holds its one file and needs nothing. The pages forbid scripts,
so it is their texts without that policy that are looked at, each in a frame as wide as the screen it stands for.
"""

import html
import json
import re
import subprocess
from importlib.resources import files
from types import SimpleNamespace

import numpy as np
import pytest

from grader.authoring.explain import guide
from grader.authoring.explain.catalogue import Chapter, Explained, ShownBy
from grader.gradebook.people import People
from grader.gradebook.store import Grade, Unplaced
from grader.report import class_overview
from grader.report.html import render
from grader.result import Cause, CheckResult, CourseUsed, Difference, Layer, NamedMistake, Result, Sandbox

AXE = (files("axe_core_python") / "axe.min.js").read_text(encoding="utf-8")
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy".*?>', re.DOTALL)
LOOK = """
axe.run(document).then(found => parent.postMessage({
  page: window.name,
  wide: document.documentElement.scrollWidth - innerWidth,
  found: found.violations.map(each => [each.id, each.nodes.map(node => node.target.join(" "))]),
}, "*"));
"""
COLLECT = """
const found = [];
addEventListener("message", event => {
  found.push(event.data);
  document.getElementById("found").textContent = JSON.stringify(found);
});
"""
WIDTHS = (390, 1000)
VIEWS = {  # of the class, beside the one that it opens with
    "students": 'document.getElementById("show-names").click(); document.getElementById("hide-names").click();',
    "mistakes": 'for (const each of document.querySelectorAll("details")) each.open = true;',
    "student": 'document.querySelector("#scores-table tbody th a").click();',
}
WALLS = (Layer("files", True, "reading and writing files of this machine " * 3), Layer("memory", True, "all"))
SANDBOX = Sandbox.of(WALLS)
SOURCE = "import numpy as np\n\n\ndef softmax(x, axis=-1):\n    return " + " + ".join(["np.exp(x)"] * 30) + "\n"
LONG = "an_unbroken_name_of_a_variable_that_a_student_gave_to_something_" * 3


def difference(*shape):
    return Difference("[1]", np.linspace(-1e8, 1, int(np.prod(shape))).reshape(shape), np.zeros(shape))


def check(id, status="failed", message="got 1, expected 2", **more):
    points = 5.0 if status == "passed" else 0.0
    return CheckResult(id, more.pop("title", f"Check {id} of ∂s_i/∂x_j."), status, points, 5.0, message, **more)


CHECKS = (
    check("a", hint="Use `axis`: 2^(b−1).", line=4, place="line 4", difference=difference(6, 40)),
    check("b", line=5, place="line 5", difference=difference(40), printed=f"{LONG}\n" * 60),
    check("c", message=f"index: got 1e9 {LONG}", difference=difference(3, 4, 5)),
    *(check(f"d{i}", message="f raised KeyError: 'k' (line 5)", title=f"Case {i} of {LONG}.") for i in range(9)),
    check("e", "not_run", "not run: the checks before it took 120 s"),
    check("f", "passed", "", printed="one\ntwo\n"),
    check("g", "passed", ""),
)
MISTAKES = tuple(
    NamedMistake(f"m{i}", "Summed along `axis` 1", "Sum s_i over the right axis. " * 9, ("a", "b"), "values", True,
                 r"\frac{\partial s_i}{\partial x_j} = s_i(\delta_{ij} - s_j) + \sum_k e^{x_k} " * 3)
    for i in range(2)
)  # fmt: skip


def result(*checks, **more):
    status = more.pop("status", "graded")
    score = sum(each.score for each in checks) if status == "graded" else None
    more = {"sandbox": SANDBOX, "environment": {"python": "3.11"}, "course": CourseUsed("open", f"/srv/{LONG}")} | more
    names = {"title": "Softmax and more", "source": SOURCE}
    return Result("softmax", f"hand_in/{LONG}.py", status, score, 7, checks=checks, **names, **more)


CAUSE = Cause("SyntaxError: invalid", "only this one file is graded", "line 4", 4, SOURCE.split("\n")[4], (11, 14))
FULL = [each for each in CHECKS if each.status == "passed"]
LEFT = [check(str(i), "not_run", "not run: no file") for i in range(20)]
OFF = Layer("system calls", False, "new processes", "no seccomp here")
RESULTS = {
    "wrong": result(
        *CHECKS,
        mistakes=MISTAKES,
        notes=(f"Printed: {LONG}",),
        not_allowed=("torch.nn.LSTM",),
        sandbox=Sandbox.of((*WALLS, OFF)),
    ),
    "right": result(*FULL, student="Ann"),
    "unloaded": result(*LEFT, causes=(CAUSE, Cause("ImportError: no"))),
    "fault": result(status="error", error=f"the worker died {LONG}", sandbox=Sandbox()),
}


def overview(folder, *grades):
    problems = [(f"{LONG}.txt", "not a .py file")] if grades else []
    lost = [Unplaced(f"{LONG}.pdf", "no .py or .ipynb file", "zoe", "Zoe", "softmax", lost=True)] if grades else []
    book = SimpleNamespace(
        grades=lambda: grades,
        problems=lambda: problems,
        not_graded=lambda: lost,
        people=lambda: People(notes=["Taken for one person: Ann."]),
        identities={},
        count_ungraded=lambda: 0,
        true_report=folder.__truediv__,
    )
    return class_overview.render(book, {"softmax": "Softmax and `more`"})


def grade(name, exercise, result):
    standing = {"status": result.status, "score": result.score, "max_score": result.max_score, "result": result}
    times = {"path": "", "submitted": 0.0, "attempts": 1, "seed": 7, "graded_at": 0.0}
    return Grade(name, f"{name} {LONG[:40]}", exercise, report=f"{exercise}-{name}.html", **standing, **times)


def chapter(name):
    shown_by = tuple(ShownBy(each.id, each.title, 5.0, 1) for each in CHECKS)
    texts = [(name, each.id, each.title, each.explanation, each.formula) for each in MISTAKES]
    return Chapter(name, f"On {name}", tuple(Explained(*each, True, 1, shown_by, 20) for each in texts))


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    for kind, found in RESULTS.items():
        for i in range(2):
            (folder / f"softmax-{kind}{i}.html").write_text(render(found), encoding="utf-8")
    book = [
        grade(f"{kind}{i}", exercise, found)
        for i in range(2)
        for exercise in ("softmax", "other")
        for kind, found in RESULTS.items()
    ]
    return {
        **{kind: render(found) for kind, found in RESULTS.items()},
        "class": overview(folder, *book),
        "one exercise": overview(folder, *(each for each in book if each.exercise == "softmax")),
        "empty class": overview(folder),
        "guide": guide.render([chapter(name) for name in ("softmax", "other")]),
    }


@pytest.fixture(scope="module")
def looked_at(pages, chromium, tmp_path_factory):
    """(page, width) → what was found."""
    left = {}
    seen = [(name, page, "") for name, page in pages.items()]
    seen += [(f"class {view}", pages["class"], script) for view, script in VIEWS.items()]
    for name, page, script in seen:
        assert POLICY.search(page)
        scripts = f"<script>{script}</script><script>{AXE}</script><script>{LOOK}</script></body>"
        text = POLICY.sub("", page).replace("</body>", scripts)
        left |= {
            f"{name} {width}": f'<iframe name="{name} {width}" srcdoc="{html.escape(text)}"'
            f' style="width:{width}px;height:900px"></iframe>'
            for width in WIDTHS
        }
    path = tmp_path_factory.mktemp("pages") / "all.html"
    command = [*chromium, "--virtual-time-budget=600000", "--dump-dom", path.as_uri()]
    found = {}
    while left:  # on a busy machine the browser's time may be over before it has come to all of them
        path.write_text(f"<script>{COLLECT}</script><pre id=found></pre>{''.join(left.values())}", encoding="utf-8")
        done = subprocess.run(command, capture_output=True, text=True, timeout=600)
        text = re.search(r'<pre id="found">(.*?)</pre>', done.stdout, re.DOTALL)[1]
        looked = {each["page"]: each for each in json.loads(html.unescape(text) or "[]")}
        assert looked, done.stderr
        found |= looked
        left = {name: frame for name, frame in left.items() if name not in found}
    return found


def test_axe_finds_nothing(looked_at):
    assert {name: each["found"] for name, each in looked_at.items() if each["found"]} == {}


def test_nothing_is_wider_than_the_screen(looked_at):
    assert {name: each["wide"] for name, each in looked_at.items() if each["wide"] > 0} == {}
