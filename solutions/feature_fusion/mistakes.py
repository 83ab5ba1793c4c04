"""Known mistakes in early, late and gated fusion."""

from grader.suite import Mistake, replace

HIDDEN = "self.hidden = nn.Linear(dim_a + dim_b, hidden_dim)"
JOINT = "joint = torch.cat([a, b], dim=1)"
ACTIVATED = "activated = torch.relu(self.hidden(joint))"
LOGITS = "return self.head(activated)"
SOFTMAX_A = "probabilities_a = torch.softmax(self.head_a(a), dim=1)"
SOFTMAX_B = "probabilities_b = torch.softmax(self.head_b(b), dim=1)"
MEAN = "return (probabilities_a + probabilities_b) / 2"
GATE = "self.gate = nn.Linear(2 * dim, dim)"
PROJECTED_A = "projected_a = self.proj_a(a)"
PROJECTED_B = "projected_b = self.proj_b(b)"
BOTH = "both = torch.cat([projected_a, projected_b], dim=1)"
SIGMOID = "g = torch.sigmoid(self.gate(both))"
MIXED = "return g * projected_a + (1 - g) * projected_b"


def joint(code):
    return replace(JOINT, f"joint = {code}")


def both(code):
    return replace(BOTH, f"both = {code}")


def mixed(code):
    return replace(MIXED, f"return {code}")


def heads(code_a, code_b):
    return [replace(SOFTMAX_A, f"probabilities_a = {code_a}"), replace(SOFTMAX_B, f"probabilities_b = {code_b}")]


# The layer is made to fit what it is given, or it is left as it is and raises.
hidden_for_a = replace(HIDDEN, "self.hidden = nn.Linear(dim_a, hidden_dim)")
hidden_for_b = replace(HIDDEN, "self.hidden = nn.Linear(dim_b, hidden_dim)")
gate_for_one = replace(GATE, "self.gate = nn.Linear(dim, dim)")

log_probabilities = heads("torch.log_softmax(self.head_a(a), dim=1)", "torch.log_softmax(self.head_b(b), dim=1)")
softmax_over_batch = heads("torch.softmax(self.head_a(a), dim=0)", "torch.softmax(self.head_b(b), dim=0)")

MISTAKES = [
    Mistake(
        "concatenated_on_batch",
        "The features are concatenated along the batch instead of side by side",
        """torch.cat joins along dim=0 unless told otherwise. That stacks the rows of b under those of a: 2N
        examples come out where there are N, each with the features of one source only, and for different widths it
        raises. What belongs together is one example's features, side by side in one row: dim=1, or dim=-1.""",
        joint("torch.cat([a, b], dim=0)"),
        [joint("torch.cat([a, b], dim=0)"), hidden_for_a],
        both("torch.cat([projected_a, projected_b], dim=0)"),
        [both("torch.cat([projected_a, projected_b], dim=0)"), gate_for_one],
        [joint("torch.cat([a, b], dim=0)"), both("torch.cat([projected_a, projected_b], dim=0)")],
        # Reshaped afterwards, so that the number of rows is right again.
        joint("torch.cat([a, b], dim=0).reshape(len(a), -1)"),
        joint("torch.cat([a.flatten(), b.flatten()]).reshape(len(a), -1)"),
        both("torch.cat([projected_a, projected_b], dim=0).reshape(len(a), -1)"),
    ),
    Mistake(
        "one_branch_unused",
        "One of the two sources is not used",
        """Only one branch reaches the output: whatever the other source says, the answer is the same, and its
        layers are never trained. Printed fusion models have this slip too, two branches built and one of them
        connected. Look at the gradient in a and in b: neither may be zero.""",
        joint("a"),
        joint("b"),
        [joint("a"), hidden_for_a],
        [joint("b"), hidden_for_b],
        joint("torch.cat([a, torch.zeros_like(b)], dim=1)"),
        joint("torch.cat([torch.zeros_like(a), b], dim=1)"),
        joint("torch.cat([a, a], dim=1)"),
        joint("torch.cat([b, b], dim=1)"),
        replace(MEAN, "return probabilities_a"),
        replace(MEAN, "return probabilities_b"),
        replace(MEAN, "return probabilities_a / 2"),
        replace(SOFTMAX_B, "probabilities_b = torch.softmax(self.head_b(a), dim=1)"),
        replace(SOFTMAX_A, "probabilities_a = torch.softmax(self.head_a(b), dim=1)"),
        replace(SOFTMAX_B, "probabilities_b = torch.softmax(self.head_a(b), dim=1)"),
        mixed("projected_a"),
        mixed("projected_b"),
        mixed("g * projected_a"),
        mixed("(1 - g) * projected_b"),
        replace(PROJECTED_B, "projected_b = self.proj_b(a)"),
        replace(PROJECTED_A, "projected_a = self.proj_a(b)"),
        replace(PROJECTED_B, "projected_b = self.proj_a(b)"),
        both("torch.cat([projected_a, projected_a], dim=1)"),
        both("torch.cat([projected_b, projected_b], dim=1)"),
        both("projected_a"),
        both("projected_b"),
        [both("projected_a"), gate_for_one],
        [both("projected_b"), gate_for_one],
        [joint("a"), replace(MEAN, "return probabilities_a"), mixed("projected_a")],
        textbook=True,
    ),
    Mistake(
        "inputs_added",
        "The features are added instead of concatenated",
        """A sum needs two vectors of one width and mixes them before anything has been learned: a's first feature
        and b's first feature become one number, and no layer can take them apart again. Concatenation keeps every
        feature and gives each its own weights: dim_a + dim_b (or 2·dim) inputs.""",
        joint("a + b"),
        [joint("a + b"), hidden_for_a],
        both("projected_a + projected_b"),
        [both("projected_a + projected_b"), gate_for_one],
        [joint("a + b"), both("projected_a + projected_b")],
        [joint("a + b"), hidden_for_a, both("projected_a + projected_b"), gate_for_one],
        heads("torch.softmax(self.head_a(a + b), dim=1)", "torch.softmax(self.head_b(a + b), dim=1)"),
        joint("nn.functional.pad(a, (0, b.shape[1])) + nn.functional.pad(b, (0, a.shape[1]))"),
    ),
    Mistake(
        "order_swapped",
        "b's features come before a's",
        """The order of the features decides which column of the weight each of them meets. It is [a, b] and [p, q]:
        first those of a, then those of b.""",
        joint("torch.cat([b, a], dim=1)"),
        both("torch.cat([projected_b, projected_a], dim=1)"),
        [joint("torch.cat([b, a], dim=1)"), both("torch.cat([projected_b, projected_a], dim=1)")],
    ),
    Mistake(
        "no_relu",
        "There is no ReLU between hidden and head",
        """Two linear layers with nothing in between are one linear layer: the output is a weighted sum of a's
        features plus one of b's, and no combination of the two sources can matter. The ReLU makes the difference.""",
        replace(ACTIVATED, "activated = self.hidden(joint)"),
        [
            replace(ACTIVATED, "activated = self.hidden(joint)"),
            replace(LOGITS, "return torch.relu(self.head(activated))"),
        ],
        replace(ACTIVATED, "activated = self.hidden(torch.relu(joint))"),
    ),
    Mistake(
        "early_returns_probabilities",
        "EarlyFusion returns probabilities instead of logits",
        """F.cross_entropy applies log-softmax itself. Given probabilities it does so twice: the differences shrink
        and learning is slow. EarlyFusion returns what head gives; only LateFusion answers with probabilities.""",
        replace(LOGITS, "return torch.softmax(self.head(activated), dim=1)"),
    ),
    Mistake(
        "logits_averaged",
        "The logits are averaged instead of the probabilities",
        """softmax of the mean logits is not the mean of the softmaxes: it is a (normalised) geometric mean, in
        which a class that one source rules out is out. Late fusion lets each source vote with its own distribution
        and averages those.""",
        [
            *heads("self.head_a(a)", "self.head_b(b)"),
            replace(MEAN, "return torch.softmax((probabilities_a + probabilities_b) / 2, dim=1)"),
        ],
        heads("self.head_a(a)", "self.head_b(b)"),
        [
            *heads("self.head_a(a)", "self.head_b(b)"),
            replace(MEAN, "return torch.softmax(probabilities_a + probabilities_b, dim=1)"),
        ],
        [*heads("self.head_a(a)", "self.head_b(b)"), replace(MEAN, "return probabilities_a + probabilities_b")],
        log_probabilities,
        [*log_probabilities, replace(MEAN, "return ((probabilities_a + probabilities_b) / 2).exp()")],
        formula=r"\tfrac12\big(s(z_a) + s(z_b)\big) \ne s\big(\tfrac12(z_a + z_b)\big), \quad s = \mathrm{softmax}",
    ),
    Mistake(
        "probabilities_summed",
        "The probabilities are added, not averaged",
        """Each of the two rows sums to one, so their sum sums to two and is no distribution. Divide by the number
        of sources.""",
        replace(MEAN, "return probabilities_a + probabilities_b"),
    ),
    Mistake(
        "softmax_of_probabilities",
        "A second softmax is applied to the probabilities",
        """The mean of two distributions is a distribution. A softmax of it takes probabilities for scores, all of them
        between 0 and 1, and flattens them to almost even ones.""",
        replace(MEAN, "return torch.softmax(probabilities_a + probabilities_b, dim=1)"),
        replace(MEAN, "return torch.softmax((probabilities_a + probabilities_b) / 2, dim=1)"),
    ),
    Mistake(
        "softmax_over_batch",
        "Softmax runs over the batch",
        """dim=0 are the examples: here the probabilities of one class sum to one over the batch, so that examples
        compete with each other. The classes are dim=1.""",
        softmax_over_batch,
    ),
    Mistake(
        "softmax_overflows",
        "The largest logit is not subtracted before the exponential",
        """exp overflows to infinity above 709 (88 in float32), and infinity divided by infinity is NaN.
        torch.softmax subtracts the largest logit of each row first, which does not change the result.""",
        heads(
            "self.head_a(a).exp() / self.head_a(a).exp().sum(dim=1, keepdim=True)",
            "self.head_b(b).exp() / self.head_b(b).exp().sum(dim=1, keepdim=True)",
        ),
    ),
    Mistake(
        "gate_softmaxed",
        "The gate is a softmax instead of a sigmoid",
        """Each feature has its own gate between 0 (take q) and 1 (take p), independent of the others: a sigmoid.
        Softmax makes the gates of an example share a sum of one, so with many features every gate is near 0 and the
        output is almost q.""",
        replace(SIGMOID, "g = torch.softmax(self.gate(both), dim=1)"),
        replace(SIGMOID, "g = torch.softmax(self.gate(both), dim=0)"),
        formula=r"g = \sigma\big(W_g [p, q] + b_g\big)",
    ),
    Mistake(
        "gate_without_sigmoid",
        "The gate has no sigmoid",
        """Without the sigmoid the gate is any number: g·p + (1 − g)·q is then no mixture but may lie far outside
        the two, and even against them.""",
        replace(SIGMOID, "g = self.gate(both)"),
        replace(SIGMOID, "g = torch.tanh(self.gate(both))"),
        replace(SIGMOID, "g = torch.relu(self.gate(both))"),
        formula=r"g = \sigma\big(W_g [p, q] + b_g\big)",
    ),
    Mistake(
        "gate_swapped",
        "g and 1 − g have changed places",
        """A gate of 1 lets a's projection through, a gate of 0 that of b: g·p + (1 − g)·q. The other way round is
        just as good a model, but another one: weights trained for the formula choose the wrong source.""",
        mixed("(1 - g) * projected_a + g * projected_b"),
        formula=r"g \odot p + (1 - g) \odot q",
    ),
    Mistake(
        "gate_on_both",
        "Both projections are multiplied by g",
        """g·p + g·q opens and closes both sources together. A mixture gives the second one what the first does not
        take: 1 − g.""",
        mixed("g * projected_a + g * projected_b"),
        formula=r"g \odot p + (1 - g) \odot q",
    ),
    Mistake(
        "gate_unused",
        "The gate has no part in the output",
        """The projections are added or averaged, whatever the gate says, so its layer is never trained. The gate
        decides feature by feature how much of each projection counts.""",
        mixed("projected_a + projected_b"),
        mixed("(projected_a + projected_b) / 2"),
        formula=r"g \odot p + (1 - g) \odot q",
    ),
    Mistake(
        "projections_activated",
        "The projections pass through an activation",
        """proj_a and proj_b are linear: a ReLU (or tanh) after them throws away a part of what they say before the
        gate has had a chance to choose.""",
        [
            replace(PROJECTED_A, "projected_a = torch.relu(self.proj_a(a))"),
            replace(PROJECTED_B, "projected_b = torch.relu(self.proj_b(b))"),
        ],
        [
            replace(PROJECTED_A, "projected_a = torch.tanh(self.proj_a(a))"),
            replace(PROJECTED_B, "projected_b = torch.tanh(self.proj_b(b))"),
        ],
        mixed("g * torch.tanh(projected_a) + (1 - g) * torch.tanh(projected_b)"),
        mixed("g * torch.relu(projected_a) + (1 - g) * torch.relu(projected_b)"),
    ),
    Mistake(
        "gate_on_one",
        "Only one of the projections is multiplied by the gate",
        """p + g·q lets the first source through in full, whatever the gate says. A mixture takes from one what it gives
        the other: g and 1 − g.""",
        mixed("projected_a + g * projected_b"),
        mixed("g * projected_a + projected_b"),
        mixed("projected_a + (1 - g) * projected_b"),
        formula=r"g \odot p + (1 - g) \odot q",
    ),
    Mistake(
        "other_activation",
        "Another activation stands in place of ReLU",
        """Between `hidden` and `head` stands ReLU. A tanh saturates, and GELU lets a little of the negative values
        through.""",
        *(
            replace(ACTIVATED, ACTIVATED.replace("torch.relu", function))
            for function in ("torch.tanh", "torch.sigmoid", "nn.functional.gelu", "nn.functional.leaky_relu")
        ),
    ),
    Mistake(
        "sigmoid_for_softmax",
        "The class scores go through a sigmoid instead of a softmax",
        """A sigmoid looks at one class alone, so the classes do not compete and their probabilities sum to anything.
        Softmax makes a distribution over the K classes.""",
        [
            replace(SOFTMAX_A, "probabilities_a = torch.sigmoid(self.head_a(a))"),
            replace(SOFTMAX_B, "probabilities_b = torch.sigmoid(self.head_b(b))"),
        ],
    ),
    Mistake(
        "larger_probability_taken",
        "The larger of the two probabilities is taken instead of their mean",
        """The maxima of two distributions sum to more than one. Late fusion asked for is the mean.""",
        replace(MEAN, "return torch.maximum(probabilities_a, probabilities_b)"),
    ),
    Mistake(
        "logarithm_returned",
        "The logarithm of the probabilities is returned",
        """LateFusion returns probabilities. Their logarithm is what nll_loss takes, and is left to the caller.""",
        replace(MEAN, "return ((probabilities_a + probabilities_b) / 2).log()"),
    ),
    Mistake(
        "one_gate_for_all_features",
        "One gate serves all features",
        """The gate has one number a feature, (N, dim): each feature is taken from the source that knows it better.
        Averaged to one number, it can only prefer one source as a whole.""",
        replace(SIGMOID, "g = torch.sigmoid(self.gate(both)).mean(dim=1, keepdim=True)"),
        replace(SIGMOID, "g = torch.sigmoid(self.gate(both).mean(dim=1, keepdim=True))"),
    ),
    Mistake(
        "gated_parts_concatenated",
        "The gated parts are concatenated instead of added",
        """g·p + (1 − g)·q mixes both sources in dim features. Side by side they are two vectors, each damped, and the
        output is twice as wide as asked.""",
        replace(MIXED, "return torch.cat([g * projected_a, (1 - g) * projected_b], dim=1)"),
    ),
    Mistake(
        "gate_detached",
        "No gradient passes through the gate to the projections",
        """The projections are trained by two ways, as what is mixed and as what the gate looks at. detach() cuts the
        second.""",
        replace(SIGMOID, "g = torch.sigmoid(self.gate(both.detach()))"),
        replace(MIXED, MIXED.replace("g *", "g.detach() *", 1).replace("1 - g)", "1 - g.detach())")),
    ),
]
