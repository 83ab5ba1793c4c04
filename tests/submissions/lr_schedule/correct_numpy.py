import numpy as np


def exponential_decay(epoch, initial_lr, rate=0.1, start=10):
    if epoch < 0:
        raise ValueError
    n = np.maximum(0, epoch - start + 1)
    return np.exp(np.log(initial_lr) - rate * n)


def step_decay(epoch, initial_lr, factor=0.5, every=10):
    if epoch < 0 or every < 1:
        raise ValueError
    return initial_lr * np.power(factor, np.floor(epoch / every))


def cosine_with_warmup(step, base_lr, warmup_steps, total_steps, min_lr=0.0):
    if min(step, warmup_steps) < 0 or warmup_steps > total_steps:
        raise ValueError("bad counts")
    if step >= total_steps:
        return np.float64(min_lr)
    knots = [0, warmup_steps] if warmup_steps else [-1, 0]
    warm = np.interp(step, knots, [0.0, base_lr])
    t = np.clip(step - warmup_steps, 0, None) / max(total_steps - warmup_steps, 1)
    decay = (1 + np.cos(np.pi * t)) / 2
    return warm if step < warmup_steps else decay * base_lr + (1 - decay) * min_lr
