"""Knowledge distillation (Hinton, Vinyals & Dean 2015): T² keeps the soft gradient's size when T changes."""

import torch
import torch.nn.functional as F


def check_arguments(student_logits, teacher_logits, labels, temperature, alpha):
    if not temperature > 0:
        raise ValueError(f"temperature must be positive, not {temperature}")
    if not 0 <= alpha <= 1:
        raise ValueError(f"alpha must lie in [0, 1], not {alpha}")
    if student_logits.ndim != 2:
        raise ValueError(f"student_logits must have 2 dimensions, not {student_logits.ndim}")
    if teacher_logits.shape != student_logits.shape:
        raise ValueError(f"shapes differ: student {tuple(student_logits.shape)}, teacher {tuple(teacher_logits.shape)}")
    examples, classes = student_logits.shape
    if tuple(labels.shape) != (examples,):
        raise ValueError(f"labels have shape {tuple(labels.shape)}, expected {(examples,)}")
    if ((labels < 0) | (labels >= classes)).any():
        raise ValueError(f"labels must lie in 0..{classes - 1}")


def distillation_loss(student_logits, teacher_logits, labels, temperature=2.0, alpha=0.5):
    check_arguments(student_logits, teacher_logits, labels, temperature, alpha)
    teacher_logits = teacher_logits.detach()
    log_q = torch.log_softmax(student_logits / temperature, dim=1)
    log_p = torch.log_softmax(teacher_logits / temperature, dim=1)
    soft_loss = F.kl_div(log_q, log_p, reduction="batchmean", log_target=True)
    hard_loss = F.cross_entropy(student_logits, labels.long())
    return alpha * temperature**2 * soft_loss + (1 - alpha) * hard_loss
