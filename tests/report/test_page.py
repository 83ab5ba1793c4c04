"""What all HTML pages share."""

import shutil

import jinja2
import pytest

from grader.report import page


@pytest.fixture
def compiled(tmp_path, monkeypatch):
    """The names of the templates that are compiled from now on, in a folder where none was before."""
    folder, names = tmp_path / "templates", []
    shutil.copytree(page.TEMPLATES, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(page, "TEMPLATES", folder)
    monkeypatch.setattr(page, "cache_folder", lambda kind: tmp_path / "cache" / "grader" / kind)
    compile = jinja2.Environment.compile

    def noting(self, source, name=None, *rest):
        names.append(name)
        return compile(self, source, name, *rest)

    monkeypatch.setattr(jinja2.Environment, "compile", noting)
    return names


def test_a_template_is_compiled_once_for_all_processes(compiled):
    first, again = (page.template("check.html", ()) for _ in range(2))
    assert compiled == ["check.html"]
    assert first is not again
    (page.TEMPLATES / "check.html").write_text("{{ 1 + 1 }} changed")
    assert page.template("check.html", ()).render() == "2 changed"
    assert compiled == ["check.html"] * 2


def test_nothing_is_kept_beside_the_templates(compiled, tmp_path):
    before = sorted(page.TEMPLATES.rglob("*"))
    page.template("check.html", ())
    assert sorted(page.TEMPLATES.rglob("*")) == before
    assert list((tmp_path / "cache").rglob("*.cache"))


@pytest.mark.parametrize("refused_by", ["tempfile.NamedTemporaryFile", "pathlib.Path.mkdir"])
def test_where_nothing_may_be_written_templates_are_compiled_anew(compiled, monkeypatch, refused_by):
    def refused(*_, **__):
        raise PermissionError(13, "")

    monkeypatch.setattr(refused_by, refused)
    assert [page.template("check.html", ()).name for _ in range(2)] == ["check.html"] * 2
    assert compiled == ["check.html"] * 2
