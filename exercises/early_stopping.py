"""Early stopping

Watch one number a training epoch, such as the validation loss, and say when it has not improved for too long.

`EarlyStopping(patience=3, min_delta=0.0, mode="min")` watches a number that should fall (mode "min") or rise ("max").

- `step(value)` is called once an epoch, epochs 0, 1, 2, … It returns True when training should stop: once `patience`
  epochs in a row have brought no improvement. Otherwise it returns False.
- An epoch is an improvement if value is better than `best` by *more* than min_delta. The first value always is one.
- NaN (a loss that blew up) counts as an epoch and never is an improvement, not even as the first value.
- `best` is the value of the last improvement and `best_epoch` its epoch; both are None before the first improvement
  and move only on an improvement.
- `stopped` is False at first and True from the `step` that returns True. After that every `step` returns True and
  changes nothing, whatever the value.

Values are numbers, no NumPy is needed. patience below 1, min_delta below 0 and any other mode raise ValueError.

>>> stopper = EarlyStopping(patience=2)
>>> [stopper.step(loss) for loss in (0.9, 0.7, 0.8, 0.75)]
[False, False, False, True]
>>> stopper.best, stopper.best_epoch, stopper.stopped
(0.7, 1, True)
"""


class EarlyStopping:
    """Says when a watched number has not improved for `patience` epochs."""

    def __init__(self, patience: int = 3, min_delta: float = 0.0, mode: str = "min"):
        """Nothing seen yet: best and best_epoch are None, stopped is False."""
        # TODO
        raise NotImplementedError("EarlyStopping.__init__")

    def step(self, value: float) -> bool:
        """Take the value of the next epoch; True if training should stop."""
        # TODO
        raise NotImplementedError("EarlyStopping.step")
