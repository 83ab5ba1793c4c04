"""The hidden suite of the encoder layer. Points: positions 30, causal mask 15, EncoderLayer 55."""

import numpy as np
import pytest
import torch

EMBED, HEADS, HIDDEN = 6, 2, 5
SIZES = [EMBED, HEADS, HIDDEN]
SHAPES = {
    "attention.in_proj_weight": (3 * EMBED, EMBED),
    "attention.in_proj_bias": (3 * EMBED,),
    "attention.out_proj.weight": (EMBED, EMBED),
    "attention.out_proj.bias": (EMBED,),
    "norm1.weight": (EMBED,),
    "norm1.bias": (EMBED,),
    "norm2.weight": (EMBED,),
    "norm2.bias": (EMBED,),
    "linear1.weight": (HIDDEN, EMBED),
    "linear1.bias": (HIDDEN,),
    "linear2.weight": (EMBED, HIDDEN),
    "linear2.bias": (EMBED,),
}
# A decoder's layer whose second attention is all zeros is an encoder's.
own_layer = pytest.mark.not_allowed("torch.nn.TransformerEncoderLayer", "torch.nn.TransformerDecoderLayer")
POST, PRE = {}, {"norm_first": True}


def tensor(rng, *shape, dtype=torch.float64):
    return torch.from_numpy(rng.normal(size=shape)).to(dtype)


def parameters(rng, dtype=torch.float64):
    return {name: 0.6 * tensor(rng, *shape, dtype=dtype) for name, shape in SHAPES.items()}


def some_mask(rng, length):
    """A mask without symmetry in which every row, and every row of its opposite, allows a position."""
    allowed = rng.random((length, length)) < 0.5
    own = np.arange(length)
    allowed[own, (own + 1) % length] = True
    allowed[own, (own + 2) % length] = False
    return torch.from_numpy(allowed)


@pytest.mark.points(14)
@pytest.mark.hint("Column 2i holds sin(pos / 10000^(2i/dim)), column 2i + 1 the cosine of the same angle.")
def test_positions(agree, rng):
    """Sine on even columns and cosine on odd ones, wavelengths up to 10000·2π."""
    agree("sinusoidal_positions", int(rng.integers(4, 60)), 6, atol=1e-4)
    agree("sinusoidal_positions", 3, 2 * int(rng.integers(4, 60)), atol=1e-4)


@pytest.mark.points(5)
@pytest.mark.hint("The first position is 0, and sin 0 = 0, cos 0 = 1.")
def test_first_position(agree, rng):
    """The first row belongs to position 0."""
    agree("sinusoidal_positions", 1, 2 * int(rng.integers(2, 200)), atol=1e-4)


@pytest.mark.points(4)
@pytest.mark.hint("Build the angles by broadcasting: positions in a column, wavelengths in a row.")
def test_many_positions(agree, rng):
    """A longer sequence with more columns."""
    agree("sinusoidal_positions", int(rng.integers(30, 200)), 16, atol=1e-4)


@pytest.mark.points(7)
@pytest.mark.hint("An odd dim has one sine more than cosines.")
@pytest.mark.parametrize("dim", [1, 5])
def test_odd_dim(agree, rng, dim):
    """The odd dim {dim} ends in a sine."""
    agree("sinusoidal_positions", int(rng.integers(3, 200)), dim, atol=1e-4)


@pytest.mark.points(12)
@pytest.mark.hint("Row i is the position that looks, column j the one looked at: True where j ≤ i.")
def test_causal_mask(agree, rng):
    """Position i may attend to itself and to everything before it."""
    agree("causal_mask", int(rng.integers(3, 120)))


@pytest.mark.points(3)
@pytest.mark.hint("Who may attend to nothing gets 0/0 in softmax.")
def test_causal_mask_of_one_position(agree):
    """The only position may attend to itself."""
    agree("causal_mask", 1)


@own_layer
@pytest.mark.points(5)
@pytest.mark.hint("attention, norm1, norm2, linear1 and linear2 hold all parameters, with PyTorch's default settings.")
def test_parameters(agree):
    """The layer has the parameters of its five submodules and no others."""
    agree("encoder_parameters", SIZES, list(SHAPES))


@own_layer
@pytest.mark.points(3)
@pytest.mark.hint(
    "A Transformer reads all positions at once: that is what attention and the position encodings are for."
)
@pytest.mark.reveals("recurrent_layer")
def test_no_recurrent_layer(agree):
    """There is no recurrent layer inside."""
    agree("encoder_recurrent_layers", SIZES)


@own_layer
@pytest.mark.points(10)
@pytest.mark.hint("By default: h = norm1(x + attention(x)), output = norm2(h + feed_forward(h)).")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])
def test_post_norm(agree, rng, dtype):
    """With norm_first=False the norms follow the residual sums."""
    agree("encoder_output", SIZES, POST, parameters(rng, dtype), tensor(rng, 3, 4, EMBED, dtype=dtype))


@own_layer
@pytest.mark.points(8)
@pytest.mark.hint("With norm_first=True: h = x + attention(norm1(x)), output = h + feed_forward(norm2(h)).")
def test_pre_norm(agree, rng):
    """With norm_first=True the norms come first in each branch."""
    agree("encoder_output", SIZES, PRE, parameters(rng), tensor(rng, 3, 4, EMBED))
    agree("encoder_output", SIZES, PRE, parameters(rng), tensor(rng, 1, 4, EMBED))


@own_layer
@pytest.mark.points(8)
@pytest.mark.hint("What does True mean in the attn_mask of nn.MultiheadAttention?")
@pytest.mark.parametrize("norm_first", [False, True])
def test_mask(agree, rng, norm_first):
    """The mask says what may be attended to (norm_first={norm_first})."""
    options = PRE if norm_first else POST
    agree("encoder_output", SIZES, options, parameters(rng), tensor(rng, 3, 4, EMBED), some_mask(rng, 4))


@own_layer
@pytest.mark.points(2)
@pytest.mark.hint("A float mask is added to the scores: only −∞ outweighs them all. A boolean mask needs no number.")
def test_blocked_scores_far_above(agree, rng):
    """Blocked positions get no weight even where their scores lie far above the others."""
    given, x, blocked = parameters(rng), tensor(rng, 2, 5, EMBED), torch.tensor([False, True, False, False, True])
    queries, keys, values = given["attention.in_proj_weight"].chunk(3)
    queries *= 0.1
    given["attention.in_proj_bias"][:EMBED] = 1.0
    x[..., 0] = blocked.to(x.dtype)  # which the keys alone take notice of
    queries[:, 0], keys[:, 0], values[:, 0] = 0.0, 20000.0, 0.0
    agree("encoder_output", SIZES, POST, given, x, (~blocked).expand(5, 5).clone())


@own_layer
@pytest.mark.points(3)
@pytest.mark.hint("Without dropout nothing depends on the mode.")
def test_evaluation_mode(agree, rng):
    """After eval() and without gradients the layer answers the same."""
    agree("encoder_output", SIZES, POST, parameters(rng), tensor(rng, 3, 4, EMBED), some_mask(rng, 4), training=False)


@own_layer
@pytest.mark.points(8)
@pytest.mark.hint("Every one of the five submodules takes part, on a path of torch operations from x to the output.")
@pytest.mark.parametrize("norm_first", [False, True])
def test_gradients(agree, rng, norm_first):
    """Gradients reach x and every parameter (norm_first={norm_first})."""
    agree("encoder_gradients", SIZES, PRE if norm_first else POST, parameters(rng), tensor(rng, 2, 4, EMBED))


@own_layer
@pytest.mark.points(3)
@pytest.mark.hint("`x += …` and methods that end in an underscore write into the caller's tensor.")
@pytest.mark.reveals("modified_in_place")
@pytest.mark.parametrize("norm_first", [False, True])
def test_inputs_are_left_alone(agree, rng, norm_first):
    """Neither x nor the mask is modified (norm_first={norm_first})."""
    options = PRE if norm_first else POST
    x, mask = tensor(rng, 2, 4, EMBED), some_mask(rng, 4)
    agree("encoder_output", SIZES, options, parameters(rng), x, mask, part="arguments after the call")


@pytest.mark.points(4)
@pytest.mark.hint("Check embed_dim against num_heads before building anything.")
def test_heads_that_do_not_divide(agree):
    """An embed_dim that num_heads does not divide is refused."""
    agree("encoder_construction", [EMBED, 4, HIDDEN], any_error=True)


@pytest.mark.points(1)
def test_shape_of_the_mask(agree, rng):
    """A mask for another length is refused."""
    agree("encoder_output", SIZES, POST, parameters(rng), tensor(rng, 2, 4, EMBED), some_mask(rng, 5), any_error=True)
