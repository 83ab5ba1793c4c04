class EarlyStopping:
    def __init__(self, patience=3, min_delta=0.0, mode="min"):
        assert patience >= 1
        assert min_delta >= 0
        assert mode in ("min", "max")
        self.patience, self.min_delta, self.mode = patience, min_delta, mode
        self.best, self.best_epoch, self.stopped = None, None, False
        self.n, self.wait = 0, 0

    def step(self, value):
        if self.stopped:
            return True
        if value == value:
            if self.best is None:
                better = True
            elif self.mode == "min":
                better = value <= self.best - self.min_delta
            else:
                better = value >= self.best + self.min_delta
        else:
            better = False
        if better:
            self.best, self.best_epoch, self.wait = value, self.n, 0
        else:
            self.wait += 1
        self.n += 1
        self.stopped = self.wait == self.patience
        return self.stopped
