"""Known mistakes in the residual block."""

from grader.suite import Mistake, replace

HIDDEN = "hidden = torch.relu(self.bn1(self.conv1(x)))"
RESIDUAL = "residual = self.bn2(self.conv2(hidden))"
SKIP = "skip = self.shortcut(x)"
TOTAL = "total = residual + skip"
OUTPUT = "return torch.relu(total)"
CONV1 = "self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride=stride, padding=1, bias=False)"
CONV2 = "self.conv2 = nn.Conv2d(out_channels, out_channels, 3, stride=1, padding=1, bias=False)"
NEEDED = "if stride != 1 or in_channels != out_channels:"
PROJECTION = "projection = nn.Conv2d(in_channels, out_channels, 1, stride=stride, bias=False)"
SEQUENCE = "self.shortcut = nn.Sequential(projection, nn.BatchNorm2d(out_channels))"
NO_SHORTCUT = [replace("self.shortcut = nn.Identity()", "pass"), replace(NEEDED, "if False:")]
STRIDE_TWICE = replace(CONV2, CONV2.replace("stride=1", "stride=stride"))


def total(expression):
    return replace(TOTAL, f"total = {expression}")


def output(expression):
    return replace(OUTPUT, f"return {expression}")


MISTAKES = [
    Mistake(
        "no_skip",
        "The input is not added: there is no skip connection",
        """Without `+ shortcut(x)` this is two convolutions in a row, whatever the class is called. The sum is the
        point of a residual block: the layers learn only a correction to their input, and the gradient reaches earlier
        layers undiminished. Test it with conv2 set to zero: the block should then return ReLU(bias of bn2 +
        shortcut(x)).""",
        total("residual"),
        [replace(SKIP, "skip = None"), total("residual"), *NO_SHORTCUT],
        [total("residual"), output("total")],
        [replace(SKIP, "skip = None"), total("residual"), output("total"), *NO_SHORTCUT],
        [replace(SKIP, "skip = None"), total("residual")],
        [replace(SKIP, "skip = None"), total("residual"), output("total")],
        [replace(SKIP, "skip = None"), total("residual + residual")],
        formula=r"y = \mathrm{ReLU}\big(F(x) + x\big), \quad \frac{\partial (F(x) + x)}{\partial x} = F'(x) + I",
        textbook=True,
    ),
    Mistake(
        "relu_before_sum",
        "The second ReLU is applied to the residual branch before the sum",
        """A ReLU before the sum lets the residual branch only add, never subtract, so the features can only grow from
        block to block. Here the second batch norm's output goes into the sum as it is, and the ReLU follows the
        sum.""",
        [total("torch.relu(residual) + skip"), output("total")],
        total("torch.relu(residual) + skip"),
        [total("torch.relu(residual) + torch.relu(skip)"), output("total")],
        formula=r"\mathrm{ReLU}\big(F(x) + x\big) \ne \mathrm{ReLU}\big(F(x)\big) + x",
    ),
    Mistake(
        "last_relu_missing",
        "There is no ReLU after the sum",
        """The sum of the two branches goes through a ReLU before it leaves the block. Negative outputs are the sign
        of its absence: a residual block of this kind never gives any.""",
        output("total"),
    ),
    Mistake(
        "first_relu_missing",
        "There is no ReLU between the two convolutions",
        """Without a nonlinearity between them, two convolutions with their batch norms are one linear map. The ReLU
        belongs between bn1 and conv2.""",
        replace(HIDDEN, "hidden = self.bn1(self.conv1(x))"),
    ),
    Mistake(
        "skip_from_after_conv1",
        "The skip starts after the first convolution, not at the input",
        """The block should add its own input x. Added instead is what the first convolution made of it, usually
        because the variable x has been overwritten by then. The way around the layers must lead around both of them:
        keep the input under a name of its own before the first layer.""",
        *(
            variant
            for source in ["hidden", "self.bn1(self.conv1(x))", "self.conv1(x)"]
            for variant in (replace(SKIP, f"skip = {source}"), replace(SKIP, f"skip = self.shortcut({source})"))
        ),
        [
            replace(HIDDEN, "first = self.conv1(x)\n        hidden = torch.relu(self.bn1(first))"),
            replace(SKIP, "skip = first"),
        ],
        [
            replace(HIDDEN, "first = self.bn1(self.conv1(x))\n        hidden = torch.relu(first)"),
            replace(SKIP, "skip = first"),
        ],
        [
            replace(HIDDEN, "first = self.conv1(x)\n        hidden = torch.relu(self.bn1(first))"),
            replace(SKIP, "skip = self.shortcut(first)"),
        ],
    ),
    Mistake(
        "projection_missing",
        "The shortcut is not projected where the shape changes",
        """Where the block changes the number of channels or halves the maps, x and the residual have different shapes
        and cannot be added. A 1×1 convolution with the block's stride, followed by a batch norm, brings x into shape.
        It is needed when the channels change, and also when only the stride is not 1; leaving the sum out, cutting or
        padding x instead makes another block.""",
        replace(NEEDED, "if False:"),
        replace(NEEDED, "if in_channels != out_channels:"),
        replace(NEEDED, "if stride != 1:"),
        replace(NEEDED, "if stride != 1 and in_channels != out_channels:"),
        [replace(NEEDED, "if False:"), total("residual + skip if residual.shape == skip.shape else residual")],
        [
            replace(NEEDED, "if in_channels != out_channels:"),
            total("residual + skip if residual.shape == skip.shape else residual"),
        ],
        [
            replace(NEEDED, "if False:"),
            replace(
                SKIP,
                "s, more = self.conv1.stride[0], self.conv1.out_channels - x.shape[1]\n"
                "        skip = nn.functional.pad(x[:, :, ::s, ::s], (0, 0, 0, 0, 0, more))",
            ),
        ],
        [
            replace(NEEDED, "if False:"),
            replace(
                SKIP,
                "s, more = self.conv1.stride[0], self.conv1.out_channels - x.shape[1]\n"
                "        skip = nn.functional.pad(x[:, :, ::s, ::s], (0, 0, 0, 0, more // 2, more // 2))",
            ),
        ],
        [replace(NEEDED, "if False:"), *NO_SHORTCUT[:1], replace(SKIP, "skip = x")],
    ),
    Mistake(
        "projection_without_batch_norm",
        "The projection has no batch norm",
        """The shortcut's 1×1 convolution is followed by a batch norm of its own, so that both terms of the sum have
        the same scale. Without it the block has other parameters and other values than asked for.""",
        replace(SEQUENCE, "self.shortcut = nn.Sequential(projection)"),
        replace(SEQUENCE, "self.shortcut = projection"),
    ),
    Mistake(
        "projection_without_stride",
        "The projection does not use the stride",
        """The residual branch shrinks the maps by the stride and the shortcut does not, so the two cannot be added.
        The 1×1 convolution takes the block's stride, as conv1 does.""",
        replace(PROJECTION, PROJECTION.replace("stride=stride, ", "")),
    ),
    Mistake(
        "always_projected",
        "The shortcut is projected even where nothing changes",
        """Where the stride is 1 and the channels stay, the input itself is added. A projection there costs
        parameters, and takes away what the identity is for: the gradient passing unchanged from block to block.""",
        replace(NEEDED, "if True:"),
    ),
    Mistake(
        "stride_on_both_convolutions",
        "Both convolutions have the stride",
        """With stride 2 twice the maps shrink to a quarter, while the shortcut halves them, so the sum fails, or
        broadcasts a single row or column unnoticed. Only conv1 has the block's stride; conv2 has stride 1.""",
        STRIDE_TWICE,
        [STRIDE_TWICE, replace(PROJECTION, PROJECTION.replace("stride=stride", "stride=stride**2"))],
    ),
    Mistake(
        "stride_on_second_convolution",
        "The second convolution has the stride instead of the first",
        """The shapes come out right, but conv1 computes its features at the full size, and other pixels are kept than
        those the block is defined to keep. conv1 has the block's stride, conv2 has stride 1.""",
        [replace(CONV1, CONV1.replace("stride=stride", "stride=1")), STRIDE_TWICE],
    ),
    Mistake(
        "concatenated",
        "Input and residual are concatenated instead of added",
        """torch.cat puts the channels of the two branches side by side, so the output has twice as many. That is what
        a dense block does. A residual block adds element by element, and the number of channels is out_channels.""",
        total("torch.cat([residual, skip], dim=1)"),
        total("torch.cat([skip, residual], dim=1)"),
        [total("torch.cat([torch.relu(residual), skip], dim=1)"), output("total")],
        [total("torch.cat([skip, torch.relu(residual)], dim=1)"), output("total")],
        [total("torch.cat([residual, skip], dim=1)"), output("total")],
        total("torch.cat([residual, skip], dim=0)"),
        total("torch.cat([skip, residual], dim=0)"),
    ),
    Mistake(
        "in_place_sum",
        "The sum is computed in place and breaks the gradient",
        """With an identity shortcut, `skip` is the very tensor x. `skip += residual` overwrites the caller's x, and
        conv1's backward pass, which needs x, raises a RuntimeError. Write `residual + skip`.""",
        total("skip.add_(residual)"),
        [replace(SKIP, "skip = self.shortcut(x)"), total("skip.add_(residual)"), output("torch.relu_(total)")],
        total("x.add_(residual) if self.shortcut(x) is x else residual + skip"),
    ),
    Mistake(
        "sum_without_gradient",
        "No gradient passes through a part of the sum",
        """The sum has the right values, but autograd does not know all of it: through detach(), `.data` or no_grad one
        of the two summands, or both, get no gradient. The short way back through the skip is what makes deep networks
        of such blocks learn. Write `residual + skip`.""",
        [replace(TOTAL, "skip.data += residual.data\n        total = skip")],
        [replace(TOTAL, "residual.data += skip.data\n        total = residual")],
        [replace(TOTAL, "skip.data += residual\n        total = skip")],
        total("residual + skip.detach()"),
        total("residual.detach() + skip"),
        [replace(TOTAL, "with torch.no_grad():\n            total = residual + skip")],
    ),
    Mistake(
        "batch_norm_left_out",
        "A batch norm is created but not used",
        """A layer that is created in __init__ does nothing until forward calls it. Without its batch norm the branch
        has another scale, and the parameters of that layer never get a gradient.""",
        replace(RESIDUAL, "residual = self.conv2(hidden)"),
        replace(HIDDEN, "hidden = torch.relu(self.conv1(x))"),
        [replace(HIDDEN, "hidden = torch.relu(self.conv1(x))"), replace(RESIDUAL, "residual = self.conv2(hidden)")],
    ),
    Mistake(
        "batch_norm_after_relu",
        "The batch norm comes after the ReLU",
        """The order in this block is convolution, batch norm, ReLU. Normalising after the ReLU gives other values:
        the ReLU then sees the raw output of the convolution, and its result is shifted below zero again.""",
        replace(HIDDEN, "hidden = self.bn1(torch.relu(self.conv1(x)))"),
    ),
    Mistake(
        "batch_norm_shared",
        "One batch norm serves both convolutions",
        """Each batch norm has running statistics and parameters of its own, for the layer whose output it sees.
        Shared by two layers, its running statistics are a mixture of both, which fits neither in eval mode.""",
        replace(RESIDUAL, "residual = self.bn1(self.conv2(hidden))"),
    ),
    Mistake(
        "convolutions_with_bias",
        "The convolutions have a bias",
        """A batch norm subtracts the mean of each channel, and with it any bias that the convolution before it has
        added: the bias is a parameter without effect in training. Pass bias=False.""",
        [replace(CONV1, CONV1.replace(", bias=False", "")), replace(CONV2, CONV2.replace(", bias=False", ""))],
        replace(PROJECTION, PROJECTION.replace(", bias=False", "")),
        [
            replace(CONV1, CONV1.replace(", bias=False", "")),
            replace(CONV2, CONV2.replace(", bias=False", "")),
            replace(PROJECTION, PROJECTION.replace(", bias=False", "")),
        ],
    ),
    Mistake(
        "pre_activation",
        "Norm and ReLU come before the convolutions, as in the pre-activation block",
        """The later form of the block normalises first, conv(ReLU(bn(x))), and adds the skip at the very end without a
        ReLU. It is another network. This one is conv, norm, ReLU, conv, norm, and a ReLU after the sum.""",
        *(
            [
                *sizes,
                replace(HIDDEN, "hidden = self.conv1(torch.relu(self.bn1(x)))"),
                replace(RESIDUAL, "residual = self.conv2(torch.relu(self.bn2(hidden)))"),
                *last,
            ]
            for sizes in (
                [],
                [replace("self.bn1 = nn.BatchNorm2d(out_channels", "self.bn1 = nn.BatchNorm2d(in_channels")],
            )
            for last in ([output("total")], [])
        ),
    ),
    Mistake(
        "other_than_a_sum",
        "Branch and shortcut are subtracted, multiplied or averaged instead of added",
        """The block learns what to add to its input. A difference turns the sign of x, a product has no way for the
        gradient past the branch, and half of the sum shrinks x with every block.""",
        replace(TOTAL, "total = residual - skip"),
        replace(TOTAL, "total = skip - residual"),
        replace(TOTAL, "total = residual * skip"),
        replace(TOTAL, "total = (residual + skip) / 2"),
        replace(TOTAL, "total = (residual + skip) / 2**0.5"),
        formula=r"\mathrm{ReLU}(F(x) + x)",
    ),
    Mistake(
        "relu_on_the_shortcut",
        "The shortcut goes through a ReLU before the sum",
        """x is added as it is, with its negative values; the ReLU comes after the sum.""",
        replace(SKIP, "skip = torch.relu(self.shortcut(x))"),
        replace(SKIP, "skip = self.shortcut(torch.relu(x))"),
    ),
    Mistake(
        "other_activation",
        "Another activation stands in place of ReLU",
        """The block has ReLU after the first batch norm and after the sum.""",
        *(
            [replace(HIDDEN, HIDDEN.replace("torch.relu", function)), replace(OUTPUT, f"return {function}(total)")]
            for function in ("nn.functional.leaky_relu", "nn.functional.gelu", "nn.functional.elu", "torch.tanh")
        ),
    ),
    Mistake(
        "not_padded",
        "A convolution is not padded",
        """A 3×3 convolution without padding makes the maps smaller by 2, so that the sum with x no longer fits.
        padding=1 keeps H and W.""",
        [
            replace(CONV1, CONV1.replace("padding=1", "padding=0")),
            replace(CONV2, CONV2.replace("padding=1", "padding=0")),
        ],
        replace(CONV1, CONV1.replace("padding=1", "padding=0")),
        replace(CONV2, CONV2.replace("padding=1", "padding=0")),
    ),
]
