class EarlyStopping:
    def __init__(self, patience=3, min_delta=0.0, mode="min"):
        if patience < 1 or min_delta < 0 or mode not in ["min", "max"]:
            raise ValueError("bad argument")
        self.patience, self.min_delta, self.mode = patience, min_delta, mode
        self.counter = 0
        self.epoch = 0
        self.best = None
        self.best_epoch = None
        self.stopped = False

    def is_better(self, value):
        if value != value:
            return False
        if self.best is None:
            return True
        if self.mode == "min":
            return value < self.best - self.min_delta
        return value > self.best + self.min_delta

    def step(self, value):
        if self.stopped:
            return True
        if self.is_better(value):
            self.best = value
            self.best_epoch = self.epoch
            self.counter = 0
        elif self.counter == self.patience:
            self.stopped = True
        else:
            self.counter += 1
        self.epoch += 1
        return self.stopped
