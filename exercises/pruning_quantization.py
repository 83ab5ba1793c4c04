"""Compression: magnitude pruning and affine quantization

1. `magnitude_prune(weights, sparsity)` → `(pruned, mask)`. Of all weights together, whatever the shape, exactly
   ⌊sparsity · size⌋ are set to zero: those of the smallest |w|. Among equals the earlier position, in the order of
   `weights.ravel()`, goes first. mask is boolean, of the shape of weights, True where a weight was kept; a kept weight
   is unchanged.
2. `quantize_affine(x, num_bits=8)` → `(q, scale, zero_point)`. An array of any shape is mapped to the integers
   0..2^b−1:

       low, high   = the smallest range that holds every x and also 0
       scale       = (high − low) / (2^b − 1)
       zero_point  = clip(rint(−low / scale), 0, 2^b − 1)
       q           = clip(rint(x / scale) + zero_point, 0, 2^b − 1)

   so 0.0 is mapped to zero_point exactly. q has the shape of x and the smallest of uint8, uint16 and uint32 that holds
   num_bits, which is 1 to 32. scale is a scalar of the dtype of x, and zero_point an int. An all-zero x gives scale 1
   and zero_point 0. Where float32 is too coarse for 2^b − 1 (which it rounds to 2^32 for b = 32), compute in float64.
3. `dequantize(q, scale, zero_point)` → scale · (q − zero_point), in the dtype of scale (a Python float counts as
   float64). Every x comes back from q with an error of at most scale / 2, up to rounding of its own dtype.

float32 and float64 keep their dtype, in `pruned`, `scale` and what `dequantize` returns; integers and lists become
float64. These raise ValueError: a sparsity outside [0, 1]; an empty x or one with nan or inf in `quantize_affine`;
num_bits outside 1..32. No input is modified.

>>> pruned, mask = magnitude_prune(np.array([[0.5, -2.0], [-0.25, 1.0]]), 0.5)
>>> pruned.tolist(), mask.tolist()
([[0.0, -2.0], [0.0, 1.0]], [[False, True], [False, True]])
>>> q, scale, zero_point = quantize_affine(np.array([-1.0, 0.0, 0.6, 6.5]), num_bits=4)
>>> q.tolist(), float(scale), zero_point, dequantize(q, scale, zero_point).tolist()
([0, 2, 3, 15], 0.5, 2, [-1.0, 0.0, 0.5, 6.5])
"""

import numpy as np


def magnitude_prune(weights: np.ndarray, sparsity: float) -> tuple[np.ndarray, np.ndarray]:
    """The weights with the smallest magnitudes set to zero, and the mask of those kept."""
    # TODO
    raise NotImplementedError("magnitude_prune")


def quantize_affine(x: np.ndarray, num_bits: int = 8) -> tuple[np.ndarray, np.floating, int]:
    """Unsigned integers of num_bits bits with the scale and zero point that turn them back."""
    # TODO
    raise NotImplementedError("quantize_affine")


def dequantize(q: np.ndarray, scale: np.floating, zero_point: int) -> np.ndarray:
    """The real values that q stands for."""
    # TODO
    raise NotImplementedError("dequantize")
