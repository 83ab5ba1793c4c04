"""The distillation reference against SciPy's relative entropy and central differences."""

import numpy as np
import pytest
import scipy.special
import torch

N, K = 5, 4
LABELS = torch.tensor([0, 3, 1, 1, 2])


def logits(seed, dtype=torch.float64, scale=3.0):
    return scale * torch.randn(N, K, dtype=dtype, generator=torch.Generator().manual_seed(seed))


def by_scipy(student, teacher, labels, temperature, alpha):
    student, teacher = student.double().numpy(), teacher.double().numpy()
    p = scipy.special.softmax(teacher / temperature, axis=1)
    q = scipy.special.softmax(student / temperature, axis=1)
    soft = scipy.special.rel_entr(p, q).sum() / len(student)
    hard = -scipy.special.log_softmax(student, axis=1)[np.arange(len(student)), labels.numpy()].mean()
    return alpha * temperature**2 * soft + (1 - alpha) * hard


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 1e-5), (torch.float64, 1e-12)])
@pytest.mark.parametrize(("temperature", "alpha"), [(2.0, 0.5), (1, 0), (1, 1), (0.5, 1.0), (4.0, 0.3)])
def test_loss_equals_scipy(reference, dtype, tolerance, temperature, alpha):
    student, teacher = logits(0, dtype), logits(1, dtype)
    got = reference.distillation_loss(student, teacher, LABELS, temperature, alpha)
    assert got.shape == ()
    assert got.dtype == dtype
    assert got.item() == pytest.approx(by_scipy(student, teacher, LABELS, temperature, alpha), rel=tolerance)


def test_defaults(reference):
    student, teacher = logits(0), logits(1)
    expected = by_scipy(student, teacher, LABELS, 2.0, 0.5)
    assert reference.distillation_loss(student, teacher, LABELS).item() == pytest.approx(expected, rel=1e-12)


def test_equal_logits_leave_the_hard_part(reference):
    student = logits(0)
    loss = reference.distillation_loss(student, student.clone(), LABELS, alpha=0.25)
    hard = -scipy.special.log_softmax(student.numpy(), axis=1)[np.arange(N), LABELS.numpy()].mean()
    assert loss.item() == pytest.approx(0.75 * hard, rel=1e-12)


def test_gradient_in_the_student(reference):
    teacher = logits(1, scale=1.0)
    student = logits(0, scale=1.0).requires_grad_()
    assert torch.autograd.gradcheck(lambda s: reference.distillation_loss(s, teacher, LABELS, 3.0, 0.7), [student])


def test_no_gradient_in_the_teacher(reference):
    student, teacher = logits(0).requires_grad_(), logits(1).requires_grad_()
    reference.distillation_loss(student, teacher, LABELS).backward()
    assert teacher.grad is None
    assert teacher.requires_grad
    assert student.grad.abs().sum() > 0


def test_large_logits_stay_finite(reference):
    student, teacher = torch.tensor([[1e4, 0.0, -1e4]]), torch.tensor([[-1e4, 0.0, 1e4]])
    student.requires_grad_()
    loss = reference.distillation_loss(student, teacher, torch.tensor([2]))
    loss.backward()
    assert loss.item() == pytest.approx(0.5 * 4 * 1e4 + 0.5 * 2e4)
    assert torch.isfinite(student.grad).all()


def test_inputs_stay_as_they_were(reference):
    student, teacher, labels = logits(0), logits(1), LABELS.clone()
    loss = reference.distillation_loss(student, teacher, labels)
    assert reference.distillation_loss(student, teacher, labels.int()) == loss
    assert torch.equal(student, logits(0))
    assert torch.equal(teacher, logits(1))
    assert torch.equal(labels, LABELS)


@pytest.mark.parametrize("temperature", [0, 0.0, -1.0])
def test_bad_temperature_raises(reference, temperature):
    with pytest.raises(ValueError, match="temperature"):
        reference.distillation_loss(logits(0), logits(1), LABELS, temperature=temperature)


@pytest.mark.parametrize("alpha", [-0.1, 1.1])
def test_bad_alpha_raises(reference, alpha):
    with pytest.raises(ValueError, match="alpha"):
        reference.distillation_loss(logits(0), logits(1), LABELS, alpha=alpha)


@pytest.mark.parametrize(
    ("student", "teacher", "labels"),
    [
        ((N, K), (N, K + 1), (N,)),
        ((N, K), (1, K), (N,)),
        ((N, K), (N, K), (N + 1,)),
        ((N, K), (N, K), (N, 1)),
        ((N, K), (N, K), (N, K)),
        ((K,), (K,), ()),
        ((N, K, 2), (N, K, 2), (N, 2)),
    ],
)
def test_mismatched_shapes_raise(reference, student, teacher, labels):
    with pytest.raises(ValueError, match=r"shape|dimensions"):
        reference.distillation_loss(torch.zeros(student), torch.zeros(teacher), torch.zeros(labels, dtype=torch.int64))


@pytest.mark.parametrize("label", [-1, K, -100])
def test_labels_out_of_range_raise(reference, label):
    with pytest.raises(ValueError, match="labels"):
        reference.distillation_loss(logits(0), logits(1), torch.tensor([0, 1, 2, 3, label]))
