"""Known mistakes in freezing a model, in replacing its head and in choosing what to train."""

from grader.suite import Mistake, replace

PARAMETERS = """    for parameter in module.parameters():
        parameter.requires_grad_(False)
"""
NORMS = """    for layer in module.modules():
        if isinstance(layer, BATCH_NORMS):
            layer.eval()
            layer.train = MethodType(stay_in_eval, layer)
"""
STAY = "            layer.train = MethodType(stay_in_eval, layer)\n"
IS_NORM = "if isinstance(layer, BATCH_NORMS):"
HEAD_NAME = "names[-1].rpartition"
IN_FEATURES = "nn.Linear(old.in_features, num_classes"
SET = "    setattr(parent, head_name, new)\n"
TRAINABLE = "[parameter for parameter in model.parameters() if parameter.requires_grad]"

LINEARS = "[layer for layer in model.modules() if isinstance(layer, nn.Linear)]"


def norms(*settings):
    """Another treatment of each batch-norm layer."""
    lines = "".join(f"            {setting}\n" for setting in settings)
    return replace(NORMS, NORMS.partition("            layer.eval()")[0] + lines)


def parameters(lines):
    """Another treatment of the parameters."""
    return replace(PARAMETERS, "".join(f"    {line}\n" for line in lines.strip("\n").split("\n")))


def head(lines):
    """Another way to put the new head in place; `lines` may use names, old and new."""
    return replace(SET, "".join(f"    {line}\n" for line in lines.strip("\n").split("\n")))


MISTAKES = [
    Mistake(
        "nothing_frozen",
        "Nothing is frozen",
        """After freeze the parameters still require gradients, so an optimizer trains the whole model and a small data
        set soon overwrites what was learned from the large one. Setting requires_grad on a module makes a new attribute
        that nobody reads, and eval() changes how layers behave, not what is trained: each parameter has its own
        requires_grad. List the parameters that require gradients to see it.""",
        [replace(PARAMETERS, ""), replace(NORMS, "    pass\n")],
        [replace(PARAMETERS, ""), replace(NORMS, "    module.eval()\n")],
        replace(PARAMETERS, ""),
        [replace(PARAMETERS, ""), replace(STAY, "")],
        [parameters("for parameter in module.parameters(recurse=False):\n    parameter.requires_grad_(False)")],
        [replace("requires_grad_(False)", "requires_grad_(True)")],
        textbook=True,
    ),
    Mistake(
        "partly_frozen",
        "Some parameters are forgotten when the model is frozen",
        """A part of the parameters still requires gradients: the biases, those of batch norm, of the last layer or of
        layers deeper inside. module.parameters() lists all of them at any depth.""",
        *[
            parameters(f"for name, parameter in module.named_parameters():\n    parameter.requires_grad_({trained})")
            for trained in ("not name.endswith('weight')", "not name.endswith('bias')")
        ],
        *[
            parameters(f"for parameter in list(module.parameters())[:-{kept}]:\n    parameter.requires_grad_(False)")
            for kept in (1, 2)
        ],
        *[
            parameters(
                f"for layer in module.modules():\n"
                f"    if isinstance(layer, {types}):\n"
                f"        for parameter in layer.parameters(recurse=False):\n"
                f"            parameter.requires_grad_(False)"
            )
            for types in ("(nn.Linear, nn.Conv2d)", "nn.Linear", "BATCH_NORMS")
        ],
        *[
            parameters(
                f"for layer in {layers}:\n"
                f"    for parameter in layer.parameters({recurse}):\n"
                f"        parameter.requires_grad_(False)"
            )
            for layers, recurse in (
                ("module.children()", "recurse=False"),
                ("list(module.children())[:-1]", ""),
                ("list(module.modules())[1:-1]", "recurse=False"),
            )
        ],
    ),
    Mistake(
        "batch_norm_drifts",
        "Batch norm goes on with the statistics of each batch",
        """requires_grad does not reach the running mean and variance: they are buffers, and batch norm updates them,
        and normalises with the batch, whenever it is in training mode. eval() helps until the next train(), with which
        every epoch begins. So a frozen body computes other features from epoch to epoch. The layers must stay in
        evaluation mode for good; compare the buffers before and after a training step.""",
        replace(NORMS, ""),
        replace(STAY, ""),
        replace(NORMS, "    module.eval()\n"),
        norms("layer.momentum = 0.0"),
        norms("layer.eval()", "layer.momentum = 0.0"),
        norms("layer.track_running_stats = False"),
        norms("layer.eval()", "layer.track_running_stats = False"),
        # Some batch-norm layers are missed.
        replace(IS_NORM, "if isinstance(layer, nn.BatchNorm1d):"),
        replace(IS_NORM, "if isinstance(layer, nn.BatchNorm2d):"),
        replace(IS_NORM, "if isinstance(layer, (nn.BatchNorm1d, nn.BatchNorm2d)):"),
        replace("for layer in module.modules():", "for layer in module.children():"),
        replace("for layer in module.modules():", "for layer in list(module.modules())[1:]:"),
        formula=r"\mu \leftarrow (1 - m)\,\mu + m\,\mu_{\text{batch}} \quad \text{in training mode only}",
    ),
    Mistake(
        "dropout_frozen_too",
        "Dropout is switched off together with batch norm",
        """eval() on the whole module, or a train() that does nothing any more, also ends dropout, which has no
        statistics to protect and still keeps the head from relying on single features. Only the batch-norm layers must
        stay in evaluation mode.""",
        replace(f"        {IS_NORM}\n            layer.eval()\n{STAY}", "        layer.eval()\n" + STAY[4:]),
        replace(NORMS, "    module.eval()\n" + NORMS),
        replace(IS_NORM, "if isinstance(layer, (*BATCH_NORMS, nn.Dropout)):"),
        replace(
            f"        {IS_NORM}\n            layer.eval()\n{STAY}",
            f"        {STAY[12:]}    module.eval()\n",
        ),
    ),
    Mistake(
        "head_frozen_too",
        "The new head is frozen, too",
        """The head is the one part that must learn the new task, but it does not require gradients: because the flag
        was taken over from the old head, or because everything was frozen after the exchange. Training then changes
        nothing, or backward() finds no graph at all. A new nn.Linear is trainable by itself.""",
        replace(SET, "    new.requires_grad_(False)\n" + SET),
        replace(SET, "    new.requires_grad_(old.weight.requires_grad)\n" + SET),
        replace(SET, SET + "    for parameter in model.parameters():\n        parameter.requires_grad_(False)\n"),
        replace(SET, SET + "    freeze(model)\n"),
        # The head is missing from what is to be trained.
        replace(TRAINABLE, TRAINABLE + "[:-2]"),
    ),
    Mistake(
        "in_features_guessed",
        "The number of inputs of the new head is guessed",
        """512 or 2048 fit one architecture, the width of some other layer fits by chance. With another model the matrix
        product in the head fails at the first forward pass. The old head knows its in_features.""",
        *[
            replace(IN_FEATURES, f"nn.Linear({guess}, num_classes")
            for guess in (
                "512",
                f"{LINEARS}[0].in_features",
                f"{LINEARS}[0].out_features",
                f"({LINEARS}[-2:][0]).out_features",
                "old.out_features",
                "6",
                "5",
            )
        ],
    ),
    Mistake(
        "first_linear_replaced",
        "The first linear layer is replaced, not the last",
        """The search stops at the first nn.Linear it meets. That layer reads the input; the classes come out of the
        last one. Go through all of named_modules() and keep the last hit.""",
        replace(HEAD_NAME, "names[0].rpartition"),
        # The first one with the inputs or the bias of the last.
        [
            replace(HEAD_NAME, "names[0].rpartition"),
            replace(IN_FEATURES, f"nn.Linear({LINEARS}[-1].in_features, num_classes"),
        ],
    ),
    Mistake(
        "deeper_layers_missed",
        "Only the layers directly inside the model are searched",
        """named_children() and model[-1] know the first level only, so a head that lies inside a block is not found,
        and another layer is replaced in its stead. named_modules() goes down to any depth; its dotted names must be
        taken apart to find the module that holds the layer.""",
        replace("model.named_modules() if name and", "model.named_children() if"),
        head("model[len(model) - 1] = new"),
        head("model[len(model) - 1] = new if isinstance(model[-1], nn.Linear) else model[-1]"),
        head("setattr(model, names[-1], new)"),
        head("model._modules[names[-1]] = new"),
    ),
    Mistake(
        "head_name_assumed",
        "The head is assumed to be called model.fc",
        """fc is its name in some models; in others it is classifier, head or a number in an nn.Sequential. Setting an
        attribute that was not there adds a layer instead of replacing one. Search for the last nn.Linear and replace it
        under its own name.""",
        *[head(f"model.{name}\nmodel.{name} = new") for name in ("fc", "classifier")],
        *[head(f"model.{name} = new") for name in ("fc", "head", "classifier")],
    ),
    Mistake(
        "every_linear_replaced",
        "Every linear layer is replaced",
        """The loop replaces each nn.Linear it meets, so the whole body gets the width of the classes and loses what it
        has learned. Only the last one is the head.""",
        head(
            """
for name in names:
    parent = model.get_submodule(name.rpartition(".")[0])
    old = getattr(parent, name.rpartition(".")[2])
    setattr(
        parent,
        name.rpartition(".")[2],
        nn.Linear(old.in_features, num_classes, bias=has_bias, device=old.weight.device, dtype=old.weight.dtype),
    )
"""
        ),
    ),
    Mistake(
        "weights_copied",
        "The old weights are copied into the new head",
        """The rows of the old weights belong to the old classes: copied, they tell the new head that its first class is
        the old task's first class, which means nothing. The head starts afresh; what is worth keeping is in the
        body.""",
        *[
            replace(SET, f"    if {condition}:\n{lines}{SET}")
            for condition in ("True", "num_classes == old.out_features")
            for lines in (
                "        rows = min(num_classes, old.out_features)\n"
                "        new.weight.data[:rows] = old.weight.data[:rows]\n"
                "        if has_bias:\n"
                "            new.bias.data[:rows] = old.bias.data[:rows]\n",
                "        rows = min(num_classes, old.out_features)\n"
                "        new.weight.data[:rows] = old.weight.data[:rows]\n",
            )
        ],
        replace(
            SET,
            "    if has_bias:\n"
            "        rows = min(num_classes, old.out_features)\n"
            "        new.bias.data[:rows] = old.bias.data[:rows]\n" + SET,
        ),
    ),
    Mistake(
        "form_not_kept",
        "The new head differs from the old one in bias, dtype or device",
        """nn.Linear has a bias, float32 numbers and the CPU by default. A head without a bias, a model in float64 or on
        a GPU needs the same of its new head; mixed dtypes and devices fail in the matrix product.""",
        *[
            replace("bias=has_bias, device=old.weight.device, dtype=old.weight.dtype", kept)
            for kept in (
                "",
                "bias=has_bias",
                "device=old.weight.device",
                "dtype=old.weight.dtype",
                "bias=has_bias, device=old.weight.device",
                "bias=has_bias, dtype=old.weight.dtype",
                "device=old.weight.device, dtype=old.weight.dtype",
            )
        ],
    ),
    Mistake(
        "rest_frozen",
        "replace_head freezes the other layers",
        """replace_head exchanges one layer and leaves the others as they are, trainable or not: whoever wants to train
        the whole model with a new head must be able to. Freezing is the work of freeze.""",
        replace(SET, f"    model.requires_grad_(False)\n{SET}"),
        replace(SET, f"    freeze(model)\n{SET}"),
    ),
    Mistake(
        "not_in_place",
        "A copy of the model gets the new head",
        """replace_head works on a deep copy, so the model that the caller holds keeps its old head, and optimizers or
        frozen layers that were set up before belong to the other one. Set the new layer on the module that holds the
        old one and return the model itself.""",
        replace("    names = [", "    import copy\n\n    model = copy.deepcopy(model)\n    names = ["),
    ),
    Mistake(
        "head_not_set",
        "The new head never gets into the model",
        """Binding a new nn.Linear to a local name changes the name, not the model; neither does a new number in
        `out_features`, which is only a note of the size of the weights. Set the new layer as an attribute of the module
        that holds the old one.""",
        replace(SET, ""),
        replace(SET, "    old.out_features = num_classes\n"),
    ),
    Mistake(
        "all_parameters_returned",
        "trainable_parameters returns the frozen ones, too",
        """model.parameters() lists every parameter. An optimizer that is given the frozen ones keeps them for nothing,
        and one with weight decay may even move those whose gradient is still there. Keep those with requires_grad
        only.""",
        replace(TRAINABLE, "list(model.parameters())"),
    ),
    Mistake(
        "frozen_ones_returned",
        "trainable_parameters returns the frozen ones instead",
        """The condition is the wrong way round: requires_grad is True for what is trained.""",
        replace("if parameter.requires_grad]", "if not parameter.requires_grad]"),
    ),
    Mistake(
        "iterator_returned",
        "An iterator is returned instead of a list",
        """A generator expression, filter(…) and model.parameters() can be gone through once: an optimizer that is given
        one leaves nothing for whoever comes next, and it has no length. Make a list of it.""",
        replace(TRAINABLE, f"({TRAINABLE[1:-1]})"),
    ),
    Mistake(
        "last_child_only",
        "Only the last child of the model is looked at",
        """The last nn.Linear need not be the last layer: an activation may follow it, or it may lie inside a block.
        Go through named_modules() and take the last one that is an nn.Linear.""",
        replace(
            "[name for name, layer in model.named_modules() if name and isinstance(layer, nn.Linear)]",
            "[name for name, layer in list(model.named_children())[-1:] if isinstance(layer, nn.Linear)]",
        ),
        replace(
            "[name for name, layer in model.named_modules() if name and isinstance(layer, nn.Linear)]",
            "[name for name, _ in list(model.named_children())[-1:]]",
        ),
    ),
    Mistake(
        "head_without_bias",
        "The new head never has a bias",
        """The new head has a bias if, and only if, the old one has.""",
        replace("bias=has_bias", "bias=False"),
    ),
    Mistake(
        "new_head_returned",
        "The new head is returned instead of the model",
        """replace_head returns the model that was passed in, so that calls can be chained.""",
        replace("    return model\n", "    return new\n"),
    ),
    Mistake(
        "head_added_behind",
        "The new layer is put behind the old head instead of in its place",
        """The old head's outputs are the classes of the old task. The new one takes the features that the old one
        took.""",
        replace(SET, "    setattr(parent, head_name, nn.Sequential(old, nn.Linear(old.out_features, num_classes)))\n"),
    ),
    Mistake(
        "names_for_parameters",
        "Names are returned instead of parameters",
        """An optimizer takes the parameters themselves: the second of each pair that named_parameters() gives.""",
        replace(TRAINABLE, "[name for name, parameter in model.named_parameters() if parameter.requires_grad]"),
        replace(
            TRAINABLE, "[(name, parameter) for name, parameter in model.named_parameters() if parameter.requires_grad]"
        ),
    ),
    Mistake(
        "only_the_last_parameters",
        "Only the last two parameters are looked at",
        """Which parameters are trained is told by requires_grad, whatever their place in the model.""",
        replace(TRAINABLE, "[parameter for parameter in list(model.parameters())[-2:] if parameter.requires_grad]"),
    ),
]
