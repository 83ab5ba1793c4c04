import torch.nn.functional as F


def distillation_loss(student_logits, teacher_logits, labels, temperature=2.0, alpha=0.5):
    if temperature <= 0:
        raise ValueError("temperature must be positive")
    if not 0 <= alpha <= 1:
        raise ValueError("alpha must lie in [0, 1]")
    if student_logits.shape != teacher_logits.shape or labels.shape != student_logits.shape[:1]:
        raise ValueError("shapes do not match")
    if (labels < 0).any() or (labels >= student_logits.shape[1]).any():
        raise ValueError("labels out of range")
    soft = F.kl_div(
        (F.softmax(student_logits / temperature, dim=1) + 1e-8).log(),
        F.softmax(teacher_logits.detach() / temperature, dim=1),
        reduction="batchmean",
    )
    return alpha * temperature**2 * soft + (1 - alpha) * F.cross_entropy(student_logits, labels)
