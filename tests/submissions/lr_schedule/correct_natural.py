import math
def exponential_decay(epoch, initial_lr, rate=0.1, start=10):
    if epoch < start: return initial_lr
    return initial_lr * math.exp(-rate * (epoch - start + 1))
def step_decay(epoch, initial_lr, factor=0.5, every=10):
    return initial_lr * factor ** (epoch // every)
def cosine_with_warmup(step, base_lr, warmup_steps, total_steps, min_lr=0.0):
    if warmup_steps > total_steps: raise ValueError("warmup")
    if step >= total_steps: return min_lr
    if step < warmup_steps: return base_lr * step / warmup_steps
    t = (step - warmup_steps) / (total_steps - warmup_steps)
    return min_lr + 0.5 * (base_lr - min_lr) * (1 + math.cos(math.pi * t))
