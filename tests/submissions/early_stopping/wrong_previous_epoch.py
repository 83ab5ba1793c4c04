from math import isnan


class EarlyStopping:
    """Stops when the loss goes up `patience` times in a row."""

    def __init__(self, patience=3, min_delta=0.0, mode="min"):
        if patience < 1:
            raise ValueError("patience < 1")
        if min_delta < 0:
            raise ValueError("min_delta < 0")
        if mode not in ("min", "max"):
            raise ValueError("mode")
        self.patience = patience
        self.min_delta = min_delta
        self.mode = mode
        self.last = None
        self.best = None
        self.best_epoch = None
        self.stopped = False
        self.bad_epochs = 0
        self.t = -1

    def step(self, value):
        if self.stopped:
            return True
        self.t += 1
        if isnan(value):
            good = False
        else:
            if self.last is None:
                good = True
            elif self.mode == "min":
                good = self.last - value > self.min_delta
            else:
                good = value - self.last > self.min_delta
            self.last = value
        if good:
            self.bad_epochs = 0
            self.best = value
            self.best_epoch = self.t
        else:
            self.bad_epochs += 1
            if self.bad_epochs >= self.patience:
                self.stopped = True
        return self.stopped
