"""A gradebook that was handed in decides nothing."""

from pathlib import Path

import pytest

from grader.cli import gradebook_trust
from grader.cli.grade import is_class
from grader.cli.grade_folder import Options, grade_class
from grader.gradebook.store import FILE_NAME, Class, Gradebook
from grader.submissions.discovery import Rules


@pytest.fixture(autouse=True)
def of_a_new_user(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "configuration"))
    monkeypatch.delenv("CI", raising=False)


@pytest.fixture
def ann(tmp_path, monkeypatch):
    """What Ann handed in: her answer in a folder, and beside it a gradebook that knows of a class there."""
    inner = tmp_path / "ann" / "src" / "x"
    inner.mkdir(parents=True)
    (inner / "double.py").write_text("def double(x):\n    return x\n")
    with Gradebook(tmp_path / "ann" / "reports" / FILE_NAME) as gradebook:
        gradebook.note_class(Class(str(inner.parent), "flat", 0, "", False), {}, ())
    monkeypatch.chdir(tmp_path / "ann")
    return tmp_path / "ann"


@pytest.mark.parametrize(("graded", "ci"), [(".", ""), ("src", ""), ("src", "true")])
def test_a_gradebook_has_to_be_named_unless_it_was_made_here(ann, tiny_course, monkeypatch, graded, ci):
    """Also where it lies beside what is graded, as in Ann's folder."""
    monkeypatch.setenv("CI", ci)
    given = {"reports": Path("reports"), "rules": Rules(), "are_reports_named": False}
    options = Options(**dict.fromkeys(Options.__dataclass_fields__) | given)
    with pytest.raises(
        gradebook_trust.GradebookTrustError, match=f"reports/{FILE_NAME} may have been handed in: .*--reports reports"
    ):
        grade_class(tiny_course, [Path(graded)], options)

    place = ann / "reports" / FILE_NAME
    gradebook_trust.remember(place)
    gradebook_trust.check(place)
    # A copy of it is another file, and so is one that is unpacked in its place.
    content = place.read_bytes()
    place.unlink()
    (ann / "filler").touch()
    place.write_bytes(content)
    with pytest.raises(gradebook_trust.GradebookTrustError, match="may have been handed in"):
        gradebook_trust.check(place)
    place.unlink()
    gradebook_trust.check(place)


def test_of_a_gradebook_that_was_handed_in_nothing_is_read(ann, monkeypatch):
    """A view in it could be without end."""
    monkeypatch.setattr("grader.grading.hand_ins.Gradebook", None)
    assert not is_class([Path("src", "x", "double.py")], Path("reports"), is_named=False)


def test_a_file_is_of_a_class_by_a_gradebook_that_is_named_or_was_made_here(ann, capsys):
    files, reports = [Path("src", "x", "double.py")], Path("reports")
    assert not is_class(files, reports, is_named=False)
    assert "Note: not used: reports/gradebook.sqlite may have been handed in" in capsys.readouterr().err
    assert is_class(files, reports, is_named=True)
    gradebook_trust.remember(reports / FILE_NAME)
    assert is_class(files, reports, is_named=False)
