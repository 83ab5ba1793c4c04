# every rate is worked out by walking through all epochs before it
import math


def exponential_decay(epoch, initial_lr, rate=0.1, start=10):
    if epoch < 0:
        raise ValueError("epoch < 0")
    lr = initial_lr
    e = start
    while e <= epoch:
        lr = lr * math.exp(-rate)
        e += 1
    return lr


def step_decay(epoch, initial_lr, factor=0.5, every=10):
    if epoch < 0 or every <= 0:
        raise ValueError("epoch must be >= 0 and every >= 1")
    lr = initial_lr
    for e in range(1, epoch + 1):
        if e % every == 0:
            lr *= factor
    return lr


def cosine_with_warmup(step, base_lr, warmup_steps, total_steps, min_lr=0.0):
    if step < 0:
        raise ValueError("step < 0")
    if warmup_steps < 0:
        raise ValueError("warmup_steps < 0")
    if total_steps < warmup_steps:
        raise ValueError("warmup is longer than the training")
    if step < warmup_steps:
        lr = 0.0
        for _ in range(step):
            lr += base_lr / warmup_steps
        return lr
    if step < total_steps:
        x = (step - warmup_steps) / (total_steps - warmup_steps)
        # 1 + cos(pi x) = 2 cos^2(pi x / 2)
        return min_lr + (base_lr - min_lr) * math.cos(math.pi * x / 2) ** 2
    return min_lr
