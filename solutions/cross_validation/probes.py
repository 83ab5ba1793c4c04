"""Probes of cross_validation: what cross_validate did with the models that it built.

The folds come with the call and stand in for the submission's own kfold_indices, so that a mistake there is not
counted a second time here.
"""

import numpy as np


class Recorder:
    """Builds models and keeps, in order, what each call of fit and score was given."""

    def __init__(self):
        self.built = 0
        self.fitted = []  # (number of the model, x, y) for each call
        self.scored = []

    def build(self):
        self.built += 1
        return Model(self, self.built - 1)


class Model:
    """A model that remembers all it was ever fitted on."""

    def __init__(self, recorder, number):
        self.recorder, self.number, self.memory = recorder, number, 0.0

    def fit(self, x, y):
        self.recorder.fitted.append((self.number, np.array(x), np.array(y)))
        self.memory += float(np.sum(x)) + 3.0 * float(np.sum(y))
        return self

    def score(self, x, y):
        self.recorder.scored.append((self.number, np.array(x), np.array(y)))
        return 0.25 * self.memory + float(np.mean(x)) + 2.0 * float(np.mean(y))


def cross_validate(module, folds, x, y, n_splits):
    """All that one call of cross_validate did, and what it returned. Bears the function's own name, so that messages do
    too.

    The rows that each call of fit, and of score, was given; how many models were built and the numbers of those that
    were fitted and scored; the scores as one array.
    """
    recorder = Recorder()
    own = vars(module).get("kfold_indices")

    def kfold_indices(*args, **kwargs):
        if [value for value in (*args, *kwargs.values()) if value is not None] != [len(x), n_splits]:
            return own(*args, **kwargs)
        return [(train.copy(), validation.copy()) for train, validation in folds]

    module.kfold_indices = kfold_indices
    try:
        scores = module.cross_validate(recorder.build, x, y, n_splits)
    finally:
        if own is None:
            del module.kfold_indices
        else:
            module.kfold_indices = own
    return {
        "rows fitted": [[x, y] for _, x, y in recorder.fitted],
        "rows scored": [[x, y] for _, x, y in recorder.scored],
        "models": {
            "models built": recorder.built,
            "models fitted": [number for number, _, _ in recorder.fitted],
            "models scored": [number for number, _, _ in recorder.scored],
        },
        "scores": attempt(module, np.array, scores, dtype=float),
    }
