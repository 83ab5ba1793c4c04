import numpy as np


def dropout(x: np.ndarray, p: float, training: bool, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """x with each element dropped with probability p, and the 0/1 mask of what was kept."""
    if not (p >= 0 and p < 1):
        raise ValueError("bad p")
    x = np.asarray(x)
    if x.dtype != np.float32:
        x = x.astype(np.float64)
    if training:
        mask = np.greater_equal(rng.random(x.shape), p).astype(x.dtype)
        return x / (1 - p) * mask, mask
    return x, np.ones_like(x)


def dropout_backward(grad_output: np.ndarray, mask: np.ndarray, p: float) -> np.ndarray:
    """∂L/∂x from grad_output = ∂L/∂output and the mask of the forward pass."""
    # TODO
    raise NotImplementedError("dropout_backward")
