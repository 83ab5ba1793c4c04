from math import cos, exp, pi


def exponential_decay(epoch, initial_lr, rate=0.1, start=10):
    if epoch < 0:
        raise ValueError("epoch must be non-negative")
    factor = 1.0
    if epoch >= start:
        factor = exp(-rate * (epoch - start + 1))
    return factor * initial_lr


def step_decay(epoch, initial_lr, factor=0.5, every=10):
    if every < 1:
        raise ValueError("every must be positive")
    if epoch < 0:
        raise ValueError("epoch must be non-negative")
    return initial_lr * factor ** (epoch / every)


def cosine_with_warmup(step, base_lr, warmup_steps, total_steps, min_lr=0.0):
    if step < 0 or warmup_steps < 0:
        raise ValueError("negative")
    if warmup_steps > total_steps:
        raise ValueError("warmup_steps > total_steps")
    if step < warmup_steps:
        return step * base_lr / warmup_steps
    if warmup_steps == total_steps:
        return min_lr
    step = step - warmup_steps
    return min_lr + (base_lr - min_lr) / 2 * (1 + cos(pi * step / (total_steps - warmup_steps)))
