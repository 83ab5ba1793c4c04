"""The hidden suite of knowledge distillation. Points: 100 for distillation_loss."""

import pytest
import torch

N, K = 6, 5

dtypes = pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])


def example(rng, dtype=torch.float64, scale=2.0, shape=(N, K)):
    """Logits of student and teacher, and labels. One class the student takes for impossible, the teacher for likely,
    and it is the right one: so a small number beside its probability always shows, in either part."""
    student, teacher = (torch.from_numpy(rng.normal(scale=scale, size=shape)).to(dtype) for _ in range(2))
    labels = torch.from_numpy(rng.integers(0, shape[-1], size=shape[0]))
    student[0, 0], teacher[0, 0], labels[0] = -75.0, 4.0, 0
    return student, teacher, labels


@pytest.mark.points(16)
@pytest.mark.hint("KL(teacher ‖ student) at temperature T: summed over classes, averaged over examples, times T².")
@dtypes
def test_soft_part(agree, rng, dtype):
    """With alpha = 1 only the soft part is left, in {dtype}."""
    agree("distillation_loss", *example(rng, dtype), temperature=3.0, alpha=1.0)


@pytest.mark.points(10)
@pytest.mark.hint("The labels know nothing of the temperature.")
@dtypes
def test_hard_part(agree, rng, dtype):
    """With alpha = 0 only the cross-entropy with the labels is left, in {dtype}."""
    agree("distillation_loss", *example(rng, dtype), temperature=3.0, alpha=0.0)


@pytest.mark.points(12)
@pytest.mark.hint("T = 2 and alpha = 0.5 where nothing else is said.")
def test_defaults(agree, rng):
    """The whole loss with the default temperature and alpha."""
    agree("distillation_loss", *example(rng))


@pytest.mark.points(14)
@pytest.mark.hint("alpha weighs the soft part, 1 − alpha the hard one.")
@pytest.mark.parametrize(("temperature", "alpha"), [(4.0, 0.3), (0.7, 0.9)])
def test_temperature_and_alpha(agree, rng, temperature, alpha):
    """The whole loss with temperature {temperature} and alpha {alpha}."""
    agree("distillation_loss", *example(rng), temperature=temperature, alpha=alpha)


@pytest.mark.points(4)
@pytest.mark.hint("At T = 1 nothing is softened and nothing rescaled.")
def test_temperature_of_one(agree, rng):
    """With temperature 1 the soft part is the plain divergence."""
    agree("distillation_loss", *example(rng), temperature=1.0, alpha=1.0)


@pytest.mark.points(8)
@pytest.mark.hint("A softmax of far-apart logits rounds to 0, and its logarithm is infinite: log_softmax does not.")
@pytest.mark.parametrize("alpha", [0.0, 1.0])
def test_large_logits(agree, rng, alpha):
    """Logits in the thousands give a finite loss, and the right one (alpha = {alpha})."""
    student, _, labels = example(rng, scale=5000.0)
    # Half of the examples where the two agree, and half where they do not.
    teacher = torch.cat([0.8 * student[: N // 2], -0.7 * student[N // 2 :]])
    labels[0] = student[0].argmax()  # of a probability that is 1, while most are 0
    agree("distillation_loss", student, teacher, labels, temperature=2.0, alpha=alpha)


@pytest.mark.points(10)
@pytest.mark.hint("Both parts reach the student's logits; keep them in the graph.")
@pytest.mark.parametrize("alpha", [0.0, 1.0, 0.4])
def test_gradient_in_the_student(agree, rng, alpha):
    """The gradient in the student's logits is right (alpha = {alpha})."""
    agree("student_gradient", *example(rng), 3.0, alpha)


@pytest.mark.points(10)
@pytest.mark.hint("The teacher is not trained: detach its logits.")
@pytest.mark.reveals("teacher_gradient_flows")
def test_no_gradient_in_the_teacher(agree, rng):
    """No gradient reaches the teacher's logits."""
    agree("teacher_gradient", *example(rng), 2.0, 0.6)


@pytest.mark.points(2)
@pytest.mark.hint("`student_logits /= temperature` writes into the caller's tensor.")
@pytest.mark.reveals("modified_in_place")
def test_inputs_are_left_alone(agree, rng):
    """No argument is modified."""
    agree("inputs_after", "distillation_loss", *example(rng), 3.0, 0.4)


@pytest.mark.points(4)
@pytest.mark.hint("A temperature divides: it must be positive.")
@pytest.mark.parametrize("temperature", [0.0, -1.0])
def test_bad_temperature(agree, rng, temperature):
    """A temperature of {temperature} raises ValueError."""
    agree("distillation_loss", *example(rng), temperature=temperature)


@pytest.mark.points(3)
@pytest.mark.parametrize("alpha", [-0.1, 1.2])
def test_bad_alpha(agree, rng, alpha):
    """An alpha of {alpha} raises ValueError."""
    agree("distillation_loss", *example(rng), alpha=alpha)


@pytest.mark.points(4)
@pytest.mark.hint("Subtraction and kl_div broadcast: compare the shapes first.")
@pytest.mark.parametrize(
    "shapes",
    [((N, K), (N, K + 1), (N,)), ((N, K), (1, K), (N,)), ((N, K), (N, K), (N + 1,))],
    ids=["classes", "examples", "labels"],
)
def test_mismatched_shapes(agree, rng, shapes):
    """Student, teacher and labels of shapes {shapes} raise ValueError."""
    student, teacher = (torch.from_numpy(rng.normal(size=shape)) for shape in shapes[:2])
    agree("distillation_loss", student, teacher, torch.from_numpy(rng.integers(0, K, size=shapes[2])))


@pytest.mark.points(3)
@pytest.mark.hint("Classes are 0 to K − 1.")
@pytest.mark.parametrize("label", [-1, K])
def test_labels_out_of_range(agree, rng, label):
    """A label of {label} for K = 5 classes raises ValueError."""
    student, teacher, labels = example(rng)
    labels[int(rng.integers(N))] = label
    agree("distillation_loss", student, teacher, labels)
