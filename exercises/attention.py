"""Scaled dot-product attention and attention pooling

Attention averages values with weights that say how well each key answers a query:

    weights = softmax(query · keyᵀ / √D)   over the S keys,     output = weights · value

1. `scaled_dot_product_attention(query, key, value, mask=None)` → `(output, weights)`
   with query (..., L, D), key (..., S, D), value (..., S, V), weights (..., L, S), output (..., L, V), D ≥ 1.
   `mask` is boolean, True = this query may attend to this key. It broadcasts to the shape of weights, so (L, S),
   (S,) and (L, 1) are all fine. A key that is masked out gets weight 0, however large or small the scores are, and
   the weights of the others sum to one.
   A query with nothing to attend to (all keys masked, or S = 0) gets weights and an output of zeros, never NaN.
   The leading dimensions `...` of query, key and value broadcast as in `np.matmul`; those of weights are what
   query and key broadcast to.
2. `attention_pooling(x, scores)` with x (..., L, D) and scores (..., L) returns (..., D): the sum over L of the rows
   of x, weighted by the softmax of the scores over L. The leading dimensions are the same for both; L = 0 gives zeros.

Both stay finite for scores as large as ±1000. float32 and float64 keep their dtype; integers and lists become float64.

ValueError: query, key or value of fewer than two dimensions, D or S that do not match, leading dimensions that do
not broadcast, a mask that is not boolean or does not broadcast to the shape of weights; for pooling, an x of
fewer than two dimensions or scores of any shape but x.shape[:-1]. No input is modified.

>>> query, key, value = np.eye(2), np.eye(2), np.array([[10.0, 0.0], [0.0, 10.0]])
>>> output, weights = scaled_dot_product_attention(query, key, value, mask=np.array([[True, True], [False, True]]))
>>> weights.round(4).tolist(), output.round(4).tolist()
([[0.6698, 0.3302], [0.0, 1.0]], [[6.6976, 3.3024], [0.0, 10.0]])
"""

import numpy as np


def scaled_dot_product_attention(
    query: np.ndarray, key: np.ndarray, value: np.ndarray, mask: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Output (..., L, V) and weights (..., L, S); mask True = may attend."""
    # TODO: think of a query that may attend to nothing
    raise NotImplementedError("scaled_dot_product_attention")


def attention_pooling(x: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """The rows of x (..., L, D) averaged with softmax(scores) over L: (..., D)."""
    # TODO
    raise NotImplementedError("attention_pooling")
