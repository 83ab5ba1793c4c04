"""The Containerfile holds what it installs, and the lines that the docs show fit it. Podman itself is not run."""

import re
from pathlib import Path

from grader.cli.grade import grade

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")
LINES = [line for line in TEXT.splitlines() if line and not line.startswith("#")]
SHOWN = re.findall(r"^podman .*$", (ROOT / "docs" / "installing.md").read_text(encoding="utf-8"), re.MULTILINE)


def of(word):
    return [line.partition(" ")[2].split() for line in LINES if line.startswith(f"{word} ")]


def test_all_that_an_installation_needs_is_copied():
    copied = {name: target for *names, target in of("COPY") for name in names}
    assert all((ROOT / name).exists() for name in copied)
    assert copied.keys() >= {"pyproject.toml", "setup.py", "README.md", "LICENSE", "grader", "exercises", "solutions"}
    ignored = (ROOT / ".containerignore").read_text(encoding="utf-8").split()
    assert not {name for name in copied if name in ignored}


def test_it_installs_torch_without_cuda_and_in_the_versions_of_the_tests():
    (run,) = (" ".join(words) for words in of("RUN"))
    (install,) = [words for words in of("ARG") if words[0].startswith("INSTALL=")]
    assert " ".join(install) == 'INSTALL="--torch-backend cpu"'
    assert "${INSTALL}" in run
    assert "--constraints /source/constraints.txt" in run
    assert '"/source[torch]"' in run


def test_the_lines_that_are_shown_fit_it():
    build, run = SHOWN
    tag = re.search(r"-t (\S+)", build)[1]
    assert build.endswith(" .")
    (folder,) = of("WORKDIR")
    assert f'-v "$PWD":{folder[0]} {tag} ' in run
    assert "--network none" in run  # nothing is downloaded when it grades
    assert 'ENTRYPOINT ["grade"]' in LINES
    arguments = run.partition(f" {tag} ")[2].split()
    assert grade.make_context("grade", arguments, resilient_parsing=False).params["paths"] == (Path("submissions/"),)
