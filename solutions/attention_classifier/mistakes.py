"""Known mistakes in the text classifier with attention pooling."""

from grader.suite import Mistake, replace

TABLE = "self.embedding = nn.Embedding(vocab_size, embedding_dim, padding_idx=padding_idx)"
FEATURES = "features = self.embedding(tokens)"
SCORES = "scores = self.score(features).squeeze(-1)"
IS_PADDING = "is_padding = tokens == self.padding_idx"
MASKED = "masked_scores = scores.masked_fill(is_padding, -torch.inf)"
SOFTMAX = "weights = torch.softmax(masked_scores, dim=1)"
ZEROED = "return weights.masked_fill(is_padding, 0.0)"
WEIGHTS = "weights = self.attention_weights(tokens)"
EMBEDDED = "embedded = self.embedding(tokens)"
WEIGHTED = "weighted = weights.unsqueeze(-1) * embedded"
POOLED = "pooled = weighted.sum(dim=1)"
LOGITS = "return self.head(pooled)"

unmasked = [replace(MASKED, "masked_scores = scores"), replace(ZEROED, "return weights")]
ROWS_ZEROED = "return weights.masked_fill(is_padding.all(dim=1, keepdim=True), 0.0)"
TOO_HIGH = [".masked_fill(is_padding, -1000.0)"]
TOO_HIGH += [f" - {number} * is_padding" for number in ("100.0", "1000.0", "10000.0")]
SUM = "weights.sum(dim=1, keepdim=True)"
DIVISORS = [f"({SUM} + {tiny})" for tiny in ("1e-12", "1e-10", "1e-9", "1e-8", "1e-6", "1e-5")]
DIVISORS += [SUM, f"{SUM}.clamp(min=1e-9)", f"{SUM}.masked_fill({SUM} == 0, 1.0)"]
KEPT = "(tokens != self.padding_idx).unsqueeze(-1)"
NUMBERS = "tokens.unsqueeze(-1).expand(-1, -1, self.head.in_features).to(self.head.weight.dtype)"


def pooling(code):
    return [replace(WEIGHTED, "pass"), replace(POOLED, f"pooled = {code}")]


MISTAKES = [
    Mistake(
        "padding_attended",
        "Padding is attended to",
        """Padding fills up short sentences and says nothing, but here it gets a weight like any word, so the same
        sentence is classified differently when more padding follows. Give padding positions the score −∞ before
        softmax: their weight is then exp(−∞) = 0 and the words share out the attention among themselves. Setting
        their score or their embedding to 0 is not enough, since exp(0) = 1.""",
        unmasked,
        [replace(MASKED, "masked_scores = scores.masked_fill(is_padding, 0.0)"), replace(ZEROED, "return weights")],
        [*unmasked, replace(FEATURES, f"{FEATURES} * {KEPT}")],
        [*unmasked, replace(FEATURES, f"{FEATURES} * {KEPT}"), replace(EMBEDDED, f"{EMBEDDED} * {KEPT}")],
        [*unmasked, replace(EMBEDDED, f"{EMBEDDED} * {KEPT}")],
        formula=r"w_l = \frac{e^{s_l}}{\sum_{m\ \mathrm{not\ padding}} e^{s_m}}",
    ),
    Mistake(
        "mask_after_softmax",
        "Padding is taken out after softmax, without renormalising",
        """Softmax has already shared out the attention among all positions. With the padding's part set to zero
        afterwards the weights sum to less than one, the less the more padding there is. Mask the scores before
        softmax.""",
        replace(MASKED, "masked_scores = scores"),
        replace(MASKED, "masked_scores = scores.masked_fill(is_padding, 0.0)"),
    ),
    Mistake(
        "mask_inverted",
        "The words are masked and the padding is kept",
        """The mask is the wrong way round: masked_fill fills where the mask is True, and that has to be the
        padding, not the words. tokens == padding_idx marks the padding.""",
        replace(IS_PADDING, "is_padding = tokens != self.padding_idx"),
        [
            replace(MASKED, "masked_scores = scores.masked_fill(~is_padding, -torch.inf)"),
            replace(ZEROED, "return weights"),
        ],
    ),
    Mistake(
        "padding_idx_ignored",
        "Token 0 is taken for padding, whatever padding_idx says",
        """padding_idx is an argument because vocabularies differ: with another one token 0 is a word like any
        other. Keep it in __init__ and compare the tokens with it.""",
        replace(IS_PADDING, "is_padding = tokens == 0"),
        replace("self.padding_idx = padding_idx", "self.padding_idx = 0"),
    ),
    Mistake(
        "nan_on_padding_row",
        "A row of padding alone gives NaN",
        """When every score of a row is −∞, softmax computes 0/0. One such row in a batch is enough to turn the loss
        and all gradients into NaN. Set the weights on padding to 0 after softmax; the sum is then 0 and head gives
        its bias.""",
        replace(ZEROED, "return weights"),
        [
            replace(SOFTMAX, "weights = masked_scores.exp()"),
            replace(ZEROED, "return weights / weights.sum(dim=1, keepdim=True)"),
        ],
    ),
    Mistake(
        "finite_mask_value",
        "Padding gets a large negative score instead of −∞",
        """−10⁹ works as long as there is a word in the row. In a row of padding alone all scores are equally bad
        and softmax makes the best of it: every padding position gets the weight 1/L. Use −∞ and set the weights on
        padding to 0.""",
        [replace(MASKED, "masked_scores = scores.masked_fill(is_padding, -1e9)"), replace(ZEROED, "return weights")],
        [replace(MASKED, "masked_scores = scores - 1e9 * is_padding"), replace(ZEROED, "return weights")],
    ),
    Mistake(
        "mask_not_low_enough",
        "The scores of padding are lowered by too little",
        """A number such as −1000 stands in for −∞ only as long as every other score lies well above it. Scores may be
        anything: where those of the words fall below the number, or where the score of padding is so large that it
        stays on top after the number is subtracted, the padding wins. exp(−∞) is 0 whatever the others are.""",
        *(
            [replace(MASKED, f"masked_scores = scores{lowered}"), replace(ZEROED, zeroed)]
            for lowered in TOO_HIGH
            for zeroed in ("return weights", ROWS_ZEROED)
        ),
        *(replace(MASKED, f"masked_scores = scores{lowered}") for lowered in (TOO_HIGH[0], *TOO_HIGH[2:])),
        formula=r"e^{-1000} \Big/ \big(e^{-1000} + e^{-2000}\big) \approx 1, \quad e^{-\infty} = 0",
    ),
    Mistake(
        "padding_in_softmax",
        "Padding takes part in the softmax before it is taken out",
        """Weights that are computed over all positions and then masked and divided by what is left come out right as
        long as the scores lie close together. Where the embedding of padding scores far above the words, its share of
        the sum drives theirs to 0, and what is left is 0/0, or next to nothing divided by the small number that was
        added to the divisor. Padding must not decide anything: set its score to −∞ first.""",
        *(
            [
                replace(MASKED, "masked_scores = scores"),
                replace(ZEROED, f"{ZEROED.replace('return', 'weights =')}\n        return weights / {divisor}"),
            ]
            for divisor in DIVISORS
        ),
    ),
    Mistake(
        "scores_divided_by_root",
        "The scores are divided by √D",
        """√D belongs to dot products of a query and a key, whose spread grows with their width. Here the scores come
        from a linear layer that learns its own scale: softmax(score(embedding(tokens))), with nothing in between.""",
        replace(SCORES, f"{SCORES} / self.head.in_features**0.5"),
    ),
    Mistake(
        "scores_squashed",
        "The scores or features pass through a nonlinear function first",
        """tanh(score(e)) keeps every score between −1 and 1: with two words neither can get more than 88 % of the
        attention. Bahdanau's score has its tanh between two linear layers; here there is only one, and its output is
        the score.""",
        replace(SCORES, "scores = torch.tanh(self.score(features)).squeeze(-1)"),
        replace(SCORES, "scores = torch.relu(self.score(features)).squeeze(-1)"),
        replace(SCORES, "scores = nn.functional.leaky_relu(self.score(features)).squeeze(-1)"),
        replace(SCORES, "scores = nn.functional.leaky_relu(self.score(features), 0.2).squeeze(-1)"),
        replace(SCORES, "scores = self.score(torch.tanh(features)).squeeze(-1)"),
        replace(SCORES, "scores = self.score(torch.relu(features)).squeeze(-1)"),
    ),
    Mistake(
        "softmax_over_batch",
        "Softmax runs over the batch",
        """dim=0 is the batch: the words at the same place of different sentences compete for attention, and the
        answer for one sentence depends on which others are in the batch. The weights of one sentence sum to one:
        dim=1.""",
        replace(SOFTMAX, "weights = torch.softmax(masked_scores, dim=0)"),
        [*unmasked, replace(SOFTMAX, "weights = torch.softmax(masked_scores, dim=0)")],
        [replace(MASKED, "masked_scores = scores"), replace(SOFTMAX, "weights = torch.softmax(masked_scores, dim=0)")],
        [
            replace(MASKED, "masked_scores = scores.masked_fill(is_padding, -1e9)"),
            replace(SOFTMAX, "weights = torch.softmax(masked_scores, dim=0)"),
            replace(ZEROED, "return weights"),
        ],
        [replace(SOFTMAX, "weights = torch.softmax(masked_scores, dim=0)"), replace(ZEROED, "return weights")],
    ),
    Mistake(
        "softmax_over_features",
        "Softmax runs over the features instead of the positions",
        """The last axis of embedding(tokens) holds the features, and that of score(...) has length 1. A softmax
        over the features mixes up what one word is made of, and a softmax over an axis of length 1 gives nothing
        but ones: in both cases no word is preferred to another, and the scores have no say. The positions are axis
        1.""",
        replace(SOFTMAX, "weights = torch.ones_like(masked_scores)"),
        [replace(SOFTMAX, "weights = torch.ones_like(masked_scores)"), replace(ZEROED, "return weights")],
        [
            replace(SOFTMAX, "weights = torch.softmax(features, dim=-1)"),
            replace(ZEROED, "return weights.masked_fill(is_padding.unsqueeze(-1), 0.0)"),
            replace(WEIGHTED, "weighted = weights * embedded"),
        ],
        [
            replace(SOFTMAX, "weights = torch.softmax(features, dim=-1)"),
            replace(ZEROED, "return weights"),
            replace(WEIGHTED, "weighted = weights * embedded"),
        ],
        replace(FEATURES, "features = torch.softmax(self.embedding(tokens), dim=-1)"),
        textbook=True,
    ),
    Mistake(
        "embedding_dropped",
        "The embedding is dropped: token ids are used as numbers",
        """The model works on the token ids themselves, as if word 7 were seven times word 1. Ids are names; what a
        word means has to be learned, and embedding(tokens) is the table that holds it. Whoever rebuilds a model
        around an attention layer has to take the embedding along. Look at the gradient of embedding.weight: it is
        zero.""",
        [replace(FEATURES, f"features = {NUMBERS}"), replace(EMBEDDED, f"embedded = {NUMBERS}")],
        replace(EMBEDDED, f"embedded = {NUMBERS}"),
        [
            replace(TABLE, "self.embedding_dim = embedding_dim"),
            replace("self.embedding.num_embeddings", "10**6"),
            replace(FEATURES, f"features = {NUMBERS}"),
            replace(EMBEDDED, f"embedded = {NUMBERS}"),
        ],
        [
            replace(
                FEATURES,
                "features = nn.functional.one_hot(tokens % self.head.in_features, self.head.in_features)"
                ".to(self.head.weight.dtype)",
            ),
            replace(
                EMBEDDED,
                "embedded = nn.functional.one_hot(tokens % self.head.in_features, self.head.in_features)"
                ".to(self.head.weight.dtype)",
            ),
        ],
        textbook=True,
    ),
    Mistake(
        "plain_mean",
        "The embeddings are averaged instead of weighted",
        """A plain mean gives every word the same weight: the scores are computed for nothing and `score` gets no
        gradient. Weighing is the point of attention: multiply each embedding by its weight and sum over the
        positions.""",
        pooling("embedded.mean(dim=1)"),
        replace(MASKED, "masked_scores = torch.zeros_like(scores).masked_fill(is_padding, -torch.inf)"),
        pooling(f"(embedded * {KEPT}).sum(dim=1) / {KEPT}.sum(dim=1)"),
        pooling(f"(embedded * {KEPT}).mean(dim=1)"),
        [replace(SOFTMAX, "weights = torch.full_like(scores, 1 / scores.shape[1])"), replace(ZEROED, "return weights")],
        formula=r"\mathrm{pooled} = \sum_l w_l\, e_l",
    ),
    Mistake(
        "mean_of_weighted",
        "The weighted embeddings are averaged instead of summed",
        """The weights of a sentence already sum to one, so Σ w·e is an average. Divided by the number of positions
        once more, padding included, the pooled vector shrinks with the length of the row.""",
        replace(POOLED, "pooled = weighted.mean(dim=1)"),
        formula=r"\mathrm{pooled} = \sum_l w_l\, e_l",
    ),
    Mistake(
        "probabilities_returned",
        "Softmax probabilities are returned instead of logits",
        """The loss functions that train a classifier, F.cross_entropy first of all, apply log-softmax themselves.
        Given probabilities they do it twice: the differences shrink, the loss cannot come near zero and learning is
        slow. Return what head gives.""",
        replace(LOGITS, "return torch.softmax(self.head(pooled), dim=1)"),
        replace(LOGITS, "return torch.log_softmax(self.head(pooled), dim=1)"),
        replace(LOGITS, "return torch.sigmoid(self.head(pooled))"),
    ),
    Mistake(
        "sigmoid_weights",
        "Sigmoid in place of softmax makes the weights",
        """A sigmoid looks at one score at a time: the weights do not sum to one, so the sum grows with the length
        of the sentence, and no word competes with another for attention. Softmax over the positions makes them
        share.""",
        replace(SOFTMAX, "weights = torch.sigmoid(scores)"),
        [replace(SOFTMAX, "weights = torch.sigmoid(scores)"), replace(ZEROED, "return weights")],
        [
            replace(SOFTMAX, "weights = torch.sigmoid(masked_scores)"),
            replace(ZEROED, "return weights / weights.sum(dim=1, keepdim=True).clamp(min=1e-12)"),
        ],
        [
            replace(SOFTMAX, "weights = torch.sigmoid(scores)"),
            replace(ZEROED, "return weights / weights.sum(dim=1, keepdim=True)"),
        ],
        formula=r"w_l = \frac{e^{s_l}}{\sum_m e^{s_m}} \ne \frac{1}{1 + e^{-s_l}}",
        textbook=True,
    ),
    Mistake(
        "raw_weights",
        "The scores themselves are the weights, without softmax",
        """A score may be negative or huge. Softmax turns the scores of a sentence into positive weights that sum to
        one, so that the pooled vector is an average of the words whatever the length.""",
        replace(SOFTMAX, "weights = scores"),
        [replace(SOFTMAX, "weights = scores"), replace(ZEROED, "return weights")],
    ),
    Mistake(
        "softmax_overflows",
        "The largest score is not subtracted before the exponential",
        """exp overflows to infinity above 709 (88 in float32), and infinity divided by infinity is NaN.
        torch.softmax subtracts the largest score of each sentence first, which does not change the result.""",
        [
            replace(SOFTMAX, "weights = masked_scores.exp()"),
            replace(ZEROED, "return weights / weights.sum(dim=1, keepdim=True).clamp(min=1e-300)"),
        ],
    ),
    Mistake(
        "modified_in_place",
        "The tokens are modified in place",
        """tokens[tokens == padding_idx] = … writes into the tensor that the caller passed in, who then goes on with
        other tokens than before. Work with a mask, or with a copy.""",
        [
            replace(FEATURES, f"{IS_PADDING}\n        tokens[is_padding] = 0\n        {FEATURES}"),
            replace(f"squeeze(-1)\n        {IS_PADDING}", "squeeze(-1)"),
        ],
    ),
    Mistake(
        "squeezed",
        "squeeze() without a dimension also drops a batch or a sentence of one",
        """Without an argument squeeze() drops every dimension of size 1, not only the one that is meant: what belongs
        to one sentence loses its batch, and what belongs to sentences of one token their length. squeeze(-1) drops the
        last one alone.""",
        replace(SCORES, "scores = self.score(features).squeeze()"),
        replace(POOLED, "pooled = weighted.sum(dim=1, keepdim=True).squeeze()"),
    ),
    Mistake(
        "weights_detached",
        "The attention weights are detached",
        """detach, .data and torch.no_grad() cut the graph: the logits are right, but no gradient reaches `score`, which
        stays as it was drawn. Detach weights only to look at them.""",
        replace(WEIGHTS, "weights = self.attention_weights(tokens).detach()"),
    ),
    Mistake(
        "dropout_added",
        "The network has dropout",
        """Dropout zeroes random features in training, so the same sentence gets other logits every time. It is a good
        idea in many networks, but it is none of the layers asked for.""",
        replace(LOGITS, "return self.head(nn.functional.dropout(pooled, 0.1, self.training))"),
        replace(LOGITS, "return self.head(nn.functional.dropout(pooled, 0.2, self.training))"),
        replace(LOGITS, "return self.head(nn.functional.dropout(pooled, 0.5, self.training))"),
    ),
    Mistake(
        "pooled_through_activation",
        "The pooled vector goes through an activation before the head",
        """The logits are linear in the weighted sum of the embeddings: `head` is applied to it directly. A ReLU in
        between drops whatever is negative in it, a tanh squeezes it.""",
        *(replace(LOGITS, f"return self.head({function}(pooled))") for function in ("torch.relu", "torch.tanh")),
        replace(LOGITS, "return self.head(nn.functional.gelu(pooled))"),
    ),
    Mistake(
        "largest_for_sum",
        "The largest of the weighted embeddings is taken instead of their sum",
        """Attention pooling adds the weighted embeddings up. With the maximum over the sentence each feature comes from
        one token alone, made small by its weight, and what the others say is lost.""",
        pooling("(weights.unsqueeze(-1) * embedded).amax(dim=1)"),
    ),
    Mistake(
        "score_without_bias",
        "A layer has no bias",
        """`score` and `head` are nn.Linear with their default settings, and those include a bias. The bias of `score`
        moves all scores of a sentence alike, so that softmax takes it out again; it is a parameter asked for all the
        same. The bias of `head` is what a sentence of padding alone gets.""",
        replace("self.score = nn.Linear(embedding_dim, 1)", "self.score = nn.Linear(embedding_dim, 1, bias=False)"),
        replace(
            "self.head = nn.Linear(embedding_dim, num_classes)",
            "self.head = nn.Linear(embedding_dim, num_classes, bias=False)",
        ),
    ),
]
