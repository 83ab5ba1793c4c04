import torch
import torch.nn as nn


def distillation_loss(student_logits, teacher_logits, labels, temperature=2.0, alpha=0.5):
    if temperature <= 0 or not 0 <= alpha <= 1:
        raise ValueError("hyperparameters")
    if student_logits.dim() != 2 or student_logits.shape != teacher_logits.shape or labels.shape != student_logits.shape[:1]:
        raise ValueError("shapes")
    if (labels < 0).any() or (labels >= student_logits.size(1)).any():
        raise ValueError("labels")
    T = temperature
    teacher_logits = teacher_logits.detach()
    kd = nn.KLDivLoss(reduction="mean")(
        torch.log_softmax(student_logits / T, dim=1), torch.softmax(teacher_logits / T, dim=1)
    )
    ce = nn.CrossEntropyLoss()(student_logits, labels)
    return alpha * ce + (1.0 - alpha) * T * T * kd
