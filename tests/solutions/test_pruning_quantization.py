"""Pruning and quantization against PyTorch's own, and against the bounds that define them."""

import math

import numpy as np
import pytest
import torch
from torch.nn.utils import prune

DTYPES = [np.float32, np.float64]


def normal(*shape, seed=0, dtype=np.float64):
    return np.random.default_rng(seed).normal(0, 2, shape).astype(dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(7,), (4, 5), (2, 3, 2, 2)])
@pytest.mark.parametrize("sparsity", [0.0, 0.25, 0.5, 0.9, 1.0])
def test_prune_equals_pytorch(reference, dtype, shape, sparsity):
    weights = normal(*shape, dtype=dtype)
    before = weights.copy()
    pruned, mask = reference.magnitude_prune(weights, sparsity)
    assert (pruned.dtype, mask.dtype, mask.shape) == (dtype, bool, shape)
    amount = math.floor(sparsity * weights.size)
    want = prune.L1Unstructured(amount).compute_mask(torch.tensor(weights), torch.ones(shape)).bool().numpy()
    np.testing.assert_array_equal(mask, want)
    np.testing.assert_array_equal(pruned, np.where(want, weights, 0))
    np.testing.assert_array_equal(weights, before)


def test_prune_goes_by_magnitude_over_the_whole_array(reference):
    weights = np.array([[-10.0, 9.0, -8.0], [0.3, -0.2, 0.1]])
    pruned, mask = reference.magnitude_prune(weights, 0.5)
    assert pruned.tolist() == [[-10.0, 9.0, -8.0], [0.0, 0.0, 0.0]]
    assert not np.signbit(pruned[1]).any()
    assert mask.tolist() == [[True] * 3, [False] * 3]


@pytest.mark.parametrize("count", range(7))
def test_prune_takes_the_earlier_of_equals(reference, count):
    weights = np.array([[1.0, -1.0, 1.0], [-1.0, 0.5, 1.0]])
    order = [4, 0, 1, 2, 3, 5]
    pruned, mask = reference.magnitude_prune(weights, (count + 0.5) / 6 if count < 6 else 1.0)
    assert np.flatnonzero(~mask).tolist() == sorted(order[:count])
    assert np.count_nonzero(pruned) == 6 - count


def test_prune_takes_every_order_of_memory(reference):
    weights = np.asfortranarray(np.ones((3, 3)))
    _, mask = reference.magnitude_prune(weights, 4 / 9 + 1e-9)
    assert mask.tolist() == [[False] * 3, [False, True, True], [True] * 3]


def test_prune_keeps_no_tie_with_a_threshold(reference):
    _, mask = reference.magnitude_prune(np.full(1000, 0.7), 0.375)
    assert mask.sum() == 625


def test_prune_integers_lists_and_nothing(reference):
    pruned, mask = reference.magnitude_prune([3, -1, 2, 0], 0.5)
    assert (pruned.dtype, pruned.tolist(), mask.tolist()) == (np.float64, [3, 0, 2, 0], [True, False, True, False])
    pruned, mask = reference.magnitude_prune(np.zeros((0, 2)), 0.5)
    assert pruned.shape == mask.shape == (0, 2)


@pytest.mark.parametrize("sparsity", [-0.1, 1.1, math.nan])
def test_bad_sparsity_raises(reference, sparsity):
    with pytest.raises(ValueError, match="sparsity"):
        reference.magnitude_prune(np.ones(3), sparsity)


@pytest.mark.filterwarnings("ignore:torch.quantize_per_tensor")
@pytest.mark.parametrize("shift", [0.0, 5.0, -5.0, 100.0])
@pytest.mark.parametrize("shape", [(50,), (4, 5, 3), (1,)])
def test_quantize_equals_pytorch(reference, shape, shift):
    x = normal(*shape, dtype=np.float32) + np.float32(shift)
    q, scale, zero_point = reference.quantize_affine(x)
    low, high = min(x.min(), 0), max(x.max(), 0)
    assert scale.dtype == np.float32
    assert float(scale) == pytest.approx((float(high) - float(low)) / 255)
    assert type(zero_point) is int
    assert zero_point == round(-float(low) / float(scale))
    want = torch.quantize_per_tensor(torch.tensor(x), float(scale), zero_point, torch.quint8)
    np.testing.assert_array_equal(q, want.int_repr().numpy())
    np.testing.assert_allclose(reference.dequantize(q, scale, zero_point), want.dequantize().numpy(), rtol=1e-6)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("num_bits", [1, 2, 4, 7, 8, 9, 16, 17, 31, 32])
@pytest.mark.parametrize("shift", [0.0, 30.0, -30.0])
def test_quantize_and_back(reference, dtype, num_bits, shift):
    x = (normal(3, 40, seed=num_bits) + shift).astype(dtype)
    x[0, 0] = 0
    before = x.copy()
    q, scale, zero_point = reference.quantize_affine(x, num_bits)
    assert q.dtype == np.dtype(f"uint{8 if num_bits <= 8 else 16 if num_bits <= 16 else 32}")
    assert q.shape == x.shape
    assert scale.dtype == dtype
    assert np.ndim(scale) == 0
    assert type(zero_point) is int
    assert q[0, 0] == zero_point
    assert 0 <= zero_point <= 2**num_bits - 1
    assert q.max() <= 2**num_bits - 1
    back = reference.dequantize(q, scale, zero_point)
    assert back.dtype == dtype
    assert back[0, 0] == 0
    rounding = 4 * np.finfo(dtype).eps * np.abs(x).max()
    assert np.abs(back.astype(np.float64) - x).max() <= scale / 2 + rounding
    np.testing.assert_array_equal(x, before)


def test_quantize_uses_the_whole_range(reference):
    for x in ([0.0, 255.0], [-255.0, 0.0], [-55.0, 200.0]):
        q, scale, zero_point = reference.quantize_affine(np.array(x))
        assert (q.tolist(), float(scale), zero_point) == ([0, 255], 1.0, int(-x[0]))


def test_quantize_rounds_to_even_and_clips(reference):
    q, scale, zero_point = reference.quantize_affine(np.array([0.5, 1.5, 2.5, 255.0]))
    assert (q.tolist(), float(scale), zero_point) == ([0, 2, 2, 255], 1.0, 0)
    q, _, zero_point = reference.quantize_affine(np.array([-1.5, 1.5]), num_bits=1)
    assert zero_point == 0
    assert q.tolist() == [0, 0]
    q, _, zero_point = reference.quantize_affine(np.array([-1.5, 1.5]), num_bits=2)
    assert zero_point == 2
    assert q.tolist() == [0, 3]


@pytest.mark.parametrize("dtype", DTYPES)
def test_all_zero_and_constant(reference, dtype):
    q, scale, zero_point = reference.quantize_affine(np.zeros((2, 2), dtype=dtype))
    assert (q.tolist(), scale, scale.dtype, zero_point) == ([[0, 0], [0, 0]], 1, dtype, 0)
    for value, level, zero in [(51.0, 255, 0), (-51.0, 0, 255)]:
        q, scale, zero_point = reference.quantize_affine(np.full(3, value, dtype=dtype))
        assert q.tolist() == [level] * 3
        assert float(scale) == pytest.approx(0.2)
        assert zero_point == zero
        np.testing.assert_allclose(reference.dequantize(q, scale, zero_point), value, rtol=1e-6)


def test_values_below_the_smallest_scale_become_zero(reference):
    tiny = np.array([np.finfo(np.float32).smallest_subnormal], dtype=np.float32)
    q, scale, zero_point = reference.quantize_affine(tiny)
    assert (q.tolist(), scale, zero_point) == ([0], 1, 0)


def test_integers_and_lists_become_float64(reference):
    q, scale, zero_point = reference.quantize_affine([-1, 0, 2], num_bits=2)
    assert (q.tolist(), q.dtype, scale, scale.dtype, zero_point) == ([0, 1, 3], np.uint8, 1.0, np.float64, 1)
    back = reference.dequantize([0, 1, 3], 0.5, 1)
    assert (back.tolist(), back.dtype) == ([-0.5, 0.0, 1.0], np.float64)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.uint32])
def test_dequantize_does_not_wrap_around(reference, dtype):
    q = np.array([0, 3, 200], dtype=dtype)
    back = reference.dequantize(q, np.float32(0.25), 128)
    assert (back.tolist(), back.dtype) == ([-32.0, -31.25, 18.0], np.float32)
    assert q.tolist() == [0, 3, 200]


@pytest.mark.parametrize("num_bits", [0, -1, 33])
def test_bad_num_bits_raises(reference, num_bits):
    with pytest.raises(ValueError, match="num_bits"):
        reference.quantize_affine(np.ones(3), num_bits)


@pytest.mark.parametrize("x", [[], np.ones((0, 3)), [1.0, math.nan], [math.inf, 0.0], [-math.inf]])
def test_empty_or_non_finite_raises(reference, x):
    with pytest.raises(ValueError, match=r"empty|nan or inf"):
        reference.quantize_affine(x)
