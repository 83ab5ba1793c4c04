# after the Keras example: def lr_schedule(epoch, lr): return lr if epoch < 10 else lr * exp(-0.1)
import math


def exponential_decay(epoch, initial_lr, rate=0.1, start=10):
    if epoch < 0:
        raise ValueError("negative epoch")
    if epoch < start:
        return initial_lr
    else:
        return initial_lr * math.exp(-rate)


def step_decay(epoch, initial_lr, factor=0.5, every=10):
    if epoch < 0 or every < 1:
        raise ValueError("negative epoch or every")
    lr = initial_lr
    if epoch >= every:
        lr = lr * factor
    return lr


def cosine_with_warmup(step, base_lr, warmup_steps, total_steps, min_lr=0.0):
    if step < 0 or warmup_steps < 0 or warmup_steps > total_steps:
        raise ValueError("bad steps")
    if step < warmup_steps:
        return base_lr * (step / warmup_steps)
    if step >= total_steps:
        return min_lr
    frac = (step - warmup_steps) / (total_steps - warmup_steps)
    return min_lr + (base_lr - min_lr) * (1 + math.cos(math.pi * frac)) / 2
