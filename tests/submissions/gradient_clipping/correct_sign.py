import numpy as np
from functools import reduce


class GradientClipper:
    def __init__(self, bound):
        if not bound >= 0:
            raise ValueError(f"invalid bound {bound}")
        self.bound = float(bound)

    @staticmethod
    def as_float(g):
        g = np.asarray(g)
        return g if g.dtype.kind == "f" else g.astype(np.float64)

    def value(self, grads):
        out = []
        for g in map(self.as_float, grads):
            size = np.where(np.abs(g) > self.bound, self.bound, np.abs(g)).astype(g.dtype)
            out.append(np.sign(g) * size)
        return out

    def norm(self, grads):
        gs = list(map(self.as_float, grads))
        norm = reduce(np.hypot, [np.linalg.norm(g) for g in gs], 0.0)
        if norm == 0:
            return [np.zeros_like(g) for g in gs], norm
        coefficient = min(1.0, self.bound / float(norm))
        return [g * coefficient for g in gs], norm


def clip_by_value(grads, limit):
    return GradientClipper(limit).value(grads)


def clip_by_global_norm(grads, max_norm):
    return GradientClipper(max_norm).norm(grads)
