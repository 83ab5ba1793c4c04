import numpy as np


def scaled_dot_product_attention(
    query: np.ndarray, key: np.ndarray, value: np.ndarray, mask: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Output (..., L, V) and weights (..., L, S); mask True = may attend."""
    # TODO: think of a query that may attend to nothing
    raise NotImplementedError("scaled_dot_product_attention")


def attention_pooling(x: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """The rows of x (..., L, D) averaged with softmax(scores) over L: (..., D)."""
    x = np.asarray(x)
    if x.dtype != np.float32:
        x = x.astype(np.float64)
    scores = np.asarray(scores, dtype=x.dtype)
    if x.ndim < 2 or x.shape[:-1] != scores.shape:
        raise ValueError("scores must have one entry per row of x")
    result = np.zeros(x.shape[:-2] + (x.shape[-1],), dtype=x.dtype)
    if scores.shape[-1] == 0:
        return result
    scores = scores - np.amax(scores, axis=-1)[..., None]
    weights = np.exp(scores)
    weights /= weights.sum(-1)[..., None]
    for i in range(scores.shape[-1]):
        result += weights[..., i, None] * x[..., i, :]
    return result
