"""Known mistakes in the classifier, its training step and its prediction."""

import itertools

from grader.suite import Mistake, define, replace

RELU1 = "maps1 = torch.relu(self.conv1(images))"
RELU2 = "maps2 = torch.relu(self.conv2(pooled1))"
RELU3 = "hidden = torch.relu(self.linear1(features))"
FLATTENING = "features = pooled2.flatten(1)"
LOGITS = "logits = self.linear2(hidden)"
FLATTENED = "nn.Linear(64 * 5 * 5, 128)"
TRAIN = "    model.train()\n    optimizer.zero_grad()\n"
ZERO = "    optimizer.zero_grad()\n"
LOSS = "loss = F.cross_entropy(scores, labels.long())"
UPDATE = "    loss.backward()\n    optimizer.step()\n"
ITEM = "return loss.item()"
RESTORED = "        for module, training in modes:\n            module.training = training"
EVAL = "    model.eval()\n    try:"
NO_GRAD = "        with torch.no_grad():\n            outputs = model(images)"
CLASSES = "return outputs.argmax(dim=1)"

WITHOUT_RELU = [
    replace(RELU1, "maps1 = self.conv1(images)"),
    replace(RELU2, "maps2 = self.conv2(pooled1)"),
    replace(RELU3, "hidden = self.linear1(features)"),
]
ZERO_DROPPED = replace(ZERO, "")


def updated(text):
    return replace(UPDATE, text)


def targets(code):
    return replace(LOSS, f"loss = F.cross_entropy(scores, {code})")


MISTAKES = [
    Mistake(
        "softmax_in_forward",
        "Softmax is applied before the cross-entropy, which applies it itself",
        """Cross-entropy takes logits and does the softmax itself. Probabilities all lie between 0 and 1, so a second
        softmax sees almost equal scores: with ten classes the loss cannot fall below 1.46, and the gradients are
        small however wrong the answer is. In Keras a softmax at the end goes with a loss on probabilities; in PyTorch
        return the output of the last linear layer as it is. The predicted class is the same, so accuracy alone does
        not show the mistake.""",
        replace(LOGITS, LOGITS + ".softmax(dim=1)"),
        replace(LOGITS, LOGITS + ".log_softmax(dim=1)"),
        replace(LOGITS, LOGITS + ".softmax(dim=0)"),
        replace(LOSS, "loss = F.cross_entropy(scores.softmax(dim=1), labels.long())"),
        [replace(LOGITS, LOGITS + ".softmax(dim=1)"), replace(LOSS, LOSS.replace("scores,", "scores.softmax(dim=1),"))],
        formula=r"L = -\log \frac{e^{z_y}}{\sum_k e^{z_k}}, \quad z = \text{logits}",
        textbook=True,
    ),
    Mistake(
        "zero_grad_forgotten",
        "The gradients of earlier backward passes are not cleared",
        """backward() adds to the gradients that are stored in the parameters, it does not replace them. Without
        optimizer.zero_grad() before it, each step follows the sum of all gradients so far, as if the learning rate
        grew with every step. The first step of a fresh model is right, the second shows it.""",
        ZERO_DROPPED,
        [ZERO_DROPPED, updated(UPDATE + ZERO)],
    ),
    Mistake(
        "step_before_backward",
        "optimizer.step() comes before loss.backward()",
        """The optimizer moves the parameters by the gradients that are stored in them, and backward() computes these.
        Called the other way round, the step uses no gradients, or those of the batch before. The order is zero_grad,
        forward, loss, backward, step.""",
        updated("    optimizer.step()\n    loss.backward()\n"),
        [ZERO_DROPPED, updated("    optimizer.step()\n    loss.backward()\n")],
        [ZERO_DROPPED, updated("    optimizer.step()\n    optimizer.zero_grad()\n    loss.backward()\n")],
        [ZERO_DROPPED, updated("    optimizer.step()\n    loss.backward()\n    optimizer.zero_grad()\n")],
    ),
    Mistake(
        "no_optimizer_step",
        "The optimizer never steps",
        """backward() computes the gradients, but it moves nothing. Only optimizer.step() changes the parameters:
        without it the loss stays what it was, epoch after epoch.""",
        updated("    loss.backward()\n"),
    ),
    Mistake(
        "gradients_cleared_before_step",
        "The gradients are cleared between backward and step",
        """zero_grad() throws away what backward() has just computed, so the step finds no gradients and the
        parameters stay where they are. Clear them before backward(), or after the step.""",
        [ZERO_DROPPED, updated("    loss.backward()\n    optimizer.zero_grad()\n    optimizer.step()\n")],
        updated("    loss.backward()\n    optimizer.zero_grad()\n    optimizer.step()\n"),
    ),
    Mistake(
        "random_or_float_targets",
        "The targets are random or floating-point numbers instead of the integer class ids given",
        """A class id is an integer that says which logit should be largest. Cross-entropy with random numbers as
        targets trains towards nothing: the loss falls, if at all, only by learning the noise by heart. Floating-point
        numbers are no class ids either: cross-entropy refuses a vector of them, takes a matrix for probabilities, and
        cutting 3.7 down to 3 hides that something is wrong. Use the labels as they come and refuse others.""",
        targets("torch.randint(0, scores.shape[1], (len(scores),))"),
        targets("torch.rand(scores.shape)"),
        targets("torch.randn(scores.shape)"),
        targets("torch.rand(scores.shape).softmax(dim=1)"),
        targets("torch.randn(scores.shape).softmax(dim=1)"),
        targets("torch.rand(len(scores))"),
        targets("torch.rand(scores.shape).argmax(dim=1)"),
        targets("torch.from_numpy(__import__('numpy').random.randint(0, scores.shape[1], len(scores)))"),
        targets("torch.from_numpy(__import__('numpy').random.rand(*scores.shape)).float()"),
        targets("labels[torch.randperm(len(labels))]"),
        targets("labels.float()"),
        replace(LOSS, "loss = F.mse_loss(scores, F.one_hot(labels.long(), scores.shape[1]).to(scores.dtype))"),
        replace(
            LOSS, "loss = F.mse_loss(scores.softmax(1), F.one_hot(labels.long(), scores.shape[1]).to(scores.dtype))"
        ),
        replace(
            LOSS,
            "loss = F.binary_cross_entropy_with_logits(scores, "
            "F.one_hot(labels.long(), scores.shape[1]).to(scores.dtype))",
        ),
        textbook=True,
    ),
    Mistake(
        "wrong_flatten_size",
        "The first linear layer does not take 64·5·5 features",
        """Follow the image through the network: 28 → 26 (unpadded 3×3 convolution) → 13 (pooling) → 11 → 5, because
        pooling drops the odd last row. 64 maps of 5×5 are 1600 numbers. Print x.shape before the flattening, or run
        one image through the convolutions, instead of guessing.""",
        *(
            replace(FLATTENED, f"nn.Linear({size}, 128)")
            for size in ["64 * 7 * 7", "64 * 6 * 6", "64 * 4 * 4", "64 * 12 * 12", "64 * 13 * 13", "64 * 11 * 11", "64"]
        ),
        replace(FLATTENED, "nn.Linear(64 * 14 * 14, 128)"),
        replace(FLATTENED, "nn.Linear(32 * 5 * 5, 128)"),
        formula=r"\left\lfloor \frac{n + 2p - k}{s} \right\rfloor + 1",
    ),
    Mistake(
        "batch_flattened_too",
        "The images of a batch are flattened into one row",
        """flatten() without an argument makes one long row of the whole batch, so the linear layer meets N times as
        many numbers as it has inputs. Start at axis 1: x.flatten(1), nn.Flatten() or x.reshape(len(x), -1) keep one
        row an image.""",
        replace(FLATTENING, "features = pooled2.flatten()"),
        replace(FLATTENING, "features = pooled2.reshape(1, -1)"),
    ),
    Mistake(
        "convolutions_padded",
        "The convolutions are padded",
        """With padding=1 a 3×3 convolution keeps the size of the image, so the maps are 28, 14 and 7 wide and the
        first linear layer has 64·7·7 inputs. That is a fine network, but another one: here the convolutions have no
        padding, and 421,642 parameters are not the 225,034 that were asked for.""",
        [
            replace("nn.Conv2d(1, 32, 3)", "nn.Conv2d(1, 32, 3, padding=1)"),
            replace("nn.Conv2d(32, 64, 3)", "nn.Conv2d(32, 64, 3, padding=1)"),
            replace(FLATTENED, "nn.Linear(64 * 7 * 7, 128)"),
        ],
    ),
    Mistake(
        "missing_relu",
        "A ReLU is missing",
        """A convolution and a linear layer are linear maps, and two linear maps in a row are only one. What makes a
        deep network more than a linear classifier is the nonlinearity between them: here a ReLU after each
        convolution and after the first linear layer, three in all.""",
        *(edits for count in (1, 2, 3) for edits in itertools.combinations(WITHOUT_RELU, count)),
    ),
    Mistake(
        "relu_on_logits",
        "A ReLU is applied to the logits",
        """A logit may be any number: a negative one says that the class is unlikely. A ReLU at the end cuts all of
        these to 0, so that unlikely classes look alike, and their gradients are 0. The last linear layer has nothing
        after it.""",
        replace(LOGITS, "logits = torch.relu(self.linear2(hidden))"),
    ),
    Mistake(
        "left_in_eval_mode",
        "The model is left in eval mode",
        """model.eval() switches dropout off and lets batch norm use its running statistics until model.train() is
        called. A prediction in the middle of a training run must give every module its mode back, and a training step
        must not rely on the mode in which it finds the model. Otherwise the rest of the training silently runs in
        eval mode.""",
        replace(RESTORED, "        pass"),
        replace(TRAIN, ZERO),
        replace(TRAIN, "    model.eval()\n" + ZERO),
        [replace(RESTORED, "        pass"), replace(TRAIN, ZERO)],
    ),
    Mistake(
        "submodule_modes_lost",
        "One mode is given to the whole model after the prediction",
        """train() and eval() set the mode of every submodule. A model of which some parts were in eval mode, such as
        a frozen batch norm, comes back with all of them in one mode. Remember `training` of each module in
        model.modules() and write it back to each.""",
        replace(RESTORED, "        model.train()"),
        replace(RESTORED, "        model.train(modes[0][1])"),
        replace(RESTORED, "        model.training = modes[0][1]"),
    ),
    Mistake(
        "predict_in_training_mode",
        "The model predicts in training mode",
        """In training mode dropout throws away a random part of the units, and batch norm uses the statistics of the
        very images it is asked about, so the answer for one image depends on the others and on luck. Call
        model.eval() before predicting.""",
        replace(EVAL, "    try:"),
        replace(EVAL, "    model.train()\n    try:"),
    ),
    Mistake(
        "gradients_kept_in_predict",
        "The prediction records gradients",
        """Unless told otherwise, autograd keeps every intermediate result of a forward pass for a backward pass that,
        in a prediction, never comes. That costs memory and time. Run the model under torch.no_grad() or
        torch.inference_mode(); eval() does not do that, and detaching the result afterwards comes too late.""",
        replace(NO_GRAD, "        outputs = model(images)"),
    ),
    Mistake(
        "recording_left_off",
        "Gradient recording is still off after the prediction",
        """torch.set_grad_enabled(False) called as a function holds for the whole program until it is undone, so the
        next training step finds no graph and backward() fails. As `with torch.no_grad():` it ends with its block.""",
        replace(NO_GRAD, "        torch.set_grad_enabled(False)\n        outputs = model(images)"),
    ),
    Mistake(
        "argmax_over_batch",
        "The largest value is looked for over the images, not over the classes",
        """Axis 0 of the logits (N, K) runs over the images, axis 1 over the classes. argmax(dim=0) says for each
        class which image has most of it, K numbers instead of N. The class of each image is argmax(dim=1).""",
        replace(CLASSES, "return outputs.argmax(dim=0)"),
        replace(CLASSES, "return outputs.argmax()"),
    ),
    Mistake(
        "scores_returned_as_classes",
        "Scores are returned where class ids are asked for",
        """The largest logit or probability says how sure the model is, not of what. The class id is its position:
        argmax(dim=1), or the second of the two things that max(dim=1) returns.""",
        replace(CLASSES, "return outputs"),
        replace(CLASSES, "return outputs.softmax(dim=1)"),
        replace(CLASSES, "return outputs.max(dim=1).values"),
        replace(CLASSES, "return outputs.softmax(dim=1).max(dim=1).values"),
        replace(CLASSES, "return tuple(outputs.max(dim=1))"),
    ),
    Mistake(
        "summed_loss",
        "The loss is the sum over the batch, not the mean",
        """A sum grows with the batch, and with it the size of the step: the learning rate would have to change with
        the batch size. The default reduction of cross-entropy is the mean; multiplying the mean by the batch size
        before returning it makes a sum of it again.""",
        replace(LOSS, "loss = F.cross_entropy(scores, labels.long(), reduction='sum')"),
        replace(ITEM, "return loss.item() * len(images)"),
        formula=r"L = -\frac{1}{N} \sum_n \log p_{n, y_n}",
    ),
    Mistake(
        "nll_of_logits",
        "The negative log-likelihood is taken of logits",
        """nll_loss only picks the entry of the right class and changes its sign: it expects log-probabilities. Given
        logits, the loss falls without bound as they grow. cross_entropy is log_softmax and nll_loss in one.""",
        replace(LOSS, "loss = F.nll_loss(scores, labels.long())"),
        replace(LOSS, "loss = F.nll_loss(scores.softmax(dim=1), labels.long())"),
    ),
    Mistake(
        "loss_returned_as_tensor",
        "The loss is returned as a tensor",
        """The tensor keeps the whole graph of this step alive for as long as somebody holds on to it, as a list of
        losses does, and memory grows with every step. loss.item() is the Python float.""",
        replace(ITEM, "return loss"),
        define(
            """
            def train_step(model, optimizer, images, labels, step=train_step):
                return torch.tensor(step(model, optimizer, images, labels))
            """
        ),
    ),
    Mistake(
        "loss_after_step",
        "The loss that is returned was computed after the step",
        """After optimizer.step() the model is another one. The loss of a step is the one whose gradient was used: keep
        it, and do not compute it anew. A second forward pass also doubles the time of training.""",
        replace(ITEM, "return F.cross_entropy(model(images), labels.long()).item()"),
    ),
    Mistake(
        "dropout_inside",
        "The network has dropout",
        """Dropout is a good idea for a classifier, but not part of this one: in training mode it sets some of the
        activations to 0 at random, so the same images get other logits at every call.""",
        replace(RELU3, f"{RELU3}\n        hidden = F.dropout(hidden, 0.5, self.training)"),
        replace(FLATTENING, f"{FLATTENING}\n        features = F.dropout(features, 0.25, self.training)"),
        replace(FLATTENING, f"{FLATTENING}\n        features = F.dropout(features, 0.5, self.training)"),
    ),
    Mistake(
        "other_activation",
        "Another activation stands in place of ReLU",
        """The network asked for has ReLU after both convolutions and after the first linear layer. A sigmoid or tanh
        saturates, and its gradient vanishes in the layers below; a leaky ReLU lets negative values through.""",
        *(
            [replace(line, line.replace("torch.relu", function)) for line in lines]
            for function in ("torch.sigmoid", "torch.tanh", "F.leaky_relu")
            for lines in ([RELU3], [RELU1, RELU2, RELU3])
        ),
    ),
    Mistake(
        "average_pooling",
        "The feature maps are pooled by their average",
        """Max-pooling keeps the strongest answer of each 2 × 2 window; the average blurs it with its neighbours.""",
        [
            replace("pooled1 = F.max_pool2d(", "pooled1 = F.avg_pool2d("),
            replace("pooled2 = F.max_pool2d(", "pooled2 = F.avg_pool2d("),
        ],
    ),
    Mistake(
        "flattened_in_another_order",
        "The feature maps are flattened in another order",
        """flatten(1) goes through (C, H, W) in this order: all of channel 0, then all of channel 1. After a permute to
        channels-last the same numbers arrive at other weights, so parameters trained elsewhere no longer fit.""",
        replace(FLATTENING, "features = pooled2.permute(0, 2, 3, 1).flatten(1)"),
        replace(FLATTENING, "features = pooled2.transpose(2, 3).flatten(1)"),
    ),
    Mistake(
        "accuracy_returned",
        "The accuracy is returned instead of the loss",
        """train_step returns the mean cross-entropy of the batch before the step. The share of right answers is another
        number: it rises where the loss falls.""",
        replace(ITEM, "return (scores.argmax(dim=1) == labels).float().mean().item()"),
    ),
    Mistake(
        "two_steps",
        "The optimizer makes two steps",
        """One call of train_step is one step: a second optimizer.step() moves the parameters along the same gradients
        again, as if the learning rate were twice as large.""",
        replace(UPDATE, f"{UPDATE}    optimizer.step()\n"),
    ),
    Mistake(
        "gradients_clipped",
        "The gradients are clipped before the step",
        """Clipping to a norm of 1 makes the step another one whenever the gradients are larger. It can help, but it is
        not asked for: the step is the optimizer's, on the gradients as they are.""",
        *(
            replace(
                UPDATE,
                UPDATE.replace(
                    "    optimizer.step",
                    f"    nn.utils.clip_grad_norm_(model.parameters(), {norm})\n    optimizer.step",
                ),
            )
            for norm in ("1.0", "5.0")
        ),
    ),
    Mistake(
        "labels_smoothed",
        "The labels are smoothed",
        """Label smoothing gives every class a little of the target, so the loss is another one, above 0 even for
        perfect logits. Asked for is the cross-entropy with the labels as they are.""",
        *(
            replace(LOSS, f"loss = F.cross_entropy(scores, labels.long(), label_smoothing={part})")
            for part in ("0.1", "0.05")
        ),
    ),
]
