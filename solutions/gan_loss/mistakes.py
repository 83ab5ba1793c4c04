"""Known mistakes in the losses of a GAN and in its training step."""

from grader.suite import Mistake, replace

REAL_LABELS = "real_labels = torch.ones_like(real_logits)"
FAKE_LABELS = "fake_labels = torch.zeros_like(fake_logits)"
REAL_LOSS = "real_loss = F.binary_cross_entropy_with_logits(real_logits, real_labels)"
FAKE_LOSS = "fake_loss = F.binary_cross_entropy_with_logits(fake_logits, fake_labels)"
SUM = "return real_loss + fake_loss"
WANTED = "wanted_labels = torch.ones_like(fake_logits)"
GENERATOR_LOSS = "return F.binary_cross_entropy_with_logits(fake_logits, wanted_labels)"

FAKE = "fake = generator(noise)"
FAKE_LOGITS = "fake_logits = discriminator(fake.detach())"
D_LOSS = "d_loss = discriminator_loss(real_logits, fake_logits)"
ZERO_D = "    opt_d.zero_grad()\n"
BACKWARD_D = "d_loss.backward()"
STEP_D = "opt_d.step()"
G_LOSS = "g_loss = generator_loss(discriminator(fake))"
ZERO_G = "    opt_g.zero_grad()\n"
BACKWARD_G = "g_loss.backward()"
STEP_G = "opt_g.step()"

UNDETACHED = replace(FAKE_LOGITS, "fake_logits = discriminator(fake)")
RETAINED = replace(BACKWARD_D, "d_loss.backward(retain_graph=True)")
SECOND_FORWARD = replace(G_LOSS, "g_loss = generator_loss(discriminator(generator(noise)))")
ZERO_BOTH_FIRST = [
    replace(ZERO_D, ""),
    replace(ZERO_G, ""),
    replace(FAKE, f"opt_d.zero_grad()\n    opt_g.zero_grad()\n    {FAKE}"),
]


def inline_d(real_term, fake_term):
    """train_step with a discriminator's loss of its own."""
    return replace(D_LOSS, f"d_loss = {real_term} + {fake_term}")


def inline_g(term):
    """train_step with a generator's loss of its own, of the logits f."""
    return replace(G_LOSS, f"f = discriminator(fake)\n    g_loss = {term}")


def labelled(real_labels, fake_labels, wanted_labels):
    return [
        replace(REAL_LABELS, f"real_labels = {real_labels}"),
        replace(FAKE_LABELS, f"fake_labels = {fake_labels}"),
        replace(WANTED, f"wanted_labels = {wanted_labels}"),
    ]


def with_logarithms(of_p, of_one_minus_p):
    """Both losses from probabilities, with these two logarithms of p."""
    return [
        replace(REAL_LOSS, f"p = torch.sigmoid(real_logits)\n    real_loss = -({of_p}).mean()"),
        replace(FAKE_LOSS, f"p = torch.sigmoid(fake_logits)\n    fake_loss = -({of_one_minus_p}).mean()"),
        replace(GENERATOR_LOSS, f"p = torch.sigmoid(fake_logits)\n    return -({of_p}).mean()"),
    ]


def refused(condition, line):
    """What torch says to labels of another shape."""
    return replace(
        line, f"if {condition}:\n        raise ValueError('Target size must be the same as input size')\n    {line}"
    )


# An optimizer for the generator that was given the discriminator's parameters as well.
BOTH_MOVE = """opt_g.step()
    with torch.no_grad():
        for p in discriminator.parameters():
            p -= opt_g.param_groups[0]["lr"] * p.grad"""

SOFT_REAL, SOFT_FAKE = "F.softplus(-real_logits).mean()", "F.softplus(fake_logits).mean()"
TWICE_REAL, TWICE_FAKE = (
    "F.softplus(-torch.sigmoid(real_logits)).mean()",
    "F.softplus(torch.sigmoid(fake_logits)).mean()",
)

L_D = r"L_D = \frac{1}{N_r} \sum_i -\log \sigma(r_i) + \frac{1}{N_f} \sum_j -\log\left(1 - \sigma(f_j)\right)"
L_G = r"L_G = \frac{1}{N_f} \sum_j -\log \sigma(f_j)"

MISTAKES = [
    Mistake(
        "fakes_labelled_0_for_generator",
        "The generator's loss labels its fakes 0",
        """With the label 0 the generator is rewarded when the discriminator recognises its fakes, so it learns to be
        caught, and both networks pull the same way. The generator wants its fakes to pass for real: label them 1 in its
        loss. To see it: the loss should fall when the fake logits rise.""",
        [
            replace(WANTED, "wanted_labels = torch.zeros_like(fake_logits)"),
            inline_g("F.softplus(f).mean()"),
        ],
        formula=L_G,
        textbook=True,
    ),
    Mistake(
        "fake_term_on_real_logits",
        "The discriminator's fake term is computed on the real logits",
        """Both terms of the discriminator's loss use the same logits, so one half asks for "real" and the other for
        "fake" of the same examples. The best answer to that is ½ everywhere, and the fakes play no part. The second
        term belongs to the fake logits.""",
        [
            replace(FAKE_LABELS, "fake_labels = torch.zeros_like(real_logits)"),
            replace(FAKE_LOSS, FAKE_LOSS.replace("(fake_logits,", "(real_logits,")),
            inline_d(SOFT_REAL, "F.softplus(real_logits).mean()"),
        ],
        [
            replace(REAL_LABELS, "real_labels = torch.ones_like(fake_logits)"),
            replace(REAL_LOSS, REAL_LOSS.replace("(real_logits,", "(fake_logits,")),
            inline_d("F.softplus(-fake_logits).mean()", SOFT_FAKE),
        ],
        replace(FAKE_LOGITS, "fake_logits = discriminator(real)"),
        replace(D_LOSS, "d_loss = discriminator_loss(real_logits, real_logits)"),
        formula=L_D,
        textbook=True,
    ),
    Mistake(
        "saturating_loss",
        "The generator's loss is the saturating one",
        """Minimising log(1 − σ(f)) has the same optimum, but its gradient −σ(f) vanishes exactly where the generator is
        bad and the discriminator sure: f far below 0. Early training stalls. The non-saturating loss −log σ(f) has its
        largest gradient there.""",
        [
            replace(GENERATOR_LOSS, "return -F.softplus(fake_logits).mean()"),
            inline_g("-F.softplus(f).mean()"),
        ],
        [
            replace(GENERATOR_LOSS, "return torch.log(1 - torch.sigmoid(fake_logits)).mean()"),
            inline_g("torch.log(1 - torch.sigmoid(f)).mean()"),
        ],
        replace(GENERATOR_LOSS, "return torch.log(1 - torch.sigmoid(fake_logits) + 1e-8).mean()"),
        formula=L_G,
    ),
    Mistake(
        "labels_swapped",
        "Real or fake examples carry the label of the others",
        """A high logit means "real": real examples have the label 1 and fakes the label 0. Swapped (or with one of the
        two wrong), the discriminator learns the opposite of what its logits are taken for. Test it with logits that are
        right, +5 for real and −5 for fake: the loss should be near 0.""",
        [
            *labelled("torch.zeros_like(real_logits)", "torch.ones_like(fake_logits)", "torch.ones_like(fake_logits)"),
            inline_d("F.softplus(real_logits).mean()", "F.softplus(-fake_logits).mean()"),
        ],
        [
            inline_d("F.softplus(real_logits).mean()", "F.softplus(-fake_logits).mean()"),
            inline_g("F.softplus(f).mean()"),
        ],
        [
            replace(REAL_LABELS, "real_labels = torch.zeros_like(real_logits)"),
            inline_d("F.softplus(real_logits).mean()", SOFT_FAKE),
        ],
        [
            replace(FAKE_LABELS, "fake_labels = torch.ones_like(fake_logits)"),
            inline_d(SOFT_REAL, "F.softplus(-fake_logits).mean()"),
        ],
        replace(D_LOSS, "d_loss = discriminator_loss(fake_logits, real_logits)"),
        formula=L_D,
    ),
    Mistake(
        "fakes_not_detached",
        "The fakes are not detached in the discriminator's step",
        """Without detach() the discriminator's backward pass runs on into the generator: it frees the graph that the
        generator's own step needs (RuntimeError: backward through the graph a second time), or, with retain_graph=True,
        leaves gradients in the generator that teach it to be caught. Call the discriminator on fake.detach() here.""",
        UNDETACHED,
        [UNDETACHED, RETAINED],
        [UNDETACHED, RETAINED, *ZERO_BOTH_FIRST],
        [UNDETACHED, RETAINED, replace(ZERO_G, "")],
        [UNDETACHED, SECOND_FORWARD],
        [UNDETACHED, SECOND_FORWARD, *ZERO_BOTH_FIRST],
        [UNDETACHED, SECOND_FORWARD, replace(ZERO_G, "")],
        [UNDETACHED, RETAINED, replace(STEP_D, "opt_d.step()\n    opt_g.step()")],
        [
            UNDETACHED,
            replace(BACKWARD_D, "opt_g.zero_grad()\n    d_loss.backward(retain_graph=True)"),
            replace(STEP_D, "opt_d.step()\n    opt_g.step()"),
        ],
        [
            UNDETACHED,
            SECOND_FORWARD,
            replace(BACKWARD_D, "opt_g.zero_grad()\n    d_loss.backward()"),
            replace(STEP_D, "opt_d.step()\n    opt_g.step()"),
        ],
    ),
    Mistake(
        "discriminator_moves_in_generator_step",
        "The discriminator moves in the generator's step",
        """g_loss.backward() leaves gradients in the discriminator too, because the fakes are judged by it. They point
        to where the discriminator is fooled more easily, and must not be applied: call opt_d.step() once, after
        d_loss.backward(), and only opt_g.step() after g_loss.backward(). (A frozen discriminator in a stacked model
        serves the same end.)""",
        replace(STEP_G, "opt_g.step()\n    opt_d.step()"),
        replace(STEP_G, "opt_d.step()\n    opt_g.step()"),
        [
            replace(ZERO_G, "    opt_g.zero_grad()\n    opt_d.zero_grad()\n"),
            replace(STEP_G, "opt_g.step()\n    opt_d.step()"),
        ],
        [
            replace(STEP_D, "pass"),
            replace(STEP_G, "opt_g.step()\n    opt_d.step()"),
        ],
        [
            replace(STEP_D, "pass"),
            replace(ZERO_G, "    opt_g.zero_grad()\n    opt_d.zero_grad()\n"),
            replace(STEP_G, "opt_g.step()\n    opt_d.step()"),
        ],
        [
            replace(
                STEP_G,
                BOTH_MOVE,
            ),
        ],
        [
            replace(ZERO_G, "    opt_g.zero_grad()\n    opt_d.zero_grad()\n"),
            replace(
                STEP_G,
                BOTH_MOVE,
            ),
        ],
        textbook=True,
    ),
    Mistake(
        "label_shapes",
        "Labels do not have the shape of the logits they belong to",
        """Labels are made for a fixed shape, or fakes get as many labels as there are real examples. As soon as the
        discriminator answers (N,) instead of (N, 1), or the two batches differ in number, torch refuses (or, worse,
        broadcasts). torch.ones_like(logits) always fits.""",
        *(
            labelled(
                f"torch.ones({first}{dtype})",
                f"torch.zeros({second}{dtype})",
                f"torch.ones(len(fake_logits){third}{dtype})",
            )
            for first, second, third in [
                ("len(real_logits)", "len(fake_logits)", ""),
                ("len(real_logits), 1", "len(fake_logits), 1", ", 1"),
                ("len(real_logits)", "len(real_logits)", ""),
                ("len(real_logits), 1", "len(real_logits), 1", ", 1"),
            ]
            for dtype in ("", ", dtype=fake_logits.dtype")
        ),
        *(  # a loss written by hand, which broadcasts where torch's refuses
            [
                replace(
                    REAL_LOSS, f"real_loss = (torch.ones(len(real_logits){more}) * F.softplus(-real_logits)).mean()"
                ),
                replace(FAKE_LOSS, f"fake_loss = (torch.ones(len({fakes}){more}) * F.softplus(fake_logits)).mean()"),
                replace(
                    GENERATOR_LOSS, f"return (torch.ones(len(fake_logits){more}) * F.softplus(-fake_logits)).mean()"
                ),
            ]
            for more in ("", ", 1")
            for fakes in ("real_logits", "fake_logits")
        ),
        replace(FAKE_LABELS, "fake_labels = torch.zeros_like(real_logits)"),
        replace(REAL_LABELS, "real_labels = torch.ones_like(fake_logits)"),
        replace(FAKE_LOSS, "fake_loss = ((1 - torch.zeros_like(real_logits)) * F.softplus(fake_logits)).mean()"),
        refused("len(noise) != len(real)", D_LOSS),
        refused("real_logits.ndim == 1", D_LOSS),
        refused("real_logits.ndim == 2", D_LOSS),
        refused("real_logits.ndim == 1 or len(noise) != len(real)", D_LOSS),
        refused("real_logits.ndim == 2 or len(noise) != len(real)", D_LOSS),
        textbook=True,
    ),
    Mistake(
        "labels_in_float32",
        "Labels are made in float32, whatever the logits are",
        """torch.ones(shape) is float32, and a loss of float64 logits and float32 labels is computed (or refused) in the
        wrong dtype. torch.ones_like(logits) takes dtype and device from the logits.""",
        labelled("torch.ones(real_logits.shape)", "torch.zeros(fake_logits.shape)", "torch.ones(fake_logits.shape)"),
    ),
    Mistake(
        "sigmoid_twice",
        "A sigmoid comes before the loss that applies one itself",
        """binary_cross_entropy_with_logits expects raw logits and applies the sigmoid itself. Given probabilities, it
        takes them for logits between 0 and 1, that is for probabilities between 0.5 and 0.73: the loss can no longer
        reach 0 and the gradients are small. Leave the sigmoid out.""",
        [
            replace(REAL_LOSS, REAL_LOSS.replace("(real_logits,", "(torch.sigmoid(real_logits),")),
            replace(FAKE_LOSS, FAKE_LOSS.replace("(fake_logits,", "(torch.sigmoid(fake_logits),")),
            replace(GENERATOR_LOSS, GENERATOR_LOSS.replace("(fake_logits,", "(torch.sigmoid(fake_logits),")),
            inline_d(TWICE_REAL, TWICE_FAKE),
            inline_g("F.softplus(-torch.sigmoid(f)).mean()"),
        ],
        [
            replace(REAL_LOSS, REAL_LOSS.replace("(real_logits,", "(torch.sigmoid(real_logits),")),
            inline_d(TWICE_REAL, TWICE_FAKE),
        ],
        [
            replace(FAKE_LOSS, FAKE_LOSS.replace("(fake_logits,", "(torch.sigmoid(fake_logits),")),
            inline_g("F.softplus(-torch.sigmoid(f)).mean()"),
        ],
    ),
    Mistake(
        "unstable_logarithm",
        "The logarithm of a probability that rounded to 0 or 1",
        """σ(−1000) is 0 in floating point, and log(0) is −∞. A small constant inside the logarithm or a clamp hides it:
        the loss stops growing at about 18 or 100 and its gradient vanishes where it is needed most. Work on the logits:
        −log σ(f) = log(1 + exp(−f)) in its stable form, F.softplus(−f), or F.binary_cross_entropy_with_logits.""",
        with_logarithms("torch.log(p)", "torch.log(1 - p)"),
        [
            replace(REAL_LOSS, "real_loss = F.binary_cross_entropy(torch.sigmoid(real_logits), real_labels)"),
            replace(FAKE_LOSS, "fake_loss = F.binary_cross_entropy(torch.sigmoid(fake_logits), fake_labels)"),
            replace(GENERATOR_LOSS, "return F.binary_cross_entropy(torch.sigmoid(fake_logits), wanted_labels)"),
        ],
        *(
            with_logarithms(f"torch.log(p + {eps})", f"torch.log(1 - p + {eps})")
            for eps in ("1e-4", "1e-5", "1e-6", "1e-7", "1e-8", "1e-9", "1e-10", "1e-12", "1e-15", "1e-20")
        ),
        *(
            with_logarithms(f"torch.log(p.clamp({eps}, 1 - {eps}))", f"torch.log(1 - p.clamp({eps}, 1 - {eps}))")
            for eps in ("1e-4", "1e-5", "1e-6", "1e-7", "1e-8", "1e-9", "1e-10", "1e-12")
        ),
        with_logarithms("F.logsigmoid(torch.logit(p))", "torch.log(1 - p)"),
        *([edit] for edit in with_logarithms("torch.log(p)", "torch.log(1 - p)")),
        replace(REAL_LOSS, "real_loss = F.binary_cross_entropy(torch.sigmoid(real_logits), real_labels)"),
        replace(FAKE_LOSS, "fake_loss = F.binary_cross_entropy(torch.sigmoid(fake_logits), fake_labels)"),
        replace(GENERATOR_LOSS, "return F.binary_cross_entropy(torch.sigmoid(fake_logits), wanted_labels)"),
        [
            replace(REAL_LOSS, "real_loss = torch.log(1 + torch.exp(-real_logits)).mean()"),
            replace(FAKE_LOSS, "fake_loss = torch.log(1 + torch.exp(fake_logits)).mean()"),
            replace(GENERATOR_LOSS, "return torch.log(1 + torch.exp(-fake_logits)).mean()"),
        ],
        formula=r"-\log \sigma(f) = \log\left(1 + e^{-f}\right) = \max(-f, 0) + \log\left(1 + e^{-|f|}\right)",
    ),
    Mistake(
        "loss_halved",
        "The discriminator's loss is halved or averaged over all examples",
        """The discriminator's loss is the sum of two means. Some programs take half of it to slow the discriminator
        down; the mean over real and fake examples together also weighs the larger batch more. Both are another loss
        than the one asked for.""",
        [
            replace(SUM, "return (real_loss + fake_loss) / 2"),
            inline_d(f"0.5 * {SOFT_REAL}", f"0.5 * {SOFT_FAKE}"),
        ],
        replace(
            SUM,
            "real, fake = len(real_logits), len(fake_logits)\n"
            "    return (real * real_loss + fake * fake_loss) / (real + fake)",
        ),
        formula=L_D,
    ),
    Mistake(
        "summed_over_batch",
        "The loss is summed over the batch instead of averaged",
        """Both losses are means, so that the size of a step does not depend on the size of the batch. Leave reduction
        at "mean".""",
        [
            replace(SUM, "return real_loss * real_logits.numel() + fake_loss * fake_logits.numel()"),
            replace(GENERATOR_LOSS, GENERATOR_LOSS + " * fake_logits.numel()"),
            inline_d("F.softplus(-real_logits).sum()", "F.softplus(fake_logits).sum()"),
            inline_g("F.softplus(-f).sum()"),
        ],
    ),
    Mistake(
        "gradients_not_cleared",
        "Old gradients are not cleared before backward",
        """backward() adds to what .grad holds already, so a step without zero_grad() before its backward pass also
        applies gradients of earlier steps; the generator's step leaves some in the discriminator too. Clear the
        gradients of the optimizer that is about to step, before the backward pass.""",
        replace(ZERO_D, ""),
        replace(ZERO_G, ""),
        [replace(ZERO_D, ""), replace(ZERO_G, "")],
        [replace(ZERO_D, ""), replace(STEP_D, "opt_d.step()\n    opt_d.zero_grad()")],
        [replace(ZERO_G, ""), replace(STEP_G, "opt_g.step()\n    opt_g.zero_grad()")],
        [
            replace(ZERO_D, ""),
            replace(STEP_D, "opt_d.step()\n    opt_d.zero_grad()"),
            replace(ZERO_G, ""),
            replace(STEP_G, "opt_g.step()\n    opt_g.zero_grad()"),
        ],
    ),
    Mistake(
        "generator_gets_no_gradient",
        "The generator's loss does not reach the generator",
        """The fakes that the generator is judged by are detached (or made under no_grad, or the logits of the
        discriminator's step are used again), so no gradient flows back and opt_g.step() moves nothing. Detach the fakes
        for the discriminator's step only, and call the discriminator once more on the fakes themselves.""",
        replace(G_LOSS, "g_loss = generator_loss(discriminator(fake.detach()))"),
        replace(FAKE, "fake = generator(noise).detach()"),
        replace(G_LOSS, "g_loss = generator_loss(fake_logits)"),
        [RETAINED, replace(G_LOSS, "g_loss = generator_loss(fake_logits)")],
    ),
    Mistake(
        "old_discriminator",
        "The generator is judged by the discriminator as it was before its step",
        """The order is: the discriminator's step, then the generator's, on the answers of the discriminator as it now
        is. Computing both losses first leaves the second with old parameters (and torch raises if they are changed in
        place before the backward pass).""",
        [replace(G_LOSS, "pass"), replace(D_LOSS, f"{D_LOSS}\n    {G_LOSS}")],
        [
            replace(STEP_D, "pass"),
            replace(BACKWARD_G, "from_d = [p.grad.clone() for p in discriminator.parameters()]\n    g_loss.backward()"),
            replace(
                STEP_G,
                "opt_g.step()\n"
                "    for p, g in zip(discriminator.parameters(), from_d):\n"
                "        p.grad = g\n"
                "    opt_d.step()",
            ),
        ],
    ),
    Mistake(
        "second_generator_pass",
        "The generator is called twice in a step",
        """The fakes of one forward pass serve both networks. A second pass costs time and, with dropout, batch norm or
        fresh noise, makes other fakes than those that the discriminator has just learned from. Keep the fakes: detached
        for the discriminator, as they are for the generator.""",
        SECOND_FORWARD,
        replace(G_LOSS, "g_loss = generator_loss(discriminator(generator(torch.randn_like(noise))))"),
        replace(G_LOSS, "g_loss = generator_loss(discriminator(generator(torch.randn(noise.shape))))"),
    ),
    Mistake(
        "mode_changed",
        "train_step changes the mode of a network",
        """eval() switches dropout off and makes batch norm use its running statistics. A step that calls it on a model
        in training mode trains another network than the caller asked for, and may leave that setting behind.""",
        replace(G_LOSS, f"discriminator.eval()\n    {G_LOSS}"),
        [
            replace(G_LOSS, f"discriminator.eval()\n    {G_LOSS}"),
            replace(STEP_G, "opt_g.step()\n    discriminator.train()"),
        ],
        replace(FAKE, f"discriminator.train()\n    generator.eval()\n    {FAKE}"),
    ),
    Mistake(
        "modified_in_place",
        "An input is modified in place",
        """sigmoid_() and the like write into the tensor that the caller passed in, who then goes on with other numbers
        than before. Use the functions without an underscore.""",
        replace(REAL_LABELS, REAL_LABELS + "\n    real_logits.data.neg_()"),
        replace(WANTED, WANTED + "\n    fake_logits.data.neg_()"),
    ),
    Mistake(
        "labels_smoothed",
        "The labels are smoothed: 0.9 stands in place of 1",
        """One-sided label smoothing keeps a discriminator from being too sure of itself. It is another loss than the
        one that is asked for here, with labels of exactly 1 and 0.""",
        labelled("0.9 * torch.ones_like(real_logits)", "torch.zeros_like(fake_logits)", "torch.ones_like(fake_logits)"),
        labelled(
            "0.9 * torch.ones_like(real_logits)", "0.1 * torch.ones_like(fake_logits)", "torch.ones_like(fake_logits)"
        ),
        labelled(
            "0.9 * torch.ones_like(real_logits)", "torch.zeros_like(fake_logits)", "0.9 * torch.ones_like(fake_logits)"
        ),
        formula=L_D,
    ),
    Mistake(
        "least_squares_loss",
        "The squared error to the labels is used, as in LSGAN",
        """(r − 1)² and f² are the losses of a least-squares GAN, whose discriminator gives numbers, not logits. Here
        the loss is the binary cross-entropy of the logits.""",
        *(
            [
                replace(REAL_LOSS, f"real_loss = {half}(({real} - 1) ** 2).mean()"),
                replace(FAKE_LOSS, f"fake_loss = {half}({fake} ** 2).mean()"),
                replace(GENERATOR_LOSS, f"return {half}(({fake} - 1) ** 2).mean()"),
            ]
            for half in ("", "0.5 * ")
            for real, fake in [
                ("real_logits", "fake_logits"),
                ("torch.sigmoid(real_logits)", "torch.sigmoid(fake_logits)"),
            ]
        ),
        formula=L_D,
    ),
    Mistake(
        "wasserstein_loss",
        "The means of the logits are used, as in a Wasserstein GAN",
        """mean(f) − mean(r) is the loss of a critic whose slope is kept bounded. A discriminator that is trained with
        it alone lets its logits grow without end. Here the loss is the binary cross-entropy of the logits.""",
        [
            replace(REAL_LOSS, "real_loss = -real_logits.mean()"),
            replace(FAKE_LOSS, "fake_loss = fake_logits.mean()"),
            replace(GENERATOR_LOSS, "return -fake_logits.mean()"),
        ],
        formula=L_D,
    ),
    Mistake(
        "hinge_loss",
        "The hinge loss is used",
        """max(0, 1 − r) and max(0, 1 + f) stop teaching the discriminator whatever lies beyond ±1. It is a loss that
        many GANs use, with −mean(f) for the generator; asked for is the cross-entropy, −log σ.""",
        *(
            [replace(SUM, "return F.relu(1 - real_logits).mean() + F.relu(1 + fake_logits).mean()"), *generators]
            for generators in ([replace(GENERATOR_LOSS, "return -fake_logits.mean()")], [])
        ),
        replace(GENERATOR_LOSS, "return F.relu(1 - fake_logits).mean()"),
        [
            replace(SUM, "return F.relu(1 - real_logits).mean() + F.relu(1 + fake_logits).mean()"),
            replace(GENERATOR_LOSS, "return F.relu(1 - fake_logits).mean()"),
        ],
        formula=L_D,
    ),
    Mistake(
        "terms_subtracted",
        "The sign of the discriminator's loss, or of one of its terms, is wrong",
        """Both terms are to be made small, so both are added, and each is −log of the probability of the right answer.
        With the sign flipped the optimizer makes the discriminator worse.""",
        replace(SUM, "return real_loss - fake_loss"),
        replace(SUM, "return -(real_loss + fake_loss)"),
        replace(SUM, "return fake_loss - real_loss"),
        formula=L_D,
    ),
    Mistake(
        "relativistic_loss",
        "The loss compares real and fake logits with each other",
        """That is a relativistic GAN: real is to look more real than fake. Asked for are two separate terms, each with
        its own label.""",
        replace(SUM, "return F.softplus(-(real_logits - fake_logits.mean())).mean()"),
        replace(SUM, "return F.softplus(-(real_logits.mean() - fake_logits)).mean()"),
        formula=L_D,
    ),
    Mistake(
        "losses_in_another_order",
        "The losses are returned in another order",
        """train_step returns (d_loss, g_loss): the discriminator's first, as its step comes first.""",
        replace("return d_loss.item(), g_loss.item()", "return g_loss.item(), d_loss.item()"),
    ),
    Mistake(
        "losses_not_floats",
        "The losses are returned as tensors",
        """A tensor that is kept holds on to the whole graph behind it. `.item()` makes a Python float of it.""",
        replace("return d_loss.item(), g_loss.item()", "return d_loss, g_loss"),
        replace("return d_loss.item(), g_loss.item()", "return d_loss.detach(), g_loss.detach()"),
    ),
    Mistake(
        "real_and_fake_in_one_batch",
        "Real and generated examples go through the discriminator in one batch",
        """With batch norm inside the discriminator the fakes then share their statistics with the real examples. It is
        called on `real` first and then on the fakes, each for itself.""",
        [
            replace("real_logits = discriminator(real)", "pass"),
            replace(
                FAKE_LOGITS,
                "both = discriminator(torch.cat([real, fake.detach()]))\n"
                "    real_logits, fake_logits = both[: len(real)], both[len(real) :]",
            ),
        ],
    ),
    Mistake(
        "wrong_optimizer_steps",
        "One optimizer makes the step of the other",
        """opt_d holds the discriminator's parameters and opt_g the generator's. A step of the wrong one moves a network
        by gradients that are old, or by none, and the other network stands still.""",
        replace(STEP_D, "opt_g.step()"),
        replace(STEP_G, "opt_d.step()"),
    ),
]
