"""Exponential, step and cosine decay (SGDR, Loshchilov and Hutter, 2017; without restarts)."""

import math


def check_not_negative(**counts):
    for name, count in counts.items():
        if count < 0:
            raise ValueError(f"{name} must not be negative, but is {count}")


def exponential_decay(epoch, initial_lr, rate=0.1, start=10):
    check_not_negative(epoch=epoch)
    if epoch < start:
        return initial_lr
    decayed_epochs = epoch - start + 1
    return initial_lr * math.exp(-rate * decayed_epochs)


def step_decay(epoch, initial_lr, factor=0.5, every=10):
    check_not_negative(epoch=epoch)
    if every < 1:
        raise ValueError(f"every must be at least 1, not {every}")
    drops = epoch // every
    return initial_lr * factor**drops


def cosine_with_warmup(step, base_lr, warmup_steps, total_steps, min_lr=0.0):
    check_not_negative(step=step, warmup_steps=warmup_steps)
    if warmup_steps > total_steps:
        raise ValueError(f"warmup_steps {warmup_steps} exceeds total_steps {total_steps}")
    if step >= total_steps:
        return min_lr
    if step < warmup_steps:
        return base_lr * step / warmup_steps
    progress = (step - warmup_steps) / (total_steps - warmup_steps)
    cosine = math.cos(math.pi * progress)
    return min_lr + 0.5 * (base_lr - min_lr) * (1 + cosine)
