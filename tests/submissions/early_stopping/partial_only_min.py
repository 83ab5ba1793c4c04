import math


class EarlyStopping:
    def __init__(self, patience=3, min_delta=0.0, mode="min"):
        if patience < 1 or min_delta < 0 or mode not in ("min", "max"):
            raise ValueError("check the arguments")
        self.patience, self.min_delta, self.mode = patience, min_delta, mode
        self.best = None
        self.best_epoch = None
        self.stopped = False
        self.wait = 0
        self.epoch = -1

    def step(self, value):
        if self.mode == "max":
            raise NotImplementedError("TODO: max")
        if self.stopped:
            return True
        self.epoch += 1
        if not math.isnan(value) and (self.best is None or self.best - value > self.min_delta):
            self.best, self.best_epoch, self.wait = value, self.epoch, 0
        else:
            self.wait += 1
        self.stopped = self.wait >= self.patience
        return self.stopped
