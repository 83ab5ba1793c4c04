"""Masked modelling: hide tokens, and score only what was hidden

A masked model sees its input with some tokens replaced by a mask token and is scored on guessing the hidden
ones.

1. `mask_tokens(tokens, mask_id, p, rng, special_ids=())` returns the tuple (corrupted, is_masked), both of the
   shape of `tokens`, an integer array of any shape. A position is masked where

       rng.random(tokens.shape) < p        (drawn for all positions, in one call)

   and its token is not in `special_ids`, a collection of ids that are never masked (it may be empty).
   `corrupted` holds `mask_id` at the masked positions and the tokens elsewhere, in the integer dtype of
   `tokens`; `is_masked` is boolean.
2. `masked_accuracy(predictions, tokens, is_masked)`: the fraction of the masked positions at which predictions
   equals tokens, a float. The three have one shape; predictions and tokens are ids.
3. `masked_mse(reconstruction, x, is_masked)`: the mean of (reconstruction − x)² over the selected elements.
   reconstruction and x have one shape, and the boolean is_masked has either this shape or that of its leading
   axes: for x of (N, L, D) a mask of (N, L) selects whole vectors of D elements.

Where nothing is masked, 2 and 3 are 0.0. What is not masked has no influence on either.

ValueError is raised by a p outside [0, 1) and by shapes that do not match as said. In `masked_mse` float32 and
float64 answer with a scalar of their own dtype (a Python float will do as well); integers and lists are
promoted to float64. No input is modified, and all randomness comes from `rng`.

>>> masked_mse([[1.0, 2.0], [3.0, 4.0]], [[0.0, 0.0], [3.0, 2.0]], [False, True]).item()
2.0
"""

from collections.abc import Collection

import numpy as np


def mask_tokens(
    tokens: np.ndarray, mask_id: int, p: float, rng: np.random.Generator, special_ids: Collection[int] = ()
) -> tuple[np.ndarray, np.ndarray]:
    """(corrupted, is_masked): the tokens with a fraction p hidden behind mask_id, and where they are."""
    # TODO
    raise NotImplementedError("mask_tokens")


def masked_accuracy(predictions: np.ndarray, tokens: np.ndarray, is_masked: np.ndarray) -> float:
    """The fraction of the masked positions at which the prediction is the token."""
    # TODO
    raise NotImplementedError("masked_accuracy")


def masked_mse(reconstruction: np.ndarray, x: np.ndarray, is_masked: np.ndarray) -> float:
    """The mean squared error over the masked elements."""
    # TODO
    raise NotImplementedError("masked_mse")
