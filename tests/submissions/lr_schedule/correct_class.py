"""Schedules as small callables, wrapped in functions."""
from dataclasses import dataclass
from math import cos, e, pi


def natural(name, n, least=0):
    if n < least:
        raise ValueError(f"{name} = {n} < {least}")
    return n


@dataclass
class Cosine:
    top: float
    bottom: float
    length: int

    def __call__(self, t):
        return self.bottom + (self.top - self.bottom) * 0.5 * (1.0 + cos(pi * t / self.length))


@dataclass
class Linear:
    top: float
    length: int

    def __call__(self, t):
        return self.top * (t / self.length)


def exponential_decay(epoch, initial_lr, rate=0.1, start=10):
    natural("epoch", epoch)
    return initial_lr if epoch < start else initial_lr * e ** (rate * (start - epoch - 1))


def step_decay(epoch, initial_lr, factor=0.5, every=10):
    drops, _ = divmod(natural("epoch", epoch), natural("every", every, 1))
    return initial_lr * pow(factor, drops)


def cosine_with_warmup(step, base_lr, warmup_steps, total_steps, min_lr=0.0):
    natural("step", step)
    natural("warmup_steps", warmup_steps)
    natural("total_steps", total_steps, warmup_steps)
    pieces = [(warmup_steps, Linear(base_lr, warmup_steps)), (total_steps - warmup_steps, None)]
    pieces[1] = (pieces[1][0], Cosine(base_lr, min_lr, pieces[1][0]))
    for length, piece in pieces:
        if step < length:
            return piece(step)
        step -= length
    return min_lr
