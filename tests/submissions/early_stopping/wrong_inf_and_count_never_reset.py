class EarlyStopping:
    def __init__(self, patience=3, min_delta=0.0, mode="min"):
        if patience < 1 or min_delta < 0:
            raise ValueError("invalid")
        if mode not in ("min", "max"):
            raise ValueError("invalid mode")
        self.patience = patience
        self.min_delta = min_delta
        self.mode = mode
        self.best = float("inf") if mode == "min" else float("-inf")
        self.best_epoch = None
        self.stopped = False
        self.bad = 0
        self.epoch = 0

    def step(self, value):
        if self.stopped:
            return True
        if self.mode == "min" and value < self.best - self.min_delta:
            self.best = value
            self.best_epoch = self.epoch
        elif self.mode == "max" and value > self.best + self.min_delta:
            self.best = value
            self.best_epoch = self.epoch
        else:
            self.bad += 1
        self.epoch += 1
        if self.bad >= self.patience:
            self.stopped = True
        return self.stopped
