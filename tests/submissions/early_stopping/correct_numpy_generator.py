import numpy as np


def watcher(patience, better):
    """A coroutine: send it values, it yields (stop, best, best_epoch)."""
    best, best_epoch = None, None
    bad = 0
    epoch = -1
    while bad < patience:
        value = yield False, best, best_epoch
        epoch += 1
        if not np.isnan(value) and (best is None or better(value, best)):
            best, best_epoch, bad = value, epoch, 0
        else:
            bad = bad + 1
    while True:
        yield True, best, best_epoch


class EarlyStopping:
    def __init__(self, patience=3, min_delta=0.0, mode="min"):
        if mode == "min":
            better = lambda new, old: old - new > min_delta  # noqa: E731
        elif mode == "max":
            better = lambda new, old: new - old > min_delta  # noqa: E731
        else:
            raise ValueError(mode)
        if patience < 1:
            raise ValueError("patience")
        if min_delta < 0:
            raise ValueError("min_delta")
        self.w = watcher(patience, better)
        next(self.w)
        self.state = (False, None, None)

    def step(self, value):
        self.state = self.w.send(value)
        return np.bool_(self.state[0])

    stopped = property(lambda self: self.state[0])
    best = property(lambda self: self.state[1])
    best_epoch = property(lambda self: self.state[2])
