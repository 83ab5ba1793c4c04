import numpy as np


def magnitude_prune(weights: np.ndarray, sparsity: float) -> tuple[np.ndarray, np.ndarray]:
    weights = np.asarray(weights)
    if not np.issubdtype(weights.dtype, np.floating):
        weights = weights.astype(np.float64)
    if sparsity < 0 or sparsity > 1:
        raise ValueError("sparsity must lie between 0 and 1")
    amount = int(np.floor(sparsity * weights.size))
    keep = np.ones(weights.size, dtype=np.bool_)
    magnitudes = np.abs(weights).ravel().copy()
    for _ in range(amount):
        smallest = int(np.argmin(magnitudes))
        keep[smallest] = False
        magnitudes[smallest] = np.inf
    keep = keep.reshape(weights.shape)
    return weights * keep, keep


def quantize_affine(x: np.ndarray, num_bits: int = 8) -> tuple[np.ndarray, np.floating, int]:
    """Unsigned integers of num_bits bits with the scale and zero point that turn them back."""
    # TODO
    raise NotImplementedError("quantize_affine")


def dequantize(q: np.ndarray, scale: np.floating, zero_point: int) -> np.ndarray:
    """The real values that q stands for."""
    # TODO
    raise NotImplementedError("dequantize")
