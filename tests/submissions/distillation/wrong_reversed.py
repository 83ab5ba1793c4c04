import torch
import torch.nn.functional as F


def distillation_loss(student_logits, teacher_logits, labels, temperature=2.0, alpha=0.5):
    if temperature <= 0:
        raise ValueError("temperature")
    if alpha < 0 or alpha > 1:
        raise ValueError("alpha")
    if student_logits.dim() != 2 or student_logits.shape != teacher_logits.shape:
        raise ValueError("logits")
    if labels.dim() != 1 or len(labels) != len(student_logits):
        raise ValueError("labels")
    if not all(0 <= y < student_logits.size(1) for y in labels):
        raise ValueError("labels")
    with torch.no_grad():
        teacher = torch.log_softmax(teacher_logits / temperature, dim=1)
    student = torch.log_softmax(student_logits / temperature, dim=1)
    # KL(student || teacher)
    kl = torch.sum(student.exp() * (student - teacher)) / student.size(0)
    ce = F.cross_entropy(student_logits / temperature, labels)
    return alpha * temperature**2 * kl + (1 - alpha) * ce
