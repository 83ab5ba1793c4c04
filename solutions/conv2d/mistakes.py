"""Known mistakes in the output size, the forward pass and the backward pass of a convolution."""

from grader.suite import Mistake, replace

LAST_START = "last_start = size + 2 * padding - kernel_size"
SIZE = "return last_start // stride + 1"

PAD = "padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))"
KERNEL = "kernel_height, kernel_width = weight.shape[2:]"
WINDOWS = "windows = every_window[:, :, ::stride, ::stride]"
SUM = 'output = np.einsum("nchwij,ocij->nohw", windows, weight, optimize=True)'
NO_BIAS = "return output\n    bias = as_float(bias)"
ADD_BIAS = "return output + bias[:, None, None]"

BACKWARD_START = "height, width = x.shape[2:]\n"
BACKWARD_PAD = "padded_x = np.pad(x, ((0, 0), (0, 0), (padding,) * 2, (padding,) * 2))"
PATCHES = "patches = all_patches[:, :, ::stride, ::stride]\n    out_height, out_width = patches.shape[2:4]\n"
GRAD_BIAS = "grad_bias = grad_output.sum(axis=(0, 2, 3))"
GRAD_WEIGHT = 'grad_weight = np.einsum("nohw,nchwij->ocij", grad_output, patches, optimize=True)'
ROWS = "rows = slice(i, i + stride * out_height, stride)"
COLUMNS = "columns = slice(j, j + stride * out_width, stride)"
SPREAD = 'np.einsum("nohw,oc->nchw", grad_output, weight[:, :, i, j])'
CROP = "grad_x = grad_padded[:, :, padding : padding + height, padding : padding + width]"
LAST_PLACE = "[:, :, -1:, -1:]"
ANSWER = "return grad_x, grad_weight, grad_bias"


def summed(kernel, windows="windows", formula="nchwij,ocij->nohw"):
    return replace(SUM, f'output = np.einsum("{formula}", {windows}, {kernel}, optimize=True)')


def windows_from(rows, columns):
    return replace(WINDOWS, f"windows = every_window[:, :, {rows}, {columns}]")


def raising(condition, error="ValueError"):
    """Edits that make both passes fail, as a mistake with shapes does."""
    return [
        replace(KERNEL, f"{KERNEL}\n    if {condition}:\n        raise {error}"),
        replace(BACKWARD_START, f"{BACKWARD_START}    if {condition}:\n        raise {error}\n"),
    ]


def flipped(rows, columns):
    """The kernel turned round, in the forward pass and in both gradients."""
    flip = f"{rows}, {columns}"
    i, j = ("-1 - i" if "-" in rows else "i"), ("-1 - j" if "-" in columns else "j")
    return [
        summed(f"weight[:, :, {flip}]"),
        replace(SPREAD, f'np.einsum("nohw,oc->nchw", grad_output, weight[:, :, {i}, {j}])'),
        replace(GRAD_WEIGHT, f"{GRAD_WEIGHT}[:, :, {flip}]"),
    ]


def dense(rows, columns, right_size):
    """Windows one row and one column apart, or only one of them; the size of the output may still be right."""
    height = "(every_window.shape[2] - 1) // stride + 1" if right_size else ""
    width = "(every_window.shape[3] - 1) // stride + 1" if right_size else ""
    patches = f"all_patches[:, :, {':out_height' if rows else '::stride'}, {':out_width' if columns else '::stride'}]"
    edits = [
        windows_from(f":{height}" if rows else "::stride", f":{width}" if columns else "::stride"),
        replace(PATCHES, f"{PATCHES}    patches = {patches}\n"),
    ]
    if rows:
        edits.append(replace(ROWS, "rows = slice(i, i + out_height)"))
    if columns:
        edits.append(replace(COLUMNS, "columns = slice(j, j + out_width)"))
    if rows and columns:
        edits.append(replace(LAST_START, f"stride = 1\n    {LAST_START}"))
    return edits


def padded_by(pads, crop):
    """Both passes with other zeros around the image, and the gradient of x cut off where x then is."""
    return [
        replace(PAD, f"padded = np.pad(x, ((0, 0), (0, 0), {pads}, {pads}))"),
        replace(BACKWARD_PAD, f"padded_x = np.pad(x, ((0, 0), (0, 0), {pads}, {pads}))"),
        replace(CROP, f"grad_x = grad_padded[:, :, {crop}, {crop}]"),
    ]


def squared(side, other):
    """Both passes with the kernel's size along one axis used for both."""
    too_long = f"weight.shape[{side}] > weight.shape[{other}]"
    square = f"weight[:, :, : weight.shape[{side}], : weight.shape[{side}]]"
    corner = "grad_weight = np.zeros_like(weight)\n    grad_weight[:, :, :k, :k] = full[:, :, :k, :k]"
    zeros = "grad_padded = np.zeros_like(padded_x)"
    return [
        *raising(too_long, "IndexError"),
        replace(", (kernel_height, kernel_width), axis=(2, 3))", f", (weight.shape[{side}],) * 2, axis=(2, 3))"),
        summed(square),
        replace(GRAD_WEIGHT, f"k = weight.shape[{side}]\n    {GRAD_WEIGHT.replace('grad_weight', 'full', 1)}"),
        replace(zeros, f"{corner}\n    {zeros}"),
        replace("for i in range(weight.shape[2]):", "for i in range(k):"),
        replace("for j in range(weight.shape[3]):", "for j in range(k):"),
    ]


def square_taps(side, other):
    """A forward pass that runs over a square part of the kernel; all that follows is the right size."""
    square = f": weight.shape[{side}], : weight.shape[{side}]"
    return [
        raising(f"weight.shape[{side}] > weight.shape[{other}]", "IndexError")[0],
        summed(f"weight[:, :, {square}]", f"windows[..., {square}]"),
    ]


HALF_PADDED = replace(LAST_START, "last_start = size + padding - kernel_size")
AS_DEEP = "(padding, padding), (padding, padding), (padding, padding)"  # channels, rows and columns

ADDED = "grad_padded[:, :, rows, columns] += "
FROM_THE_LAST_TAP = [  # a window after another, what the last one writes is what stays
    replace("for i in range(weight.shape[2]):", "for i in reversed(range(weight.shape[2])):"),
    replace("for j in range(weight.shape[3]):", "for j in reversed(range(weight.shape[3])):"),
]

MISTAKES = [
    Mistake(
        "kernel_flipped",
        "The kernel is turned round",
        """Mathematics turns the kernel round in a convolution; deep learning does not: its "convolution" is a
        cross-correlation, which lays the kernel on each window as it is. A kernel with a single 1 in its first corner
        shows the difference: the output must be the first corner of each window. The backward pass written as a
        convolution of grad_output with the kernel does need a flip, but only because r·stride + i is solved for r.""",
        flipped("::-1", "::-1"),
        flipped("::-1", ":"),
        flipped(":", "::-1"),
        summed("weight[:, ::-1, ::-1, ::-1]"),
        formula=r"y_{r,c} = \sum_{i,j} w_{i,j}\, x_{r+i,\,c+j}",
    ),
    Mistake(
        "channels_not_summed",
        "The input channels are not summed",
        """A kernel of shape (C, kH, kW) covers all C input channels at once: an output is one number, the sum over
        channels, rows and columns. Keeping the channels apart, using only one of them or averaging them gives a
        depthwise convolution, another shape or other numbers. With one input channel nothing is seen of it.""",
        summed("weight", formula="nchwij,ocij->nochw"),
        [
            summed("weight", formula="nchwij,ocij->nochw"),
            replace("if bias is None:", "output = output.reshape(len(x), -1, *output.shape[3:])\n    if bias is None:"),
        ],
        [
            summed("weight", formula="nchwij,ocij->nochw"),
            replace(ADD_BIAS, "return output + bias[:, None, None, None]"),
        ],
        replace(SUM, f"{SUM} / x.shape[1]"),
        summed("weight[:, 0]", "windows[:, 0]", "nhwij,oij->nohw"),
        summed("weight[:, -1]", "windows[:, -1]", "nhwij,oij->nohw"),
        summed("weight[:, 0]", "windows.sum(axis=1)", "nhwij,oij->nohw"),
        summed("weight.sum(axis=1)", "windows.sum(axis=1)", "nhwij,oij->nohw"),
        replace(CROP, f"grad_padded[:, 1:] = 0\n    {CROP}"),
        raising("x.shape[1] > 1")[0],
        formula=r"y_{n,o,r,c} = \sum_{\mathrm{ch}} \sum_{i,j} w_{o,\mathrm{ch},i,j}\, x_{n,\mathrm{ch},r+i,c+j}",
    ),
    Mistake(
        "padding_misplaced",
        "The padding does not go on all four sides of each image, and only there",
        """Padding adds `padding` rows at the top and at the bottom and as many columns on the left and on the right.
        Images then grow by 2·padding along both axes, and x[0, 0] stands at (padding, padding). Zeros on one side only
        shift the picture; `np.pad(x, padding)` pads the batch and the channels too. Give np.pad one pair of numbers
        for each axis: ((0, 0), (0, 0), (p, p), (p, p)).""",
        [HALF_PADDED, *padded_by("(padding, 0)", "padding:")],
        [HALF_PADDED, replace(PAD, PAD.replace("(padding, padding)", "(0, padding)"))],
        padded_by("(2 * padding, 0)", "2 * padding :"),
        padded_by("(0, 2 * padding)", ": -2 * padding or None"),
        replace(PAD, "padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (0, 0)))"),
        replace(PAD, "padded = np.pad(x, ((0, 0), (0, 0), (0, 0), (padding, padding)))"),
        replace(PAD, f"padded = np.pad(x, ((0, 0), {AS_DEEP}))[:, : x.shape[1]]"),
        replace(PAD, "padded = np.pad(x, padding)[: len(x), : x.shape[1]]"),
        replace(PAD, "padded = np.pad(x, padding)[:, : x.shape[1]]"),
        raising("padding"),
    ),
    Mistake(
        "padding_ignored",
        "The padding is not used",
        """The kernel is laid on the image as it came, without the zeros around it. The output is then too small: with a
        3×3 kernel and padding 1 it should be as large as the input.""",
        [replace(LAST_START, "last_start = size - kernel_size"), replace(PAD, "padded = x")],
    ),
    Mistake(
        "stride_not_on_both_axes",
        "The stride is ignored, or used along one axis only",
        """Window (r, c) starts at row r·stride and column c·stride. An output of the right size is not enough: where
        the windows start at (r, c) instead, they all lie in one corner of the image. The backward pass needs the same
        places: output (r, c) sends its gradient to the window that it came from.""",
        *(
            dense(rows, columns, right_size)
            for rows, columns in [(True, True), (True, False), (False, True)]
            for right_size in (False, True)
        ),
        formula=r"y_{r,c} = \sum_{i,j} w_{i,j}\, x_{r s + i,\; c s + j}",
    ),
    Mistake(
        "floor_missing",
        "The size of the output is not rounded down",
        """The number of steps is a whole number: with 3.5 steps of room a kernel takes three. `/` gives a float, which
        is no size at all, and rounding to the nearest or upwards counts a place that leaves the input. `//` rounds down
        and gives an int.""",
        replace(SIZE, "return last_start / stride + 1"),
        replace(SIZE, "return -(-last_start // stride) + 1"),
        replace(SIZE, "return round(last_start / stride) + 1"),
        replace(SIZE, "return float(-(-last_start // stride) + 1)"),
        formula=r"\left\lfloor \frac{\mathrm{size} + 2p - k}{s} \right\rfloor + 1",
    ),
    Mistake(
        "size_is_a_float",
        "The size of the output is a float",
        """np.floor and math.floor of a float differ in what they give: math.floor gives an int, np.floor a float such
        as 4.0, and no array has 4.0 rows. Divide integers with `//`, or wrap the result in int().""",
        replace(SIZE, "return float(last_start // stride + 1)"),
    ),
    Mistake(
        "plus_one_missing",
        "The first place of the kernel is not counted",
        """(size + 2·padding − kernel_size) / stride counts the *steps* of the kernel; its places are one more, since it
        stands somewhere before the first step. A kernel as large as the input has one place, not none.""",
        [replace(SIZE, "return last_start // stride"), windows_from("::stride", "::stride][:, :, :-1, :-1")],
        [
            replace(SIZE, "return last_start // stride"),
            windows_from("::stride", "::stride][:, :, :-1, :-1"),
            raising("True")[1],  # grad_output does not have the size that the student expects
        ],
    ),
    Mistake(
        "bias_once_per_tap",
        "The bias is added once per kernel tap",
        """The bias stands outside the sum: every output receives it once. Added inside the loop over the kernel's rows
        and columns (or its channels) it is counted kH·kW (or C) times. Start from the bias, or add it when the sum is
        done.""",
        replace(ADD_BIAS, "return output + kernel_height * kernel_width * bias[:, None, None]"),
        replace(ADD_BIAS, "return output + x.shape[1] * kernel_height * kernel_width * bias[:, None, None]"),
        replace(ADD_BIAS, "return output + x.shape[1] * bias[:, None, None]"),
        formula=r"y_{r,c} = b + \sum_{i,j} w_{i,j}\, x_{r+i,\,c+j}",
    ),
    Mistake(
        "bias_ignored",
        "The bias is not added",
        """Without its bias an output channel has nothing to compare the sum with. bias[o] is added to every output of
        channel o: give it the shape (O, 1, 1) and let it broadcast.""",
        replace(ADD_BIAS, "return output"),
    ),
    Mistake(
        "square_kernels_only",
        "Kernels are taken to be square",
        """One size is used for both axes. A kernel of 2×3 has windows of two rows and three columns, and the height
        and the width of the output each follow from their own side of the kernel. Read kH and kW from weight.shape.""",
        *(
            raising("weight.shape[2] != weight.shape[3]", error)
            for error in (
                "ValueError",
                "IndexError",
                "AssertionError",
                "(ValueError if weight.shape[2] < weight.shape[3] else IndexError)",
                "(IndexError if weight.shape[2] < weight.shape[3] else ValueError)",
            )
        ),
        squared(2, 3),
        squared(3, 2),
        square_taps(2, 3),
        square_taps(3, 2),
        # The size of the output alone is computed from one side of the kernel.
        [
            raising("kernel_width > kernel_height")[0],
            windows_from("::stride", "::stride][..., : padded.shape[3] - kernel_height + 1, :, :"),
        ],
        [
            raising("kernel_height > kernel_width")[0],
            windows_from("::stride", "::stride][:, :, : padded.shape[2] - kernel_width + 1"),
        ],
    ),
    Mistake(
        "backward_keeps_padding",
        "The gradient of the padding is not cut off",
        """The forward pass works on the padded input, and so does the gradient at first. But ∂L/∂x has the shape of x:
        the rows and columns that belong to the zeros around the image must go, `padding` of them on each side. Slice
        from padding to padding + H and from padding to padding + W.""",
        replace(CROP, "grad_x = grad_padded"),
        replace(CROP, "grad_x = grad_padded[:, :, padding:, padding:]"),
        replace(CROP, "grad_x = grad_padded[:, :, : padding + height, : padding + width]"),
        replace(CROP, "grad_x = grad_padded[:, :, :height, :width]"),
    ),
    Mistake(
        "crop_without_padding_is_empty",
        "Without padding the gradient of x is cut off altogether",
        """`a[padding:-padding]` is right for every padding but 0: -0 is 0, and a[0:0] is empty. Slice from padding to
        padding + H instead.""",
        replace(CROP, "grad_x = grad_padded[:, :, padding:-padding, padding:-padding]"),
    ),
    Mistake(
        "grad_bias_averaged",
        "The gradient of the bias is averaged",
        """bias[o] is added to every output of channel o, so a change of it changes all of them, and their gradients add
        up: over the images, the rows and the columns. If the loss is a mean, its 1/N is already in grad_output.""",
        replace(GRAD_BIAS, "grad_bias = grad_output.mean(axis=(0, 2, 3))"),
        replace(GRAD_BIAS, "grad_bias = grad_output.sum(axis=(2, 3)).mean(axis=0)"),
        replace(GRAD_BIAS, "grad_bias = grad_output.mean(axis=(2, 3)).sum(axis=0)"),
        replace(GRAD_BIAS, "grad_bias = grad_output.sum(axis=(0, 2, 3)) / grad_output.size"),
        formula=r"\frac{\partial L}{\partial b_o} = \sum_{n,r,c} \frac{\partial L}{\partial y_{n,o,r,c}}",
    ),
    Mistake(
        "grad_weight_averaged",
        "The gradient of the kernel is averaged over the images",
        """The kernel meets every image of the batch, and the gradients of all these meetings add up. If the loss is a
        mean, its 1/N is already in grad_output; dividing once more counts it twice.""",
        replace(ANSWER, "return grad_x, grad_weight / len(x), grad_bias"),
    ),
    Mistake(
        "overlap_overwrites",
        "Where windows overlap, the last one overwrites the gradients of the others",
        """With a stride below the kernel's size an element of x lies in several windows. It gets a gradient from each
        of them, and from each output channel: they add up. With = instead of += only what is written last is left.
        A stride of the kernel's size and one output channel hide it.""",
        [*FROM_THE_LAST_TAP, replace(ADDED, ADDED.replace("+=", "="))],
        [
            *FROM_THE_LAST_TAP,
            replace(ADDED, ADDED.replace("+=", "=")),
            replace(SPREAD, 'np.einsum("nohw,oc->nchw", grad_output[:, -1:], weight[-1:, :, i, j])'),
        ],
        replace(ADDED, ADDED.replace("+=", "=")),
    ),
    Mistake(
        "padding_fixed",
        "The padding is always 1",
        """A padding of 1 keeps the size of an image under a 3×3 kernel, and only there. How many zeros go around it is
        what the argument `padding` says.""",
        replace(PAD, PAD.replace("padding", "1")),
        padded_by("(1, 1)", "1:-1"),
        [replace(PAD, PAD.replace("padding", "1")), replace(LAST_START, f"padding = 1\n    {LAST_START}")],
        [*padded_by("(1, 1)", "1:-1"), replace(LAST_START, f"padding = 1\n    {LAST_START}")],
    ),
    Mistake(
        "bias_along_the_last_axis",
        "The bias is added along the width instead of the channels",
        """`output + bias` lines the O numbers of the bias up with the last axis, the width: where that is O, too, each
        column gets the bias of some channel, otherwise the shapes do not fit. Give it the shape (O, 1, 1).""",
        replace(ADD_BIAS, "return output + bias"),
    ),
    Mistake(
        "grad_weight_overwritten",
        "The gradient of the kernel comes from the last place alone",
        """The kernel is used at every place of the output, and each place adds its share to the gradient. With `=` in
        the loop over the places every share overwrites the one before: write `+=`.""",
        replace(
            GRAD_WEIGHT, GRAD_WEIGHT.replace("grad_output, patches", f"grad_output{LAST_PLACE}, patches{LAST_PLACE}")
        ),
    ),
    Mistake(
        "grad_bias_per_image",
        "The gradient of the bias is not summed over the images",
        """All images share the one bias of a channel, so its gradient is the sum over the images as well as over height
        and width: (O,), like the bias, and not (N, O).""",
        replace(GRAD_BIAS, "grad_bias = grad_output.sum(axis=(2, 3))"),
    ),
    Mistake(
        "gradients_in_another_order",
        "The gradients are returned in another order",
        """The caller unpacks `grad_x, grad_weight, grad_bias = conv2d_backward(…)`, in the order of the arguments of
        conv2d. Here they have changed places.""",
        replace(ANSWER, "return grad_weight, grad_x, grad_bias"),
        replace(ANSWER, "return grad_weight, grad_bias, grad_x"),
        replace(ANSWER, "return grad_x, grad_bias, grad_weight"),
    ),
    Mistake(
        "same_size",
        "The output is taken to be as large as the input divided by the stride",
        """That is "same" padding, where the zeros around the input are chosen to fit. Here `padding` is given, and the
        size follows from it and from the kernel: a kernel of 5 without padding loses 4 places.""",
        replace(SIZE, "return -(-size // stride)"),
        replace(SIZE, "return size // stride"),
        formula=r"\left\lfloor \frac{\mathrm{size} + 2p - k}{s} \right\rfloor + 1",
    ),
    Mistake(
        "one_added_before_the_division",
        "The 1 is added before the division by the stride",
        """The first place of the kernel counts in full, and every further one costs a stride: ⌊…/stride⌋ + 1. With the
        1 inside the division, a stride above 1 loses the last place wherever a remainder is left.""",
        replace(SIZE, "return (last_start + 1) // stride"),
        formula=r"\left\lfloor \frac{\mathrm{size} + 2p - k}{s} \right\rfloor + 1",
    ),
    Mistake(
        "border_repeated",
        "The input is padded with other values than zeros",
        """Around the image stand zeros. Repeating or mirroring its border is another kind of padding, and the backward
        pass would have to follow it.""",
        *(
            [replace(PAD, PAD.replace("padding)))", f"padding)), mode={mode})"))]
            for mode in ("'edge'", "'reflect'", "'wrap'")
        ),
    ),
    Mistake(
        "window_averaged",
        "The products of a window are averaged instead of summed",
        """A convolution sums the products of kernel and window. Divided by their number, every output is too small by
        the size of the kernel.""",
        replace(SUM, f"{SUM} / (kernel_height * kernel_width)"),
        replace(SUM, f"{SUM} / weight[0].size"),
    ),
    Mistake(
        "kernel_transposed",
        "The kernel is transposed",
        """weight[o, ch, i, j] belongs to the row r + i and the column c + j of the image. With i and j exchanged the
        kernel acts as if it were mirrored along its diagonal; for kernels that are not square nothing fits.""",
        replace(
            SUM,
            "weight = weight.swapaxes(2, 3) if kernel_height == kernel_width else weight\n    " + SUM,
        ),
    ),
    Mistake(
        "grad_bias_of_another_shape",
        "The gradient of the bias has another shape than the bias",
        """The bias has one number a channel, (O,), and each is used at every place of every image: its gradient is the
        sum over the axes 0, 2 and 3, without keepdims. Summed over the images only it still has a value a place.""",
        replace(GRAD_BIAS, "grad_bias = grad_output.sum(axis=0)"),
        replace(GRAD_BIAS, "grad_bias = grad_output.sum(axis=(0, 2, 3), keepdims=True)"),
        replace(GRAD_BIAS, "grad_bias = grad_output.sum()"),
    ),
    Mistake(
        "grad_x_with_kernel_flipped",
        "The gradient in x uses the flipped kernel where it should not",
        """An output passes its gradient to x̃[r·stride + i, c·stride + j] with the weight [i, j] that it was made with.
        The kernel is flipped in the other way to write it, as a full convolution of grad_output; where gradients are
        added to the window it is used as it is.""",
        replace(SPREAD, SPREAD.replace("weight[:, :, i, j]", "weight[:, :, -1 - i, -1 - j]")),
    ),
]
