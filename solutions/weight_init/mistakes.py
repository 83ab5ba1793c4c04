"""Known mistakes in Xavier and He initialisation.

A check calls one function, so one variant may hold a mistake in all functions: it also fits a submission that
makes it in some of them.
"""

from grader.suite import Mistake, replace

BOUNDS = {
    "xavier": ("xavier_bound = math.sqrt(6 / (fan_in + fan_out))", "xavier_bound"),
    "he": ("he_bound = math.sqrt(6 / fan_in)", "he_bound"),
}
STDS = {
    "xavier": ("xavier_std = math.sqrt(2 / (fan_in + fan_out))", "xavier_std"),
    "he": ("he_std = math.sqrt(2 / fan_in)", "he_std"),
}
RETURNS = {
    "xavier_bound": "return rng.uniform(-xavier_bound, xavier_bound, (fan_out, fan_in))",
    "xavier_std": "return rng.normal(0, xavier_std, (fan_out, fan_in))",
    "he_bound": "return rng.uniform(-he_bound, he_bound, (fan_out, fan_in))",
    "he_std": "return rng.normal(0, he_std, (fan_out, fan_in))",
}
CHECKED = "if len(sizes) not in (2, 4) or min(sizes) < 1:"
SIZES = "out_channels, in_channels, *kernel = sizes"
FIELD = "receptive_field = math.prod(kernel)"
FAN_IN = "fan_in = in_channels * receptive_field"
FAN_OUT = "fan_out = out_channels * receptive_field"
FANS = "return fan_in, fan_out"


def bound(method, code):
    line, name = BOUNDS[method]
    return replace(line, f"{name} = {code}")


def std(method, code):
    line, name = STDS[method]
    return replace(line, f"{name} = {code}")


def returns(old, new):
    """A change in the four lines that draw."""
    return [replace(line, line.replace(old, new)) for line in RETURNS.values()]


def drawn_by(source):
    """The same calls on another source of random numbers."""
    return returns("rng.", f"{source}.")


MISTAKES = [
    Mistake(
        "variance_as_std",
        "The variance is passed where the standard deviation belongs",
        """rng.normal takes the standard deviation, the square root of the variance, and so does the bound of a
        uniform distribution grow with a root: a = √(3·Var). Without the root the weights of a layer with 200 inputs
        come out ten times too small, and the signal dies out within a few layers. Measure it: w.var() should be
        what the formula says.""",
        [
            std("xavier", "2 / (fan_in + fan_out)"),
            std("he", "2 / fan_in"),
            bound("xavier", "6 / (fan_in + fan_out)"),
            bound("he", "6 / fan_in"),
        ],
        [bound("xavier", "2 / (fan_in + fan_out)"), bound("he", "2 / fan_in")],
        [bound("xavier", "math.sqrt(3) * 2 / (fan_in + fan_out)"), bound("he", "math.sqrt(3) * 2 / fan_in")],
        formula=r"\sigma = \sqrt{\mathrm{Var}}, \quad a = \sqrt{3\, \mathrm{Var}}",
    ),
    Mistake(
        "six_and_three_swapped",
        "The bound of a uniform initialiser has another number than 6 under the root",
        """A uniform distribution on [−a, a) has the variance a²/3, so a = √(3·Var). With Var = 2/(fan_in + fan_out)
        or 2/fan_in that makes √(6/…): the 3 is already multiplied by the 2. A 3 in its place halves the variance; a
        6 in place of the 3 doubles it.""",
        bound("xavier", "math.sqrt(3 / (fan_in + fan_out))"),
        bound("he", "math.sqrt(3 / fan_in)"),
        [bound("xavier", "math.sqrt(3 / (fan_in + fan_out))"), bound("he", "math.sqrt(3 / fan_in)")],
        [bound("xavier", "math.sqrt(12 / (fan_in + fan_out))"), bound("he", "math.sqrt(12 / fan_in)")],
        formula=r"a = \sqrt{3 \cdot \frac{2}{n}} = \sqrt{\frac{6}{n}}",
    ),
    Mistake(
        "bound_is_std",
        "The standard deviation is taken for the bound of the uniform distribution",
        """Numbers from [−a, a) deviate less than a: their standard deviation is a/√3. To have the standard
        deviation σ the bound must be √3·σ.""",
        [bound("xavier", "math.sqrt(2 / (fan_in + fan_out))"), bound("he", "math.sqrt(2 / fan_in)")],
        formula=r"a = \sqrt{3}\, \sigma",
    ),
    Mistake(
        "fans_swapped",
        "fan_in and fan_out are swapped",
        """fan_in counts the inputs of a layer, and He's variance 2/fan_in keeps the size of the signal on its way
        forward. A weight is stored as (outputs, inputs, …): fan_in comes from its second size, fan_out from its
        first. In Xavier's formula the two stand symmetrically, so only He's shows the mistake.""",
        [
            std("he", "math.sqrt(2 / fan_out)"),
            bound("he", "math.sqrt(6 / fan_out)"),
            replace(FANS, "return fan_out, fan_in"),
        ],
        replace(FANS, "return (fan_in, fan_out) if kernel else (fan_out, fan_in)"),
        replace(FANS, "return (fan_out, fan_in) if kernel else (fan_in, fan_out)"),
        formula=r"\mathrm{Var}(w) = \frac{2}{fan_{in}}",
    ),
    Mistake(
        "gain_missing",
        "He's gain of √2 is missing",
        """ReLU sets half of the signal to zero and thereby halves its mean square. He's variance 2/fan_in makes up
        for it: the standard deviation is √2/√fan_in, √2 times LeCun's 1/√fan_in. Without the gain the signal loses
        half of its power in every layer.""",
        [std("he", "math.sqrt(1 / fan_in)"), bound("he", "math.sqrt(3 / fan_in)")],
        std("he", "math.sqrt(1 / fan_in)"),
        formula=r"\sigma = \sqrt{2} \cdot \frac{1}{\sqrt{fan_{in}}}",
    ),
    Mistake(
        "xavier_with_one_fan",
        "Xavier's variance counts only one of the two fans",
        """1/fan_in keeps the signal's variance on the way forward, 1/fan_out the gradient's on the way back. Xavier
        takes the mean of the two: 2/(fan_in + fan_out).""",
        [std("xavier", "math.sqrt(1 / fan_in)"), bound("xavier", "math.sqrt(3 / fan_in)")],
        [std("xavier", "math.sqrt(2 / fan_in)"), bound("xavier", "math.sqrt(6 / fan_in)")],
        formula=r"\mathrm{Var}(w) = \frac{2}{fan_{in} + fan_{out}}",
    ),
    Mistake(
        "numerator_one",
        "Xavier's variance is 1/(fan_in + fan_out)",
        """The mean of the two fans is (fan_in + fan_out)/2, and its inverse has a 2 on top: Var = 2/(fan_in +
        fan_out). With a 1 the weights are √2 times too small.""",
        std("xavier", "math.sqrt(1 / (fan_in + fan_out))"),
        [std("xavier", "math.sqrt(1 / (fan_in + fan_out))"), bound("xavier", "math.sqrt(3 / (fan_in + fan_out))")],
        formula=r"\mathrm{Var}(w) = \frac{2}{fan_{in} + fan_{out}}",
    ),
    Mistake(
        "receptive_field_left_out",
        "The kernel's size is left out of the fans of a convolution, or counted wrongly",
        """One output of a convolution sees kH·kW positions in each of the I input channels, so its fan_in is
        I·kH·kW; just so one input reaches O·kH·kW outputs. With the channels alone the weights of a 3×3 convolution
        come out three times too large. Multiply both fans by both sides of the kernel: by their product, not by one
        side or their sum.""",
        replace(FIELD, "receptive_field = 1"),
        replace(FAN_OUT, "fan_out = out_channels"),
        replace(FAN_IN, "fan_in = in_channels"),
        replace(FIELD, "receptive_field = kernel[0] if kernel else 1"),
        replace(FIELD, "receptive_field = kernel[-1] if kernel else 1"),
        replace(FIELD, "receptive_field = kernel[0] ** 2 if kernel else 1"),
        replace(FIELD, "receptive_field = kernel[-1] ** 2 if kernel else 1"),
        replace(FIELD, "receptive_field = sum(kernel) if kernel else 1"),
        formula=r"fan_{in} = I \cdot k_H \cdot k_W, \quad fan_{out} = O \cdot k_H \cdot k_W",
    ),
    Mistake(
        "shape_transposed",
        "The weight is drawn as (fan_in, fan_out)",
        """A linear layer computes x · Wᵀ and stores W as (fan_out, fan_in), one row for each output. The other way
        round the shapes do not fit, and drawing (fan_in, fan_out) to transpose it later puts the random numbers in
        other places. Draw with size=(fan_out, fan_in).""",
        returns("(fan_out, fan_in)", "(fan_in, fan_out)"),
        returns("(fan_out, fan_in))", "(fan_in, fan_out)).T"),
    ),
    Mistake(
        "global_random_state",
        "The numbers are drawn from another source than rng",
        """np.random.normal and its like draw from NumPy's global state, which every other part of the program draws
        from too; a generator made inside the function starts anew at every call, so that all layers get the same
        numbers, or others at every run. Call rng.uniform and rng.normal on the generator that is passed in: the
        caller decides about the seed.""",
        drawn_by("np.random"),
        drawn_by("np.random.default_rng(0)"),
        drawn_by("np.random.default_rng(42)"),
    ),
    Mistake(
        "uniform_from_zero",
        "The uniform distribution starts at 0",
        """Weights from [0, a) are all positive, with the mean a/2: every unit of the layer sees the same direction,
        and the signal grows with every layer. The range is [−a, a), with the mean 0.""",
        [replace(RETURNS[name], RETURNS[name].replace(f"(-{name}", "(0")) for name in ("xavier_bound", "he_bound")],
    ),
    Mistake(
        "float32_result",
        "The weights are float32",
        """The generator draws float64, and float64 is what is asked for here. Leave the conversion to the caller.""",
        returns("(fan_out, fan_in))", "(fan_out, fan_in)).astype(np.float32)"),
    ),
    Mistake(
        "other_ranks_accepted",
        "A shape that has neither two nor four sizes is accepted",
        """A bias (O,) has no fans, and what three or five sizes mean is not agreed on here. Answering something all
        the same hides the mistake of the caller: raise ValueError.""",
        replace(CHECKED, "if len(sizes) < 2 or min(sizes) < 1:"),
        replace(CHECKED, "if len(sizes) not in (2, 3, 4, 5) or min(sizes) < 1:"),
        [
            replace(CHECKED, "if False:"),
            replace(SIZES, "out_channels, in_channels, *kernel = [*sizes, 1][:max(2, len(sizes))]"),
        ],
    ),
    Mistake(
        "he_with_both_fans",
        "He's variance counts both fans",
        """He takes only fan_in: a ReLU throws away half of the signal on its way forward, and 2/fan_in makes up for it.
        The mean of both fans belongs to Xavier's variance.""",
        [std("he", "math.sqrt(2 / (fan_in + fan_out))"), bound("he", "math.sqrt(6 / (fan_in + fan_out))")],
        [std("he", "math.sqrt(4 / (fan_in + fan_out))"), bound("he", "math.sqrt(12 / (fan_in + fan_out))")],
        formula=r"\mathrm{Var}(w) = \frac{2}{fan_{in}}",
    ),
    Mistake(
        "keras_layout",
        "The shape is read in another order than (O, I, kH, kW)",
        """PyTorch's layout has the outputs first. Keras keeps the kernel first, (kH, kW, I, O), and (I, O) for linear
        layers.""",
        replace(SIZES, "*kernel, in_channels, out_channels = sizes"),
        [replace(FAN_IN, "fan_in = sizes[-1]"), replace(FAN_OUT, "fan_out = sizes[0]")],
    ),
]
