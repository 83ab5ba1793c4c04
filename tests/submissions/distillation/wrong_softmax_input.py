import torch
import torch.nn.functional as F


def distillation_loss(student_logits, teacher_logits, labels, temperature=2.0, alpha=0.5):
    if temperature <= 0 or alpha < 0 or alpha > 1:
        raise ValueError
    if student_logits.shape != teacher_logits.shape or student_logits.dim() != 2 or labels.shape != student_logits.shape[:1]:
        raise ValueError
    if labels.max() >= student_logits.shape[1] or labels.min() < 0:
        raise ValueError
    p = F.softmax(teacher_logits.detach() / temperature, dim=1)
    q = F.softmax(student_logits / temperature, dim=1)
    distill = F.kl_div(q, p, reduction="batchmean")
    return alpha * temperature**2 * distill + (1 - alpha) * F.cross_entropy(student_logits, labels)
