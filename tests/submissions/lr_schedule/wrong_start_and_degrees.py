import numpy as np


def exponential_decay(epoch, initial_lr, rate=0.1, start=10):
    if epoch < 0:
        raise ValueError("epoch")
    steps = max(0, epoch - start)          # epochs since the start
    return float(initial_lr * np.exp(-rate * steps))


def step_decay(epoch, initial_lr, factor=0.5, every=10):
    if epoch < 0 or every < 1:
        raise ValueError("epoch or every")
    return float(initial_lr * factor ** np.floor(epoch / every))


def cosine_with_warmup(step, base_lr, warmup_steps, total_steps, min_lr=0.0):
    if step < 0 or not 0 <= warmup_steps <= total_steps:
        raise ValueError("steps")
    if step >= total_steps:
        return float(min_lr)
    if step < warmup_steps:
        return float(step / warmup_steps * base_lr)
    angle = 180 * (step - warmup_steps) / (total_steps - warmup_steps)
    return float(min_lr + 0.5 * (base_lr - min_lr) * (1 + np.cos(angle)))
