"""The hidden suite of lstm_cell. Points: lstm_cell 54, lstm 46."""

import pytest
import torch

CELLS = ("torch.nn.LSTMCell", "torch.lstm_cell")
SEQUENCES = ("torch.nn.LSTM", "torch.lstm")


def own_cell(test):
    """A library's cell counts anywhere; a library's sequence, of one step, while the cell runs."""
    return pytest.mark.not_allowed(*CELLS)(pytest.mark.not_allowed_within(*SEQUENCES)(test))


own_sequence = pytest.mark.not_allowed(*SEQUENCES)


def draw(rng, *shape, dtype=torch.float64):
    return torch.from_numpy(rng.normal(size=shape)).to(dtype)


def weights(rng, features, hidden, dtype=torch.float64):
    shapes = [(4 * hidden, features), (4 * hidden, hidden), (4 * hidden,), (4 * hidden,)]
    return [draw(rng, *shape, dtype=dtype) for shape in shapes]


def step(rng, batch, features, hidden, dtype=torch.float64):
    """x, h, c and the four parameters of a cell."""
    states = [draw(rng, batch, hidden, dtype=dtype), draw(rng, batch, hidden, dtype=dtype)]
    return [draw(rng, batch, features, dtype=dtype), *states, *weights(rng, features, hidden, dtype)]


def sequence(rng, batch, steps, features, hidden, dtype=torch.float64):
    """x, h0, c0 and the four parameters of an LSTM."""
    _, *rest = step(rng, batch, features, hidden, dtype)
    return [draw(rng, batch, steps, features, dtype=dtype), *rest]


@own_cell
@pytest.mark.points(21)
@pytest.mark.hint("Follow the six formulas line by line; the blocks of rows come in the order i, f, g, o.")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])
def test_cell(agree, rng, dtype):
    """One step of the cell in {dtype}."""
    agree("lstm_cell", *step(rng, 3, 4, 2, dtype))


@own_cell
@pytest.mark.points(6)
@pytest.mark.hint("Take N, D and H from the shapes of the arguments: H is the last dimension of h.")
@pytest.mark.parametrize(("batch", "features", "hidden"), [(1, 1, 1), (5, 2, 6), (4, 4, 4)])
def test_cell_sizes(agree, rng, batch, features, hidden):
    """One step with N = {batch}, D = {features}, H = {hidden}."""
    agree("lstm_cell", *step(rng, batch, features, hidden))


@own_cell
@pytest.mark.points(6)
@pytest.mark.hint("Each product has its own bias: b_ih belongs to the input, b_hh to the hidden state.")
def test_cell_biases(agree, rng):
    """With small weights the biases decide."""
    x, h, c, weight_ih, weight_hh, bias_ih, bias_hh = step(rng, 3, 4, 2)
    agree("lstm_cell", x, h, c, 0.1 * weight_ih, 0.1 * weight_hh, bias_ih, bias_hh)


@own_cell
@pytest.mark.points(14)
@pytest.mark.hint("Keep to torch operations, without detach, .data, .item() or torch.no_grad(), and autograd does it.")
def test_cell_gradients(agree, rng):
    """Gradients reach all seven arguments of the cell and are right."""
    agree("gradients", "lstm_cell", *step(rng, 3, 4, 2))


@own_cell
@pytest.mark.points(4)
@pytest.mark.hint("`c *= f` and other operations that end in an underscore write into the caller's tensor.")
@pytest.mark.reveals("modified_in_place")
def test_cell_leaves_inputs_alone(agree, rng):
    """The arguments of the cell keep their values."""
    agree("inputs_after", "lstm_cell", *step(rng, 3, 4, 2))


@own_cell
@pytest.mark.points(3)
@pytest.mark.hint("Compare the shapes of states and weights with D and H.")
@pytest.mark.parametrize("position", [1, 3], ids=["hidden", "features"])
def test_cell_shapes(agree, rng, position):
    """Shapes that do not fit each other are refused."""
    arguments = step(rng, 3, 4, 2)
    arguments[position] = {1: draw(rng, 3, 3), 3: draw(rng, 8, 5)}[position]
    agree("lstm_cell", *arguments, any_error=True)


@own_sequence
@pytest.mark.points(16)
@pytest.mark.hint("Carry h and c from step to step along dimension 1 of x, and collect h after every step.")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])
def test_sequence(agree, rng, dtype):
    """A sequence of five steps in {dtype}."""
    agree("lstm", *sequence(rng, 3, 5, 4, 2, dtype))


@own_sequence
@pytest.mark.points(5)
@pytest.mark.hint("x is (N, T, D): the batch comes first, time second. Nothing may depend on which of them is larger.")
@pytest.mark.parametrize(("batch", "steps"), [(3, 3), (5, 2)])
def test_sequence_sizes(agree, rng, batch, steps):
    """{batch} sequences of {steps} steps."""
    agree("lstm", *sequence(rng, batch, steps, 3, 4))


@own_sequence
@pytest.mark.points(2)
@pytest.mark.hint("squeeze() drops every dimension of size 1, the batch too: name the one that is meant.")
def test_one_sequence(agree, rng):
    """A batch of one sequence."""
    agree("lstm", *sequence(rng, 1, 3, 4, 2))


@own_sequence
@pytest.mark.points(2)
@pytest.mark.hint("outputs keeps its time dimension when T is 1.")
def test_one_step(agree, rng):
    """A sequence of one step."""
    agree("lstm", *sequence(rng, 2, 1, 3, 2))


@own_sequence
@pytest.mark.points(4)
@pytest.mark.hint("torch.stack needs at least one tensor: with T = 0 outputs is an empty tensor of shape (N, 0, H).")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])
def test_no_steps(agree, rng, dtype):
    """T = 0 gives no outputs and the initial states, in {dtype}."""
    agree("lstm", *sequence(rng, 3, 0, 4, 2, dtype))


@own_sequence
@pytest.mark.points(12)
@pytest.mark.hint("The gradient of the last step flows back to the first one, through h and through c.")
def test_sequence_gradients(agree, rng):
    """Gradients flow through all steps to all seven arguments and are right."""
    agree("gradients", "lstm", *sequence(rng, 3, 4, 3, 2))


@own_sequence
@pytest.mark.points(2)
@pytest.mark.hint("h0 and c0 belong to the caller: make new tensors for the states of the steps.")
@pytest.mark.reveals("modified_in_place")
def test_sequence_leaves_inputs_alone(agree, rng):
    """The arguments of lstm keep their values."""
    agree("inputs_after", "lstm", *sequence(rng, 3, 4, 3, 2))


@own_sequence
@pytest.mark.points(3)
@pytest.mark.hint("x must have three dimensions here, and its last one must be that of weight_ih.")
@pytest.mark.parametrize("wrong", ["rank", "features"])
def test_sequence_shapes(agree, rng, wrong):
    """An x that does not fit is refused."""
    x, *rest = sequence(rng, 3, 4, 5, 2)
    unfit = {"rank": x[0], "features": draw(rng, 3, 4, 6)}[wrong]
    agree("lstm", unfit, *rest, any_error=True)
