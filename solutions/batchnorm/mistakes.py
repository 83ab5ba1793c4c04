"""Known mistakes in batch normalisation, in the layer and in its backward pass."""

from grader.suite import Mistake, replace

CHECKED = "        check_input(x, self.num_features)\n"
STATISTICS = "mean, variance = self.batch_statistics(x)"
TEST_TIME = "            mean, variance = self.running_mean, self.running_var\n"
CENTRED = "centred = x - mean.view(per_channel)"
STD = "std = torch.sqrt(variance + self.eps)"
NORMALISED = "normalised = centred / std.view(per_channel)"
SCALED = "return normalised * self.weight.view(per_channel) + self.bias.view(per_channel)"
COUNTED = "        check_count(count)\n        axes"
VARIANCE = "variance = x.var(dim=axes, unbiased=False)"
NEW_MEAN = "new_mean = mean.detach()"
NEW_VAR = "new_var = variance.detach() * count / (count - 1)"
UPDATED_MEAN = "self.running_mean = kept * self.running_mean + self.momentum * new_mean"
UPDATED_VAR = "self.running_var = kept * self.running_var + self.momentum * new_var"
RETURNED = "        return mean, variance\n"
MEAN_BUFFER = 'self.register_buffer("running_mean", torch.zeros(num_features))'
VAR_BUFFER = 'self.register_buffer("running_var", torch.ones(num_features))'

MU = "mu = x.mean(dim=0)"
SIGMA_SQUARED = "sigma_squared = x.var(dim=0, unbiased=False)"
INVERSE_STD = "inverse_std = 1 / torch.sqrt(sigma_squared + eps)"
X_HAT = "x_hat = (x - mu) * inverse_std"
GRAD_BIAS = "grad_bias = grad_output.sum(dim=0)"
GRAD_WEIGHT = "grad_weight = (grad_output * x_hat).sum(dim=0)"
GRAD_X_HAT = "grad_x_hat = grad_output * weight"
THROUGH_MEAN = "through_mean = grad_x_hat.mean(dim=0)"
THROUGH_VARIANCE = "through_variance = x_hat * (grad_x_hat * x_hat).mean(dim=0)"
GRAD_X = "grad_x = inverse_std * (grad_x_hat - through_mean - through_variance)"


def reduced(over_2d, over_4d):
    """Edits that normalise a training batch over other axes; the running statistics stay right."""
    return [
        replace(
            STATISTICS,
            f"""mean, variance = self.batch_statistics(x)
            axes = {over_2d} if x.ndim == 2 else {over_4d}
            mean = x.mean(dim=axes, keepdim=True)
            variance = x.var(dim=axes, unbiased=False, keepdim=True)""",
        ),
        replace(CENTRED, "centred = x - (mean if self.training else mean.view(per_channel))"),
        replace(NORMALISED, "normalised = centred / (std if self.training else std.view(per_channel))"),
    ]


def squeezed(over_2d, over_4d):
    """The same, with statistics that are laid along the channels all the same."""
    return [
        replace(
            STATISTICS,
            f"""mean, variance = self.batch_statistics(x)
            axes = {over_2d} if x.ndim == 2 else {over_4d}
            mean, variance = x.mean(dim=axes), x.var(dim=axes, unbiased=False)""",
        ),
    ]


def failing(condition):
    """Statistics of a wrong shape do not fit where they are used, and torch raises."""
    return replace(
        STATISTICS,
        f"""mean, variance = self.batch_statistics(x)
            if {condition}:
                raise RuntimeError("the sizes of the tensors do not match")""",
    )


def at_test_time(code):
    """Code in the branch of eval mode, before it takes the running statistics; no error for one sample."""
    return [
        replace(TEST_TIME, code.format(taken=TEST_TIME.strip())),
        replace(COUNTED, "        if self.training:\n            check_count(count)\n        axes"),
        replace(NEW_VAR, "new_var = variance.detach() * count / max(count - 1, 1)"),
    ]


GRADIENT_FORMULA = (
    r"\frac{\partial L}{\partial x_i} = \frac{1}{\sqrt{\sigma^2 + \epsilon}}"
    r"\Big(g_i - \frac1M \sum_j g_j - \hat x_i \frac1M \sum_j g_j \hat x_j\Big),"
    r"\quad g = w \, \frac{\partial L}{\partial y}"
)

MISTAKES = [
    Mistake(
        "normalised_over_features",
        "Mean and variance are taken over the features of each sample",
        """The reduction runs over the feature axis, so every sample is normalised by its own mean and variance: that is
        layer normalisation. Batch normalisation asks how one feature varies over the batch, so it reduces over the
        batch axis (dim 0) and keeps one mean and one variance a feature. To see it: after the pass each column, not
        each row, should have mean 0.""",
        reduced(1, "(1, 2, 3)"),
        reduced(1, 1),
        reduced(1, "(0, 2, 3)"),
        reduced(-1, -1),
        reduced(0, "(1, 2, 3)"),
        reduced(0, 1),
        squeezed(1, "(1, 2, 3)"),
        squeezed(1, "(0, 2, 3)"),
        failing("True"),
        failing("x.ndim == 2"),
        failing("x.shape[0] != x.shape[1]"),
        failing("x.ndim == 2 and x.shape[0] != x.shape[1]"),
        [
            replace(MU, "mu = x.mean(dim=1, keepdim=True)"),
            replace(SIGMA_SQUARED, "sigma_squared = x.var(dim=1, unbiased=False, keepdim=True)"),
        ],
        [
            replace(MU, "mu = x.mean(dim=1, keepdim=True)"),
            replace(SIGMA_SQUARED, "sigma_squared = x.var(dim=1, unbiased=False, keepdim=True)"),
            replace(THROUGH_MEAN, "through_mean = grad_x_hat.mean(dim=1, keepdim=True)"),
            replace(THROUGH_VARIANCE, "through_variance = x_hat * (grad_x_hat * x_hat).mean(dim=1, keepdim=True)"),
        ],
        [
            replace(THROUGH_MEAN, "through_mean = grad_x_hat.mean(dim=1, keepdim=True)"),
            replace(THROUGH_VARIANCE, "through_variance = x_hat * (grad_x_hat * x_hat).mean(dim=1, keepdim=True)"),
        ],
        formula=r"\mu_c = \frac1M \sum_n x_{nc}, \quad \sigma_c^2 = \frac1M \sum_n (x_{nc} - \mu_c)^2",
        textbook=True,
    ),
    Mistake(
        "batch_statistics_at_test_time",
        "The statistics of the batch are used at test time too",
        """In eval mode the layer still normalises with the mean and variance of the batch it gets. Then the answer for
        one sample depends on which others come with it, and a single sample has no variance at all. The running
        statistics are collected in training for exactly this: use them when self.training is False.""",
        replace("        if self.training:\n", "        if True:\n"),
        at_test_time("            mean, variance = self.batch_statistics(x)\n"),
        at_test_time(
            "            before = self.running_mean, self.running_var\n"
            "            mean, variance = self.batch_statistics(x)\n"
            "            self.running_mean, self.running_var = before\n"
        ),
        at_test_time(
            "            before = self.running_mean, self.running_var\n"
            "            mean, variance = self.batch_statistics(x)\n"
            "            self.running_mean, self.running_var = before\n"
            "            count = x.numel() // self.num_features\n"
            "            variance = variance * count / max(count - 1, 1)\n"
        ),
    ),
    Mistake(
        "statistics_updated_at_test_time",
        "The running statistics are updated at test time",
        """A pass in eval mode moves running_mean and running_var. The test data leak into the model that way, and
        evaluating twice gives two results. Put the update where self.training is True, and nowhere else.""",
        at_test_time("            self.batch_statistics(x)\n            {taken}\n"),
        at_test_time("            {taken}\n            self.batch_statistics(x)\n"),
        replace(TEST_TIME, f"            self.batch_statistics(x)\n{TEST_TIME}"),
        replace(TEST_TIME, f"{TEST_TIME}            self.batch_statistics(x)\n"),
    ),
    Mistake(
        "momentum_reversed",
        "The momentum weighs the old value instead of the new batch",
        """In Keras momentum is the share of the old running value that is kept (0.99), in PyTorch and here it is the
        share of the new batch (0.1). Taken the other way round, with 0.1, nine tenths of the running statistics come
        from the last batch alone. Test it with one step from zero: running_mean is then momentum times the batch's
        mean.""",
        [
            replace("kept = 1 - self.momentum", "kept = self.momentum"),
            replace("+ self.momentum * new_mean", "+ (1 - self.momentum) * new_mean"),
            replace("+ self.momentum * new_var", "+ (1 - self.momentum) * new_var"),
        ],
        replace(UPDATED_MEAN, "self.running_mean = self.momentum * self.running_mean + kept * new_mean"),
        replace(UPDATED_VAR, "self.running_var = self.momentum * self.running_var + kept * new_var"),
        formula=r"\text{running} \leftarrow (1 - m)\,\text{running} + m\,\text{batch}",
        textbook=True,
    ),
    Mistake(
        "running_var_biased",
        "The biased variance enters running_var",
        """running_var is an estimate for data yet to come, and the variance that divides by M is too small for that on
        average, by the factor (M − 1)/M. So the variance that enters running_var divides by M − 1, while the
        normalisation of the batch itself divides by M. With small batches the difference is plain.""",
        replace(NEW_VAR, "new_var = variance.detach()"),
        formula=r"\frac{1}{M - 1} \sum_i (x_i - \mu)^2 = \frac{M}{M - 1}\,\sigma^2",
        textbook=True,
    ),
    Mistake(
        "normalisation_unbiased",
        "The batch is normalised with the unbiased variance",
        """tensor.var() and tensor.std() divide by M − 1 unless told otherwise. The normalisation divides by M (pass
        unbiased=False or correction=0), so that the normalised values have variance exactly 1 over the batch. Only what
        enters running_var divides by M − 1.""",
        replace(RETURNED, "        return mean, variance * count / (count - 1)\n"),
        replace(VARIANCE, "variance = x.var(dim=axes)"),
        replace(SIGMA_SQUARED, "sigma_squared = x.var(dim=0)"),
        [
            replace(RETURNED, "        return mean, variance * count / (count - 1)\n"),
            replace(SIGMA_SQUARED, "sigma_squared = x.var(dim=0)"),
        ],
        formula=r"\sigma^2 = \frac1M \sum_i (x_i - \mu)^2",
    ),
    Mistake(
        "eps_outside_root",
        "eps is added to the standard deviation, outside the root",
        """√σ² + eps is not √(σ² + eps): for a small variance and eps = 1e-5 the second is about 0.003, the first
        0.00001. Also the derivative of √σ² is infinite where a feature is constant, so training breaks down there. Add
        eps to the variance and take the root of the sum.""",
        replace(STD, "std = torch.sqrt(variance) + self.eps"),
        replace(STD, "std = torch.sqrt(variance) + self.eps if self.training else torch.sqrt(variance + self.eps)"),
        replace(STD, "std = torch.sqrt(variance + self.eps) if self.training else torch.sqrt(variance) + self.eps"),
        replace(INVERSE_STD, "inverse_std = 1 / (torch.sqrt(sigma_squared) + eps)"),
        [
            replace(STD, "std = torch.sqrt(variance) + self.eps"),
            replace(INVERSE_STD, "inverse_std = 1 / (torch.sqrt(sigma_squared) + eps)"),
        ],
        formula=r"\hat x = \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}}",
    ),
    Mistake(
        "eps_missing",
        "eps is not used",
        """Without eps a feature that is constant over the batch has variance 0, and 0/0 is NaN, which then spreads
        through the whole network. Add eps to the variance before the root.""",
        replace(STD, "std = torch.sqrt(variance)"),
        replace(STD, "std = torch.sqrt(variance) if self.training else torch.sqrt(variance + self.eps)"),
        replace(STD, "std = torch.sqrt(variance + self.eps) if self.training else torch.sqrt(variance)"),
        replace(INVERSE_STD, "inverse_std = 1 / torch.sqrt(sigma_squared)"),
    ),
    Mistake(
        "std_and_variance_confused",
        "The variance and the standard deviation are taken for each other",
        """The centred values are divided by the variance (the root is missing), or a standard deviation is used where
        the variance belongs. A layer that divides by σ² instead of σ gives a feature with standard deviation 10 the
        standard deviation 0.1, not 1. Look at the standard deviation of each output column: it should be 1 before
        weight and bias.""",
        replace(STD, "std = variance + self.eps"),
        replace(STD, "std = variance + self.eps if self.training else torch.sqrt(variance + self.eps)"),
        replace(STD, "std = torch.sqrt(variance + self.eps) if self.training else variance + self.eps"),
        replace(STD, "std = torch.sqrt((torch.sqrt(variance) if self.training else variance) + self.eps)"),
        replace(STD, "std = torch.sqrt(torch.sqrt(variance) + self.eps)"),
        replace(NEW_VAR, "new_var = torch.sqrt(variance.detach() * count / (count - 1))"),
        replace(NEW_VAR, "new_var = torch.sqrt(variance.detach())"),
        replace(VARIANCE, "variance = x.std(dim=axes, unbiased=False)"),
        [
            replace(NEW_VAR, "new_var = torch.sqrt(variance.detach() * count / (count - 1))"),
            replace(STD, "std = (torch.sqrt(variance) if self.training else variance) + self.eps"),
        ],
        [
            replace(NEW_VAR, "new_var = torch.sqrt(variance.detach())"),
            replace(STD, "std = (torch.sqrt(variance) if self.training else variance) + self.eps"),
        ],
        [
            replace(NEW_VAR, "new_var = torch.sqrt(variance.detach() * count / (count - 1))"),
            replace(STD, "std = torch.sqrt((torch.sqrt(variance) if self.training else variance) + self.eps)"),
        ],
        [
            replace(VARIANCE, "variance = x.std(dim=axes)"),
            replace(NEW_VAR, "new_var = variance.detach()"),
        ],
        replace(INVERSE_STD, "inverse_std = 1 / (sigma_squared + eps)"),
        replace(SIGMA_SQUARED, "sigma_squared = x.std(dim=0, unbiased=False)"),
        [
            replace(STD, "std = variance + self.eps"),
            replace(INVERSE_STD, "inverse_std = 1 / (sigma_squared + eps)"),
        ],
        formula=r"\hat x = \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}}",
    ),
    Mistake(
        "statistics_carry_gradient",
        "The running statistics carry a gradient",
        """The running statistics are computed from the batch with autograd watching, so each of them drags the graph of
        all batches so far behind it: memory grows with every step, and a backward pass through them reaches batches
        long gone. They are only a record: update them under torch.no_grad(), or from detached values.""",
        [
            replace(NEW_MEAN, "new_mean = mean"),
            replace(NEW_VAR, "new_var = variance * count / (count - 1)"),
        ],
        replace(NEW_MEAN, "new_mean = mean"),
        replace(NEW_VAR, "new_var = variance * count / (count - 1)"),
    ),
    Mistake(
        "not_registered_as_buffers",
        "The running statistics are not registered as buffers",
        """A tensor that is merely assigned to self is not part of the module's state: it is missing in state_dict(), so
        a saved model forgets it, and .to(device) or .double() leave it behind. A Parameter is saved, but an optimizer
        will move it. Use self.register_buffer(name, tensor).""",
        [
            replace(MEAN_BUFFER, "self.running_mean = torch.zeros(num_features)"),
            replace(VAR_BUFFER, "self.running_var = torch.ones(num_features)"),
        ],
        replace(MEAN_BUFFER, "self.running_mean = torch.zeros(num_features)"),
        replace(VAR_BUFFER, "self.running_var = torch.ones(num_features)"),
        [
            replace(MEAN_BUFFER, "self.running_mean = nn.Parameter(torch.zeros(num_features), requires_grad=False)"),
            replace(VAR_BUFFER, "self.running_var = nn.Parameter(torch.ones(num_features), requires_grad=False)"),
            replace(UPDATED_MEAN, "self.running_mean.data = kept * self.running_mean + self.momentum * new_mean"),
            replace(UPDATED_VAR, "self.running_var.data = kept * self.running_var + self.momentum * new_var"),
        ],
    ),
    Mistake(
        "nchw_over_samples_only",
        "Images are reduced over the samples only",
        """For (N, C, H, W) the mean over dim 0 has shape (C, H, W): one mean a pixel. A convolution applies the same
        filter everywhere, so all positions of a channel belong together and share one mean and one variance, over dims
        (0, 2, 3).""",
        reduced(0, 0),
        failing("x.ndim == 4"),
        failing("x.ndim == 4 and len(set(x.shape)) > 1"),
        formula=r"\mu_c = \frac{1}{N H W} \sum_{n,h,w} x_{nchw}",
    ),
    Mistake(
        "images_normalised_singly",
        "Each image is normalised by itself",
        """Reducing over (2, 3) alone leaves one mean for every sample and channel: that is instance normalisation.
        Batch normalisation also reduces over the samples, dims (0, 2, 3).""",
        reduced(0, "(2, 3)"),
        formula=r"\mu_c = \frac{1}{N H W} \sum_{n,h,w} x_{nchw}",
    ),
    Mistake(
        "one_mean_for_everything",
        "One mean and one variance are taken of the whole batch",
        """x.mean() without dim mixes all features. Each feature or channel has its own mean and its own variance:
        reduce over every axis but the second.""",
        reduced("(0, 1)", "(0, 1, 2, 3)"),
        reduced("(0, 1)", "(0, 2, 3)"),
        [
            replace(MU, "mu = x.mean()"),
            replace(SIGMA_SQUARED, "sigma_squared = x.var(unbiased=False)"),
        ],
    ),
    Mistake(
        "samples_counted_for_values",
        "running_var is corrected with N instead of the number of values",
        """The factor M/(M − 1) turns the biased variance into the unbiased one, where M is the number of values a
        channel has. For (N, C, H, W) that is N·H·W, not N.""",
        replace(NEW_VAR, "new_var = variance.detach() * len(x) / max(len(x) - 1, 1)"),
    ),
    Mistake(
        "gradient_of_statistics_ignored",
        "The gradient treats the batch's mean and variance as constants",
        """In training mode mean and variance are functions of x: moving one value moves both, and with them every
        output of that feature. Detached or computed under no_grad (or their two terms left out of the backward
        formula), the gradient lacks these paths. To see it: the output does not change when a constant is added to a
        whole feature, so the gradient of each feature must sum to zero over the batch.""",
        replace(RETURNED, "        return mean.detach(), variance.detach()\n"),
        replace(RETURNED, "        return mean.detach(), variance\n"),
        replace(RETURNED, "        return mean, variance.detach()\n"),
        replace(GRAD_X, "grad_x = inverse_std * grad_x_hat"),
        replace(GRAD_X, "grad_x = inverse_std * (grad_x_hat - through_variance)"),
        replace(GRAD_X, "grad_x = inverse_std * (grad_x_hat - through_mean)"),
        [
            replace(RETURNED, "        return mean.detach(), variance.detach()\n"),
            replace(GRAD_X, "grad_x = inverse_std * grad_x_hat"),
        ],
        formula=GRADIENT_FORMULA,
    ),
    Mistake(
        "weight_or_bias_unused",
        "weight or bias does not take part",
        """The normalised values are returned without their scale or without their shift (or the gradient in x forgets
        the weight). The two are what lets the layer undo the normalisation where that helps: y = weight · x̂ +
        bias.""",
        replace(SCALED, "return normalised"),
        replace(SCALED, "return normalised * self.weight.view(per_channel)"),
        replace(SCALED, "return normalised + self.bias.view(per_channel)"),
        replace(GRAD_X_HAT, "grad_x_hat = grad_output"),
    ),
    Mistake(
        "x_for_normalised_x",
        "The gradient in weight uses x instead of the normalised x",
        """y = weight · x̂ + bias, so weight is multiplied by x̂, not by x: its gradient is the sum of grad_output ·
        x̂.""",
        replace(GRAD_WEIGHT, "grad_weight = (grad_output * x).sum(dim=0)"),
        replace(GRAD_WEIGHT, "grad_weight = (grad_output * (x - mu)).sum(dim=0)"),
        formula=r"\frac{\partial L}{\partial w} = \sum_n g_n \hat x_n",
    ),
    Mistake(
        "gradients_averaged",
        "The gradients in weight and bias are averaged over the samples",
        """Every sample uses the same weight and bias, so their contributions add up. If the loss is a mean, its 1/N is
        already in grad_output; dividing again makes the gradient N times too small.""",
        [
            replace(GRAD_WEIGHT, "grad_weight = (grad_output * x_hat).mean(dim=0)"),
            replace(GRAD_BIAS, "grad_bias = grad_output.mean(dim=0)"),
        ],
        replace(GRAD_WEIGHT, "grad_weight = (grad_output * x_hat).mean(dim=0)"),
        replace(GRAD_BIAS, "grad_bias = grad_output.mean(dim=0)"),
    ),
    Mistake(
        "modified_in_place",
        "An input is modified in place",
        """`x -= mean`, `x.sub_(mean)` and the like write into the tensor that the caller passed in, who then goes on
        with other numbers than before. Write `x = x - mean` instead: it makes a new tensor.""",
        replace(
            CENTRED,
            f"{CENTRED}\n        if not x.requires_grad:\n            x.copy_(centred.detach())",
        ),
        replace(GRAD_X_HAT, "grad_x_hat = grad_output.mul_(weight)"),
        replace(X_HAT, "x_hat = x.sub_(mu) * inverse_std"),
    ),
    Mistake(
        "running_statistics_in_training",
        "Training mode normalises with the running statistics",
        """In training a batch is normalised by its own mean and variance, through which the gradient flows; the running
        statistics are only kept for later. Used in training they lag behind the weights, and the normalised values have
        neither mean 0 nor variance 1.""",
        replace(STATISTICS, f"{STATISTICS}\n            mean, variance = self.running_mean, self.running_var"),
        replace(
            STATISTICS,
            "before = self.running_mean, self.running_var\n"
            f"            {STATISTICS}\n            mean, variance = before",
        ),
    ),
    Mistake(
        "only_centred",
        "The values are centred, but never divided by the standard deviation",
        """Subtracting the mean is half of the work: a feature of standard deviation 10 keeps it. Divide by √(σ² + ε)
        before weight and bias.""",
        replace(NORMALISED, "normalised = centred"),
        replace(NORMALISED, "normalised = centred if self.training else centred / std.view(per_channel)"),
        formula=r"\hat x = \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}}",
    ),
    Mistake(
        "gradients_in_another_order",
        "The gradients are returned in another order",
        """The caller unpacks `grad_x, grad_weight, grad_bias = batch_norm_backward(…)`. The gradients of weight and
        bias have the same shape, so nothing fails when they change places: the layer only learns the wrong way.""",
        replace("return grad_x, grad_weight, grad_bias", "return grad_x, grad_bias, grad_weight"),
    ),
    Mistake(
        "momentum_for_the_old_left_out",
        "The old running statistics are not weighted by 1 − momentum",
        """A running average keeps (1 − momentum) of the old value and takes momentum of the new one; the two weights
        sum to one. With the old value kept whole the statistics grow with every batch.""",
        [
            replace(UPDATED_MEAN, UPDATED_MEAN.replace("kept * ", "")),
            replace(UPDATED_VAR, UPDATED_VAR.replace("kept * ", "")),
        ],
        replace(UPDATED_MEAN, UPDATED_MEAN.replace("kept * ", "")),
        replace(UPDATED_VAR, UPDATED_VAR.replace("kept * ", "")),
    ),
    Mistake(
        "momentum_fixed",
        "momentum is fixed at its default",
        """`momentum` is an argument of BatchNorm: how much a new batch moves the running statistics is what it says,
        not always 0.1.""",
        replace("self.momentum = momentum", "self.momentum = 0.1"),
        replace(UPDATED_MEAN, "self.running_mean = 0.9 * self.running_mean + 0.1 * new_mean"),
        replace(UPDATED_VAR, "self.running_var = 0.9 * self.running_var + 0.1 * new_var"),
    ),
    Mistake(
        "batches_counted",
        "There is a further buffer, num_batches_tracked",
        """PyTorch's own layer counts its batches in a third buffer, for a momentum of None, which is not asked for
        here. Another implementation could not load a state with that name: the buffers are `running_mean` and
        `running_var`, and no others.""",
        replace(VAR_BUFFER, f"{VAR_BUFFER}\n        self.register_buffer('num_batches_tracked', torch.tensor(0))"),
    ),
    Mistake(
        "other_first_values",
        "weight or bias starts at other values",
        """weight starts at ones and bias at zeros: at first the layer does no more than normalise. With a weight of
        zeros nothing passes, with random ones every channel has another scale before anything is learnt.""",
        replace("self.weight = nn.Parameter(torch.ones(", "self.weight = nn.Parameter(torch.zeros("),
        replace("self.bias = nn.Parameter(torch.zeros(", "self.bias = nn.Parameter(torch.ones("),
    ),
    Mistake(
        "shifted_before_scaled",
        "The bias is added before the multiplication by weight",
        """The order is y = weight · x̂ + bias. With (x̂ + bias) · weight the shift depends on the scale.""",
        replace(SCALED, "return (normalised + self.bias.view(per_channel)) * self.weight.view(per_channel)"),
        formula=r"y = \gamma \hat x + \beta",
    ),
    Mistake(
        "backward_off_by_n",
        "The gradient in x is N times too large, or its sums are not averaged",
        """μ and σ² are means over the batch, so what reaches x through them is divided by N. In the closed form that is
        one 1/N before the bracket; left out, the whole gradient is N times too large, or the terms of the statistics
        are.""",
        replace(GRAD_X, f"{GRAD_X} * len(x)"),
        [
            replace(THROUGH_MEAN, THROUGH_MEAN.replace("mean(", "sum(", 1)),
            replace(THROUGH_VARIANCE, THROUGH_VARIANCE.replace("mean(", "sum(")),
        ],
        replace(THROUGH_MEAN, "through_mean = grad_x_hat.sum(dim=0)"),
        replace(THROUGH_VARIANCE, THROUGH_VARIANCE.replace("mean(", "sum(")),
        formula=r"\frac{\partial L}{\partial x_i} = \frac{1}{N \sigma} \Big(N g_i - \sum_j g_j"
        r" - \hat x_i \sum_j g_j \hat x_j\Big), \quad g = \gamma \frac{\partial L}{\partial y}",
    ),
    Mistake(
        "backward_sign",
        "A term of the gradient in x has the wrong sign",
        """What flows through the mean and through the variance is subtracted: both take out of the gradient the part
        that the normalisation makes ineffective, a shift of all x and a common factor. Test: the gradients of a
        feature sum to 0 over the batch.""",
        replace(GRAD_X, "grad_x = inverse_std * (grad_x_hat - through_mean + through_variance)"),
        replace(GRAD_X, "grad_x = inverse_std * (grad_x_hat + through_mean - through_variance)"),
        replace(GRAD_X, "grad_x = inverse_std * (grad_x_hat + through_mean + through_variance)"),
    ),
    Mistake(
        "weight_in_its_own_gradient",
        "The gradient in weight is multiplied by weight",
        """y = weight · x̂ + bias, so ∂y/∂weight is x̂: the gradient is the sum of grad_output · x̂. The factor weight
        belongs to what goes on to x.""",
        replace(GRAD_WEIGHT, "grad_weight = (grad_output * weight * x_hat).sum(dim=0)"),
    ),
]
