import torch.nn.functional as F


def distillation_loss(student_logits, teacher_logits, labels, temperature=2.0, alpha=0.5):
    if temperature <= 0:
        raise ValueError("temperature must be positive")
    if not 0 <= alpha <= 1:
        raise ValueError("alpha must be in [0, 1]")
    if student_logits.ndim != 2 or teacher_logits.shape != student_logits.shape:
        raise ValueError("logits must be (N, K)")
    if labels.shape != (len(student_logits),):
        raise ValueError("labels must be (N,)")
    if ((labels < 0) | (labels >= student_logits.shape[1])).any():
        raise ValueError("labels out of range")
    hard = F.cross_entropy(student_logits, labels)
    # TODO the soft part
    return (1 - alpha) * hard
