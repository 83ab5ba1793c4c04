"""Known mistakes in the loss of knowledge distillation."""

from grader.suite import Mistake, replace

DETACHED = "    teacher_logits = teacher_logits.detach()\n"
LOG_Q = "log_q = torch.log_softmax(student_logits / temperature, dim=1)"
LOG_P = "log_p = torch.log_softmax(teacher_logits / temperature, dim=1)"
SOFT = 'soft_loss = F.kl_div(log_q, log_p, reduction="batchmean", log_target=True)'
HARD = "hard_loss = F.cross_entropy(student_logits, labels.long())"
SQUARED = "* temperature**2"
SOFT_WEIGHT = "return alpha "
HARD_WEIGHT = "+ (1 - alpha) * hard_loss"

KL = (
    r"\frac1N \sum_n \sum_k p_{nk} \left(\log p_{nk} - \log q_{nk}\right),"
    r"\quad p = \mathrm{softmax}(t/T),\; q = \mathrm{softmax}(s/T)"
)
LOSS = r"\alpha\, T^2\, \mathrm{KL}(p_T \,\|\, q_T) + (1 - \alpha)\, \mathrm{CE}(s, y)"


def soft(expression):
    return replace(SOFT, f"soft_loss = {expression}")


def hard(expression):
    return replace(HARD, f"hard_loss = {expression}")


BY_HAND = "(log_p.exp() * (log_p - log_q)).sum(dim=1).mean()"


def log_q(tiny):
    return replace(LOG_Q, f"log_q = torch.log(torch.softmax(student_logits / temperature, dim=1) + {tiny})")


MISTAKES = [
    Mistake(
        "t_squared_missing",
        "The soft part is not multiplied by T²",
        """Dividing the logits by T makes the gradients of the soft part about T² times smaller. The factor T² makes up
        for that, so that alpha keeps its meaning when the temperature changes; a single T does only half of it. At T =
        1 the mistake does not show.""",
        replace(SQUARED, ""),
        replace(SQUARED, "* temperature"),
        replace(SQUARED, "/ temperature**2"),
        formula=LOSS,
    ),
    Mistake(
        "t_squared_on_both",
        "The hard part is multiplied by T² too",
        """T² makes up for the softened gradients of the soft part. The cross-entropy with the labels has no temperature
        in it and needs no correction.""",
        replace(HARD_WEIGHT, "+ (1 - alpha) * temperature**2 * hard_loss"),
        formula=LOSS,
    ),
    Mistake(
        "kl_reversed",
        "The KL divergence runs from the student to the teacher",
        """KL is not symmetric. KL(teacher ‖ student) weighs each class with the teacher's probability, so the student
        must cover all that the teacher finds possible; the reverse lets it settle on one class. F.kl_div(input, target)
        is KL(target ‖ input): the student's log-probabilities come first, the teacher's probabilities second.""",
        soft('F.kl_div(log_p, log_q, reduction="batchmean", log_target=True)'),
        soft('-F.kl_div(log_q, log_p, reduction="batchmean", log_target=True)'),
        formula=KL,
    ),
    Mistake(
        "temperature_on_student_only",
        "The temperature softens the student's logits only",
        """Softened student and sharp teacher can never agree, even with equal logits. The point of the temperature is
        to show the small probabilities of the teacher: divide both logits by T.""",
        replace(LOG_P, "log_p = torch.log_softmax(teacher_logits, dim=1)"),
        formula=KL,
    ),
    Mistake(
        "temperature_on_teacher_only",
        "The temperature softens the teacher's logits only",
        """The student is asked to answer softened probabilities without a temperature of its own, so its logits end up
        T times too small. Divide both logits by T.""",
        replace(LOG_Q, "log_q = torch.log_softmax(student_logits, dim=1)"),
        formula=KL,
    ),
    Mistake(
        "temperature_not_applied",
        "The logits of the soft part are not divided by T",
        """Without the temperature a sure teacher says hardly more than the label does. Divide both logits by T before
        the softmax (dividing the probabilities, or multiplying the logits, does something else).""",
        [
            replace(LOG_Q, "log_q = torch.log_softmax(student_logits, dim=1)"),
            replace(LOG_P, "log_p = torch.log_softmax(teacher_logits, dim=1)"),
        ],
        [
            replace(LOG_Q, "log_q = torch.log_softmax(student_logits, dim=1)"),
            replace(LOG_P, "log_p = torch.log_softmax(teacher_logits, dim=1)"),
            replace(SQUARED, ""),
        ],
        [
            replace(LOG_Q, "log_q = torch.log_softmax(student_logits * temperature, dim=1)"),
            replace(LOG_P, "log_p = torch.log_softmax(teacher_logits * temperature, dim=1)"),
        ],
        [
            replace(LOG_Q, "log_q = torch.log_softmax(student_logits, dim=1) / temperature"),
            replace(LOG_P, "log_p = torch.log_softmax(teacher_logits, dim=1) / temperature"),
        ],
        formula=KL,
    ),
    Mistake(
        "temperature_on_hard_loss",
        "The temperature softens the hard part too",
        """The labels are compared with the student as it will be used, at temperature 1. Only the comparison with the
        teacher is softened: give the plain logits to the cross-entropy.""",
        hard("F.cross_entropy(student_logits / temperature, labels.long())"),
        formula=LOSS,
    ),
    Mistake(
        "alpha_swapped",
        "alpha weighs the hard part instead of the soft one",
        """alpha is the weight of the soft part, 1 − alpha that of the hard part. With alpha = 0.5 the mistake does not
        show: test alpha = 1, where the labels must not matter.""",
        [replace(SOFT_WEIGHT, "return (1 - alpha) "), replace(HARD_WEIGHT, "+ alpha * hard_loss")],
        formula=LOSS,
    ),
    Mistake(
        "weights_missing",
        "alpha weighs one of the two parts only",
        """The two parts are mixed: alpha of the one and 1 − alpha of the other. With one weight missing, alpha = 0 or
        alpha = 1 no longer switches a part off.""",
        replace(HARD_WEIGHT, "+ hard_loss"),
        replace(SOFT_WEIGHT + SQUARED, "return temperature**2"),
        [replace(SOFT_WEIGHT + SQUARED, "return temperature**2"), replace(HARD_WEIGHT, "+ hard_loss")],
        [replace(SOFT_WEIGHT + SQUARED, "return temperature**2"), replace(HARD_WEIGHT, "+ alpha * hard_loss")],
        formula=LOSS,
    ),
    Mistake(
        "elementwise_mean",
        "The divergence is averaged over examples and classes",
        """reduction="mean" of F.kl_div divides by N·K, but a divergence is a *sum* over the classes: the soft part
        comes out K times too small. Use reduction="batchmean", or sum over the classes and average over the
        examples.""",
        soft('F.kl_div(log_q, log_p, reduction="none", log_target=True).mean()'),
        formula=KL,
    ),
    Mistake(
        "summed_over_batch",
        "A part of the loss is summed over the examples",
        """Both parts are means over the examples. A sum grows with the batch, and the two parts no longer stand in the
        proportion that alpha says.""",
        soft('F.kl_div(log_q, log_p, reduction="sum", log_target=True)'),
        hard('F.cross_entropy(student_logits, labels.long(), reduction="sum")'),
        [
            soft('F.kl_div(log_q, log_p, reduction="sum", log_target=True)'),
            hard('F.cross_entropy(student_logits, labels.long(), reduction="sum")'),
        ],
        formula=LOSS,
    ),
    Mistake(
        "teacher_gradient_flows",
        "A gradient flows into the teacher",
        """The teacher is the target, not a thing to train: with its graph attached it would learn to agree with the
        student. Detach its logits, or compute its probabilities under torch.no_grad().""",
        replace(DETACHED, ""),
    ),
    Mistake(
        "softmax_for_log_softmax",
        "Probabilities are passed where log-probabilities belong",
        """F.kl_div and F.nll_loss expect log-probabilities as their input (and F.kl_div probabilities as its target,
        unless log_target=True), F.cross_entropy raw logits. Given something else they compute something without
        complaint: a KL divergence that comes out negative or NaN is the sign. Use log_softmax.""",
        soft('F.kl_div(log_q.exp(), log_p.exp(), reduction="batchmean")'),
        soft('F.kl_div(log_q.exp(), log_p.exp(), reduction="none").mean()'),
        soft('F.kl_div(log_q, log_p, reduction="batchmean")'),
        soft('F.kl_div(log_q.exp(), log_p, reduction="batchmean")'),
        soft('F.kl_div(log_q.exp(), log_p, reduction="batchmean", log_target=True)'),
        soft('F.kl_div(log_q, log_p.exp(), reduction="batchmean", log_target=True)'),
        soft('F.kl_div(log_q.exp(), log_p.exp(), reduction="batchmean", log_target=True)'),
        soft("(log_p.exp() * (log_p.exp() - log_q.exp())).sum(dim=1).mean()"),
        soft("(log_p.exp() * (log_p - log_q.exp())).sum(dim=1).mean()"),
        soft('F.kl_div(log_p.exp(), log_q.exp(), reduction="batchmean")'),
        hard("F.cross_entropy(torch.softmax(student_logits, dim=1), labels.long())"),
        hard("F.nll_loss(torch.softmax(student_logits, dim=1), labels.long())"),
        hard("F.nll_loss(student_logits, labels.long())"),
        formula=KL,
    ),
    Mistake(
        "log_of_softmax",
        "The logarithm of a softmax that rounded to 0",
        """Where a logit lies far below the largest, softmax is exactly 0 in floating point, and log(0) is −∞: the loss
        is infinite or NaN. A tiny constant inside the logarithm only hides that. log_softmax subtracts the logarithm of
        the sum instead and stays exact.""",
        [
            replace(LOG_Q, "log_q = torch.softmax(student_logits / temperature, dim=1).log()"),
            hard("-torch.log(torch.softmax(student_logits, dim=1).gather(1, labels.long()[:, None])).mean()"),
        ],
        [
            replace(LOG_Q, "log_q = torch.softmax(student_logits / temperature, dim=1).log()"),
            replace(LOG_P, "log_p = torch.softmax(teacher_logits / temperature, dim=1).log()"),
        ],
        replace(LOG_Q, "log_q = torch.softmax(student_logits / temperature, dim=1).log()"),
        hard("-torch.log(torch.softmax(student_logits, dim=1).gather(1, labels.long()[:, None])).mean()"),
        formula=r"\log \mathrm{softmax}(s)_k = s_k - \log \sum_j e^{s_j}",
    ),
    Mistake(
        "cross_entropy_for_kl",
        "The soft part is a cross-entropy instead of a divergence",
        """−Σ p·log q is the divergence plus the teacher's entropy. The gradient in the student is the same, but the
        loss of a perfect student is not 0, and a comparison of losses means nothing. Subtract the teacher's part:
        p·(log p − log q).""",
        soft("-(log_p.exp() * log_q).sum(dim=1).mean()"),
        soft("F.cross_entropy(student_logits / temperature, log_p.exp())"),
        formula=KL,
    ),
    Mistake(
        "softmax_over_examples",
        "The softmax runs over the examples",
        """Probabilities belong to one example and sum to one over its classes: dim 1, the last. Over dim 0 the examples
        of a batch compete with each other.""",
        [
            replace(LOG_Q, LOG_Q.replace("dim=1", "dim=0")),
            replace(LOG_P, LOG_P.replace("dim=1", "dim=0")),
        ],
    ),
    Mistake(
        "modified_in_place",
        "An input is modified in place",
        """`student_logits /= temperature` and div_() write into the tensor that the caller passed in, and into what the
        hard part sees. Write `student_logits / temperature`: it makes a new tensor.""",
        replace(LOG_P, LOG_P.replace("teacher_logits / temperature", "teacher_logits.data.div_(temperature)")),
        replace(LOG_Q, LOG_Q.replace("student_logits / temperature", "student_logits.data.div_(temperature)")),
        [
            replace(LOG_Q, "student_logits.data.div_(temperature)\n    " + LOG_Q.replace(" / temperature", "")),
        ],
    ),
    Mistake(
        "epsilon_in_logarithm",
        "A small number stands inside the logarithm",
        """log(q + 10⁻⁸) is finite where q has rounded to 0, but it is not log q: a class that the student holds for
        nearly impossible costs 18 at most, and its gradient is gone. log_softmax needs no such number, since it never
        computes q.""",
        *(
            edits
            for tiny in ("1e-5", "1e-6", "1e-7", "1e-8", "1e-9", "1e-10", "1e-12")
            for edits in (
                [log_q(tiny), soft('F.kl_div(log_q, log_p.exp(), reduction="batchmean")')],
                [log_q(tiny), soft(BY_HAND.replace("log_p - log_q", f"torch.log(log_p.exp() + {tiny}) - log_q"))],
                hard(
                    "-torch.log(torch.softmax(student_logits, dim=1).gather(1, labels.long()[:, None])"
                    f" + {tiny}).mean()"
                ),
            )
        ),
        *(
            soft(BY_HAND.replace("log_p - log_q", f"torch.log(log_p.exp() / (log_q.exp() + {tiny}))"))
            for tiny in ("1e-5", "1e-6", "1e-7", "1e-8")
        ),
        formula=r"\log \mathrm{softmax}(s)_k = s_k - \log \sum_j e^{s_j}",
    ),
    Mistake(
        "squared_error",
        "The soft part is a squared error",
        """The squared difference of logits, or of probabilities, is another way to copy a teacher. Asked for is the KL
        divergence of the softened probabilities.""",
        replace(SOFT, "soft_loss = F.mse_loss(student_logits, teacher_logits)"),
        replace(SOFT, "soft_loss = F.mse_loss(student_logits / temperature, teacher_logits / temperature)"),
        replace(SOFT, "soft_loss = F.mse_loss(log_q.exp(), log_p.exp())"),
        replace(SOFT, "soft_loss = F.mse_loss(log_q, log_p)"),
        formula=LOSS,
    ),
    Mistake(
        "jensen_shannon",
        "The soft part is the Jensen–Shannon divergence",
        """It compares both distributions with their mean and treats them alike. The KL divergence runs from the teacher
        to the student.""",
        replace(
            SOFT,
            "log_m = ((log_p.exp() + log_q.exp()) / 2).log()\n"
            '    soft_loss = 0.5 * F.kl_div(log_m, log_p, reduction="batchmean", log_target=True)'
            ' + 0.5 * F.kl_div(log_m, log_q, reduction="batchmean", log_target=True)',
        ),
        formula=LOSS,
    ),
    Mistake(
        "hard_part_of_the_teacher",
        "The hard part uses the teacher instead of the labels or of the student",
        """The hard part is the cross-entropy of the student's logits and the labels. The teacher's answer, right or
        wrong, is in the soft part already, and the teacher's own loss cannot be changed by training the student.""",
        replace(HARD, "hard_loss = F.cross_entropy(student_logits, teacher_logits.argmax(dim=1))"),
        replace(HARD, "hard_loss = F.cross_entropy(teacher_logits, labels.long())"),
        formula=LOSS,
    ),
]
