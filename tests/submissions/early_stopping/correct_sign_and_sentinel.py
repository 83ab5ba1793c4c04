class EarlyStopping(object):
    MODES = {"min": 1.0, "max": -1.0}

    def __init__(self, patience: int = 3, min_delta: float = 0.0, mode: str = "min"):
        if mode not in self.MODES:
            raise ValueError(f"bad mode: {mode}")
        if patience < 1 or min_delta < 0:
            raise ValueError("patience must be >= 1 and min_delta >= 0")
        self._sign = self.MODES[mode]
        self._lowest = float("inf")
        self._delta = min_delta
        self._left = self._patience = patience
        self._epoch = 0
        self.best = self.best_epoch = None
        self.stopped = False

    def step(self, value: float) -> bool:
        if self.stopped:
            return True
        epoch, self._epoch = self._epoch, self._epoch + 1
        score = self._sign * value
        # NaN < x is False, so NaN lands in the other branch
        if score < self._lowest - self._delta:
            self._lowest = score
            self.best, self.best_epoch = value, epoch
            self._left = self._patience
            return False
        self._left -= 1
        if self._left == 0:
            self.stopped = True
        return self.stopped
