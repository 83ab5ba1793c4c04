"""An answer seen once is worth nothing later; what is handed in unchanged gets the same score again."""

import re
import subprocess
import sys

import numpy as np
import pytest

from grader.gradebook.store import FILE_NAME, Gradebook
from grader.grading.batch import Batch, digest_of
from grader.sandbox.limits import Limits
from grader.submissions.discovery import Found
from grader.submissions.submission import Submission

GRADE = [sys.executable, "-c", "from grader.cli.grade import grade; grade()"]


@pytest.fixture
def run(tiny_course, tmp_path):
    def start(*arguments, course=tiny_course.root):
        command = [*GRADE, "class", "--course", str(course), *map(str, arguments)]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)

    return start


@pytest.fixture
def hand_in(tmp_path):
    def write(student, text, name="double"):
        path = tmp_path / "class" / student / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    return write


@pytest.fixture
def grades(tmp_path):
    def read():
        with Gradebook.existing(tmp_path / "reports") as book:
            return {grade.student: grade for grade in book.grades()}

    return read


TABLE = """
import numpy as np

SEEN = {seen!r}

def look_up(name, x):
    key = name, x.shape, x.tobytes().hex()
    if key not in SEEN:
        print("ASKED", *key, "END")
        return None
    return np.frombuffer(bytes.fromhex(SEEN[key])).reshape(x.shape)

def double(x):
    return look_up("double", x)

def halve(x):
    return look_up("halve", x)
"""


@pytest.mark.parametrize(("options", "last"), [((), 0.0), (("--seed", 3), 80.0)], ids=["own seeds", "one for ever"])
def test_a_table_of_what_reports_showed_earns_nothing_in_the_next_run(run, hand_in, grades, tmp_path, options, last):
    """A student hands in again and again, and copies what was expected out of each report. With one seed it pays."""
    seen, scores = {}, []
    for _ in range(4):
        hand_in("mallory", TABLE.format(seen=seen))
        run(*options)
        grade = grades()["mallory"]
        scores.append(grade.score)
        report = (tmp_path / "reports" / grade.report).read_text()
        asked = re.findall(r"ASKED (\w+) \(([\d, ]+)\) (\w+) END", report)
        assert asked or grade.score
        for name, shape, data in asked:
            x = np.frombuffer(bytes.fromhex(data))
            answer = 2 * x if name == "double" else x / 2
            seen[name, tuple(int(size) for size in shape.split(",") if size.strip()), data] = answer.tobytes().hex()
    assert scores[0] == 0.0
    assert scores[-1] >= last
    assert (max(scores) > 0.0) == (last > 0.0)


def test_what_is_handed_in_after_a_run_meets_another_seed_and_keeps_it(run, hand_in, grades, right):
    hand_in("ann", right)
    hand_in("bob", right)
    run()
    first = {student: grade.seed for student, grade in grades().items()}
    assert first["ann"] == first["bob"]
    hand_in("bob", right + "\n# again\n")
    hand_in("cal", right)
    run()
    second = {student: grade.seed for student, grade in grades().items()}
    assert second["ann"] == first["ann"] != second["bob"] == second["cal"]
    done = run("--fresh")
    assert "3 graded anew: asked for by --fresh" in done.stdout
    assert {student: grade.seed for student, grade in grades().items()} == second
    hand_in("bob", right)  # back to what it was: the same inputs as then
    run()
    assert grades()["bob"].seed == first["bob"]


def test_a_seed_that_is_given_is_for_that_run(run, hand_in, grades, right):
    hand_in("ann", right)
    run()
    own = grades()["ann"].seed
    assert "1 graded anew: another seed" in run("--seed", 5).stdout
    assert grades()["ann"].seed == 5
    assert "1 graded anew: another seed" in run().stdout  # or the grade would be that of the other inputs
    assert grades()["ann"].seed == own


def found(student, text, exercise="double"):
    return Found(student, student, exercise, f"{student}.py", 0.0, 0, text.encode)


@pytest.fixture
def begin(tiny_course, tmp_path):
    """A new run on the one gradebook: its batch."""

    def make(**options):
        book = Gradebook(tmp_path / FILE_NAME)
        return Batch(tiny_course, book, Limits(), False, tmp_path, **options)

    return make


def test_a_run_that_goes_on_has_the_seed_of_the_one_that_was_stopped(begin, right):
    class_ = [found(f"s{number}", f"{right}# {number}\n") for number in range(600)]
    before = begin().look_through(class_)  # stopped before the first was graded
    after = begin().look_through([*class_, found("late", right)])
    assert len({left.key.seed for left in before}) == 1
    seeds = {left.key.student: left.key.seed for left in after}
    assert seeds.pop("late") not in seeds.values()
    assert seeds == {left.key.student: left.key.seed for left in before}


def test_tasks_come_group_by_group_and_the_largest_first(begin, right):
    sizes = (1, 3, 2)
    for week, size in enumerate(sizes):
        begin().look_through([found(f"w{week}-{number}", right) for number in range(size)])
    class_ = [
        found(f"w{week}-{number}", right) for number in range(3) for week, size in enumerate(sizes) if number < size
    ]
    batch = begin()
    students = [task.submission.student for task in batch.tasks(batch.look_through(class_))]
    assert [student[:2] for student in students] == ["w1"] * 3 + ["w2"] * 2 + ["w0"]


def test_sources_that_there_is_no_room_for_are_read_again(begin, right, monkeypatch):
    monkeypatch.setattr("grader.grading.batch.ROOM", len(right))
    texts = {"ann": right, "bob": right + "# b", "cal": right + "# c"}
    class_ = [
        Found(student, student, "double", f"{student}.py", 0.0, 0, lambda student=student: texts[student].encode())
        for student in texts
    ]
    batch = begin()
    pending = batch.look_through(class_)
    assert [left.submission is None for left in pending] == [False, True, True]
    texts["cal"] += "changed meanwhile"
    assert [task.submission.source.decode() for task in batch.tasks(pending)] == [texts["ann"], texts["bob"]]
    assert [problem.path for problem in batch.problems] == ["cal.py"]


def test_a_stopped_run_is_said_where_grades_are_exported(begin, right, tmp_path):
    begin().look_through([found("ann", right)])
    code = "from grader.cli.grader import grader; grader()"
    done = subprocess.run(
        [sys.executable, "-c", code, "export", "--format", "json", "--reports", str(tmp_path)],
        capture_output=True, text=True,
    )  # fmt: skip
    assert "1 file is not graded yet" in done.stderr


def test_a_notebook_that_is_divided_into_other_cells_is_another_hand_in():
    """A submission can learn where its cells begin, and carry answers so: they are answers about other inputs then."""
    source = b"# Code cell 1\nx = 1\n# Code cell 2\ny = 2\n"
    digests = [digest_of(Submission("a", "a", source, "ann", cells)) for cells in ((), (1,), (1, 3), (1, 3))]
    assert len(set(digests)) == 3
    assert digests[2] == digests[3]
