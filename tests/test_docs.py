"""The documentation holds together: every page is on the map, every link leads somewhere, tables say what is so."""

import os
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from markdown_it import MarkdownIt

from grader.sandbox.host import no_layers

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
MAP = DOCS / "README.md"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
MARKDOWN = MarkdownIt("commonmark").enable("table")


def name_of(page):
    return page.relative_to(ROOT).as_posix()


def tokens(page):
    for token in MARKDOWN.parse(page.read_text(encoding="utf-8")):
        yield token
        yield from token.children or ()


def links(page):
    for token in tokens(page):
        for attribute in ("href", "src"):
            if target := token.attrGet(attribute):
                yield unquote(str(target))


def anchors(page):
    """Of its headings, as GitHub makes them."""
    last = None
    for token in tokens(page):
        if last == "heading_open":
            yield re.sub(r"[^\w\- ]", "", token.content.lower()).replace(" ", "-")
        last = token.type


def rows(page, *head):
    """The tables of a page whose head begins so: their rows, as texts."""
    cells = [re.split(r"\s*\|\s*", line.strip("| ")) for line in page.read_text(encoding="utf-8").splitlines()]
    for at, row in enumerate(cells):
        if tuple(row[: len(head)]) == head:
            for each in cells[at + 2 :]:
                if len(each) != len(row):
                    break
                yield each


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page):
    for link in links(page):
        path, _, anchor = link.partition("#")
        if re.match(r"[a-z]+:", path):
            continue
        target = Path(os.path.normpath(page.parent / path)) if path else page
        assert target.is_relative_to(ROOT), link
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_every_page_is_on_the_map():
    linked = {os.path.normpath(DOCS / link.partition("#")[0]) for link in links(MAP)}
    assert {str(page) for page in PAGES if page != MAP} <= linked


def test_the_readme_leads_to_the_map():
    assert "docs/README.md" in set(links(ROOT / "README.md"))


@pytest.mark.parametrize("page", [DOCS / "how-it-works.md", ROOT / "SECURITY.md"], ids=name_of)
def test_the_table_of_walls_has_all_walls_and_what_they_stop(page):
    walls = [(layer.name, layer.stops) for layer in no_layers("")]
    assert [tuple(row[:2]) for row in rows(page, "Wall", "What it stops")] == walls


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "SECURITY.md"])
def test_files_that_are_named_are_there(name):
    named = re.findall(
        r"(?<![\w/.~])(?:tests|benchmarks|docs|solutions|grader)/[\w./-]+", (ROOT / name).read_text("utf-8")
    )
    assert named
    assert not [path for path in named if "NAME" not in path and not (ROOT / path.rstrip(".")).exists()]
