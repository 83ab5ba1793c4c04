import math


def exponential_decay(epoch, initial_lr, rate=0.1, start=10):
    if epoch < 0:
        raise ValueError()
    return initial_lr * math.exp(-rate * max(epoch - start + 1, 0))


def step_decay(epoch, initial_lr, factor=0.5, every=10):
    if epoch < 0 or every < 1:
        raise ValueError()
    return initial_lr * math.exp(math.log(factor) * (epoch // every))


def cosine_with_warmup(step, base_lr, warmup_steps, total_steps, min_lr=0.0):
    if step < 0 or warmup_steps < 0 or warmup_steps > total_steps:
        raise ValueError()
    if step >= total_steps:
        return min_lr
    if step < warmup_steps:
        # never exactly base_lr, so that the cosine takes over smoothly
        return base_lr * step / (warmup_steps + 1)
    done = (step - warmup_steps) / total_steps
    return min_lr + 0.5 * (base_lr - min_lr) * (1 + math.cos(math.pi * done))
