import torch


def _log_softmax(scores):
    shifted = scores - scores.max(dim=-1, keepdim=True).values.detach()
    return shifted - torch.logsumexp(shifted, dim=-1, keepdim=True)


def distillation_loss(student_logits, teacher_logits, labels, temperature=2.0, alpha=0.5):
    if temperature <= 0:
        raise ValueError("temperature must be > 0")
    if alpha < 0 or alpha > 1:
        raise ValueError("alpha must be in [0, 1]")
    if student_logits.dim() != 2 or student_logits.size() != teacher_logits.size():
        raise ValueError("student and teacher logits must both be (N, K)")
    n, k = student_logits.size()
    if labels.dim() != 1 or labels.size(0) != n:
        raise ValueError("one label per example")
    if labels.min() < 0 or labels.max() >= k:
        raise ValueError("label out of range")

    with torch.no_grad():
        target_log = _log_softmax(teacher_logits / temperature)
        target = target_log.exp()
    answer_log = _log_softmax(student_logits / temperature)
    kl = (target * (target_log - answer_log)).sum(dim=1).mean()
    ce = -_log_softmax(student_logits)[torch.arange(n), labels].mean()
    return alpha * kl * temperature**2 + (1 - alpha) * ce
