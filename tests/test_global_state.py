"""What a file leaves on changes no verdict: every reference gets full marks under each kind of global state."""

from pathlib import Path

import pytest

from grader.course.course import Course
from grader.grading.examiner import Examiner, Settings
from grader.submissions.submission import Submission

COURSE = Course(Path(__file__).parents[1])
ANYWHERE = {
    "warnings are errors": "import warnings; warnings.simplefilter('error')",
    "a seed": "import random; random.seed(7)",
}
NUMPY = {
    "overflow raises": "import numpy; numpy.seterr(all='raise')",
    "NumPy's seed": "import numpy; numpy.random.seed(7)",
}
TORCH = {
    "double by default": "import torch; torch.set_default_dtype(torch.float64)",
    "half by default": "import torch; torch.set_default_dtype(torch.float16)",
    "another device": "import torch; torch.set_default_device('meta')",
    "no recording": "import torch; torch.set_grad_enabled(False)",
    "inference mode": "import torch; mode = torch.inference_mode(); mode.__enter__()",
    "autocast": "import torch; torch.set_autocast_enabled('cpu', True)",
    "deterministic": "import torch; torch.use_deterministic_algorithms(True)",
    "anomalies raise": "import torch; torch.autograd.set_detect_anomaly(True)",
    "short products": "import torch; torch.set_float32_matmul_precision('medium')",
    "threads": "import torch; torch.set_num_threads(4)",
    "torch's seed": "import torch; torch.manual_seed(7)",
}


def kinds(name):
    libraries = COURSE.exercise(name).libraries
    return ANYWHERE | (NUMPY if "numpy" in libraries else {}) | (TORCH if "torch" in libraries else {})


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
    result = examiners[name].grade(Submission("", name, source), hosts.get(exercise.libraries), Settings(3))
    lost = {check.id: check.message for check in result.checks if check.status != "passed"}
    assert (result.score, lost, result.notes) == (100, {}, ())
