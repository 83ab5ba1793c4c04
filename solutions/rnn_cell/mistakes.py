"""Known mistakes in the recurrent cell and in the loop over time."""

from grader.suite import Mistake, define, replace

FROM_INPUT = "x @ weight_ih.T + bias_ih"
FROM_HIDDEN = "h @ weight_hh.T + bias_hh"
CELL_RETURN = "return torch.tanh(from_input + from_hidden)"
START = "    h = h0\n"
LOOP = "for x_t in x.unbind(dim=1):"
CALL = "h = rnn_cell(x_t, h, weight_ih, weight_hh, bias_ih, bias_hh)"
COLLECT = "outputs.append(h)"
EMPTY = "return h0.new_zeros(h0.shape[0], 0, h0.shape[1]), h0"
RETURN = "return torch.stack(outputs, dim=1), h"

HEAD = """
def rnn(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    check_shapes(x, 3, h0, weight_ih, weight_hh, bias_ih, bias_hh)
    if x.shape[1] == 0:
        return h0.new_zeros(h0.shape[0], 0, h0.shape[1]), h0
    parameters = (weight_ih, weight_hh, bias_ih, bias_hh)
    h, outputs = h0, []
"""
UNCHECKED = """
def unchecked_cell(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    return torch.tanh(x @ weight_ih.T + bias_ih + h @ weight_hh.T + bias_hh)
"""


def sequence(body, cell="rnn_cell"):
    """Puts another rnn in place; `body` follows the lines of HEAD."""
    lines = "".join(f"    {line}\n" for line in body.strip("\n").split("\n"))
    helper = UNCHECKED if cell == "unchecked_cell" else ""
    return define(helper + HEAD + lines.replace("CELL", cell))


def over_dimension_0(result):
    """The loop over dimension 0, with and without a check of shapes inside the step."""
    body = f"""
for x_t in x:
    h = CELL(x_t, h, *parameters)
    outputs.append(h)
return {result}, h
"""
    return [sequence(body), sequence(body, "unchecked_cell")]


def starting_from(state):
    """Another first state, with T = 0 left right and without."""
    start = replace(START, f"    h = {state}\n")
    return [start, [start, replace(EMPTY, EMPTY.removesuffix("h0") + "h")]]


MISTAKES = [
    Mistake(
        "weight_not_transposed",
        "A weight is not transposed",
        """PyTorch keeps a weight as (outputs, inputs), so the product is x·Wᵀ. Without the transpose, shapes that do
        not fit raise an error, but the square weight_hh (and weight_ih when D = H) multiplies without complaint and
        mixes rows with columns. Test with a weight that is not symmetric.""",
        replace("weight_hh.T", "weight_hh"),
        replace("weight_ih.T", "weight_ih"),
        [replace("weight_ih.T", "weight_ih"), replace("weight_hh.T", "weight_hh")],
        [
            replace("weight_ih.T", "weight_ih"),
            replace("weight_ih, (hidden, features)", "weight_ih, (features, hidden)"),
        ],
        [
            replace("weight_ih.T", "weight_ih"),
            replace("weight_hh.T", "weight_hh"),
            replace("weight_ih, (hidden, features)", "weight_ih, (features, hidden)"),
        ],
        # reshape fits the shapes, but does not transpose.
        replace("weight_ih.T", "weight_ih.reshape(weight_ih.shape[1], weight_ih.shape[0])"),
        [
            replace("weight_ih.T", "weight_ih.reshape(weight_ih.shape[1], weight_ih.shape[0])"),
            replace("weight_hh.T", "weight_hh"),
        ],
        formula=r"(x W^\top)_{nj} = \sum_d x_{nd} W_{jd}",
    ),
    Mistake(
        "bias_dropped",
        "A bias is left out",
        """PyTorch keeps two biases: b_ih is added to the product with the input, b_hh to the product with the hidden
        state. If one is missing, or one is added twice instead of the other, every unit is shifted. Set all weights to
        zero, and the answer must be tanh(b_ih + b_hh).""",
        replace(FROM_INPUT, "x @ weight_ih.T"),
        replace(FROM_HIDDEN, "h @ weight_hh.T"),
        [replace(FROM_INPUT, "x @ weight_ih.T"), replace(FROM_HIDDEN, "h @ weight_hh.T")],
        replace(FROM_INPUT, "x @ weight_ih.T + bias_hh"),
        replace(FROM_HIDDEN, "h @ weight_hh.T + bias_ih"),
        formula=r"h' = \tanh(x W_{ih}^\top + b_{ih} + h W_{hh}^\top + b_{hh})",
    ),
    Mistake(
        "no_tanh",
        "The sum does not pass through tanh",
        """Without an activation the network is linear: any number of steps collapses into one linear map, and the state
        grows or vanishes like a power of weight_hh. tanh bends the sum and keeps the state between −1 and 1.""",
        replace(CELL_RETURN, "return from_input + from_hidden"),
        # Only one of the two products goes through tanh.
        replace(CELL_RETURN, "return torch.tanh(from_input) + from_hidden"),
        replace(CELL_RETURN, "return from_input + torch.tanh(from_hidden)"),
        formula=r"h' = \tanh(x W_{ih}^\top + b_{ih} + h W_{hh}^\top + b_{hh})",
    ),
    Mistake(
        "sigmoid_or_relu",
        "A sigmoid or a ReLU stands in place of tanh",
        """The state of this network lies between −1 and 1. A sigmoid or a ReLU never gives a negative value, so half of
        what the state could say is lost; a ReLU has no upper bound either, and repeated over many steps it can explode.
        If no output is ever negative, look at the activation.""",
        replace("torch.tanh", "torch.sigmoid"),
        replace("torch.tanh", "torch.relu"),
        formula=r"\tanh(a) = 2\,\sigma(2a) - 1 \neq \sigma(a)",
    ),
    Mistake(
        "time_and_batch_swapped",
        "Time and batch have changed places",
        """x is (N, T, D), batch first. A loop over its first dimension steps through the sequences instead of the time
        steps, and torch.stack(outputs) alone puts time first. Stack along dimension 1; view and reshape do not swap
        dimensions, they only cut the same numbers up differently.""",
        replace(RETURN, "return torch.stack(outputs), h"),
        replace(RETURN, "return torch.stack(outputs).reshape(h.shape[0], len(outputs), h.shape[1]), h"),
        *over_dimension_0("torch.stack(outputs, dim=1)"),
        *over_dimension_0("torch.stack(outputs)"),
        sequence(
            """
for t in range(x.shape[0]):
    h = CELL(x[:, t], h, *parameters)
    outputs.append(h)
return torch.stack(outputs, dim=1), h
"""
        ),
        sequence(
            """
for x_t in x.reshape(x.shape[1], x.shape[0], x.shape[2]):
    h = CELL(x_t, h, *parameters)
    outputs.append(h)
return torch.stack(outputs, dim=1), h
"""
        ),
    ),
    Mistake(
        "h0_ignored",
        "The initial state h0 is not used",
        """The sequence starts from zeros instead of h0. That is only the default of nn.RNN when no state is given; here
        it is an argument, and a text that is read in pieces would forget everything at each piece. No gradient reaches
        h0 either.""",
        *starting_from("torch.zeros_like(h0)"),
        *starting_from("torch.zeros(h0.shape)"),
        *starting_from("torch.ones_like(h0)"),
    ),
    Mistake(
        "state_not_carried",
        "Every step starts from h0 again",
        """The loop calls the cell with h0 (or with zeros) at every step, so no step knows of the one before: the
        outputs could as well be computed side by side. The new state must be the next step's old one.""",
        replace("rnn_cell(x_t, h,", "rnn_cell(x_t, h0,"),
        replace("rnn_cell(x_t, h,", "rnn_cell(x_t, torch.zeros_like(h0),"),
        formula=r"h_t = \tanh(x_t W_{ih}^\top + b_{ih} + h_{t-1} W_{hh}^\top + b_{hh})",
    ),
    Mistake(
        "sequence_reversed",
        "The sequence is read or written backwards",
        """The first step must see x[:, 0], and outputs[:, 0] is the state after it. Here the loop starts at the end, or
        the outputs are collected in reverse order. Compare outputs[:, -1] with h_n: they are the same.""",
        replace(LOOP, "for x_t in x.flip(1).unbind(dim=1):"),
        replace(COLLECT, "outputs.insert(0, h)"),
        [replace(LOOP, "for x_t in x.flip(1).unbind(dim=1):"), replace(COLLECT, "outputs.insert(0, h)")],
        # h_n is read off the reversed outputs.
        [replace(COLLECT, "outputs.insert(0, h)"), replace(RETURN, f"{RETURN.removesuffix('h')}outputs[-1]")],
        [
            replace(LOOP, "for x_t in x.flip(1).unbind(dim=1):"),
            replace(COLLECT, "outputs.insert(0, h)"),
            replace(RETURN, f"{RETURN.removesuffix('h')}outputs[-1]"),
        ],
    ),
    Mistake(
        "h_n_of_the_first_step",
        "h_n is the state after the first step",
        """The outputs are right, but h_n is read off at their first step. It is the state after the last one: the only
        one that has seen the whole sequence.""",
        replace(RETURN, f"{RETURN.removesuffix('h')}outputs[0]"),
    ),
    Mistake(
        "last_output_detached",
        "A result is detached from the graph",
        """detach, .data and torch.no_grad() cut the graph: the values are right, but a loss on the detached result
        trains nothing. A classifier that reads h_n would leave the recurrent weights as they are. Both results must
        carry their graph; detach only what is printed or plotted.""",
        replace(RETURN, "return torch.stack(outputs, dim=1), h.detach()"),
        replace(RETURN, "return torch.stack([*outputs[:-1], h.detach()], dim=1), h"),
        replace(RETURN, "return torch.stack([*outputs[:-1], h.detach()], dim=1), h.detach()"),
        replace(RETURN, "return torch.stack(outputs, dim=1).detach(), h"),
        replace(RETURN, "return torch.stack(outputs, dim=1).detach(), h.detach()"),
        replace(CELL_RETURN, CELL_RETURN + ".detach()"),
    ),
    Mistake(
        "state_detached",
        "The state is detached between the steps",
        """Every step starts from a state that has been cut off the graph, so the gradient of a late step no longer
        reaches the earlier ones and nothing can be learned over time. Detach only between two batches of a long text,
        never between the steps of one sequence.""",
        replace("rnn_cell(x_t, h,", "rnn_cell(x_t, h.detach(),"),
        replace(COLLECT, COLLECT + "\n        h = h.detach()"),
        replace(CALL, "if outputs:\n            h = h.detach()\n        " + CALL),
    ),
    Mistake(
        "only_last_output",
        "Only the last output is returned",
        """outputs holds the hidden state after every step, (N, T, H): whatever reads it, an attention layer or a
        tagger, needs all of them. The last one is returned as h_n besides. Collect h in the loop and stack along
        dimension 1.""",
        replace(RETURN, "return h, h"),
        replace(RETURN, "return h"),
        replace(RETURN, "return h.unsqueeze(1), h"),
        replace(RETURN, "return torch.stack([h] * len(outputs), dim=1), h"),
    ),
    Mistake(
        "modified_in_place",
        "An input is modified in place",
        """`h[:] = …`, `h.copy_(…)` and the like write into the tensor that the caller passed in, who then goes on with
        other numbers than before; autograd refuses it on a leaf. Bind a new tensor to the name instead: `h =
        torch.tanh(…)`.""",
        replace(CELL_RETURN, "return h.copy_(torch.tanh(from_input + from_hidden))"),
        [
            replace(CELL_RETURN, "return h.copy_(torch.tanh(from_input + from_hidden))"),
            replace(COLLECT, "outputs.append(h.clone())"),
        ],
        [replace(START, "    h = h0.clone()\n"), replace(RETURN, "h0.copy_(h)\n    " + RETURN)],
    ),
    Mistake(
        "outputs_one_step_late",
        "The outputs come one step late",
        """The state is stored before the step instead of after it: the outputs begin with h0 and lack the last state,
        although h_n is right. outputs[:, t] is the state after x[:, t] has been read.""",
        [replace(COLLECT, "pass"), replace(CALL, f"outputs.append(h)\n        {CALL}")],
    ),
    Mistake(
        "squeezed",
        "squeeze() without a dimension also drops a batch of one",
        """squeeze() removes every dimension of size 1: one sample, one time step, one feature. The code works in all
        other cases and fails, or answers in another shape, in these. Name the dimension that is meant, squeeze(1), or
        take a slice by an index, x[:, t].""",
        replace(RETURN, RETURN.replace("dim=1)", "dim=1).squeeze()")),
        replace(CALL, CALL.replace("(x_t,", "(x_t.squeeze(),")),
        replace(CELL_RETURN, f"{CELL_RETURN}.squeeze()"),
    ),
    Mistake(
        "final_state_not_returned",
        "The outputs are returned without the final state",
        """The caller unpacks two results, `outputs, h_n = rnn(…)`. The final state is what the next piece of a long
        sequence starts from, or what a classifier reads: return it beside the outputs, as one pair.""",
        replace(RETURN, "return torch.stack(outputs, dim=1)"),
    ),
    Mistake(
        "initial_state_among_outputs",
        "The initial state is among the outputs",
        """outputs has one state for each of the T steps. h0 is what the first step starts from, not what comes out of
        it: a list that begins with it has T + 1 entries, and outputs[:, t] belongs to the step before.""",
        [
            replace("    outputs = []\n", "    outputs = [h0]\n"),
            replace("    if not outputs:", "    if not x.shape[1]:"),
        ],
        replace("    outputs = []\n", "    outputs = [h0]\n"),
    ),
    Mistake(
        "sum_not_taken",
        "Input and hidden state are not added before one tanh",
        """Both products and both biases are added, and one tanh is taken of the sum. Two tanh, a difference or a
        product give another cell, and h added afterwards is a residual connection that lets the state grow.""",
        replace(CELL_RETURN, "return torch.tanh(from_input) + torch.tanh(from_hidden)"),
        replace(CELL_RETURN, "return torch.tanh(from_input - from_hidden)"),
        replace(CELL_RETURN, "return torch.tanh(from_input * from_hidden)"),
        replace(CELL_RETURN, "return h + torch.tanh(from_input + from_hidden)"),
        formula=r"h' = \tanh(x W_{ih}^\top + b_{ih} + h W_{hh}^\top + b_{hh})",
    ),
    Mistake(
        "other_state_for_the_last",
        "h_n is not the state after the last step",
        """h_n is the last of the outputs, and h0 only where there are no steps. Not the first state, not a mean of
        them.""",
        replace(RETURN, "return torch.stack(outputs, dim=1), h0"),
        replace(RETURN, "return torch.stack(outputs, dim=1), torch.stack(outputs).mean(dim=0)"),
    ),
    Mistake(
        "state_with_layer_dimension",
        "h_n has a dimension for the layers",
        """nn.RNN returns (layers, N, H), as it may have several. Here there is one, and h_n has the shape of h0, (N,
        H).""",
        replace(RETURN, "return torch.stack(outputs, dim=1), h.unsqueeze(0)"),
    ),
    Mistake(
        "same_input_every_step",
        "Every step gets the same input",
        """Step t takes x[:, t]. With x[:, -1], or x[:, 0], the network sees one input again and again.""",
        replace(CALL, CALL.replace("x_t", "x[:, -1]")),
        replace(CALL, CALL.replace("x_t", "x[:, 0]")),
    ),
]
