"""The gradients of the loss in one of its two logits at a time."""

import torch


def student_gradient(module, student_logits, *arguments):
    """The gradient in the student's logits."""
    student_logits.requires_grad_()
    loss = module.distillation_loss(student_logits, *arguments)
    return torch.autograd.grad(loss, student_logits)[0]


def teacher_gradient(module, student_logits, teacher_logits, *arguments):
    """Whether a gradient reaches the teacher's logits."""
    student_logits.requires_grad_()
    teacher_logits.requires_grad_()
    loss = module.distillation_loss(student_logits, teacher_logits, *arguments)
    if not isinstance(loss, torch.Tensor):
        raise TypeError(f"distillation_loss returned a {type(loss).__name__}, not a tensor")
    (gradient,) = torch.autograd.grad(loss, teacher_logits, allow_unused=True, materialize_grads=True)
    return bool(gradient.any())
