import math
class EarlyStopping:
    def __init__(self, patience=3, min_delta=0.0, mode="min"):
        if patience < 1 or min_delta < 0 or mode not in ("min", "max"): raise ValueError("bad")
        self.patience, self.min_delta, self.mode = patience, min_delta, mode
        self.best = self.best_epoch = None
        self.stopped = False
        self._epoch = -1
        self._bad = 0
    def step(self, value):
        if self.stopped: return True
        self._epoch += 1
        better = not math.isnan(value) and (self.best is None or (self.best - value > self.min_delta if self.mode == "min" else value - self.best > self.min_delta))
        if better:
            self.best, self.best_epoch, self._bad = value, self._epoch, 0
        else:
            self._bad += 1
            self.stopped = self._bad >= self.patience
        return self.stopped
