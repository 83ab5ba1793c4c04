import torch
from torch import nn
from torch.nn import functional as F


class DistillationLoss(nn.Module):
    def __init__(self, temperature, alpha):
        super().__init__()
        self.t = float(temperature)
        self.alpha = alpha
        self.kl = nn.KLDivLoss(reduction="batchmean")
        self.ce = nn.CrossEntropyLoss()

    def forward(self, s, t, y):
        soft = self.kl(F.log_softmax(s / self.t, -1), F.softmax(t.detach() / self.t, -1)) * (self.t * self.t)
        hard = self.ce(s, y)
        return torch.lerp(hard, soft, self.alpha)


def distillation_loss(student_logits, teacher_logits, labels, temperature=2.0, alpha=0.5):
    if not temperature > 0 or not (0 <= alpha <= 1):
        raise ValueError("temperature or alpha out of range")
    if student_logits.ndim != 2 or student_logits.shape != teacher_logits.shape:
        raise ValueError("logits")
    if labels.shape != student_logits.shape[:1] or ((labels < 0) | (labels >= student_logits.shape[1])).any():
        raise ValueError("labels")
    return DistillationLoss(temperature, alpha)(student_logits, teacher_logits, labels)
