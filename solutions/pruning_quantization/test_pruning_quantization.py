"""The hidden suite of pruning_quantization. Points: pruning 42, quantization 40, dequantization 18."""

import numpy as np
import pytest

DTYPES = [np.float64, np.float32]


def weights_for(rng, *shape, dtype=np.float64):
    """Weights whose magnitudes are all different, also in float32, and small in some rows and columns, large in others.

    The one furthest from 0 is negative.
    """
    size = int(np.prod(shape))
    tilted = rng.random(shape) + 2 * sum(np.indices(shape)[axis] / length for axis, length in enumerate(shape))
    ranks = np.argsort(np.argsort(tilted.ravel())).reshape(shape)
    signs = np.where(ranks == size - 1, -1.0, rng.choice([-1.0, 1.0], size=shape))
    weights = signs * (ranks + rng.uniform(0.2, 0.8, size=shape)) / 8
    return np.flip(weights, axis=int(rng.integers(len(shape)))).astype(dtype)


@pytest.mark.points(10)
@pytest.mark.hint("Sort the magnitudes |w| of all weights together, and set those at the front to zero.")
@pytest.mark.parametrize("dtype", DTYPES)
def test_pruned_weights(agree, rng, dtype):
    """The half of a matrix with the smallest magnitudes becomes zero ({dtype})."""
    agree("pruned_weights", weights_for(rng, 4, 6, dtype=dtype), 0.5)


@pytest.mark.points(5)
@pytest.mark.hint("A boolean array of the shape of weights, True where a weight was kept.")
def test_mask(agree, rng):
    """The mask says which weights were kept."""
    agree("kept_mask", weights_for(rng, 3, 8), 0.25)


@pytest.mark.points(4)
@pytest.mark.hint("Flatten the weights to rank them, and give the mask their shape again.")
@pytest.mark.parametrize("shape", [(16,), (2, 3, 4), (4, 2, 3, 3)])
def test_shapes(agree, rng, shape):
    """Weights of shape {shape} are pruned as one."""
    agree("pruned_weights", weights_for(rng, *shape), 0.75)


@pytest.mark.points(6)
@pytest.mark.hint("⌊sparsity·size⌋ weights go: the product is rounded down.")
@pytest.mark.parametrize("part", [0.3, 0.7])
def test_number_of_pruned_weights(agree, rng, part):
    """A product sparsity·size that is {part} over an integer is rounded down."""
    agree("pruned_weights", weights_for(rng, 4, 5), (int(rng.integers(6, 15)) + part) / 20)


@pytest.mark.points(8)
@pytest.mark.hint(
    "A threshold cannot tell equal magnitudes apart. A stable sort keeps them in the order of their positions."
)
@pytest.mark.parametrize("size", [12, 240])
def test_ties(agree, rng, size):
    """Among {size} weights with many equal magnitudes the exact number is pruned, earlier positions first."""
    weights = rng.choice([-1.5, -0.5, 0.5, 1.5], size=(3, size // 3))
    weights[:, :2] = [-0.5, 1.5]  # both magnitudes are there, and some of the smaller are kept
    small = int((np.abs(weights) == 0.5).sum())
    agree("kept_mask", weights, (small // 2 + 0.7) / size)
    agree("kept_mask", weights, (small + (size - small) // 2 + 0.7) / size)


@pytest.mark.points(3)
@pytest.mark.hint("Slices such as [:-count] and indices such as [count − 1] mean something else for count = 0.")
@pytest.mark.parametrize("sparsity", [0.0, 1.0])
def test_nothing_and_everything(agree, rng, sparsity):
    """A sparsity of {sparsity} prunes nothing or everything."""
    agree("pruned_weights", weights_for(rng, 3, 4), sparsity)


@pytest.mark.points(1)
def test_weights_in_lists(agree, rng):
    """Lists of integers become float64."""
    agree("pruned_weights", rng.permuted([[1, -2, 3, 4], [-5, 6, 7, -8]], axis=1).tolist(), 0.5)


@pytest.mark.points(3)
@pytest.mark.hint("Work on a copy: `weights[~mask] = 0` writes into the caller's array.")
@pytest.mark.reveals("modified_in_place")
def test_weights_are_left_alone(agree, rng):
    """The weights keep their values."""
    agree("inputs_after", "magnitude_prune", weights_for(rng, 3, 4), 0.5)


@pytest.mark.points(2)
@pytest.mark.parametrize("sparsity", [-0.25, 1.25])
def test_impossible_sparsity(agree, rng, sparsity):
    """A sparsity of {sparsity} raises ValueError."""
    agree("pruned_weights", weights_for(rng, 3, 4), sparsity)


def mixed(rng, num_bits, part, dtype=np.float64, size=30):
    """Values on both sides of 0, none close to a rounding tie; −low/scale lies `part` over an integer."""
    top = 2**num_bits - 1
    zero_point = int(rng.integers(max(1, top // 4), max(2, 3 * top // 4)))
    scale = rng.uniform(0.01, 0.1)
    low = -scale * (zero_point + part)
    inside = rng.integers(1 - zero_point, top - zero_point, size=size)
    fractions = rng.uniform(0.25, 0.4, size=size) * rng.choice([-1, 1], size=size)
    x = [low, low + scale * top, 0.0, *(scale * (inside + fractions))]
    return rng.permutation(x).astype(dtype)


def parts(rng):
    """Two fractions to lie over an integer, one of them rounded up."""
    return [rng.uniform(0.2, 0.35), -rng.uniform(0.2, 0.35)]


@pytest.mark.points(8)
@pytest.mark.hint("Divide by the scale, round with np.rint, then add the zero point.")
@pytest.mark.parametrize("dtype", DTYPES)
def test_levels(agree, rng, dtype):
    """Values on both sides of 0 are mapped to the right 8-bit levels ({dtype})."""
    for part in parts(rng):
        agree("quantized_levels", mixed(rng, 8, part, dtype))


@pytest.mark.points(5)
@pytest.mark.hint("2^b levels have 2^b − 1 steps between them.")
@pytest.mark.parametrize("dtype", DTYPES)
def test_scale(agree, rng, dtype):
    """The scale is the width of the range divided by the number of steps ({dtype})."""
    agree("quantization_scale", mixed(rng, 8, parts(rng)[0], dtype))


@pytest.mark.points(5)
@pytest.mark.hint("The zero point is the level of 0.0: an integer, rounded as all levels are.")
def test_zero_point(agree, rng):
    """The zero point is the rounded level of 0.0, an int."""
    for part in parts(rng):
        agree("quantization_zero_point", mixed(rng, 8, part))


@pytest.mark.points(3)
@pytest.mark.hint("Nothing but 2^b − 1 depends on the number of bits.")
@pytest.mark.parametrize("num_bits", [2, 4, 12, 32])
def test_number_of_bits(agree, rng, num_bits):
    """Values are mapped to {num_bits}-bit levels."""
    for part in parts(rng):
        agree("quantized_levels", mixed(rng, num_bits, part).reshape(3, 11), num_bits)


@pytest.mark.points(3)
@pytest.mark.hint("uint8 up to 8 bits, uint16 up to 16, uint32 up to 32.")
@pytest.mark.parametrize("num_bits", [3, 8, 9, 16, 17])
def test_dtype_of_levels(agree, rng, num_bits):
    """{num_bits} bits go into the smallest unsigned dtype that holds them."""
    agree("quantized_levels", mixed(rng, num_bits, parts(rng)[0]), num_bits, exact_dtype=True)


@pytest.mark.points(1)
@pytest.mark.hint("With one bit there are two levels, 0 and 1, and one step between them.")
def test_one_bit(agree, rng):
    """Values are mapped to the two levels of a single bit."""
    width = rng.uniform(0.5, 2)
    agree("quantized_levels", width * np.array([-0.3, 0.7, *rng.uniform(-0.3, 0.4, 5), *rng.uniform(0.6, 0.7, 5)]), 1)


def one_sided(rng, sign):
    scale = rng.uniform(0.01, 0.1)
    fractions = rng.uniform(0.25, 0.4, size=20) * rng.choice([-1, 1], size=20)
    return sign * scale * np.array([255.0, *(rng.integers(100, 250, size=20) + fractions)])


@pytest.mark.points(5)
@pytest.mark.hint("The range always holds 0: low is at most 0, and high at least 0.")
@pytest.mark.parametrize("sign", [1, -1])
def test_range_holds_zero(agree, rng, sign):
    """Where all values have the sign {sign} the range reaches to 0 all the same."""
    agree("quantize_affine", one_sided(rng, sign))


@pytest.mark.points(3)
@pytest.mark.hint("Rounding both x/scale and the zero point up can give 2^b: clip to 2^b − 1.")
def test_levels_are_clipped(agree, rng):
    """No level lies outside 0..2^b − 1, even if both roundings go up."""
    step = 2.0 ** int(rng.integers(-6, 2))  # exact in binary: the ties are ties in every order of computation
    x = step * np.array([-255.5, 255.5, 0.0, *(rng.integers(-200, 200, size=5) + 0.25)])
    agree("quantized_levels", x, 9)


@pytest.mark.points(3)
@pytest.mark.hint("A range of width 0 gives scale 0, and nothing can be divided by it.")
@pytest.mark.parametrize("dtype", DTYPES)
def test_all_zero(agree, rng, dtype):
    """An all-zero input gives scale 1 and zero point 0 ({dtype})."""
    agree("quantize_affine", np.zeros(rng.integers(2, 40, size=2), dtype=dtype))


@pytest.mark.points(1)
@pytest.mark.hint("The range from 0 to the constant has a width.")
def test_constant(agree, rng):
    """A constant other than 0 is an ordinary input."""
    constant = rng.choice([-1, 1]) * 255 / 2.0 ** int(rng.integers(5, 8))
    agree("quantize_affine", np.full(int(rng.integers(4, 200)), constant))
    agree("quantize_affine", np.array([constant]))


@pytest.mark.points(1)
@pytest.mark.parametrize("bad", ["empty", "nan", "inf"])
def test_bad_values(agree, rng, bad):
    """An input that is empty, or has a nan or an infinity in it, raises ValueError ({bad})."""
    x = rng.normal(size=5)
    x[2] = {"empty": 0.0, "nan": np.nan, "inf": -np.inf}[bad]
    agree("quantize_affine", x[:0] if bad == "empty" else x)


@pytest.mark.points(1)
@pytest.mark.parametrize("num_bits", [0, 33])
def test_impossible_number_of_bits(agree, rng, num_bits):
    """{num_bits} bits raise ValueError."""
    agree("quantize_affine", rng.normal(size=5), num_bits)


@pytest.mark.points(1)
@pytest.mark.hint("`x /= scale` and `x.clip(out=x)` write into the caller's array.")
@pytest.mark.reveals("modified_in_place")
def test_values_are_left_alone(agree, rng):
    """quantize_affine leaves x as it is."""
    agree("inputs_after", "quantize_affine", mixed(rng, 8, 0.3))


@pytest.mark.points(7)
@pytest.mark.hint("Subtract the zero point first, then multiply by the scale.")
@pytest.mark.parametrize("dtype", DTYPES)
def test_dequantize(agree, rng, dtype):
    """Levels at and above the zero point come back as scale·(q − zero_point), in the dtype of scale ({dtype})."""
    zero_point = int(rng.integers(5, 60))
    q = rng.integers(zero_point, 256, size=(4, 5)).astype(np.uint8)
    agree("dequantize", q, dtype(rng.uniform(0.01, 0.1)), zero_point)


@pytest.mark.points(7)
@pytest.mark.hint("An unsigned integer has no negative values: what is uint8(3) − 5?")
@pytest.mark.parametrize(("num_bits", "store"), [(8, np.uint8), (16, np.uint16), (32, np.uint32)])
def test_dequantize_below_zero(agree, rng, num_bits, store):
    """Levels below the zero point come back as negative values ({num_bits} bits)."""
    zero_point = int(rng.integers(2 ** (num_bits - 2), 2 ** (num_bits - 1)))
    q = rng.integers(0, 2**num_bits, size=20).astype(store)
    q[3], q[7] = 0, zero_point
    agree("dequantize", q, np.float64(rng.uniform(0.01, 0.1)), zero_point)


@pytest.mark.points(3)
def test_dequantize_with_zero_point_0(agree, rng):
    """With zero point 0 the levels are multiples of the scale."""
    agree("dequantize", rng.integers(0, 16, size=6).astype(np.uint8), np.float32(rng.uniform(0.1, 1)), 0)


@pytest.mark.points(1)
@pytest.mark.reveals("modified_in_place")
def test_levels_are_left_alone(agree, rng):
    """dequantize leaves q as it is."""
    agree("inputs_after", "dequantize", rng.integers(50, 256, size=6).astype(np.uint8), np.float64(0.25), 50)
