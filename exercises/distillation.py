"""Knowledge distillation

A small student learns from the labels and from the softened probabilities of a large teacher. With N examples
and K classes, temperature T and the weight α of the soft part:

    p_T     = softmax(teacher_logits / T)             (N, K)
    q_T     = softmax(student_logits / T)             (N, K)
    soft    = (1/N) Σ_n Σ_k p_T[n, k] · (log p_T[n, k] − log q_T[n, k])
    hard    = (1/N) Σ_n −log softmax(student_logits[n])[labels[n]]
    loss    = α · T² · soft + (1 − α) · hard

`distillation_loss(student_logits, teacher_logits, labels, temperature=2.0, alpha=0.5)` takes two logits (N, K),
N ≥ 1, and integer class ids `labels` (N,), and returns the loss as a 0-dim tensor of the dtype and device of
student_logits. It is finite for logits of a thousand and more. It is differentiable by autograd in
student_logits; the teacher is not trained, so no gradient flows to teacher_logits. Float32 and float64 keep their
dtype. No input is modified.

ValueError: temperature ≤ 0, alpha outside [0, 1], student_logits of any rank but 2, teacher_logits of another
shape, labels of any shape but (N,), a label outside 0..K−1.

>>> student = torch.tensor([[2.0, 0.0, -1.0], [0.5, 1.0, 0.0]])
>>> teacher = torch.tensor([[3.0, 1.0, -2.0], [0.0, 2.0, -1.0]])
>>> round(distillation_loss(student, teacher, torch.tensor([0, 1]), temperature=2.0, alpha=0.5).item(), 4)
0.3401
"""

import torch


def distillation_loss(
    student_logits: torch.Tensor,
    teacher_logits: torch.Tensor,
    labels: torch.Tensor,
    temperature: float = 2.0,
    alpha: float = 0.5,
) -> torch.Tensor:
    """α·T²·KL(teacher ‖ student) at temperature T plus (1 − α) times the cross-entropy, a 0-dim tensor."""
    # TODO: the soft part, the hard part, their weighted sum
    raise NotImplementedError("distillation_loss")
