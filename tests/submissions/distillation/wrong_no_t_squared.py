import torch.nn.functional as F


def check(s, t, y, T, a):
    if T <= 0 or a < 0 or a > 1:
        raise ValueError("T or alpha")
    if s.dim() != 2 or s.shape != t.shape or y.shape != (s.shape[0],):
        raise ValueError("shapes")
    if y.min() < 0 or y.max() >= s.shape[1]:
        raise ValueError("labels")


def distillation_loss(student_logits, teacher_logits, labels, temperature=2.0, alpha=0.5):
    check(student_logits, teacher_logits, labels, temperature, alpha)
    soft_targets = F.softmax(teacher_logits / temperature, dim=-1)
    soft_prob = F.log_softmax(student_logits / temperature, dim=-1)
    soft = F.kl_div(soft_prob, soft_targets, reduction="batchmean")
    hard = F.cross_entropy(student_logits, labels)
    return alpha * soft + (1 - alpha) * hard
