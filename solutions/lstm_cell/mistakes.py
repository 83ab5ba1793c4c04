"""Known mistakes in the LSTM cell and in the loop over time."""

import itertools

from grader.suite import Mistake, define, replace

FROM_INPUT = "x @ weight_ih.T + bias_ih"
FROM_HIDDEN = "h @ weight_hh.T + bias_hh"
ORDER = "i, f, g, o = "
GATES = "input_gate", "forget_gate", "output_gate"
C_NEXT = "forget_gate * c + input_gate * candidate"
H_NEXT = "    h_next = output_gate"
CELL_RETURN = "return h_next, c_next"
H_START, C_START = "    h = h0\n", "    c = c0\n"
LOOP = "for x_t in x.unbind(dim=1):"
CALL = "h, c = lstm_cell(x_t, h, c, weight_ih, weight_hh, bias_ih, bias_hh)"
COLLECT = "outputs.append(h)"
EMPTY = "return h0.new_zeros(h0.shape[0], 0, h0.shape[1]), (h0, c0)"
RETURN = "return torch.stack(outputs, dim=1), (h, c)"

HEAD = """
def lstm(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    check_shapes(x, 3, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh)
    if x.shape[1] == 0:
        return h0.new_zeros(h0.shape[0], 0, h0.shape[1]), (h0, c0)
    parameters = (weight_ih, weight_hh, bias_ih, bias_hh)
    h, c, outputs = h0, c0, []
"""
UNCHECKED = """
def unchecked_cell(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    i, f, g, o = (x @ weight_ih.T + bias_ih + h @ weight_hh.T + bias_hh).chunk(4, dim=-1)
    c_next = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c_next), c_next
"""


def sequence(body, cell="lstm_cell"):
    """Puts another lstm in place; `body` follows the lines of HEAD."""
    lines = "".join(f"    {line}\n" for line in body.strip("\n").split("\n"))
    helper = UNCHECKED if cell == "unchecked_cell" else ""
    return define(helper + HEAD + lines.replace("CELL", cell))


def over_dimension_0(result):
    """The loop over dimension 0, with and without a check of shapes inside the step."""
    body = f"""
for x_t in x:
    h, c = CELL(x_t, h, c, *parameters)
    outputs.append(h)
return {result}, (h, c)
"""
    return [sequence(body), sequence(body, "unchecked_cell")]


def detached(*names):
    """The states named are detached: before each step, after it, or between two steps."""
    calls = ", ".join(f"{name}.detach()" if name in names else name for name in ("h", "c"))
    lines = "\n        ".join(f"{name} = {name}.detach()" for name in names)
    between = "\n            ".join(f"{name} = {name}.detach()" for name in names)
    return [
        replace("(x_t, h, c,", f"(x_t, {calls},"),
        replace(COLLECT, f"{COLLECT}\n        {lines}"),
        replace(CALL, f"if outputs:\n            {between}\n        {CALL}"),
    ]


FORGET, FORGET_PLUS_ONE = "forget_gate = torch.sigmoid(f)", "forget_gate = torch.sigmoid(f + 1)"

MISTAKES = [
    Mistake(
        "gate_order_ifog",
        "The gates are read in the order i, f, o, g",
        """The 4H rows of the weights are four blocks in PyTorch's order i, f, g, o: the candidate comes third and the
        output gate last. Read as i, f, o, g, the rows of the candidate go through a sigmoid and open the output, and
        those of the output gate are written into the cell. Shapes do not show it, so unpack the blocks in the order of
        the documentation.""",
        replace(ORDER, "i, f, o, g = "),
        formula=r"W = [W_i;\; W_f;\; W_g;\; W_o]",
    ),
    Mistake(
        "forget_and_input_swapped",
        "Forget gate and input gate have changed places",
        """The input gate decides how much of the candidate is written, the forget gate how much of the old cell state
        stays. Here the old state is scaled by i and the candidate by f, either in the formula or because the first two
        blocks of the weights were read as f, i. In PyTorch's order the input gate comes first.""",
        replace(C_NEXT, "input_gate * c + forget_gate * candidate"),
        formula=r"c' = f \odot c + i \odot g",
    ),
    Mistake(
        "sigmoid_on_candidate",
        "The candidate goes through a sigmoid instead of tanh",
        """The candidate is no gate but the new content: tanh lets it lie between −1 and 1, so that a step can also
        lower the cell state. A sigmoid is never negative, and with it the cell can only be raised. Three sigmoids and
        one tanh make up the four blocks.""",
        replace("torch.tanh(g)", "torch.sigmoid(g)"),
        formula=r"g = \tanh(W_{ig} x + b_{ig} + W_{hg} h + b_{hg})",
    ),
    Mistake(
        "candidate_not_squashed",
        "The candidate is used without tanh",
        """The candidate is the raw sum of the two products (or passes a ReLU), so what a step writes into the cell has
        no bound. tanh keeps it between −1 and 1.""",
        replace("torch.tanh(g)", "g"),
        replace("torch.tanh(g)", "torch.relu(g)"),
        formula=r"g = \tanh(W_{ig} x + b_{ig} + W_{hg} h + b_{hg})",
    ),
    Mistake(
        "no_tanh_on_cell",
        "The cell state is not passed through tanh on its way to the output",
        """The cell state is a running sum and can grow beyond 1. The hidden state is o ⊙ tanh(c′), which stays between
        −1 and 1; here tanh is left out or another function stands in its place. Look for an |h| above 1: with tanh
        there is none.""",
        replace("torch.tanh(c_next)", "c_next"),
        replace("torch.tanh(c_next)", "torch.sigmoid(c_next)"),
        formula=r"h' = o \odot \tanh(c')",
    ),
    Mistake(
        "output_from_old_cell",
        "The output gate reads the old cell state",
        """The hidden state is made from c, the cell state before this step, so what the step has just written shows one
        step too late. Compute c′ first and use it: h′ = o ⊙ tanh(c′).""",
        [
            replace(H_NEXT, "    c, c_next = c_next, c\n" + H_NEXT),
            replace(CELL_RETURN, "return h_next, c"),
        ],
        formula=r"h' = o \odot \tanh(c')",
    ),
    Mistake(
        "coupled_gates",
        "One of the input and the forget gate is 1 minus the other",
        """Forgetting and writing are tied together: the old cell state is weighed with 1 − i (or the candidate with 1 −
        f), as in a GRU. An LSTM learns the two gates apart, so that it can keep everything and still add something, and
        every block of the weights must have its effect.""",
        replace(C_NEXT, "(1 - input_gate) * c + input_gate * candidate"),
        replace(C_NEXT, "forget_gate * c + (1 - forget_gate) * candidate"),
        formula=r"c' = f \odot c + i \odot g",
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
    ),
    Mistake(
        "h_and_c_swapped",
        "Hidden state and cell state have changed places",
        """The hidden state comes first, the cell state second: (h_next, c_next), and (h_n, c_n) after a sequence. Both
        are (N, H), so no error warns of the exchange. If the loop then feeds the cell's results back, the two states
        change places at every step.""",
        replace(CELL_RETURN, "return c_next, h_next"),
        replace(RETURN, "return torch.stack(outputs, dim=1), (c, h)"),
        [replace(RETURN, "return torch.stack(outputs, dim=1), (c, h)"), replace("(h0, c0)\n", "(c0, h0)\n")],
        [replace(CELL_RETURN, "return c_next, h_next"), replace(RETURN, "return torch.stack(outputs, dim=1), (c, h)")],
        # The call of the cell is made with the two states exchanged.
        replace(CALL, "h, c = lstm_cell(x_t, c, h, weight_ih, weight_hh, bias_ih, bias_hh)"),
        replace(CALL, "c, h = lstm_cell(x_t, c, h, weight_ih, weight_hh, bias_ih, bias_hh)"),
    ),
    Mistake(
        "candidate_left_out",
        "There is no candidate, only the three gates",
        """Gates only decide how much passes; the candidate g is what passes. Described as three gates, an LSTM is
        missing the content that the input gate lets in: here the input gate itself, or one of the old states, is added
        to the cell. g has a block of weights of its own, the third, and a tanh.""",
        *[
            [replace(ORDER, order), replace(C_NEXT, f"forget_gate * c + {added}")]
            for order in ("i, f, g, o = ", "i, f, o, g = ")
            for added in (
                "input_gate",
                "input_gate * c",
                "input_gate * torch.tanh(c)",
                "input_gate * h",
                "input_gate * torch.tanh(h)",
                "input_gate * torch.tanh(i)",
                "torch.tanh(i)",
            )
        ],
        replace(C_NEXT, "forget_gate * c"),
        [replace(ORDER, "i, f, o, g = "), replace(C_NEXT, "forget_gate * c")],
        formula=r"g = \tanh(W_{ig} x + b_{ig} + W_{hg} h + b_{hg}), \quad c' = f \odot c + i \odot g",
        textbook=True,
    ),
    Mistake(
        "state_detached",
        "The state is detached between the steps",
        """detach, .data and torch.no_grad() cut the graph, so the values are right but the gradient of a late step no
        longer reaches the earlier ones. The cell state is the very path on which an LSTM carries gradients over long
        times. Detach only between two batches of a long text, never between the steps of one sequence.""",
        *detached("c"),
        *detached("h", "c"),
        *detached("h"),
        replace(CELL_RETURN, "return h_next, c_next.detach()"),
        replace(CELL_RETURN, "return h_next.detach(), c_next.detach()"),
        replace(H_NEXT, "    c_next = c_next.detach()\n" + H_NEXT),
        replace("torch.tanh(c_next)", "torch.tanh(c_next.detach())"),
    ),
    Mistake(
        "initial_state_ignored",
        "The initial state is not used",
        """The sequence starts from zeros instead of h0 and c0. That is only the default of nn.LSTM when no state is
        given; here both are arguments, and a text that is read in pieces would forget everything at each piece.""",
        *[
            edits
            for empty in ([], [replace(EMPTY, EMPTY.replace("(h0, c0)", "(h, c)"))])
            for edits in (
                [replace(H_START, "    h = torch.zeros_like(h0)\n"), *empty],
                [replace(C_START, "    c = torch.zeros_like(c0)\n"), *empty],
                [
                    replace(H_START, "    h = torch.zeros_like(h0)\n"),
                    replace(C_START, "    c = torch.zeros_like(c0)\n"),
                    *empty,
                ],
                [
                    replace(H_START, "    h = torch.zeros(h0.shape)\n"),
                    replace(C_START, "    c = torch.zeros(c0.shape)\n"),
                    *empty,
                ],
            )
        ],
        replace(C_START, "    c = h0\n"),
        replace(H_START, "    h = c0\n"),
    ),
    Mistake(
        "time_and_batch_swapped",
        "Time and batch have changed places",
        """x is (N, T, D), batch first. A loop over its first dimension steps through the sequences instead of the time
        steps, and torch.stack(outputs) alone puts time first. Stack along dimension 1; view and reshape do not swap
        dimensions, they only cut the same numbers up differently.""",
        replace(RETURN, "return torch.stack(outputs), (h, c)"),
        replace(RETURN, "return torch.stack(outputs).reshape(h.shape[0], len(outputs), h.shape[1]), (h, c)"),
        *over_dimension_0("torch.stack(outputs, dim=1)"),
        *over_dimension_0("torch.stack(outputs)"),
        sequence(
            """
for t in range(x.shape[0]):
    h, c = CELL(x[:, t], h, c, *parameters)
    outputs.append(h)
return torch.stack(outputs, dim=1), (h, c)
"""
        ),
        sequence(
            """
for x_t in x.reshape(x.shape[1], x.shape[0], x.shape[2]):
    h, c = CELL(x_t, h, c, *parameters)
    outputs.append(h)
return torch.stack(outputs, dim=1), (h, c)
"""
        ),
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
        [replace(COLLECT, "outputs.insert(0, h)"), replace(RETURN, RETURN.replace("(h, c)", "(outputs[-1], c)"))],
        [
            replace(LOOP, "for x_t in x.flip(1).unbind(dim=1):"),
            replace(COLLECT, "outputs.insert(0, h)"),
            replace(RETURN, RETURN.replace("(h, c)", "(outputs[-1], c)")),
        ],
    ),
    Mistake(
        "only_last_output",
        "Only the last hidden state is returned as outputs",
        """outputs holds the hidden state after every step, (N, T, H): whatever reads it, an attention layer or a
        tagger, needs all of them. The last one is also returned as h_n. Collect h in the loop and stack along dimension
        1.""",
        replace(RETURN, "return h, (h, c)"),
        replace(RETURN, "return h.unsqueeze(1), (h, c)"),
        replace(RETURN, "return torch.stack([h] * len(outputs), dim=1), (h, c)"),
    ),
    Mistake(
        "outputs_hold_cell_state",
        "outputs holds the cell states instead of the hidden states",
        """The cell state is the memory inside the LSTM; what it shows to the next layer at every step is the hidden
        state h = o ⊙ tanh(c). Collect h. Then outputs[:, -1] equals h_n.""",
        replace(COLLECT, "outputs.append(c)"),
    ),
    Mistake(
        "modified_in_place",
        "An input is modified in place",
        """`c *= f`, `c.mul_(f)` and the like write into the tensor that the caller passed in, who then goes on with
        other numbers than before; autograd refuses it on a leaf. Write `c = f * c + i * g`, which makes a new
        tensor.""",
        replace("c_next = " + C_NEXT, "c_next = c.mul_(forget_gate).add_(input_gate * candidate)"),
        [replace(C_START, "    c = c0.clone()\n"), replace(RETURN, "c0.copy_(c)\n    " + RETURN)],
        [replace(H_START, "    h = h0.clone()\n"), replace(RETURN, "h0.copy_(h)\n    " + RETURN)],
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
        replace(CELL_RETURN, "return h_next.squeeze(), c_next.squeeze()"),
    ),
    Mistake(
        "gate_order",
        "The gates are taken in another order than i, f, g, o",
        """Each library stacks its four gates in an order of its own: PyTorch i, f, g, o, TensorFlow's first cells i, g,
        f, o. With weights of one and the order of another the network computes something else altogether, and all
        shapes are right.""",
        *(
            replace(ORDER, f"{order} = ")
            for order in ("i, g, f, o", "f, i, o, g", "f, g, i, o", "g, i, f, o", "i, o, f, g", "o, i, f, g")
        ),
        [replace(ORDER, "i, g, f, o = "), replace(FORGET, FORGET_PLUS_ONE)],
        formula=r"[\, i \;\; f \;\; g \;\; o \,] = W_{ih} x + b_{ih} + W_{hh} h + b_{hh}",
    ),
    Mistake(
        "forget_bias_added",
        "1 is added to the forget gate before the sigmoid",
        """A forget gate that starts open helps early training, and TensorFlow's cell adds 1 for that. PyTorch's does
        not: whoever wants it puts the 1 into the bias. With trained weights the 1 is in them already.""",
        replace(FORGET, FORGET_PLUS_ONE),
    ),
    Mistake(
        "final_states_not_in_a_pair",
        "The final states are not returned as a pair beside the outputs",
        """The caller unpacks two results, `outputs, (h_n, c_n) = lstm(…)`: the outputs, and one pair with both final
        states, as PyTorch has it. Here the states are missing, one of them is, or all three stand side by side.""",
        replace(RETURN, "return torch.stack(outputs, dim=1)"),
        replace(RETURN, "return torch.stack(outputs, dim=1), h"),
        replace(RETURN, "return torch.stack(outputs, dim=1), h, c"),
    ),
    Mistake(
        "state_not_carried",
        "Every step starts from the initial states again",
        """The loop calls the cell with h0 and c0 (or with zeros) at every step, so no step knows of the one before: the
        outputs could as well be computed side by side. The new states must be the next step's old ones.""",
        replace("(x_t, h, c,", "(x_t, h0, c0,"),
        replace("(x_t, h, c,", "(x_t, torch.zeros_like(h0), torch.zeros_like(c0),"),
    ),
    Mistake(
        "gate_without_sigmoid",
        "A gate is used without its sigmoid",
        """A gate says how much passes, from 0, nothing, to 1, everything. Without the sigmoid it is any number, also a
        negative one, and what it lets through grows without bound from step to step.""",
        *(
            [replace(f"{name} = torch.sigmoid({letter})", f"{name} = {letter}") for letter, name in gates]
            for count in (1, 3)
            for gates in itertools.combinations(zip("ifo", GATES, strict=True), count)
        ),
        formula=r"i = \sigma(\cdot), \quad f = \sigma(\cdot), \quad o = \sigma(\cdot)",
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
        "gates_interleaved",
        "The rows of the gates are taken in turns instead of in blocks",
        """Rows 0 to H − 1 belong to the input gate, the next H to the forget gate, and so on: four blocks. Every fourth
        row, as a reshape to (H, 4) gives it, mixes the gates.""",
        replace(".chunk(4, dim=1)", "[:, [k for j in range(4) for k in range(j, 4 * h.shape[1], 4)]].chunk(4, dim=1)"),
        formula=r"W = [W_i;\; W_f;\; W_g;\; W_o]",
    ),
    Mistake(
        "nothing_forgotten",
        "The forget gate does not multiply the cell state",
        """c′ = f ⊙ c + i ⊙ g: the forget gate says how much of the old cell state stays. Without it the cell state only
        adds up, as in the first LSTM of 1997, and with h in place of c the memory is lost.""",
        replace(C_NEXT, "c + input_gate * candidate"),
        replace(C_NEXT, "forget_gate * h + input_gate * candidate"),
        formula=r"c' = f \odot c + i \odot g",
    ),
    Mistake(
        "tanh_in_another_place",
        "tanh is applied in another place than to c′ on its way out",
        """h′ = o ⊙ tanh(c′), and c′ goes on as it is. tanh around the product squeezes the output gate as well; a cell
        state that is kept squeezed forgets at every step.""",
        replace("h_next = output_gate * torch.tanh(c_next)", "h_next = torch.tanh(output_gate * c_next)"),
        replace(C_NEXT, f"torch.tanh({C_NEXT})"),
        replace(
            "h_next = output_gate * torch.tanh(c_next)",
            "c_next = torch.tanh(c_next)\n    h_next = output_gate * c_next",
        ),
        formula=r"h' = o \odot \tanh(c')",
    ),
    Mistake(
        "gates_with_another_function",
        "The gates pass through another function than the sigmoid",
        """A gate is a share between 0 and 1 of each unit by itself: a sigmoid. tanh gives negative shares, a softmax
        makes the units compete, and the piecewise linear "hard sigmoid" of older libraries is only near to it.""",
        *(
            [
                replace("input_gate = torch.sigmoid(i)", f"input_gate = {function.format('i')}"),
                replace("forget_gate = torch.sigmoid(f)", f"forget_gate = {function.format('f')}"),
                replace("output_gate = torch.sigmoid(o)", f"output_gate = {function.format('o')}"),
            ]
            for function in (
                "torch.tanh({})",
                "torch.softmax({}, dim=1)",
                "torch.clamp(0.2 * {} + 0.5, 0, 1)",
                "torch.nn.functional.hardsigmoid({})",
            )
        ),
    ),
    Mistake(
        "candidate_for_cell_state",
        "The output is made of the candidate or without the tanh of the cell state",
        """h′ = o ⊙ tanh(c′): what the cell shows is its memory. o ⊙ g shows only what came in at this step, and a ReLU
        hides whatever is negative.""",
        replace("h_next = output_gate * torch.tanh(c_next)", "h_next = output_gate * candidate"),
        replace("h_next = output_gate * torch.tanh(c_next)", "h_next = output_gate * torch.relu(c_next)"),
        formula=r"h' = o \odot \tanh(c')",
    ),
    Mistake(
        "cell_state_not_carried",
        "The cell state is not carried from step to step",
        """Every step takes the cell state that the step before it made. Starting from c0 each time, the network has no
        memory beyond h.""",
        replace(CALL, "h, c_next = lstm_cell(x_t, h, c0, weight_ih, weight_hh, bias_ih, bias_hh)\n        c = c_next"),
        replace(CALL, CALL.replace("h, c =", "h, _ =")),
    ),
]
