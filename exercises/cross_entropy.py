"""Cross-entropy of logits and its gradient

A classifier gives each of N samples K real scores (logits z); the target is the id of the right class:

    loss = −(1/N) Σ_n log softmax(z_n)[target_n],    softmax(z)_k = exp(z_k) / Σ_j exp(z_j)

1. `cross_entropy(logits, targets)` takes logits (N, K) and integer targets (N,), the natural logarithm, and
   returns the mean loss as a scalar of the logits' dtype. It is right and finite for any finite logits, also
   for ±1000 and also when the right class has the lower one.
2. `cross_entropy_backward(logits, targets)` returns ∂loss/∂logits, of shape (N, K) and the logits' dtype.

Logits are raw scores, not probabilities. float32 and float64 keep their dtype; integers and lists become
float64. Targets may be a list or an array of any integer dtype. N ≥ 1.

ValueError: logits that are not 2-D, no samples at all, targets that are not 1-D of length N, targets that are
not integers (one-hot rows, floats), a target below 0 or at least K. No input is modified.

>>> round(float(cross_entropy(np.array([[2.0, 1.0, 0.0], [0.0, 0.0, 0.0]]), np.array([0, 2]))), 4)
0.7531
"""

import numpy as np


def cross_entropy(logits: np.ndarray, targets: np.ndarray) -> np.floating:
    """The mean over N of −log softmax(logits)[target], a scalar."""
    # TODO
    raise NotImplementedError("cross_entropy")


def cross_entropy_backward(logits: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """The gradient of the mean loss with respect to the logits, (N, K)."""
    # TODO
    raise NotImplementedError("cross_entropy_backward")
