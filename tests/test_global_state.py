"""What a file leaves on changes no verdict: every reference gets full marks under each kind of global state."""

from pathlib import Path

import pytest

from grader.course.course import Course
from grader.grading.examiner import Examiner
from grader.grading.settings import Settings
from grader.submissions.submission import Submission

COURSE = Course(Path(__file__).parents[1])
PYTHON = """
import random, warnings
random.seed(7)
"""
NUMPY = """
import numpy
numpy.seterr(all="raise")
numpy.random.seed(7)
"""
# What excludes each other stands in two files.
TORCH = {
    "double": """
import torch
torch.set_default_dtype(torch.float64)
torch.set_grad_enabled(False)
torch.use_deterministic_algorithms(True)
torch.set_float32_matmul_precision("medium")
torch.manual_seed(7)
""",
    "half": """
import torch
torch.set_default_dtype(torch.float16)
torch.set_default_device("meta")
mode = torch.inference_mode()
mode.__enter__()
torch.set_autocast_enabled("cpu", True)
torch.autograd.set_detect_anomaly(True)
torch.set_num_threads(4)
""",
}
LAST = "warnings.simplefilter('error')"  # what sets the others may warn


def kinds(name):
    libraries = COURSE.exercise(name).libraries
    anywhere = PYTHON + NUMPY * ("numpy" in libraries)
    torch = TORCH if "torch" in libraries else {"no torch": ""}
    return {kind: anywhere + text + LAST for kind, text in torch.items()}


@pytest.fixture(scope="module")
def examiners():
    return {}


@pytest.mark.parametrize(("name", "kind"), [(name, kind) for name in COURSE.names for kind in kinds(name)])
def test_what_a_file_leaves_on_costs_nothing(hosts, examiners, name, kind):
    exercise = COURSE.exercise(name)
    if name not in examiners:
        examiners.clear()
        examiners[name] = Examiner(exercise)
    source = f"{kinds(name)[kind]}\n{exercise.reference}".encode()
    host = hosts.equipped(exercise.libraries, examiners[name].setup)
    result = examiners[name].grade(Submission("", name, source), host, Settings(3))
    lost = {check.id: check.message for check in result.checks if check.status != "passed"}
    assert (result.score, lost, result.notes) == (100, {}, ())
