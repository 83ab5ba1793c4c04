import torch


def distillation_loss(student_logits, teacher_logits, labels, temperature=2.0, alpha=0.5):
    if temperature <= 0:
        raise ValueError("temperature")
    if not 0 <= alpha <= 1:
        raise ValueError("alpha")
    if len(student_logits.shape) != 2 or student_logits.shape != teacher_logits.shape:
        raise ValueError("logits")
    if len(labels.shape) != 1 or len(labels) != len(student_logits):
        raise ValueError("labels")
    for y in labels.tolist():
        if y not in range(student_logits.shape[1]):
            raise ValueError("label")
    total = torch.zeros((), dtype=student_logits.dtype)
    for s, t, y in zip(student_logits, teacher_logits.detach(), labels.tolist()):
        p = torch.distributions.Categorical(logits=t / temperature)
        q = torch.distributions.Categorical(logits=s / temperature)
        soft = torch.sum(p.probs * (p.logits - q.logits))
        hard = torch.logsumexp(s, 0) - s[y]
        total = total + alpha * temperature**2 * soft + (1 - alpha) * hard
    return total / len(labels)
