"""Known mistakes in the dense block and the cross-layer net."""

from grader.suite import Mistake, replace

SEEN_CHANNELS = "seen_channels = in_channels + k * growth_rate"
CONV = "conv = nn.Conv2d(seen_channels, growth_rate, 3, padding=1)"
APPENDED = "self.layers.append(nn.Sequential(conv, nn.ReLU()))"
FEATURES = "features = [x]"
SEEN = "seen = torch.cat(features, dim=1)"
NEW = "new = layer(seen)"
STORED = "features.append(new)"
LOOP = """        for layer in self.layers:
            seen = torch.cat(features, dim=1)
            new = layer(seen)
            features.append(new)
        return torch.cat(features, dim=1)
"""
OUTPUT = "        return torch.cat(features, dim=1)"
HEAD = "self.head = nn.Linear(16 + 32, num_classes)"
CONV1 = "self.conv1 = nn.Conv2d(in_channels, 16, 3, padding=1)"
CONV2 = "self.conv2 = nn.Conv2d(16, 32, 3, padding=1)"
STAGE1 = "stage1 = F.max_pool2d(torch.relu(self.conv1(x)), 2)"
STAGE2 = "stage2 = F.max_pool2d(torch.relu(self.conv2(stage1)), 2)"
POOLED1 = "pooled1 = stage1.mean(dim=(2, 3))"
POOLED2 = "pooled2 = stage2.mean(dim=(2, 3))"
FUSED = "fused = torch.cat([pooled1, pooled2], dim=1)"

ONE_BEFORE = replace(SEEN_CHANNELS, "seen_channels = in_channels if k == 0 else growth_rate")
FIRST_ONLY = replace(SEEN_CHANNELS, "seen_channels = in_channels")
UNPADDED = replace(CONV, CONV.replace(", padding=1", ""))


def forward(*lines):
    """The loop of DenseBlock.forward and its return in other words."""
    return replace(LOOP, "".join(f"        {line}\n" for line in lines))


def fused(expression):
    return replace(FUSED, f"fused = {expression}")


def head(size):
    return replace(HEAD, f"self.head = nn.Linear({size}, num_classes)")


ADDING = forward("for layer in self.layers:", "    x = x + layer(x)", "return x")

MISTAKES = [
    Mistake(
        "only_previous_layer_seen",
        "Each layer sees only the output of the layer before it",
        """That is a plain stack of convolutions. In a dense block layer k sees the input and the outputs of *all*
        layers before it, concatenated, so its convolution has in_channels + k·growth_rate input channels. Features
        found early are then at every later layer's disposal, and need not be learnt again.""",
        [ONE_BEFORE, replace(SEEN, "seen = features[-1]")],
        [ONE_BEFORE, forward("for layer in self.layers:", "    x = layer(x)", "return x")],
        [
            ONE_BEFORE,
            forward("first = x", "for layer in self.layers:", "    x = layer(x)", "return torch.cat([first, x], 1)"),
        ],
        replace(SEEN, "seen = features[-1]"),
        forward("for layer in self.layers:", "    x = layer(x)", "return x"),
        [
            replace(SEEN_CHANNELS, "seen_channels = in_channels + (growth_rate if k else 0)"),
            replace(SEEN, "seen = x if len(features) == 1 else torch.cat([x, features[-1]], dim=1)"),
        ],
        [
            replace(
                SEEN_CHANNELS,
                "seen_channels = in_channels if k == 0 else (in_channels + growth_rate if k == 1 else 2 * growth_rate)",
            ),
            replace(SEEN, "seen = torch.cat(features[-2:], dim=1)"),
        ],
        formula=r"f_k = \mathrm{ReLU}\big(\mathrm{conv}_k([f_0, f_1, \ldots, f_{k-1}])\big)",
    ),
    Mistake(
        "only_input_seen",
        "Every layer sees the input only",
        """Layers that all look at x work side by side, not one after the other: none can build on what another has
        found. Layer k sees the input *and* the outputs of all layers before it.""",
        [FIRST_ONLY, replace(SEEN, "seen = x")],
        replace(SEEN, "seen = x"),
    ),
    Mistake(
        "added",
        "Features are added instead of concatenated",
        """A sum mixes the features so that later layers cannot tell them apart, and it needs the same number of
        channels on both sides: adding is what a residual block does. A dense block puts the channels side by side
        with torch.cat(…, dim=1), and so does the cross-layer net with its two feature vectors.""",
        [FIRST_ONLY, ADDING],
        ADDING,
        [
            FIRST_ONLY,
            replace(CONV, CONV.replace("growth_rate", "in_channels")),
            ADDING,
        ],
        [FIRST_ONLY, replace(SEEN, "seen = sum(features)")],
        [ONE_BEFORE, ADDING],
        [ONE_BEFORE, replace(SEEN, "seen = sum(features[1:]) if len(features) > 1 else x")],
        [
            ONE_BEFORE,
            forward("x = self.layers[0](x)", "for layer in self.layers[1:]:", "    x = x + layer(x)", "return x"),
        ],
        replace(OUTPUT, "        return sum(features)"),
        fused("pooled1 + pooled2"),
        [fused("pooled1 + pooled2"), head(32)],
        [fused("torch.cat([pooled1, pooled1], dim=1) + pooled2"), head(32)],
        [fused("F.pad(pooled1, (0, 16)) + pooled2"), head(32)],
    ),
    Mistake(
        "different_sizes_concatenated",
        "Feature maps of different height and width are concatenated",
        """torch.cat along the channels needs the same height and width in all maps. The second stage has been pooled
        once more than the first, so its maps are half as large, and the call raises. Average each stage over height
        and width first: 16 and 32 numbers an image can be put side by side. In a dense block it is padding=1 that
        keeps all maps of one size.""",
        [fused("torch.cat([stage1, stage2], dim=1).mean(dim=(2, 3))")],
        [fused("torch.cat([stage2, stage1], dim=1).mean(dim=(2, 3))")],
        [fused("torch.cat([stage1, pooled2], dim=1)")],
        [fused("torch.cat([pooled1, stage2], dim=1)")],
        [fused("torch.cat([stage1.flatten(1), pooled2], dim=1)")],
        [fused("torch.cat([pooled1, stage2.flatten(1)], dim=1)")],
        [fused("torch.cat([stage1.flatten(1), stage2.flatten(1)], dim=1)")],
        [fused("torch.cat([stage2.flatten(1), stage1.flatten(1)], dim=1)")],
        [fused("torch.cat([stage2, stage1.flatten(1)], dim=1)")],
        [fused("torch.cat([stage1, F.interpolate(stage2, scale_factor=2)], dim=1).mean(dim=(2, 3))")],
        UNPADDED,
        textbook=True,
    ),
    Mistake(
        "input_left_out",
        "The input is not part of the output",
        """The output of a dense block begins with its input: in_channels + num_layers·growth_rate channels, not just
        what the layers have added. Whatever follows then sees the input, too; without any layer the output is the
        input.""",
        replace(OUTPUT, "        return torch.cat(features[1:], dim=1)"),
        replace(OUTPUT, "        return torch.cat(features[1:], dim=1) if len(features) > 1 else x"),
        replace(OUTPUT, "        return torch.cat(features[1:], dim=1) if len(features) > 1 else x[:, :0]"),
        [
            replace(SEEN_CHANNELS, "seen_channels = k * growth_rate if k else in_channels"),
            replace(FEATURES, "features = []"),
            replace(SEEN, "seen = torch.cat(features, dim=1) if features else x"),
        ],
        [
            replace(SEEN_CHANNELS, "seen_channels = k * growth_rate if k else in_channels"),
            replace(FEATURES, "features = []"),
            replace(SEEN, "seen = torch.cat(features, dim=1) if features else x"),
            replace(OUTPUT, "        return torch.cat(features, dim=1) if features else x"),
        ],
    ),
    Mistake(
        "last_layer_only_returned",
        "Only the output of the last layer is returned",
        """Each layer sees everything before it, as it should, but the block hands on growth_rate channels only. The
        output contains the input and the outputs of all layers.""",
        replace(OUTPUT, "        return features[-1]"),
        replace(OUTPUT, "        return torch.cat([x, features[-1]], dim=1)"),
    ),
    Mistake(
        "cross_branch_unused",
        "The head sees one stage only: the cross-layer branch is not used",
        """The features of the first stage are meant to reach the head directly, past the second stage. Here they are
        computed and then forgotten (or the other way round), so the net is an ordinary one. The head takes the
        averages of both stages, 16 + 32 numbers.""",
        [fused("pooled2"), head(32)],
        fused("pooled2"),
        [fused("pooled1"), head(16)],
        fused("pooled1"),
        [fused("torch.cat([pooled2, pooled2], dim=1)"), head(64)],
        fused("torch.cat([torch.zeros_like(pooled1), pooled2], dim=1)"),
        fused("torch.cat([pooled1, torch.zeros_like(pooled2)], dim=1)"),
        textbook=True,
    ),
    Mistake(
        "cross_branch_detached",
        "The cross-layer branch is detached",
        """The head sees the features of the first stage, so the logits are right, but detach, .data or torch.no_grad()
        cut the graph there: what the head makes of them teaches the first stage nothing. The short way back is what a
        cross-layer connection is for.""",
        fused("torch.cat([pooled1.detach(), pooled2], dim=1)"),
    ),
    Mistake(
        "wrong_axis",
        "Features are concatenated on the wrong axis",
        """Axis 0 runs over the images of the batch, axis 1 over the channels, axes 2 and 3 over height and width.
        Along axis 0 torch.cat makes more images of them, along axis 2 or 3 larger ones, and then the numbers of
        channels do not fit. Features of the same image belong side by side on axis 1.""",
        *(
            variant
            for axis in (0, 2, 3)
            for variant in (
                [
                    replace(SEEN, f"seen = torch.cat(features, dim={axis})"),
                    replace(OUTPUT, f"        return torch.cat(features, dim={axis})"),
                ],
                [replace(OUTPUT, f"        return torch.cat(features, dim={axis})")],
                [
                    FIRST_ONLY,
                    replace(SEEN, f"seen = torch.cat(features, dim={axis})"),
                    replace(OUTPUT, f"        return torch.cat(features, dim={axis})"),
                ],
            )
        ),
        replace(SEEN, "seen = torch.cat(features, dim=0)"),
        replace(SEEN, "seen = torch.cat(features, dim=2)"),
        replace(SEEN, "seen = torch.cat(features, dim=3)"),
        fused("torch.cat([pooled1, pooled2], dim=0)"),
        fused("torch.cat([stage1, stage2], dim=0).mean(dim=(2, 3))"),
        fused("torch.cat([stage1, stage2], dim=2).mean(dim=(2, 3))"),
        fused("torch.cat([stage1, stage2], dim=3).mean(dim=(2, 3))"),
    ),
    Mistake(
        "order_reversed",
        "Features are concatenated in the reverse order",
        """The order is the input, then the layers from first to last; in the cross-layer net the first stage, then
        the second. With parameters trained in one order and features given in another, each weight meets the wrong
        feature.""",
        [
            replace(SEEN, "seen = torch.cat(features[::-1], dim=1)"),
            replace(OUTPUT, "        return torch.cat(features[::-1], dim=1)"),
        ],
        replace(OUTPUT, "        return torch.cat(features[::-1], dim=1)"),
        replace(SEEN, "seen = torch.cat(features[::-1], dim=1)"),
        replace(OUTPUT, "        return torch.cat([*features[1:], x], dim=1)"),
        fused("torch.cat([pooled2, pooled1], dim=1)"),
    ),
    Mistake(
        "relu_missing",
        "A ReLU is missing",
        """Without a ReLU a convolution is a linear map, and a stack of them is no more than one. Each layer of the
        dense block, and each stage of the cross-layer net, is a convolution *and* a ReLU.""",
        replace(APPENDED, "self.layers.append(conv)"),
        replace(STAGE1, "stage1 = F.max_pool2d(self.conv1(x), 2)"),
        replace(STAGE2, "stage2 = F.max_pool2d(self.conv2(stage1), 2)"),
        [
            replace(STAGE1, "stage1 = F.max_pool2d(self.conv1(x), 2)"),
            replace(STAGE2, "stage2 = F.max_pool2d(self.conv2(stage1), 2)"),
        ],
    ),
    Mistake(
        "relu_before_convolution",
        "The ReLU comes before the convolution",
        """In the original DenseNet batch norm and ReLU precede each convolution. Here a layer is a convolution and
        then a ReLU: the other way round negative inputs are lost to every layer, and outputs may be negative.""",
        replace(APPENDED, "self.layers.append(nn.Sequential(nn.ReLU(), conv))"),
    ),
    Mistake(
        "bias_missing",
        "The convolutions have no bias",
        """bias=False is the custom where a batch norm follows, which has a bias of its own. There is none here, so
        without the bias a ReLU cannot choose where to start.""",
        replace(CONV, CONV.replace("padding=1", "padding=1, bias=False")),
        [
            replace(CONV1, CONV1.replace("padding=1", "padding=1, bias=False")),
            replace(CONV2, CONV2.replace("padding=1", "padding=1, bias=False")),
        ],
    ),
    Mistake(
        "stage_not_padded",
        "The convolutions of the cross-layer net are not padded",
        """padding=1 keeps the size of the maps, so that only the pooling halves them. Without it each convolution
        cuts off a border of one pixel, the averages are taken over other places, and small images are used up before
        the end.""",
        [replace(CONV1, CONV1.replace(", padding=1", "")), replace(CONV2, CONV2.replace(", padding=1", ""))],
    ),
    Mistake(
        "maximum_for_average",
        "The stages are pooled by their maximum instead of their average",
        """Global average pooling takes the mean of each map over height and width. The maximum answers another
        question: how strong a feature is at its best place, not how much of it there is.""",
        [replace(POOLED1, "pooled1 = stage1.amax(dim=(2, 3))"), replace(POOLED2, "pooled2 = stage2.amax(dim=(2, 3))")],
        replace(POOLED1, "pooled1 = stage1.amax(dim=(2, 3))"),
        replace(POOLED2, "pooled2 = stage2.amax(dim=(2, 3))"),
    ),
    Mistake(
        "channels_grow_too_fast",
        "The layers expect more channels than they are given",
        """Each layer adds growth_rate channels, so layer k sees in_channels + k·growth_rate of them. When the number
        that has grown already is increased by k·growth_rate once more, or doubled, it runs ahead of what is
        concatenated, and the third layer, or the second, raises.""",
        *(
            replace(SEEN_CHANNELS, f"seen_channels = {code}")
            for code in (
                "in_channels + k * (k + 1) // 2 * growth_rate",
                "in_channels * 2**k",
                "in_channels * (k + 1)",
                "in_channels + (k + 1) * growth_rate",
                "in_channels + 2**k * growth_rate - growth_rate",
            )
        ),
    ),
    Mistake(
        "probabilities_returned",
        "CrossLayerNet returns probabilities instead of logits",
        """A classifier ends in its linear head: F.cross_entropy applies log-softmax itself. Given probabilities, or
        their logarithms, it works on numbers that were squeezed before, and whoever compares logits finds others.""",
        replace("return self.head(fused)", "return torch.softmax(self.head(fused), dim=1)"),
        replace("return self.head(fused)", "return torch.log_softmax(self.head(fused), dim=1)"),
    ),
    Mistake(
        "average_pooling",
        "The stages are pooled by averages of 2 × 2 instead of maxima",
        """Max-pooling keeps the strongest answer of each window; the average of the whole map comes after it.""",
        [
            replace(STAGE1, STAGE1.replace("max_pool2d", "avg_pool2d")),
            replace(STAGE2, STAGE2.replace("max_pool2d", "avg_pool2d")),
        ],
    ),
    Mistake(
        "stages_summed",
        "The stages are summed over H and W instead of averaged",
        """A sum grows with the size of the image, so a head trained on one size is wrong for another. Global average
        pooling divides by H·W.""",
        [
            replace(POOLED1, POOLED1.replace("mean", "sum")),
            replace(POOLED2, POOLED2.replace("mean", "sum")),
        ],
    ),
    Mistake(
        "features_taken_before_pooling",
        "The features of the first stage are taken before its max-pooling, or the pooling comes first",
        """A stage is convolution, ReLU and max-pooling, in this order, and what the head sees is the mean of what comes
        out of it. The mean before the pooling is smaller: the maxima of the windows are missing.""",
        replace(POOLED1, "pooled1 = torch.relu(self.conv1(x)).mean(dim=(2, 3))"),
        [
            replace(POOLED1, "pooled1 = torch.relu(self.conv1(x)).mean(dim=(2, 3))"),
            replace(POOLED2, "pooled2 = torch.relu(self.conv2(stage1)).mean(dim=(2, 3))"),
        ],
        [
            replace(STAGE1, "stage1 = torch.relu(self.conv1(F.max_pool2d(x, 2)))"),
            replace(STAGE2, "stage2 = torch.relu(self.conv2(F.max_pool2d(stage1, 2)))"),
        ],
    ),
    Mistake(
        "pooling_rounds_up",
        "The pooling keeps an odd last row or column",
        """With ceil_mode a window that is not full is pooled as well. An odd last row or column is to be dropped, as
        max-pooling does by default.""",
        [
            replace(STAGE1, STAGE1.replace(", 2)", ", 2, ceil_mode=True)")),
            replace(STAGE2, STAGE2.replace(", 2)", ", 2, ceil_mode=True)")),
        ],
    ),
    Mistake(
        "relu_on_the_output",
        "A ReLU is applied to the output",
        """The block's output is [x, f₁, …]: the layers' part is behind a ReLU already, and x is passed on as it is,
        with its negative values. Logits may be negative as well.""",
        replace(OUTPUT, "        return torch.relu(torch.cat(features, dim=1))"),
        replace("return self.head(fused)", "return torch.relu(self.head(fused))"),
    ),
    Mistake(
        "earlier_features_detached",
        "The gradient stops between the layers",
        """That every layer is reached by a short way back is the point of these connections. With detach() a layer, or
        the first stage, learns from one of its uses only.""",
        replace(NEW, "new = layer(seen.detach())"),
        replace(STAGE2, STAGE2.replace("self.conv2(stage1)", "self.conv2(stage1.detach())")),
    ),
]
