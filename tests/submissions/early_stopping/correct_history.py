# Keeps the whole history and works everything out from it again.


def _improvements(values, min_delta, mode):
    found = []
    for epoch, v in enumerate(values):
        if v != v:  # NaN
            continue
        if not found:
            found.append(epoch)
            continue
        b = values[found[-1]]
        if mode == "min" and v < b - min_delta:
            found.append(epoch)
        elif mode == "max" and v > b + min_delta:
            found.append(epoch)
    return found


class EarlyStopping:
    def __init__(self, patience=3, min_delta=0.0, mode="min"):
        if patience < 1:
            raise ValueError("patience >= 1 please")
        if min_delta < 0:
            raise ValueError("min_delta >= 0 please")
        if mode != "min" and mode != "max":
            raise ValueError("unknown mode " + str(mode))
        self.settings = (patience, min_delta, mode)
        self.history = []

    def _best(self):
        found = _improvements(self.history, self.settings[1], self.settings[2])
        return found[-1] if found else None

    @property
    def best_epoch(self):
        return self._best()

    @property
    def best(self):
        epoch = self._best()
        return None if epoch is None else self.history[epoch]

    @property
    def stopped(self):
        last = self._best()
        bad = len(self.history) if last is None else len(self.history) - 1 - last
        return bad >= self.settings[0]

    def step(self, value):
        if not self.stopped:
            self.history.append(value)
        return self.stopped
