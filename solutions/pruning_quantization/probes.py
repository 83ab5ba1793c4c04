"""The parts of an answer one by one, so that a mistake in one part costs no points of another."""

import numpy as np


def _parts(answer, count, names):
    if not isinstance(answer, (tuple, list)) or len(answer) != count:
        raise TypeError(f"the function should return {names}, not a {type(answer).__name__}")
    return answer


def pruned_weights(module, weights, sparsity):
    """The pruned weights."""
    return _parts(module.magnitude_prune(weights, sparsity), 2, "(pruned, mask)")[0]


def kept_mask(module, weights, sparsity):
    """The mask of the weights that are kept."""
    return _parts(module.magnitude_prune(weights, sparsity), 2, "(pruned, mask)")[1]


def quantized_levels(module, x, *num_bits):
    """The quantized levels."""
    return _parts(module.quantize_affine(x, *num_bits), 3, "(q, scale, zero_point)")[0]


def quantization_scale(module, x, *num_bits):
    """The scale of a quantization. As an array without dimensions, which has a dtype even if the scale is a Python
    float."""
    return np.asarray(_parts(module.quantize_affine(x, *num_bits), 3, "(q, scale, zero_point)")[1])


def quantization_zero_point(module, x, *num_bits):
    """The zero point of a quantization."""
    return _parts(module.quantize_affine(x, *num_bits), 3, "(q, scale, zero_point)")[2]
