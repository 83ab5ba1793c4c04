"""Early stopping with patience (Prechelt, 1998), with the options of Keras's callback of that name."""

import math


def check_settings(patience, min_delta, mode):
    if not patience >= 1:
        raise ValueError(f"patience must be at least 1, not {patience}")
    if not min_delta >= 0:
        raise ValueError(f"min_delta must not be negative, but is {min_delta}")
    if mode not in ("min", "max"):
        raise ValueError(f"mode must be 'min' or 'max', not {mode!r}")


class EarlyStopping:
    def __init__(self, patience=3, min_delta=0.0, mode="min"):
        check_settings(patience, min_delta, mode)
        self.patience = patience
        self.min_delta = min_delta
        self.mode = mode
        self.best = None
        self.best_epoch = None
        self.stopped = False
        self.epoch = -1
        self.waited = 0

    def step(self, value):
        if self.stopped:
            return True
        self.epoch += 1
        improved = self.improves(value)
        if improved:
            self.best = value
            self.best_epoch = self.epoch
        self.waited = 0 if improved else self.waited + 1
        self.stopped = self.waited >= self.patience
        return self.stopped

    def improves(self, value):
        if math.isnan(value):
            return False
        if self.best is None:
            return True
        gain = self.best - value if self.mode == "min" else value - self.best
        return gain > self.min_delta
