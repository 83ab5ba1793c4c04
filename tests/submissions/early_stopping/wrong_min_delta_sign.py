import math


class EarlyStopping:
    def __init__(self, patience=3, min_delta=0.0, mode="min"):
        if mode not in ("min", "max"):
            raise ValueError("mode must be min or max")
        if patience < 1:
            raise ValueError("patience must be positive")
        if min_delta < 0:
            raise ValueError("min_delta must not be negative")
        self.p, self.d, self.m = patience, min_delta, mode
        self.best = self.best_epoch = None
        self.stopped = False
        self.since = self.count = 0

    def step(self, value):
        if self.stopped:
            return self.stopped
        epoch = self.count
        self.count = self.count + 1
        if not math.isnan(value):
            # allow a tolerance of min_delta
            if self.best is None:
                better = True
            elif self.m == "min":
                better = value < self.best + self.d
            else:
                better = value > self.best - self.d
            if better:
                self.best = value
                self.best_epoch = epoch
                self.since = 0
                return False
        self.since += 1
        if self.since >= self.p:
            self.stopped = True
        return self.stopped
