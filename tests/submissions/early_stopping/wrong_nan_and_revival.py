# the usual ten lines from a tutorial
class EarlyStopping:
    def __init__(self, patience=3, min_delta=0.0, mode="min"):
        if patience < 1 or min_delta < 0 or mode not in {"min", "max"}:
            raise ValueError
        self.patience = patience
        self.delta = min_delta
        self.mode = mode
        self.best = None
        self.best_epoch = None
        self.counter = 0
        self.epoch = -1
        self.stopped = False

    def step(self, value):
        self.epoch += 1
        score = -value if self.mode == "min" else value
        if self.best is None:
            self.best_score = score
            self.best = value
            self.best_epoch = self.epoch
        elif score > self.best_score + self.delta:
            self.best_score = score
            self.best = value
            self.best_epoch = self.epoch
            self.counter = 0
        else:
            self.counter += 1
            if self.counter >= self.patience:
                self.stopped = True
        return self.stopped
