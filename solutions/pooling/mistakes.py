"""Known mistakes in max pooling, its backward pass and average pooling."""

from grader.suite import Mistake, replace

MAX_STRIDE = "stride = kernel_size if stride is None else stride"
MAX_WINDOWS = "every_window = np"
MAX_STEPS = "windows = every_window[:, :, ::stride, ::stride]"
MAX = "return windows.max(axis=(4, 5))"

AVERAGE_STRIDE = "step = kernel_size if stride is None else stride"
AVERAGE_WINDOWS = "all_patches = np"
AVERAGE_STEPS = "patches = all_patches[:, :, ::step, ::step]"
AVERAGE = "return patches.mean(axis=(4, 5))"

BACKWARD_START = "grad_output, x = as_float(grad_output), as_float(x)\n"
BACKWARD_STRIDE = "hop = kernel_size if stride is None else stride"
BACKWARD_SIZE = """out_height = (height - kernel_size) // hop + 1
    out_width = (width - kernel_size) // hop + 1"""
FIRST = "first = window.argmax(axis=-1)"
SHARE = "share = first[..., None] == np.arange(kernel_size**2)"
GRAD_WINDOW = "grad_window = share * grad_output[:, :, row, column, None]"
ADD = "grad_x[:, :, rows, columns] += grad_window.reshape(n, channels, kernel_size, kernel_size)"
GRAD_X = "return grad_x"


def before_windows(code):
    """Code that changes x before either pass cuts it up; `stride` is the one in use."""
    return [
        replace(MAX_WINDOWS, f"{code}\n    {MAX_WINDOWS}"),
        replace(AVERAGE_WINDOWS, f"stride = step\n    {code}\n    {AVERAGE_WINDOWS}"),
    ]


def padded(pads, backward_fails, value="0.0"):
    """Zeros around x; the backward pass then takes exception to the shape of grad_output."""
    code = f"x = np.pad(x, [(0, 0), (0, 0), *({pads} for side in x.shape[2:])], constant_values={value})"
    failing = f"if {backward_fails}:\n        raise ValueError"
    return [*before_windows(code), replace(GRAD_X, f"{failing}\n    {GRAD_X}")]


def over(axes, suffix):
    """Both passes pool over more than the window; the suffix gives the answer its shape."""
    return [
        replace(MAX, f"return windows.max(axis={axes}){suffix.format('windows')}"),
        replace(AVERAGE, f"return patches.mean(axis={axes}){suffix.format('patches')}"),
    ]


ROUNDED_UP = "(0, -(side - kernel_size) % stride)"
AS_IN_TENSORFLOW = "max((-(-side // stride) - 1) * stride + kernel_size - side, 0)"
ANY_BORDER = "(height - kernel_size) % hop or (width - kernel_size) % hop"
IN_WINDOW_ORDER = "window.reshape(n, channels, kernel_size, kernel_size)"

CROWDED = "{0}[:, :, : ({0}.shape[2] - 1) // {1} + 1, : ({0}.shape[3] - 1) // {1} + 1]"
SIDE_OF_STRIDE = """rows, columns = ((side - kernel_size) // {1} + 1 for side in x.shape[2:])
    places = [(r * {1}, c * {1}) for r in range(rows) for c in range(columns)]
    values = [x[:, :, r : r + {1}, c : c + {1}].{0}(axis=(2, 3)) for r, c in places]
    return np.stack(values, axis=-1).reshape(*x.shape[:2], rows, columns)"""

STRIDE_1 = [replace(MAX_STRIDE, "stride = stride or 1"), replace(AVERAGE_STRIDE, "step = stride or 1")]

# The backward pass finds fault with the shape of grad_output, goes by it, or runs beyond it.
BACKWARD_STRIDE_1 = [
    [replace(BACKWARD_STRIDE, "hop = stride or 1")],
    [
        replace(BACKWARD_STRIDE, "hop = stride or 1"),
        replace(BACKWARD_SIZE, "out_height, out_width = grad_output.shape[2:]"),
    ],
    [replace(BACKWARD_STRIDE, f"{BACKWARD_STRIDE}\n    if stride is None:\n        raise IndexError")],
]

BEST_OF_ALL_CHANNELS = replace(
    SHARE,
    """best = window.reshape(n, -1).argmax(axis=-1)
            share = (best[:, None] == np.arange(window[0].size)).reshape(window.shape)""",
)

MISTAKES = [
    Mistake(
        "stride_defaults_to_1",
        "Without a stride the windows are one step apart",
        """Convolutions move in steps of 1 unless told otherwise, pooling does not: its windows lie side by side by
        default, so that a kernel of 2 halves the height and the width. `stride=None` stands for kernel_size.""",
        *([*forward, *backward] for forward in (STRIDE_1, []) for backward in BACKWARD_STRIDE_1),
    ),
    Mistake(
        "stride_ignored",
        "The stride is not used: windows are always kernel_size apart",
        """The windows lie side by side whatever `stride` says. Window (r, c) starts at row r·stride and column
        c·stride; kernel_size says how large it is, not where the next one starts.""",
        [
            replace(MAX_STRIDE, "stride = kernel_size"),
            replace(AVERAGE_STRIDE, "step = kernel_size"),
            replace(BACKWARD_STRIDE, "hop = kernel_size"),
        ],
        [
            replace(MAX_STRIDE, "stride = kernel_size"),
            replace(AVERAGE_STRIDE, "step = kernel_size"),
            replace(BACKWARD_STRIDE, "hop = kernel_size"),
            replace(BACKWARD_SIZE, "out_height, out_width = grad_output.shape[2:]"),
        ],
    ),
    Mistake(
        "border_padded_with_zeros",
        "The border is padded with zeros",
        """Rows and columns that are too few for another window are dropped, and nothing is added around the image.
        Zeros that fill up the last windows make the output too large, pull every mean at the border towards zero, and
        win against all negative numbers in a maximum.""",
        padded(ROUNDED_UP, ANY_BORDER),
        padded("(kernel_size // 2,) * 2", "True"),
        padded(f"({AS_IN_TENSORFLOW} // 2, ({AS_IN_TENSORFLOW} + 1) // 2)", ANY_BORDER),
        padded(f"(0, {AS_IN_TENSORFLOW})", ANY_BORDER),
        padded("(-(side - kernel_size) % stride // 2, (-(side - kernel_size) % stride + 1) // 2)", ANY_BORDER),
    ),
    Mistake(
        "border_kept",
        "Windows that are not full are pooled as well",
        """The size of the output is rounded up, and what is left over at the border gets windows of its own, smaller
        than the others. Here they are dropped: ⌊(H − k) / stride⌋ + 1 counts only windows that are full.""",
        [
            *padded(ROUNDED_UP, ANY_BORDER, value="np.nan"),
            replace(MAX, "return np.nanmax(windows, axis=(4, 5))"),
            replace(AVERAGE, "return np.nanmean(patches, axis=(4, 5))"),
        ],
        formula=r"H' = \left\lfloor \frac{H - k}{s} \right\rfloor + 1",
    ),
    Mistake(
        "maximum_starts_at_zero",
        "The search for the maximum starts at zero",
        """A running maximum that starts at 0 never falls below it, so a window of negative numbers answers 0, which is
        not among them. Start with the first value of the window, or with −∞.""",
        replace(MAX, "return np.maximum(windows.max(axis=(4, 5)), 0)"),
    ),
    Mistake(
        "pooled_over_channels",
        "Pooling runs over the channels as well",
        """Each channel of each image is pooled by itself: it is a map of one feature, and the maximum of two features
        means nothing. The output keeps N and C, and only height and width shrink. Reduce over the two axes of the
        window.""",
        over("(1, 4, 5)", ""),
        over("(1, 4, 5)", "[:, None]"),
        over("(1, 4, 5), keepdims=True", "[..., 0, 0].repeat({}.shape[1], axis=1)"),
        over("(0, 1, 4, 5), keepdims=True", "[..., 0, 0] + np.zeros({}.shape[:4], x.dtype)"),
        BEST_OF_ALL_CHANNELS,
        [BEST_OF_ALL_CHANNELS, replace(GRAD_WINDOW, f"{GRAD_WINDOW}.sum(axis=1, keepdims=True)")],
    ),
    Mistake(
        "sum_instead_of_mean",
        "The window is summed, not averaged",
        """The sum of a window grows with its area. Divide it by the number of values in the window, k², not by k.""",
        replace(AVERAGE, "return patches.sum(axis=(4, 5))"),
        replace(AVERAGE, "return patches.sum(axis=(4, 5)) / kernel_size"),
    ),
    Mistake(
        "gradient_to_every_tied_maximum",
        "Every one of several equal maxima receives a gradient",
        """`window == window.max()` is true at every maximum. Where two are equal, each receives the whole gradient,
        twice of what came in; sharing it out keeps the sum but not the rule. One value was chosen in the forward pass,
        the first in reading order, as argmax does. Ties are common: after a ReLU many values are exactly 0.""",
        replace(SHARE, "share = window == window.max(axis=-1, keepdims=True)"),
        [
            replace(SHARE, "ties = window == window.max(axis=-1, keepdims=True)\n            " + SHARE),
            replace("grad_window = share", "grad_window = ties / ties.sum(axis=-1, keepdims=True).astype(x.dtype)"),
        ],
    ),
    Mistake(
        "another_maximum_first",
        "Of several equal maxima another one than the first receives the gradient",
        """Reading order goes row by row and from left to right, and the first maximum met on this way wins. A search
        with `>=` ends at the last one, and one that runs down the columns may meet another one first. argmax over the
        flattened window gives the first.""",
        replace(FIRST, "first = kernel_size**2 - 1 - window[..., ::-1].argmax(axis=-1)"),
        replace(
            FIRST,
            f"turned = {IN_WINDOW_ORDER}.swapaxes(-1, -2).reshape(window.shape).argmax(axis=-1)\n            "
            "first = turned % kernel_size * kernel_size + turned // kernel_size",
        ),
    ),
    Mistake(
        "gradient_spread_evenly",
        "The gradient is spread over the whole window",
        """That is the backward pass of average pooling, where every value has a share in the output. A maximum does not
        move when a smaller value of the window does: their gradient is zero, and the largest value receives all.""",
        replace(SHARE, "share = np.full(window.shape, 1 / kernel_size**2, x.dtype)"),
        replace(SHARE, "share = np.ones(window.shape, x.dtype)"),
    ),
    Mistake(
        "overlap_overwrites",
        "Overlapping windows overwrite each other's gradients",
        """With a stride smaller than the kernel one value can be the maximum of several windows, and each of them sends
        it a gradient: these add up. Assigning with `=` keeps only the last (and may put zeros over what was there), and
        so does `grad[rows, columns] += g` with repeated indices. Use `+=` in a loop, or np.add.at.""",
        replace(ADD, ADD.replace("+=", "=")),
        [  # As when one offset after the other within the windows is written.
            replace("for row in range(out_height):", "for row in reversed(range(out_height)):"),
            replace("for column in range(out_width):", "for column in reversed(range(out_width)):"),
            replace(ADD, ADD.replace("+=", "=")),
        ],
        replace(
            ADD,
            """mark = share.reshape(n, channels, kernel_size, kernel_size)
            part = grad_x[:, :, rows, columns]
            part[mark] = grad_window.reshape(mark.shape)[mark]""",
        ),
    ),
    Mistake(
        "integers_kept",
        "The answer has the integer type of the input",
        """An array made with the dtype of an integer input holds integers only: a mean of 2.5 becomes 2. Integers and
        lists are to be converted to float64 before anything else.""",
        [
            replace("    x = as_float(x)\n    stride", "    original = np.asarray(x)\n    x = as_float(x)\n    stride"),
            replace("    x = as_float(x)\n    step", "    original = np.asarray(x)\n    x = as_float(x)\n    step"),
            replace(MAX, f"{MAX}.astype(original.dtype)"),
            replace(AVERAGE, f"{AVERAGE}.astype(original.dtype)"),
            replace(BACKWARD_START, f"original = np.asarray(x)\n    {BACKWARD_START}"),
            replace(GRAD_X, f"{GRAD_X}.astype(original.dtype)"),
        ],
    ),
    Mistake(
        "places_not_multiplied_by_stride",
        "Windows start at row r instead of r·stride",
        """The output has the right size, but window (r, c) begins at row r and column c of the input, so that all
        windows crowd in its upper left corner. Multiply the place in the output by the stride.""",
        [
            replace(MAX_STEPS, f"windows = {CROWDED.format('every_window', 'stride')}"),
            replace(AVERAGE_STEPS, f"patches = {CROWDED.format('all_patches', 'step')}"),
        ],
        replace(MAX_STEPS, f"windows = {CROWDED.format('every_window', 'stride')}"),
        replace(AVERAGE_STEPS, f"patches = {CROWDED.format('all_patches', 'step')}"),
        [replace("row * hop, row * hop +", "row, row +"), replace("column * hop, column * hop +", "column, column +")],
    ),
    Mistake(
        "window_as_large_as_the_stride",
        "The window ends where the next one starts",
        """A window of x[r·stride : (r + 1)·stride] has the side of the stride, not of the kernel. The two are equal
        only by default. It ends at r·stride + kernel_size; neighbours may overlap, or leave gaps.""",
        replace(MAX, SIDE_OF_STRIDE.format("max", "stride")),
        replace(AVERAGE, SIDE_OF_STRIDE.format("mean", "step")),
        [replace(MAX, SIDE_OF_STRIDE.format("max", "stride")), replace(AVERAGE, SIDE_OF_STRIDE.format("mean", "step"))],
    ),
    Mistake(
        "grad_output_left_out",
        "The incoming gradient is left out",
        """The backward pass sends grad_output of each window to its maximum. Here a 1 goes there: the mask that tells
        where the maximum stood, which is still to be multiplied.""",
        replace(GRAD_WINDOW, "grad_window = share.astype(x.dtype)"),
    ),
    Mistake(
        "largest_magnitude",
        "The value of the largest magnitude is taken",
        """The maximum of −5 and 2 is 2: magnitudes play no part.""",
        replace(
            MAX,
            "flat = windows.reshape(*windows.shape[:4], -1)\n"
            "    return np.take_along_axis(flat, np.abs(flat).argmax(axis=-1)[..., None], axis=-1)[..., 0]",
        ),
        replace(MAX, "return np.abs(windows).max(axis=(4, 5))"),
    ),
    Mistake(
        "minimum_or_median",
        "The minimum or the median of the window is taken",
        """Max-pooling keeps the largest value of each window, average pooling the mean.""",
        replace(MAX, "return windows.min(axis=(4, 5))"),
        replace(AVERAGE, "return np.median(patches, axis=(4, 5))"),
        replace(AVERAGE, "return patches.max(axis=(4, 5))"),
        replace(MAX, "return windows.mean(axis=(4, 5))"),
    ),
    Mistake(
        "gradient_multiplied",
        "The gradient is multiplied by the maximum, or divided by the size of the window",
        """The output is the maximum itself, so its derivative in that place is 1: the gradient is passed on as it
        is.""",
        replace(GRAD_WINDOW, f"{GRAD_WINDOW} * window"),
        replace(GRAD_WINDOW, f"{GRAD_WINDOW} / kernel_size**2"),
    ),
    Mistake(
        "gradient_float64",
        "The gradient is float64 whatever x is",
        """np.zeros makes float64 unless it is told otherwise; np.zeros_like(x) keeps the dtype of x.""",
        replace(GRAD_X, "return grad_x.astype(np.float64)"),
    ),
]
