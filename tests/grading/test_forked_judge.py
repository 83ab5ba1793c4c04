"""Should the judge itself die over a submission, it costs that one result and no student a mark."""

import json
import subprocess
import sys

import pytest

# A judge with a fault in it: some answer is one that it does not survive.
DEADLY = """
import os, signal
from grader.sandbox.protocol import codec

decode = codec.decode_fields

def fragile(body, room):
    if b"DEADLY" in body:
        os.kill(os.getpid(), signal.SIGSEGV)
    return decode(body, room)

def faulty(self, tried):
    raise ZeroDivisionError("a fault")

codec.decode_fields = fragile
from grader.diagnosis.diagnosis import Diagnosis
Diagnosis.name_mistakes = faulty
from grader.cli.grade import grade
grade()
"""


@pytest.fixture
def run(tiny_course, tmp_path):
    def start(*arguments):
        command = [sys.executable, "-c", DEADLY, *map(str, arguments), "--course", str(tiny_course.root)]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)

    return start


def deadly(word):
    return f"def double(x):\n    return '{word}'\n"


def hand_in(folder, **texts):
    paths = [folder / student / "double.py" for student in texts]
    for path, text in zip(paths, texts.values(), strict=True):
        path.parent.mkdir(parents=True)
        path.write_text(text)
    return paths


@pytest.mark.parametrize(
    ("word", "said"), [("DEADLY", "died 2 times while it judged this (Segmentation fault)"), ("FAULTY", "a fault")]
)
def test_of_several_files_the_others_are_graded(run, right, tmp_path, word, said):
    paths = hand_in(tmp_path, ann=right, bob=deadly(word), cat=right)
    done = run(*paths, "-q", "--json", "out.json")
    assert done.returncode == 2, done.stdout + done.stderr
    first, second, third = json.loads((tmp_path / "out.json").read_text())["results"]
    assert (first["score"], third["score"]) == (100, 100)
    assert (second["status"], second["score"]) == ("error", None)
    assert said in second["error"]
    assert said in done.stdout


def test_of_a_class_the_others_are_graded(run, right, tmp_path):
    hand_in(tmp_path / "class", **{f"s{number}": f"{right}\n# {number}\n" for number in range(6)}, bob=deadly("DEADLY"))
    done = run("class", "--json", "out.json")
    assert done.returncode == 2, done.stdout + done.stderr
    results = {each["student"]: each for each in json.loads((tmp_path / "out.json").read_text())["results"]}
    assert results.pop("bob")["status"] == "error"
    assert {each["score"] for each in results.values()} == {100}
    assert "1 could not be graded, through no fault of theirs" in done.stderr
