"""Known mistakes in shifting targets, in the loss of the next token and in perplexity."""

from grader.suite import Mistake, define, replace

INPUTS, TARGETS = "inputs = tokens[:, :-1]", "targets = tokens[:, 1:]"
SHIFTED = "return inputs, targets"
TOKEN_LOSSES = 'losses = F.cross_entropy(flat_logits, flat_targets, reduction="none", ignore_index=pad_id)'
FLAT_LOGITS = "flat_logits = logits.flatten(0, 1)"
LOSS = "return losses.sum() / count.clamp(min=1)"
MEAN_LOSS = "mean_loss = total_loss / tokens.clamp(min=1)"
PERPLEXITY = "return torch.exp(mean_loss)"


def per_token(code):
    """Another loss of each position, `code` in terms of flat_logits and flat_targets; zero on padding."""
    return replace(
        TOKEN_LOSSES,
        f"""real = flat_targets != pad_id
    flat_targets = flat_targets.clamp(0, flat_logits.shape[1] - 1)
    losses = torch.where(real, {code}, torch.zeros_like(flat_logits[:, 0]))""",
    )


def picked(scores):
    return f"-({scores}).gather(1, flat_targets[:, None]).squeeze(1)"


def mean_of_means(code):
    """Loss and perplexity from `mean`, in terms of losses and real tokens (N, L); T = 0 tokens left right."""
    return define(
        f"""
        def mean_of_means(logits, targets, pad_id):
            losses = token_losses(logits, targets, pad_id)
            real = targets != pad_id
            return {code}


        def next_token_loss(logits, targets, pad_id=0):
            return mean_of_means(logits, targets, pad_id)


        def perplexity(logits, targets, pad_id=0):
            return torch.exp(mean_of_means(logits, targets, pad_id))
        """
    )


CLAMPED = "(losses.sum({axis}) / real.sum({axis}).clamp(min=1)).mean()"
BARE = "(losses.sum({axis}) / real.sum({axis})).mean()"
EARLY = "(losses.sum({axis}) / real.sum({axis})).mean() if real.any() else losses.sum()"
FILLED = "(losses.sum({axis}) / real.sum({axis}).clamp(min=1)).sum() / real.any({axis}).sum().clamp(min=1)"

MISTAKES = [
    Mistake(
        "not_shifted",
        "The targets are not shifted",
        """Inputs and targets are the same tokens, so the model is asked for the token it has just been given. The loss
        falls to zero by copying and nothing is learned about language. At each position the target must be the token
        that comes next.""",
        replace(TARGETS, "targets = tokens[:, :-1]"),
        replace(INPUTS, "inputs = tokens[:, 1:]"),
        [replace(INPUTS, "inputs = tokens"), replace(TARGETS, "targets = tokens")],
        formula=r"\text{inputs}_l = t_l, \quad \text{targets}_l = t_{l+1}",
    ),
    Mistake(
        "shifted_wrong_way",
        "The targets are shifted the wrong way",
        """Each target is the token before its input instead of the one after it: the model is taught to predict the
        past, which it has already read. Write down one sentence by hand: from 5, 3, 7 the pairs are 5 → 3 and 3 →
        7.""",
        replace(SHIFTED, "return targets, inputs"),
        replace(TARGETS, "targets = torch.roll(tokens, 1, dims=1)[:, :-1]"),
        [replace(INPUTS, "inputs = tokens"), replace(TARGETS, "targets = torch.roll(tokens, 1, dims=1)")],
        [replace(INPUTS, "inputs = tokens"), replace(TARGETS, "targets = F.pad(tokens[:, :-1], (1, 0))")],
        formula=r"\text{inputs}_l = t_l, \quad \text{targets}_l = t_{l+1}",
    ),
    Mistake(
        "last_token_kept",
        "The last token is kept among the inputs",
        """Nothing follows the last token, so it has no target and does not belong into the inputs. Kept there, inputs
        and targets differ in length, or a target has to be made up: a rolled tensor predicts the sentence's first token
        from its last. Both have L − 1 columns.""",
        replace(INPUTS, "inputs = tokens"),
        [replace(INPUTS, "inputs = tokens"), replace(TARGETS, "targets = torch.roll(tokens, -1, dims=1)")],
        [replace(INPUTS, "inputs = tokens"), replace(TARGETS, "targets = F.pad(tokens[:, 1:], (0, 1))")],
    ),
    Mistake(
        "shifted_over_batch",
        "The shift runs over the batch instead of the positions",
        """tokens[:-1] and tokens[1:] leave out a sentence each, so a sentence's targets come from its neighbour in the
        batch, which has nothing to do with it. The positions are dimension 1: tokens[:, 1:].""",
        [replace(INPUTS, "inputs = tokens[:-1]"), replace(TARGETS, "targets = tokens[1:]")],
        replace(TARGETS, "targets = tokens.roll(-1, dims=0)[:, :-1]"),
    ),
    Mistake(
        "softmax_before_cross_entropy",
        "softmax is applied before cross-entropy",
        """F.cross_entropy takes raw scores and applies log-softmax itself. Fed with probabilities it squashes them a
        second time: between 0 and 1 all scores are nearly alike, the loss hardly falls below log(V) − 1 and the
        gradients are small. Pass the logits as they are.""",
        replace(FLAT_LOGITS, "flat_logits = torch.softmax(logits.flatten(0, 1), dim=1)"),
        replace(FLAT_LOGITS, "flat_logits = torch.softmax(logits, dim=1).flatten(0, 1)"),
        formula=r"\ell = -\log \text{softmax}(x)_t \neq -\log \text{softmax}(\text{softmax}(x))_t",
    ),
    Mistake(
        "exp_of_the_sum",
        "Perplexity is exp of the sum of the losses",
        """exp of the sum is one over the probability of the whole text: it grows with every token and soon overflows.
        Perplexity is the same per token: divide by the number of tokens first. A model that guesses evenly among V
        tokens has perplexity V, however long the text.""",
        replace(PERPLEXITY, "return torch.exp(total_loss)"),
        replace(PERPLEXITY, "return torch.exp(token_losses(logits, targets, pad_id).sum(1)).mean()"),
        replace(PERPLEXITY, "return torch.exp(token_losses(logits, targets, pad_id).sum(1).mean())"),
        formula=r"\text{PPL} = \exp\Big(\frac{1}{T} \sum_t -\log p_t\Big)",
    ),
    Mistake(
        "sum_not_mean",
        "The losses are summed, not averaged",
        """The sum grows with the number of tokens, so losses of batches of different sizes cannot be compared, and the
        learning rate would have to follow the batch. Divide by the number of real tokens.""",
        replace(LOSS, "return losses.sum()"),
        replace(LOSS, "return losses.sum() / targets.shape[0]"),
    ),
    Mistake(
        "nan_when_all_padding",
        "A batch of nothing but padding gives NaN",
        """The sum over no token is 0 and their number is 0, and 0/0 is NaN; the mean reduction of F.cross_entropy with
        ignore_index does just that. One such batch makes every weight of a model NaN. Divide by at least 1: the loss is
        then 0, the perplexity 1, and the gradient zero.""",
        [replace(LOSS, LOSS.replace(".clamp(min=1)", "")), replace(MEAN_LOSS, MEAN_LOSS.replace(".clamp(min=1)", ""))],
        [
            replace(LOSS, "return losses[targets != pad_id].mean()"),
            replace(MEAN_LOSS, "mean_loss = token_losses(logits, targets, pad_id)[targets != pad_id].mean()"),
        ],
    ),
    Mistake(
        "no_graph_when_all_padding",
        "The zero for a batch of padding is not connected to logits",
        """A fresh torch.tensor(0.0) has no graph, so backward() raises in the middle of an epoch as soon as a batch
        holds nothing but padding. Compute the 0 from logits: the gradient is then zero.""",
        replace(LOSS, f"if not count:\n        return logits.new_zeros(())\n    {LOSS}"),
        replace(LOSS, f"if not count:\n        return torch.tensor(0.0)\n    {LOSS}"),
    ),
    Mistake(
        "padding_counted",
        "Padding counts in the mean",
        """Padding is there to make the tensor rectangular; nobody predicts it. If its losses are added, or its
        positions counted in the divisor, the loss depends on how long the longest sentence happens to be, and a model
        that learns to predict padding looks better than it is. Leave it out of the sum and of the count.""",
        # Left out of the sum, but counted.
        [replace(LOSS, "return losses.mean()"), replace(MEAN_LOSS, "mean_loss = total_loss / targets.numel()")],
        # In the sum and in the count, then in the sum only; with a batch of nothing but padding left right or not.
        *[
            [
                replace(", ignore_index=pad_id", ""),
                replace(LOSS, f"return losses.sum() / {divisor}{otherwise}"),
                replace(MEAN_LOSS, f"mean_loss = total_loss / {divisor}{otherwise}"),
            ]
            for divisor in ("targets.numel()", "(targets != pad_id).sum()", "(targets != pad_id).sum().clamp(min=1)")
            for otherwise in ("", " if (targets != pad_id).any() else 0 * logits.sum()")
        ],
        formula=r"L = \frac{\sum_{t \ne \text{pad}} -\log p(t)}{\#\{t \ne \text{pad}\}}",
    ),
    Mistake(
        "pad_id_ignored",
        "The padding is taken to be 0, whatever pad_id says",
        """pad_id is an argument because vocabularies differ: 0 may well be a word, and some data sets pad with −1 or
        −100. With 0 fixed in the code, real tokens are skipped and padding is scored.""",
        *[
            [
                replace("ignore_index=pad_id", "ignore_index=0"),
                replace("flat_targets = targets.flatten().long()", f"flat_targets = {flat}"),
                replace("count = (targets != pad_id).sum()", "count = (targets != 0).sum()"),
                replace("tokens = (targets != pad_id).sum()", "tokens = (targets != 0).sum()"),
            ]
            for flat in ("targets.flatten().long()", "targets.flatten().long() % logits.shape[2]")
        ],
    ),
    Mistake(
        "sign_flipped",
        "The sign is missing",
        """log p is negative, the loss is −log p and positive. Without the minus sign gradient descent makes the right
        tokens less likely, and the perplexity comes out below 1, which cannot be.""",
        replace("return losses.view(targets.shape)", "return -losses.view(targets.shape)"),
        replace(PERPLEXITY, "return torch.exp(-mean_loss)"),
        formula=r"L = -\frac{1}{T} \sum_t \log p_t",
    ),
    Mistake(
        "no_exp",
        "Perplexity is returned without exp, or with another base",
        """The mean loss is measured in nats, the unit of the natural logarithm; only exp undoes that. 2 to the power of
        it would need a loss in bits, with log2. A model that guesses evenly among V tokens must have perplexity V.""",
        replace(PERPLEXITY, "return mean_loss"),
        replace(PERPLEXITY, "return 2**mean_loss"),
        formula=r"\text{PPL} = e^L",
    ),
    Mistake(
        "exp_inside_the_mean",
        "The mean is taken of exp of each token's loss",
        """exp comes last: exp(mean) and the mean of exp are not the same, and the second is ruled by the few worst
        tokens. Perplexity is the geometric mean of 1/p, not the arithmetic one.""",
        replace(
            PERPLEXITY,
            """exponentials = torch.exp(token_losses(logits, targets, pad_id)) * (targets != pad_id)
    return exponentials.sum() / tokens if tokens else torch.exp(mean_loss)""",
        ),
        replace(PERPLEXITY, "return torch.exp(token_losses(logits, targets, pad_id))[targets != pad_id].mean()"),
        replace(PERPLEXITY, "return torch.exp(token_losses(logits, targets, pad_id)).mean()"),
        formula=r"\exp\Big(\frac{1}{T} \sum_t \ell_t\Big) \le \frac{1}{T} \sum_t \exp(\ell_t)",
    ),
    Mistake(
        "shifted_twice",
        "The loss shifts logits and targets once more",
        """shift_targets has already put each target beside the position that predicts it. Shifted again in the loss,
        the model is asked for the token after the next. Some libraries shift inside the loss; then the data must not be
        shifted before. One shift in all.""",
        *[
            define(
                f"""
                def again(logits, targets):
                    return {again}


                def next_token_loss(logits, targets, pad_id=0):
                    check_predictions(logits, targets, pad_id)
                    logits, targets = again(logits, targets)
                    count = (targets != pad_id).sum()
                    return token_losses(logits, targets, pad_id).sum() / count.clamp(min=1)


                def perplexity(logits, targets, pad_id=0):
                    return torch.exp(next_token_loss(logits, targets, pad_id))
                """
            )
            for again in ("(logits[:, :-1], targets[:, 1:])", "(logits[:, 1:], targets[:, :-1])")
        ],
    ),
    Mistake(
        "log_missing",
        "The logarithm is missing",
        """The negative probability of the target, or its negative score, is averaged instead of −log p. F.nll_loss
        wants log-probabilities: it only picks out entries. Use F.cross_entropy on logits, or F.nll_loss on
        log_softmax.""",
        per_token(picked("torch.softmax(flat_logits, 1)")),
        per_token(picked("flat_logits")),
        formula=r"\ell = -\log p_t",
    ),
    Mistake(
        "vocabulary_on_wrong_axis",
        "The softmax does not run over the vocabulary",
        """logits is (N, L, V), and the scores that compete are those of one position, along the last dimension.
        F.cross_entropy looks for classes in dimension 1: transpose the logits to (N, V, L) or flatten them to (N·L, V).
        A reshape to (N, V, L) has the right shape and the wrong numbers in it.""",
        replace(FLAT_LOGITS, "flat_logits = logits.reshape(logits.shape[0], logits.shape[2], -1).mT.flatten(0, 1)"),
        per_token(picked("torch.log_softmax(logits, 1).flatten(0, 1)")),
        per_token(picked("torch.log_softmax(flat_logits, 0)")),
        [
            replace(
                TOKEN_LOSSES,
                """losses = F.cross_entropy(logits, targets.long(), reduction="none", ignore_index=pad_id)""",
            )
        ],
    ),
    Mistake(
        "log_of_softmax_underflows",
        "log(softmax(x)) is computed in two steps",
        """The probability of a token far behind the best one underflows to 0, and log(0) is −∞ (or, with a small number
        added, too small a loss). log_softmax subtracts in the logarithm and never leaves it: x_t − logsumexp(x).""",
        *[
            per_token(picked(f"torch.log(torch.softmax(flat_logits, 1){eps})"))
            for eps in ("", " + 1e-8", " + 1e-9", " + 1e-10", " + 1e-12", ".clamp(min=1e-8)", ".clamp(min=1e-12)")
        ],
        per_token(picked("torch.log(flat_logits.exp() / flat_logits.exp().sum(1, keepdim=True))")),
        formula=r"\log \text{softmax}(x)_t = x_t - \log \sum_v e^{x_v}",
    ),
    Mistake(
        "mean_of_sentence_means",
        "The mean is taken of each sentence first, then over the sentences",
        """A mean of means gives every sentence the same weight, so that a token of a short sentence counts more than
        one of a long sentence, and an empty one adds a 0 or NaN. Add up the losses of all tokens of the batch and
        divide by their number, once. Sentences of equal length hide the difference.""",
        *[mean_of_means(code.format(axis=axis)) for axis in (1, 0) for code in (CLAMPED, BARE, EARLY, FILLED)],
        # For perplexity: exp of each sentence's mean, then the mean of these.
        *[
            replace(
                PERPLEXITY,
                f"""losses, real = token_losses(logits, targets, pad_id), targets != pad_id
    filled = real.any(1)
    return {code}""",
            )
            for code in (
                "torch.exp(losses.sum(1) / real.sum(1).clamp(min=1)).mean()",
                "torch.exp(losses.sum(1) / real.sum(1)).mean()",
                "torch.exp(losses.sum(1) / real.sum(1)).mean() if real.any() else torch.exp(losses.sum())",
                "torch.exp(losses.sum(1)[filled] / real.sum(1)[filled]).mean()",
                "torch.exp(losses.sum(1)[filled] / real.sum(1)[filled]).mean() if real.any() else 1 + total_loss",
            )
        ],
        formula=r"\frac{\sum_n \sum_l \ell_{nl}}{\sum_n L_n} \neq \frac{1}{N} \sum_n \frac{1}{L_n} \sum_l \ell_{nl}",
    ),
    Mistake(
        "modified_in_place",
        "An input is modified in place",
        """Writing into tokens, logits or targets changes what the caller holds: the next use of the batch sees other
        numbers. Slice and mask into new tensors.""",
        replace(SHIFTED, "inputs, targets = inputs.clone(), targets.clone()\n    tokens[:, -1] = 0\n    " + SHIFTED),
        replace(LOSS, f"targets[targets == pad_id] = -100\n    {LOSS}"),
        replace(LOSS, f"targets[targets == pad_id] = 0 if pad_id else 1\n    {LOSS}"),
    ),
    Mistake(
        "two_ahead",
        "The targets are two tokens ahead",
        """At each position the model is asked for the token after the next one. Either the tokens are shifted twice, or
        the loss shifts once more what shift_targets has shifted already. One step is right: targets are tokens[:, 1:]
        where inputs are tokens[:, :-1].""",
        [replace(INPUTS, "inputs = tokens[:, :-2]"), replace(TARGETS, "targets = tokens[:, 2:]")],
        replace(TARGETS, "targets = tokens[:, 2:]"),
        replace(TARGETS, "targets = tokens.roll(-2, 1)[:, :-1]"),
        formula=r"\text{inputs}_l = t_l, \quad \text{targets}_l = t_{l+1}",
    ),
    Mistake(
        "labels_smoothed",
        "The labels are smoothed",
        """Label smoothing gives every token of the vocabulary a little of the target, so the loss is another one, and
        exp of it is no perplexity. Asked for is −log p of the target.""",
        *(
            replace(TOKEN_LOSSES, TOKEN_LOSSES.replace("ignore_index=", f"label_smoothing={part}, ignore_index="))
            for part in ("0.1", "0.05")
        ),
    ),
    Mistake(
        "one_added_to_the_count",
        "1 is added to the number of tokens",
        """It keeps 0/0 away, but every other mean comes out too small as well. Divide by the larger of the count and
        1.""",
        [
            replace(LOSS, "return losses.sum() / (count + 1)"),
            replace(MEAN_LOSS, "mean_loss = total_loss / (tokens + 1)"),
        ],
        replace(LOSS, "return losses.sum() / (count + 1)"),
    ),
    Mistake(
        "perplexity_detached",
        "Perplexity is not differentiable, or no tensor",
        """perplexity returns a 0-dim tensor that autograd knows: `.item()`, detach() and no_grad cut it off from the
        logits.""",
        replace(PERPLEXITY, "return torch.exp(mean_loss.detach())"),
        replace(PERPLEXITY, "return torch.exp(mean_loss).item()"),
    ),
    Mistake(
        "only_targets_above_padding",
        "Targets below pad_id are taken for padding",
        """Only a target equal to pad_id is padding: with another pad_id than 0 the smaller ids are words.""",
        [
            replace(TOKEN_LOSSES, f"{TOKEN_LOSSES}\n    losses = losses * (flat_targets > pad_id)"),
            replace("count = (targets != pad_id).sum()", "count = (targets > pad_id).sum()"),
            replace("tokens = (targets != pad_id).sum()", "tokens = (targets > pad_id).sum()"),
        ],
    ),
]
