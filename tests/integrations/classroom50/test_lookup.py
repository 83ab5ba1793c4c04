"""What anybody can take out of a folder that Classroom 50 serves earns nothing from the course itself."""

import json
from pathlib import Path

import numpy as np
import pytest

from grader.authoring.student_edition.seal import seal
from grader.course.course import Course
from grader.course.sealed_exercise import SealedExercise
from grader.course.sealed_file import Sealed
from grader.grading.examiner import Examiner
from grader.grading.settings import Settings
from grader.sandbox.protocol import codec
from grader.sandbox.protocol.calls import Raised, Returned, decode_outcome
from grader.submissions.submission import Submission
from grader.suite.idle import in_short
from grader.suite.oracles import Trusted
from grader.suite.verdict import judge

ROOT = Path(__file__).parents[3]
SEEDS = (4, 5)
TABLE = """\
import json
import numpy as np

TABLE = json.loads({table!r})


def look_up(name, *inputs):
    x = np.asarray(inputs[0])
    value, dtype, shape = TABLE[f"{{name}} {{x.dtype}} {{x.shape}} {{x.tobytes().hex()}}"]
    return np.frombuffer(bytes.fromhex(value), dtype).reshape(shape)

"""
FUNCTION = "def {name}(*inputs, **options):\n    return look_up({name!r}, *inputs)\n\n"


def table_of(path, names):
    """A submission that answers what was recorded, and nothing else."""
    found = {}
    for seed in SEEDS:
        for calls in Sealed.load(path).asked(seed).values():
            for call in calls:
                name, args, _ = codec.decode(call.body)
                answer = decode_outcome(call.answer)
                if name in names and isinstance(answer, Returned) and isinstance(answer.value, np.ndarray):
                    x, value = np.asarray(args[0]), answer.value
                    key = f"{name} {x.dtype} {x.shape} {x.tobytes().hex()}"
                    found[key] = (value.tobytes().hex(), value.dtype.str, value.shape)
    return TABLE.format(table=json.dumps(found)) + "".join(FUNCTION.format(name=name) for name in names)


def test_a_table_of_the_recorded_answers_earns_nothing_from_the_course(hosts, tmp_path):
    exercise = Course(ROOT).exercise("softmax")
    path = tmp_path / "softmax.sealed"
    path.write_bytes(seal(exercise, SEEDS))
    text = table_of(path, exercise.names)
    submission = Submission("softmax.py", exercise.name, text.encode())
    host = hosts.get(exercise.libraries)
    sealed = Examiner(SealedExercise(exercise.name, tmp_path / "stub.py", path))
    assert sealed.grade(submission, host, Settings(SEEDS[0])).score > 30  # so it is for learning
    assert Examiner(exercise).grade(submission, host, Settings(987654321)).score == 0


class Table(Trusted):
    """Answers the calls that were recorded, and refuses all others."""

    def _perform(self, call):
        return self.answers.get(call) or Raised(("ValueError", "Exception"), "refused")


@pytest.mark.parametrize(
    "name",
    ["conv2d", "cross_validation", "detection", "early_stopping", "metrics", "pruning_quantization", "weight_init"],
)
def test_small_numbers_are_drawn_from_so_many_that_a_table_does_not_have_them(name):
    examiner = Examiner(Course(ROOT).exercise(name))
    reference, table = examiner.diagnosis.reference, Table()
    for seed in SEEDS:
        for check in examiner.checks:
            for call in judge(check, reference, reference, seed, 60.0).calls:
                table.answers[call.body] = reference.perform(call.body)
    seed = 987654321
    verdicts = [judge(check, reference, reference, seed, 60.0) for check in examiner.checks]
    passed = {each.check.id for each in verdicts if judge(in_short(each), table, reference, seed, 60.0).passed}
    assert not passed - examiner.plan(Settings(seed)).unearned(passed).keys()
