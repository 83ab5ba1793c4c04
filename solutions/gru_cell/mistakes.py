"""Known mistakes in the GRU cell and in the loop over time."""

from grader.suite import Mistake, define, replace

FROM_INPUT = "x @ weight_ih.T + bias_ih"
FROM_HIDDEN = "h @ weight_hh.T + bias_hh"
RESET = "r = torch.sigmoid(input_r + hidden_r)"
UPDATE = "z = torch.sigmoid(input_z + hidden_z)"
HIDDEN_PART = "r * hidden_n"
H_NEXT = "(1 - z) * n + z * h"
CELL_RETURN = "return h_next"
START = "    h = h0\n"
LOOP = "for x_t in x.unbind(dim=1):"
CALL = "h = gru_cell(x_t, h, weight_ih, weight_hh, bias_ih, bias_hh)"
COLLECT = "outputs.append(h)"
EMPTY = "return h0.new_zeros(h0.shape[0], 0, h0.shape[1]), h0"
RETURN = "return torch.stack(outputs, dim=1), h"

HEAD = """
def gru(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    check_shapes(x, 3, h0, weight_ih, weight_hh, bias_ih, bias_hh)
    if x.shape[1] == 0:
        return h0.new_zeros(h0.shape[0], 0, h0.shape[1]), h0
    parameters = (weight_ih, weight_hh, bias_ih, bias_hh)
    h, outputs = h0, []
"""
UNCHECKED = """
def unchecked_cell(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    input_r, input_z, input_n = (x @ weight_ih.T + bias_ih).chunk(3, dim=-1)
    hidden_r, hidden_z, hidden_n = (h @ weight_hh.T + bias_hh).chunk(3, dim=-1)
    z = torch.sigmoid(input_z + hidden_z)
    return (1 - z) * torch.tanh(input_n + torch.sigmoid(input_r + hidden_r) * hidden_n) + z * h
"""


def sequence(body, cell="gru_cell"):
    """Puts another gru in place; `body` follows the lines of HEAD."""
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


FROM_INPUT_PARTS, FROM_HIDDEN_PARTS = "input_r, input_z, input_n = ", "hidden_r, hidden_z, hidden_n = "

MISTAKES = [
    Mistake(
        "z_and_r_swapped",
        "Update gate and reset gate are taken for each other",
        """PyTorch's order is r, z, n: the first block of rows is the reset gate, the second the update gate. Read as z,
        r, n (the order of Keras), or with one gate used where the other belongs, the gates do each other's work and no
        shape shows it. r belongs inside the candidate, z into the mixture of candidate and old state.""",
        [
            replace("input_r, input_z, input_n", "input_z, input_r, input_n"),
            replace("hidden_r, hidden_z, hidden_n", "hidden_z, hidden_r, hidden_n"),
        ],
        # One gate in both places.
        replace(H_NEXT, "(1 - r) * n + r * h"),
        replace(HIDDEN_PART, "z * hidden_n"),
        # The order is wrong in one of the two products only.
        replace("input_r, input_z, input_n", "input_z, input_r, input_n"),
        replace("hidden_r, hidden_z, hidden_n", "hidden_z, hidden_r, hidden_n"),
        formula=r"W = [W_r;\; W_z;\; W_n]",
    ),
    Mistake(
        "z_and_1_minus_z_swapped",
        "z and 1 − z have changed places",
        """In PyTorch z is the share of the old state that is kept, and the candidate gets 1 − z. Some papers define z
        the other way round; a network can learn either, but with given weights only one of them is right. Check with z
        near 1: the state must hardly move.""",
        replace(H_NEXT, "z * n + (1 - z) * h"),
        formula=r"h' = (1 - z) \odot n + z \odot h",
    ),
    Mistake(
        "reset_before_product",
        "The reset gate is applied before the hidden product (the paper's variant)",
        """Cho et al. (2014) multiply the state by r first and then by the weights: W_hn·(r ⊙ h) + b_hn. PyTorch,
        following cuDNN, multiplies the finished product: r ⊙ (W_hn·h + b_hn). Both are GRUs, but with the same weights
        they give different numbers, and this exercise asks for PyTorch's.""",
        replace(HIDDEN_PART, "(r * h) @ weight_hh[2 * h.shape[1] :].T + bias_hh[2 * h.shape[1] :]"),
        replace(HIDDEN_PART, "r * ((r * h) @ weight_hh[2 * h.shape[1] :].T + bias_hh[2 * h.shape[1] :])"),
        replace(HIDDEN_PART, "(r * h) @ weight_hh[2 * h.shape[1] :].T"),
        replace(HIDDEN_PART, "(r * h) @ weight_hh[2 * h.shape[1] :].T + r * bias_hh[2 * h.shape[1] :]"),
        formula=r"n = \tanh(W_{in} x + b_{in} + r \odot (W_{hn} h + b_{hn}))",
    ),
    Mistake(
        "bias_outside_reset",
        "The bias b_hn stands outside the reset gate",
        """r multiplies the hidden product together with its bias. Added outside, for instance because b_ih and b_hh
        were summed up beforehand, b_hn acts even where the gate is closed. For r and z the two biases may be summed,
        for the candidate they may not.""",
        replace(HIDDEN_PART, "r * (hidden_n - bias_hh[2 * h.shape[1] :]) + bias_hh[2 * h.shape[1] :]"),
        formula=r"n = \tanh(W_{in} x + b_{in} + r \odot (W_{hn} h + b_{hn}))",
    ),
    Mistake(
        "sigmoid_on_n",
        "The candidate n goes through a sigmoid instead of tanh",
        """n is no gate but the new content: tanh lets it lie between −1 and 1. A sigmoid is never negative, and with it
        the state can only drift upwards. Two sigmoids and one tanh make up the three blocks.""",
        replace("torch.tanh", "torch.sigmoid"),
        formula=r"n = \tanh(W_{in} x + b_{in} + r \odot (W_{hn} h + b_{hn}))",
    ),
    Mistake(
        "candidate_not_squashed",
        "The candidate n is used without tanh",
        """n is the raw sum (or passes a ReLU), so the state has no bound and can grow from step to step. tanh keeps the
        candidate between −1 and 1, and the state, a mixture of the two, with it.""",
        replace("torch.tanh", ""),
        replace("torch.tanh", "torch.relu"),
    ),
    Mistake(
        "reset_misplaced",
        "The reset gate does not multiply the hidden product alone",
        """r decides how much of the old state the candidate sees: it multiplies the hidden product and nothing else.
        Without it the network cannot forget before it reads; spread over the whole sum it also closes the way of the
        input.""",
        replace(HIDDEN_PART, "hidden_n"),
        replace("input_n + r * hidden_n", "r * (input_n + hidden_n)"),
        replace("input_n + r * hidden_n", "r * input_n + hidden_n"),
        formula=r"n = \tanh(W_{in} x + b_{in} + r \odot (W_{hn} h + b_{hn}))",
    ),
    Mistake(
        "bias_dropped",
        "A bias is left out",
        """PyTorch keeps two biases: b_ih is added to the product with the input, b_hh to the product with the hidden
        state. If one is missing, or one is added twice instead of the other, every gate is shifted. Set all weights to
        zero, and the gates must still follow b_ih + b_hh.""",
        replace(FROM_INPUT, "x @ weight_ih.T"),
        replace(FROM_HIDDEN, "h @ weight_hh.T"),
        [replace(FROM_INPUT, "x @ weight_ih.T"), replace(FROM_HIDDEN, "h @ weight_hh.T")],
        replace(FROM_INPUT, "x @ weight_ih.T + bias_hh"),
        replace(FROM_HIDDEN, "h @ weight_hh.T + bias_ih"),
        # One bias of the candidate only.
        replace(HIDDEN_PART, "r * (hidden_n - bias_hh[2 * h.shape[1] :])"),
        replace("input_n + r", "input_n - bias_ih[2 * h.shape[1] :] + r"),
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
        """The sequence starts from zeros instead of h0. That is only the default of nn.GRU when no state is given; here
        it is an argument, and a text that is read in pieces would forget everything at each piece. No gradient reaches
        h0 either.""",
        *starting_from("torch.zeros_like(h0)"),
        *starting_from("torch.zeros(h0.shape)"),
        *starting_from("torch.ones_like(h0)"),
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
        "state_detached",
        "The state is detached between the steps",
        """Every step starts from a state that has been cut off the graph, so the gradient of a late step no longer
        reaches the earlier ones and nothing can be learned over time. Detach only between two batches of a long text,
        never between the steps of one sequence.""",
        replace("gru_cell(x_t, h,", "gru_cell(x_t, h.detach(),"),
        replace(COLLECT, COLLECT + "\n        h = h.detach()"),
        replace(CALL, "if outputs:\n            h = h.detach()\n        " + CALL),
        replace(H_NEXT, "(1 - z) * n + z * h.detach()"),
        replace(CELL_RETURN, "return h_next.detach()"),
    ),
    Mistake(
        "modified_in_place",
        "An input is modified in place",
        """`h *= z`, `h.mul_(z)` and the like write into the tensor that the caller passed in, who then goes on with
        other numbers than before; autograd refuses it on a leaf. Write `h = (1 - z) * n + z * h`, which makes a new
        tensor.""",
        replace(CELL_RETURN, "return h.copy_(h_next)"),
        [replace(CELL_RETURN, "return h.copy_(h_next)"), replace(COLLECT, "outputs.append(h.clone())")],
        [replace(CELL_RETURN, "h.copy_(h_next)\n    return h_next")],
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
        "gate_order",
        "The parts are taken in another order than r, z, n",
        """The weights stack reset gate, update gate and candidate in PyTorch's order r, z, n. Other libraries have
        other orders. All shapes are right all the same, and only the values tell.""",
        *(
            [
                replace(FROM_INPUT_PARTS, "{}, {}, {} = ".format(*(f"input_{part}" for part in order))),
                replace(FROM_HIDDEN_PARTS, "{}, {}, {} = ".format(*(f"hidden_{part}" for part in order))),
            ]
            for order in ("rnz", "nrz", "nzr", "znr")
        ),
    ),
    Mistake(
        "dreamer_variant",
        "The cell of the Dreamer papers: order r, n, z, and the reset over the whole candidate",
        """That cell takes the candidate second and the update gate third, multiplies the reset with the sum of both
        products, lets z weigh the candidate instead of the old state, and subtracts 1 from z before the sigmoid. It is
        another network: PyTorch's weights do not fit it.""",
        *(
            [
                replace(FROM_INPUT_PARTS, "input_r, input_n, input_z = "),
                replace(FROM_HIDDEN_PARTS, "hidden_r, hidden_n, hidden_z = "),
                replace("input_n + r * hidden_n", "r * (input_n + hidden_n)"),
                replace(UPDATE, f"z = torch.sigmoid(input_z + hidden_z{shift})"),
                replace(H_NEXT, mixed),
            ]
            for shift in (" - 1", "")
            for mixed in ("z * n + (1 - z) * h", H_NEXT)
        ),
    ),
    Mistake(
        "final_state_not_returned",
        "The outputs are returned without the final state",
        """The caller unpacks two results, `outputs, h_n = gru(…)`. The final state is what the next piece of a long
        sequence starts from, or what a classifier reads: return it beside the outputs, as one pair.""",
        replace(RETURN, "return torch.stack(outputs, dim=1)"),
    ),
    Mistake(
        "state_not_carried",
        "Every step starts from h0 again",
        """The loop calls the cell with h0 (or with zeros) at every step, so no step knows of the one before: the
        outputs could as well be computed side by side. The new state must be the next step's old one.""",
        replace("gru_cell(x_t, h,", "gru_cell(x_t, h0,"),
        replace("gru_cell(x_t, h,", "gru_cell(x_t, torch.zeros_like(h0),"),
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
        "reset_gate_inverted",
        "1 − r is used in place of r",
        """r = 1 lets the old state into the candidate, r = 0 resets it. Inverted, the gate opens where it should
        close.""",
        replace(HIDDEN_PART, "(1 - r) * hidden_n"),
    ),
    Mistake(
        "gates_without_sigmoid",
        "The gates pass through tanh instead of the sigmoid",
        """A gate is a share between 0 and 1. tanh gives values down to −1, which turn the sign of what they
        multiply.""",
        [replace(RESET, RESET.replace("sigmoid", "tanh")), replace(UPDATE, UPDATE.replace("sigmoid", "tanh"))],
        replace(RESET, RESET.replace("sigmoid", "tanh")),
        replace(UPDATE, UPDATE.replace("sigmoid", "tanh")),
    ),
    Mistake(
        "no_weighted_mean",
        "The new state is no weighted mean of candidate and old state",
        """The shares 1 − z and z sum to one, so the state stays within [−1, 1]. With one of the factors left out it is
        a sum that can grow with every step.""",
        replace(H_NEXT, "n + z * h"),
        replace(H_NEXT, "h + z * n"),
        replace(H_NEXT, "(1 - z) * n + h"),
        replace(H_NEXT, "h + (1 - z) * n"),
        formula=r"h' = (1 - z) \odot n + z \odot h",
    ),
    Mistake(
        "tanh_of_the_state",
        "The new state passes through tanh once more",
        """tanh belongs to the candidate. The mixture of candidate and old state is the new state as it is; squeezed at
        every step it fades away.""",
        replace(CELL_RETURN, "return torch.tanh(h_next)"),
    ),
]
