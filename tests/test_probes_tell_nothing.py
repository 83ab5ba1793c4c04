"""Submissions that read, from where they are called, what is asked of them, or take the answer from there."""

from pathlib import Path

import pytest

from grader.course.course import Course
from grader.grading.examiner import Examiner
from grader.grading.settings import Settings
from grader.submissions.submission import Submission

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def grade(hosts):
    def run(exercise_name, more):
        exercise = Course(ROOT).exercise(exercise_name)
        right = (ROOT / f"tests/submissions/{exercise_name}/correct_natural.py").read_text()
        submission = Submission("sly.py", exercise_name, f"{right}\n\n{more}".encode())
        examiner = Examiner(exercise)
        return examiner.grade(submission, hosts.equipped(exercise.libraries, examiner.setup), Settings(5))

    return run


def lost(result):
    return {check.id.partition("[")[0] for check in result.checks if check.status != "passed"}


LOOK = """
import sys

def on_the_way():
    frame, words = sys._getframe(1), set()
    while frame:
        words |= {frame.f_code.co_name, *map(str, frame.f_locals.values())}
        frame = frame.f_back
    return " ".join(words)
"""


@pytest.mark.parametrize("word", ["classes", "modes", "recorded", "predictions", "modes_after"])
def test_predict_cannot_tell_what_is_judged(grade, word):
    sly = f"""
def predict(model, images):
    if {word!r} in on_the_way():
        return None
    model.eval()
    return model(images).argmax(dim=1)
"""
    result = grade("cnn_classifier", LOOK + sly)
    assert {"test_modes_after_prediction", "test_no_gradients_in_prediction"} <= lost(result)
    assert result.score < 92


def test_predict_that_counts_its_calls_is_asked_once_for_all_duties(grade):
    sly = """
calls = 0

def predict(model, images):
    global calls
    calls += 1
    if calls > 3:
        return None
    model.eval()
    return model(images).argmax(dim=1)
"""
    assert {"test_modes_after_prediction", "test_no_gradients_in_prediction"} <= lost(grade("cnn_classifier", sly))


def test_predict_that_does_nothing_leaves_nothing_right(grade):
    result = grade("cnn_classifier", "def predict(model, images):\n    return None\n")
    assert result.score == 78


def test_the_losses_are_not_in_the_probes(grade):
    thief = """
import sys

frame = sys._getframe()
while "equipment" not in frame.f_locals:
    frame = frame.f_back
seen = frame.f_locals["equipment"].probes["train_step"].__globals__
losses = list(seen["OTHER_LOSSES"].values())
discriminator_loss, generator_loss = losses
"""
    result = grade("gan_loss", thief)
    assert result.score == 45  # of train_step, which calls them


STEP = """
def train_step(generator, discriminator, opt_g, opt_d, real, noise):
    def towards(logits, label):
        return torch.nn.functional.binary_cross_entropy_with_logits(logits, torch.full_like(logits, label))

    fake = generator(noise)
    d_loss = towards(discriminator(real), 1.0) + towards(discriminator(fake.detach()), 0.0)
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = towards(discriminator(fake), 1.0)
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return d_loss.item(), g_loss.item()
"""


def test_a_step_that_computes_its_losses_itself_is_right(grade):
    assert grade("gan_loss", STEP).score == 100
    wrong_losses = "def discriminator_loss(real_logits, fake_logits):\n    return real_logits.mean()\n"
    assert grade("gan_loss", STEP + wrong_losses).score == 70


@pytest.mark.parametrize(
    "gradient",
    [
        "torch.autograd.grad(f(*leaves), leaves)",
        "torch.func.vjp(f, *leaves)[1](torch.ones(()).to(x))",
        "torch.func.grad(f, argnums=(0, 1, 2))(*leaves)",
        "torch.func.jacfwd(f, argnums=(0, 1, 2))(*leaves)",
    ],
)
@pytest.mark.parametrize("mode", ["torch.inference_mode(False), torch.enable_grad()", "torch.inference_mode()"])
def test_batch_norm_backward_cannot_differentiate(grade, gradient, mode):
    sly = f"""
def batch_norm_backward(grad_output, x, weight, eps=1e-5):
    def f(x, weight, bias):
        y = (x - x.mean(0)) / torch.sqrt(x.var(0, unbiased=False) + eps) * weight + bias
        return (y * grad_output.clone()).sum()

    with {mode}:
        leaves = [t.clone().requires_grad_() for t in (x, weight, torch.zeros_like(weight))]
        return {gradient}
"""
    result = grade("batchnorm", sly)
    assert {"test_grad_x", "test_grad_weight", "test_grad_bias", "test_backward_eps"} <= lost(result)


SLY = {
    "softmax": (
        "test_input_is_left_alone",
        """
def softmax(x, axis=-1):
    if WORD in on_the_way():
        return x
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    x *= 0
    return e / e.sum(axis=axis, keepdims=True)
""",
    ),
    "dropout": (
        "test_input_is_left_alone",
        """
honest = dropout

def dropout(x, p, training, rng):
    answer = honest(x, p, training, rng)
    if WORD not in on_the_way() and isinstance(x, np.ndarray) and x.dtype.kind == "f" and x.ndim == 2:
        x += 1
    return answer
""",
    ),
    "residual_block": (
        "test_input_is_left_alone",
        """
class ResidualBlock(ResidualBlock):
    def forward(self, x):
        answer = super().forward(x)
        if WORD not in on_the_way():
            with torch.no_grad():
                x += 1
        return answer
""",
    ),
}


# Put together when it is run: the text of the file lies in the frames, too.
WORD = 'WORD = " ".join(["arguments", "after", "the", "call"])'


@pytest.mark.parametrize("exercise", SLY)
def test_what_is_left_of_arguments_is_told_by_every_call(grade, exercise):
    check, sly = SLY[exercise]
    assert check in lost(grade(exercise, LOOK + WORD + sly))
