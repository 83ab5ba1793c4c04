"""The hidden suite of rnn_cell. Points: rnn_cell 48, rnn 52."""

import pytest
import torch

# A GRU whose gates are held open by large biases is this cell.
CELLS = ("torch.nn.RNNCell", "torch.rnn_tanh_cell", "torch.nn.GRUCell", "torch.gru_cell")
SEQUENCES = ("torch.nn.RNN", "torch.rnn_tanh", "torch.nn.GRU", "torch.gru")


def own_cell(test):
    """A library's cell counts anywhere; a library's sequence, of one step, while the cell runs."""
    return pytest.mark.not_allowed(*CELLS)(pytest.mark.not_allowed_within(*SEQUENCES)(test))


own_sequence = pytest.mark.not_allowed(*SEQUENCES)


def draw(rng, *shape, dtype=torch.float64):
    return torch.from_numpy(rng.normal(size=shape)).to(dtype)


def step(rng, batch, features, hidden, dtype=torch.float64):
    """x, h and the four parameters of a cell."""
    shapes = [(batch, features), (batch, hidden), (hidden, features), (hidden, hidden), (hidden,), (hidden,)]
    return [draw(rng, *shape, dtype=dtype) for shape in shapes]


def sequence(rng, batch, steps, features, hidden, dtype=torch.float64):
    """x, h0 and the four parameters of a recurrent network."""
    _, *rest = step(rng, batch, features, hidden, dtype)
    return [draw(rng, batch, steps, features, dtype=dtype), *rest]


@own_cell
@pytest.mark.points(16)
@pytest.mark.hint("Two products, two biases, one tanh. weight_ih is (H, D), so x·W needs its transpose.")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])
def test_cell(agree, rng, dtype):
    """One step of the cell in {dtype}."""
    agree("rnn_cell", *step(rng, 3, 4, 2, dtype))


@own_cell
@pytest.mark.points(9)
@pytest.mark.hint("Where D equals H, a weight that should be transposed raises no error: check which index is summed.")
@pytest.mark.parametrize(("batch", "features", "hidden"), [(1, 1, 1), (5, 2, 6), (2, 4, 4)])
def test_cell_sizes(agree, rng, batch, features, hidden):
    """One step with N = {batch}, D = {features}, H = {hidden}."""
    agree("rnn_cell", *step(rng, batch, features, hidden))


@own_cell
@pytest.mark.points(6)
@pytest.mark.hint("Each product has its own bias: b_ih belongs to the input, b_hh to the hidden state.")
def test_cell_biases(agree, rng):
    """With small weights the biases decide."""
    x, h, weight_ih, weight_hh, bias_ih, bias_hh = step(rng, 3, 4, 5)
    agree("rnn_cell", x, h, 0.1 * weight_ih, 0.1 * weight_hh, bias_ih, bias_hh)


@own_cell
@pytest.mark.points(12)
@pytest.mark.hint("Keep to torch operations, without detach, .data, .item() or torch.no_grad(), and autograd does it.")
def test_cell_gradients(agree, rng):
    """Gradients reach all six arguments of the cell and are right."""
    agree("gradients", "rnn_cell", *step(rng, 3, 4, 2))


@own_cell
@pytest.mark.points(3)
@pytest.mark.hint("Operations that end in an underscore, and `h[:] = …`, write into the caller's tensor.")
@pytest.mark.reveals("modified_in_place")
def test_cell_leaves_inputs_alone(agree, rng):
    """The arguments of the cell keep their values."""
    agree("inputs_after", "rnn_cell", *step(rng, 3, 4, 2))


@own_cell
@pytest.mark.points(2)
@pytest.mark.hint("Compare the shapes of state and weights with D and H; torch itself raises RuntimeError.")
@pytest.mark.parametrize("wrong", ["hidden", "features"])
def test_cell_shapes(agree, rng, wrong):
    """Shapes that do not fit each other are refused."""
    x, h, *rest = step(rng, 3, 4, 2)
    unfit = {"hidden": (x, draw(rng, 3, 5)), "features": (draw(rng, 3, 6), h)}[wrong]
    agree("rnn_cell", *unfit, *rest, any_error=True)


@own_sequence
@pytest.mark.points(14)
@pytest.mark.hint("Carry h from step to step along dimension 1 of x, and collect it after every step.")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])
def test_sequence(agree, rng, dtype):
    """A sequence of five steps in {dtype}."""
    agree("rnn", *sequence(rng, 3, 5, 4, 2, dtype))


@own_sequence
@pytest.mark.points(5)
@pytest.mark.hint("x is (N, T, D): the batch comes first, time second. Nothing may depend on which of them is larger.")
@pytest.mark.parametrize(("batch", "steps", "features", "hidden"), [(3, 3, 4, 4), (5, 2, 3, 4)])
def test_sequence_sizes(agree, rng, batch, steps, features, hidden):
    """{batch} sequences of {steps} steps with D = {features} and H = {hidden}."""
    agree("rnn", *sequence(rng, batch, steps, features, hidden))


@own_sequence
@pytest.mark.points(4)
@pytest.mark.hint("outputs[n, t] belongs to x[n, t]: the same sequence, the same step.")
def test_outputs_in_order(agree, rng):
    """Without recurrent weights each output depends on the input of its own step only."""
    x, h0, weight_ih, weight_hh, bias_ih, bias_hh = sequence(rng, 3, 4, 5, 2)
    agree("rnn", x, h0, weight_ih, 0 * weight_hh, bias_ih, bias_hh)


@own_sequence
@pytest.mark.points(2)
@pytest.mark.hint("squeeze() drops every dimension of size 1, the batch too: name the one that is meant.")
def test_one_sequence(agree, rng):
    """A batch of one sequence."""
    agree("rnn", *sequence(rng, 1, 3, 4, 2))


@own_sequence
@pytest.mark.points(2)
@pytest.mark.hint("outputs keeps its time dimension when T is 1.")
def test_one_step(agree, rng):
    """A sequence of one step."""
    agree("rnn", *sequence(rng, 2, 1, 3, 2))


@own_sequence
@pytest.mark.points(4)
@pytest.mark.hint("torch.stack needs at least one tensor: with T = 0 outputs is an empty tensor of shape (N, 0, H).")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])
def test_no_steps(agree, rng, dtype):
    """T = 0 gives no outputs and the initial state, in {dtype}."""
    agree("rnn", *sequence(rng, 3, 0, 4, 2, dtype))


@own_sequence
@pytest.mark.points(16)
@pytest.mark.hint("Gradients flow from outputs and from h_n, through every step: detach none of them.")
def test_sequence_gradients(agree, rng):
    """Gradients flow from both results through all steps to all six arguments and are right."""
    agree("gradients", "rnn", *sequence(rng, 3, 4, 3, 2))


@own_sequence
@pytest.mark.points(2)
@pytest.mark.hint("h0 belongs to the caller: make a new tensor for the state of each step.")
@pytest.mark.reveals("modified_in_place")
def test_sequence_leaves_inputs_alone(agree, rng):
    """The arguments of rnn keep their values."""
    agree("inputs_after", "rnn", *sequence(rng, 3, 4, 3, 2))


@own_sequence
@pytest.mark.points(3)
@pytest.mark.hint("x must have three dimensions here, and its last one must be that of weight_ih.")
@pytest.mark.parametrize("wrong", ["rank", "features"])
def test_sequence_shapes(agree, rng, wrong):
    """An x that does not fit is refused."""
    x, *rest = sequence(rng, 3, 4, 5, 2)
    agree("rnn", {"rank": x[0], "features": draw(rng, 3, 4, 6)}[wrong], *rest, any_error=True)
