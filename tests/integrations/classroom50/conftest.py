"""A runner of Classroom 50, written from its contract: the archive, the environment, the working folder, the checks."""

import io
import json
import os
import re
import stat
import subprocess
import sys
import sysconfig
import tarfile
from dataclasses import dataclass, field

import pytest

from grader.authoring.student_edition.seal import seal
from grader.integrations.classroom50 import bundle

SLUG = "week-3"
ASSETS = [bundle.REPORT]
IDENTITY = {
    "CLASSROOM": "dl-2026",
    "ASSIGNMENT": SLUG,
    "ASSIGNMENT_TYPE": "individual",
    "SUBMISSION_TAG": "submit/2026-10-01T10-00-00Z-0123abc",
    "USERNAME": "ann",
    "OWNER": "ann",
    "COMMIT_URL": "https://git.example/dl/dl-2026-week-3-ann/commit/0123abc",
    "RELEASE_URL": "https://git.example/dl/dl-2026-week-3-ann/releases/tag/submit",
    "REVIEW_URL": "",
    "PAGES_BASE_URL": "https://dl.example/classroom50",
}
REQUIRED = {
    "schema", "classroom", "assignment", "submission", "commit", "release", "review", "datetime", "score", "max-score",
    "tests",
}  # fmt: skip
STAMPED = {"assignment_type", "owner", "graded_at", "submitted_by"}

# An installer without a network: the environment sees the packages of this Python, and the wheel is unpacked into it.
INSTALLER = f"""\
#!{sys.executable} -I
import json, subprocess, sys, zipfile
from pathlib import Path

LOG, SITE, CUSTOM = Path({{log!r}}), {sysconfig.get_path("purelib")!r}, {{custom!r}}

def make(folder):
    subprocess.run([{sys.executable!r}, "-I", "-m", "venv", "--without-pip", folder], check=True)
    (site,) = Path(folder).glob("lib/python*/site-packages")
    (site / "packages.pth").write_text(SITE + "\\n")
    if CUSTOM:
        (site / "sitecustomize.py").write_text(CUSTOM)

def install(python, wheels):
    (site,) = Path(python).parents[1].glob("lib/python*/site-packages")
    for wheel in wheels:
        zipfile.ZipFile(wheel).extractall(site)

def log(*words):
    with LOG.open("a") as file:
        file.write(json.dumps(words) + "\\n")
"""
UV = """
log("uv", *sys.argv[1:])
if sys.argv[2] == "venv":
    make(sys.argv[-1])
else:
    install(sys.argv[sys.argv.index("--python") + 1], [each for each in sys.argv if each.endswith(".whl")])
"""
PYTHON = """
words = sys.argv[1:]
log("python", *words)
if words[:3] == ["-I", "-m", "venv"]:
    make(words[3])
    python = Path(words[3], "bin", "python")
    python.rename(python.with_name("real"))
    python.write_text(Path(sys.argv[0]).read_text())
    python.chmod(0o755)
elif words[:3] == ["-I", "-m", "pip"]:
    if words[-1] == "uv":
        sys.exit("no such package")
    install(sys.argv[0], [each for each in words if each.endswith(".whl")])
else:
    import os
    real = str(Path(sys.argv[0]).with_name("real"))
    os.execv(real, [real, *words])
"""


def validate(data, owner):
    """What the runner refuses, and what the collection of scores refuses after it."""
    assert set(data) >= REQUIRED | {"owner", "assignment_type"}
    assert set(data) <= REQUIRED | STAMPED
    assert data["schema"] == "classroom50/result/v1"
    assert (data["classroom"], data["assignment"]) == (IDENTITY["CLASSROOM"], SLUG)
    assert (data["owner"], data["assignment_type"]) == (owner, IDENTITY["ASSIGNMENT_TYPE"])
    assert data["submission"].startswith("submit/")
    assert all(type(data[key]) is str and data[key] for key in ("commit", "release", "review"))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ", data["datetime"])
    entries = [data, *data["tests"]]
    for entry in entries:
        assert (type(entry["score"]), type(entry["max-score"])) == (int, int)
        assert 0 <= entry["score"] <= entry["max-score"]
    for test in data["tests"]:
        assert type(test["passed"]) is bool
        assert test["passed"] == (test["score"] == test["max-score"])
        assert test["max-score"] >= 1
        assert test["test-name"]
        assert all(ord(each) >= 0x20 and ord(each) != 0x7F for each in test["test-name"])
        assert len(test["test-name"].encode()) <= 400
    names = [test["test-name"] for test in data["tests"]]
    assert len(set(names)) == len(names)
    assert data["score"] == sum(test["score"] for test in data["tests"])
    assert data["max-score"] == sum(test["max-score"] for test in data["tests"])


@dataclass
class Done:
    result: dict
    body: str
    status: str
    summary: str
    assets: dict
    log: str
    commands: list = field(default_factory=list)

    @property
    def score(self):
        return self.result["score"], self.result["max-score"]

    @property
    def messages(self):
        return {test["message"] for test in self.result["tests"]}


class Runner:
    def __init__(self, root, folder):
        self.root = root
        self.checkout, self.temp, self.tools = root / "checkout", root / "_temp", root / "tools"
        for each in (self.checkout / ".git", self.temp, self.tools):
            each.mkdir(parents=True)
        (self.checkout / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
        self.log, self.custom, self.uv = root / "installed.txt", "", True  # no uv: False; and no pip: None
        self.prelude = ""  # Python that runs before autograder.py, in its process
        self.bundle = self.temp / "classroom50-runtime" / SLUG
        self.fetch(folder)

    def fetch(self, folder):
        """The folder as Pages serves it and the runner unpacks it."""
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
            archive.add(folder, SLUG)
        assert len(buffer.getvalue()) <= 10 << 20
        with tarfile.open(fileobj=io.BytesIO(buffer.getvalue())) as archive:
            archive.extractall(self.bundle.parent, filter="data")

    def push(self, **files):
        for stem, text in files.items():
            self.add(f"{stem}.py", text)

    def add(self, name, text):
        path = self.checkout / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def tool(self, name, code):
        path = self.tools / name
        path.write_text(INSTALLER.format(log=str(self.log), custom=self.custom) + code)
        path.chmod(0o755)
        return path

    def run(self):
        for name in ("result.json", "release-body.md"):
            if (self.checkout / name).exists():  # not a link that leads nowhere
                (self.checkout / name).unlink()
        program = self.bundle / "autograder.py"
        command = [sys.executable, str(program)]
        prelude = self.prelude
        if self.uv:
            self.tool("uv", UV)
        elif self.uv is False:
            prelude += f"sys.executable = {str(self.tool('python3', PYTHON))!r}\n"
        if prelude:
            code = f"import runpy, sys\n{prelude}sys.path[0] = {str(self.bundle)!r}\n"
            command = [sys.executable, "-c", f"{code}runpy.run_path({str(program)!r}, run_name='__main__')"]
        output = self.root / "output.txt"
        output.write_text("")
        environment = IDENTITY | {
            "PATH": os.pathsep.join([str(self.tools), "/usr/bin", "/bin"]),
            "HOME": str(self.root),
            "GITHUB_ACTIONS": "true",
            "GITHUB_OUTPUT": str(output),
            "GITHUB_WORKSPACE": str(self.checkout),
            "RUNNER_TEMP": str(self.temp),
            "TMPDIR": str(self.temp),
            "CLASSROOM50_BUNDLE_DIR": str(self.bundle),
        }
        done = subprocess.run(command, cwd=self.checkout, env=environment, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        return self.collect(output.read_text(), done.stdout + done.stderr)

    def collect(self, output, log):
        path = self.checkout / "result.json"
        assert stat.S_ISREG(path.lstat().st_mode)
        assert path.stat().st_size < 10 << 20
        result = json.loads(path.read_text())
        assert set(result) <= REQUIRED | STAMPED
        validate(result | {"owner": "ann", "assignment_type": "individual", "graded_at": result["datetime"]}, "ann")
        said = dict(line.split("=", 1) for line in output.splitlines())
        assert said["status"] in {"success", "failure", "error"}
        assert len(said["summary"]) <= 140
        body = (self.checkout / "release-body.md").read_text()
        assert len(body) <= 125_000
        assets = {}
        for name in ASSETS:
            assert re.fullmatch(r"[A-Za-z0-9_-](?:[A-Za-z0-9._-]{0,253}[A-Za-z0-9_-])?", name)
            assert name.lower() not in {"result.json", "release-body.md"}
            assert stat.S_ISREG((self.checkout / name).lstat().st_mode)
            assets[name] = (self.checkout / name).read_text()
            assert not assets[name].lstrip().startswith(("{", "["))
        assert not [path for path in self.temp.iterdir() if path.name.startswith("grader-")]
        commands = [json.loads(line) for line in self.log.read_text().splitlines()] if self.log.exists() else []
        return Done(result, body, said["status"], said["summary"], assets, log, commands)


@pytest.fixture
def sealable(tiny_course):
    """The tiny course with a suite that can be sealed, of thirds among its points."""
    suite = tiny_course.root / "solutions/double/test_double.py"
    text, _, _ = suite.read_text().partition("def test_halve")
    text = text.replace('"size", [3, 4])', '"size", [3, 4, 5])')
    suite.write_text(f'{text}def test_halve(agree, rng):\n    """Halves."""\n    agree("halve", rng.normal(size=3))\n')
    return tiny_course


@pytest.fixture
def files(sealable):
    sealed = {"double": seal(sealable.exercise("double"), [4, 5])}
    return bundle.folder_files(sealable, sealed, timeout=0.5, deadline=100.0, options=[])


@pytest.fixture
def runner(files, tmp_path):
    bundle.write(files, tmp_path / "built")
    return Runner(tmp_path / "runner", tmp_path / "built")
