"""Known mistakes in position encodings, the causal mask and the Transformer's encoder layer."""

from grader.suite import Mistake, replace

POSITION = "position = torch.arange(length, dtype=torch.float64).unsqueeze(1)"
WAVELENGTH = "wavelength = 10000.0 ** (even_column / dim)"
SINES = "encoding[:, 0::2] = torch.sin(angle)"
COSINES = "encoding[:, 1::2] = torch.cos(angle[:, : dim // 2])"
ENCODING = "return encoding.to(torch.float32)"
CAUSAL = "return everything.tril()"
ATTENTION = "self.attention = nn.MultiheadAttention(embed_dim, num_heads, batch_first=True)"
NORM2 = "self.norm2 = nn.LayerNorm(embed_dim)"
LINEAR2 = "self.linear2 = nn.Linear(hidden_dim, embed_dim)"
BLOCKED = "blocked = None if mask is None else ~mask"
RELU = "hidden = torch.relu(self.linear1(x))"
FEED_FORWARD = "return self.linear2(hidden)"
FIRST = "if self.norm_first:"
PRE_ATTENTION = "h = x + self.attend(self.norm1(x), mask)"
PRE_OUTPUT = "return h + self.feed_forward(self.norm2(h))"
POST_ATTENTION = "h = self.norm1(x + self.attend(x, mask))"
POST_OUTPUT = "return self.norm2(h + self.feed_forward(h))"


pre_without_attention_sum = replace(PRE_ATTENTION, "h = self.attend(self.norm1(x), mask)")
pre_without_output_sum = replace(PRE_OUTPUT, "return self.feed_forward(self.norm2(h))")
post_without_attention_sum = replace(POST_ATTENTION, "h = self.norm1(self.attend(x, mask))")
post_without_output_sum = replace(POST_OUTPUT, "return self.norm2(self.feed_forward(h))")
norm_in_attention = replace(POST_ATTENTION, "h = x + self.norm1(self.attend(x, mask))")
norm_in_output = replace(POST_OUTPUT, "return h + self.norm2(self.feed_forward(h))")
pre_shared = replace(PRE_OUTPUT, "return h + self.feed_forward(self.norm1(h))")
post_shared = replace(POST_OUTPUT, "return self.norm1(h + self.feed_forward(h))")
no_norm2 = replace(NORM2, "self.scale = 1.0")
pre_inner_attention = replace(PRE_ATTENTION, "h = self.norm1(x) + self.attend(self.norm1(x), mask)")
pre_inner_output = replace(PRE_OUTPUT, "return self.norm2(h) + self.feed_forward(self.norm2(h))")


def halves(columns):
    return [replace(SINES, f"encoding = torch.cat([{columns}], dim=1)"), replace(COSINES, "pass")]


def recurrent(kind, forward):
    return [
        replace(LINEAR2, f"{LINEAR2}\n        self.recurrent = nn.{kind}(embed_dim, embed_dim, batch_first=True)"),
        *forward,
    ]


def in_place_of_attention(kind):
    return [
        replace(ATTENTION, f"self.attention = nn.{kind}(embed_dim, embed_dim, batch_first=True)"),
        replace("self.attention(x, x, x, attn_mask=blocked, need_weights=False)", "self.attention(x)"),
    ]


after_attention = [
    replace(PRE_OUTPUT, "h = self.recurrent(h)[0]\n            " + PRE_OUTPUT),
    replace(POST_OUTPUT, "h = self.recurrent(h)[0]\n        " + POST_OUTPUT),
]
after_feed_forward = [replace(FEED_FORWARD, "return self.recurrent(self.linear2(hidden))[0]")]
before_feed_forward = [replace(RELU, "x = self.recurrent(x)[0]\n        " + RELU)]


MISTAKES = [
    Mistake(
        "sin_cos_in_halves",
        "Sines and cosines fill two halves instead of alternating",
        """All sines come first and all cosines after them. The same numbers are there, but in other columns: sine
        and cosine of one angle belong side by side, in columns 2i and 2i + 1. Write them with steps of two, P[:,
        0::2] and P[:, 1::2]. Whoever loads weights trained with the other layout gets noise.""",
        halves("torch.sin(angle), torch.cos(angle[:, : dim // 2])"),
        halves("torch.sin(angle[:, : dim // 2]), torch.cos(angle)"),
        formula=r"P_{pos,2i} = \sin\frac{pos}{10000^{2i/d}}, \quad P_{pos,2i+1} = \cos\frac{pos}{10000^{2i/d}}",
    ),
    Mistake(
        "exponent_without_two",
        "The exponent is i/dim instead of 2i/dim",
        """i counts pairs of columns, so it runs to dim/2 only. With the exponent i/dim the wavelengths end at
        100·2π instead of 10000·2π, and far positions can no longer be told apart. The exponent is the even column's
        number over dim: 2i/dim.""",
        replace(WAVELENGTH, "wavelength = 10000.0 ** (even_column / 2 / dim)"),
        formula=r"P_{pos,2i} = \sin\frac{pos}{10000^{2i/d}}",
    ),
    Mistake(
        "exponent_doubled",
        "The exponent counts the 2 twice",
        """A range in steps of two already holds the even columns 2i. Multiplied by 2 once more the exponent becomes
        4i/dim, and the wavelengths grow to 10⁸·2π: most columns hardly move over a sentence. Use either the pair's
        number i times two, or the column's number.""",
        replace(WAVELENGTH, "wavelength = 10000.0 ** (2 * even_column / dim)"),
        formula=r"P_{pos,2i} = \sin\frac{pos}{10000^{2i/d}}",
    ),
    Mistake(
        "odd_columns_have_their_own_angle",
        "The cosines use another angle than the sines beside them",
        """Columns 2i and 2i + 1 hold sine and cosine of the same angle pos/10000^(2i/dim); together they make a
        point on a circle, and a shift of the position is a rotation of it. With the column's own number in the
        exponent the pair no longer lies on a circle. The exponent of an odd column j is (j − 1)/dim, in general
        2·(j // 2)/dim.""",
        replace(COSINES, "encoding[:, 1::2] = torch.cos(position / 10000.0 ** (torch.arange(1, dim, 2) / dim))"),
        [
            replace(SINES, "encoding[:, 0::2] = torch.sin(position / 10000.0 ** (2 * even_column / dim))"),
            replace(
                COSINES, "encoding[:, 1::2] = torch.cos(position / 10000.0 ** (2 * torch.arange(1, dim, 2) / dim))"
            ),
        ],
        formula=r"P_{pos,2i} = \sin\frac{pos}{10000^{2i/d}}, \quad P_{pos,2i+1} = \cos\frac{pos}{10000^{2i/d}}",
    ),
    Mistake(
        "sin_cos_swapped",
        "The cosines are on the even columns",
        """The first column belongs to the sine: row 0 reads 0, 1, 0, 1, … Here it reads 1, 0, 1, 0, …""",
        [
            replace(SINES, "encoding[:, 0::2] = torch.cos(angle)"),
            replace(COSINES, "encoding[:, 1::2] = torch.sin(angle[:, : dim // 2])"),
        ],
        formula=r"P_{pos,2i} = \sin\frac{pos}{10000^{2i/d}}, \quad P_{pos,2i+1} = \cos\frac{pos}{10000^{2i/d}}",
    ),
    Mistake(
        "positions_from_one",
        "The first position is 1 instead of 0",
        """Positions are counted from 0: the first row is sin 0 = 0 and cos 0 = 1 in turns. With 1 as the first
        every row is that of the next position. torch.arange(length) starts at 0.""",
        replace(POSITION, POSITION.replace("arange(length", "arange(1, length + 1")),
    ),
    Mistake(
        "odd_dim_unhandled",
        "An odd dim is not provided for",
        """With an odd dim there is one sine column more than there are cosine columns. Assigning as many cosines as
        sines raises, and dropping the last column gives a matrix that is too narrow. Take only dim // 2 angles for
        the cosines.""",
        replace(COSINES, "encoding[:, 1::2] = torch.cos(angle)"),
        replace(ENCODING, "return encoding[:, : dim // 2 * 2].to(torch.float32)"),
        replace(
            ENCODING, "return torch.stack([torch.sin(angle), torch.cos(angle)], dim=2).flatten(1).to(torch.float32)"
        ),
    ),
    Mistake(
        "positions_in_float64",
        "The positions are float64",
        """NumPy and Python compute in float64, and added to float32 embeddings such a matrix turns everything after
        it into float64, or raises in the next layer. Convert the result to float32.""",
        replace(ENCODING, "return encoding"),
    ),
    Mistake(
        "causal_mask_strict_or_transposed",
        "The causal mask is strict or transposed",
        """True means "may attend", row i is the position that looks and column j the one looked at, so True fills
        the lower triangle with its diagonal. Without the diagonal no position sees itself, and the first one sees
        nothing at all. Transposed, the upper triangle, every position sees what is to come and nothing of what was.
        And the upper triangle without the diagonal is PyTorch's other convention, True = blocked. Print
        causal_mask(3) and read it row by row.""",
        replace(CAUSAL, "return everything.tril(-1)"),
        replace(CAUSAL, "return everything.triu()"),
        replace(CAUSAL, "return everything.triu(1)"),
        formula=r"M_{ij} = [\, j \le i \,]",
    ),
    Mistake(
        "causal_mask_not_boolean",
        "The causal mask holds numbers instead of booleans",
        """A mask of 0 and 1, or of 0 and −∞, is not boolean: ~ and masked_fill do not work on it, and
        nn.MultiheadAttention adds numbers to its scores instead of blocking. Make it with dtype=torch.bool, or
        compare: mask == 1.""",
        replace(CAUSAL, "return everything.tril().float()"),
        replace(CAUSAL, "return everything.tril().long()"),
        replace(CAUSAL, "return everything.triu(1).float()"),
        replace(CAUSAL, "return torch.zeros(length, length).masked_fill(everything.triu(1), -torch.inf)"),
    ),
    Mistake(
        "residual_missing",
        "A residual connection is missing",
        """Each sublayer adds to its input what it found: x + sublayer(x). Without the sum a position loses what it
        was, the gradient has no direct way back, and deep stacks hardly train. Both sublayers need it, in both
        modes.""",
        post_without_attention_sum,
        post_without_output_sum,
        [post_without_attention_sum, post_without_output_sum],
        pre_without_attention_sum,
        pre_without_output_sum,
        [pre_without_attention_sum, pre_without_output_sum],
        [post_without_attention_sum, pre_without_attention_sum],
        [post_without_output_sum, pre_without_output_sum],
        [post_without_attention_sum, post_without_output_sum, pre_without_attention_sum, pre_without_output_sum],
        formula=r"h = x + \mathrm{attention}(x)",
    ),
    Mistake(
        "residual_from_the_input",
        "The second residual sum adds x instead of h",
        """The second sublayer starts from h, the result of the first, and adds to it. With x in its place the
        output keeps nothing of the attention but what the feed-forward network lets through. Overwriting one
        variable, x = norm1(x + …), avoids the slip.""",
        replace(POST_OUTPUT, "return self.norm2(x + self.feed_forward(h))"),
        replace(PRE_OUTPUT, "return x + self.feed_forward(self.norm2(h))"),
        [
            replace(POST_OUTPUT, "return self.norm2(x + self.feed_forward(h))"),
            replace(PRE_OUTPUT, "return x + self.feed_forward(self.norm2(h))"),
        ],
    ),
    Mistake(
        "residual_from_the_norm",
        "In pre-norm the residual branches off after the norm",
        """With norm_first=True the norm belongs to the branch alone: x + attention(norm1(x)). Here the normalised x
        is added, so the direct way from input to output, which is what pre-norm is for, passes through every norm.""",
        pre_inner_attention,
        pre_inner_output,
        [pre_inner_attention, pre_inner_output],
        formula=r"h = x + \mathrm{attention}(\mathrm{norm}_1(x))",
    ),
    Mistake(
        "norm_before_sum",
        "With norm_first=False the norm is applied before the residual sum",
        """Post-norm normalises the sum: norm1(x + attention(x)). In x + norm1(attention(x)) only the branch is
        normalised, and the sum grows from layer to layer. Add first, then normalise.""",
        norm_in_attention,
        norm_in_output,
        [norm_in_attention, norm_in_output],
        formula=r"h = \mathrm{norm}_1\big(x + \mathrm{attention}(x)\big)",
    ),
    Mistake(
        "pre_and_post_swapped",
        "Pre-norm and post-norm are swapped",
        """norm_first=True asks for the norm first in each branch, x + attention(norm1(x)), and norm_first=False for
        the norm of the sum, norm1(x + attention(x)). The two branches of the if have changed places.""",
        replace(FIRST, "if not self.norm_first:"),
    ),
    Mistake(
        "norm_first_ignored",
        "norm_first changes nothing",
        """The layer answers the same for norm_first=True and norm_first=False. Keep the argument in __init__
        (self.norm_first = norm_first) and choose the order of norm and sublayer by it in forward.""",
        replace(FIRST, "if False:"),
        replace(FIRST, "if True:"),
    ),
    Mistake(
        "norm_shared",
        "Both sublayers share one norm",
        """Each sublayer has statistics of its own and needs a norm with a weight and a bias of its own: norm1 for
        attention, norm2 for the feed-forward network. As long as both are fresh (weight 1, bias 0) nothing is to be
        seen; once trained they differ. Look at the gradient of norm2: it is zero when norm2 is not used.""",
        post_shared,
        pre_shared,
        [post_shared, pre_shared],
        [no_norm2, post_shared, pre_shared],
        replace(NORM2, "self.norm2 = self.norm1"),
    ),
    Mistake(
        "mask_polarity",
        "The mask is passed on unconverted",
        """In this exercise True means "may attend"; in the attn_mask of nn.MultiheadAttention a boolean True means
        "may not". Passed on as it is, each position attends to exactly what it must not see. Hand over ~mask. A
        float mask is no way out: its numbers are added to the scores.""",
        replace(BLOCKED, "blocked = mask"),
        replace(BLOCKED, "blocked = None if mask is None else mask.to(x.dtype)"),
    ),
    Mistake(
        "mask_ignored",
        "The mask is not used",
        """Every position attends to every other, whatever the mask forbids. Pass it on to nn.MultiheadAttention as
        attn_mask, which takes a mask (L, L) for the whole batch, turned round.""",
        replace(BLOCKED, "blocked = None"),
    ),
    Mistake(
        "recurrent_layer",
        "There is a recurrent layer inside",
        """An LSTM, GRU or RNN reads one position after the other, and that is just what the Transformer does away
        with: in an encoder layer attention alone carries information between positions, and all positions are
        computed at once. Printed "Transformers" with an LSTM between attention and output are none. The order of
        the words comes from the position encodings.""",
        recurrent("LSTM", after_attention),
        recurrent("GRU", after_attention),
        recurrent("RNN", after_attention),
        recurrent("LSTM", after_feed_forward),
        recurrent("LSTM", before_feed_forward),
        *(in_place_of_attention(kind) for kind in ("LSTM", "GRU", "RNN")),
        textbook=True,
    ),
    Mistake(
        "batch_first_missing",
        "The attention takes the batch for the sequence",
        """Without batch_first=True nn.MultiheadAttention expects (L, N, D) and takes the first axis for the
        positions: each word attends to the words at its own place in other sentences. Shapes do not tell, and with
        a batch of one every weight is 1.""",
        replace(ATTENTION, "self.attention = nn.MultiheadAttention(embed_dim, num_heads)"),
    ),
    Mistake(
        "no_relu",
        "The feed-forward network has no ReLU",
        """linear2(linear1(x)) without something nonlinear in between is one linear layer in two pieces: its weight
        is the product of the two. The ReLU after linear1 is what makes the second sublayer worth its parameters.""",
        replace(RELU, "hidden = self.linear1(x)"),
        formula=r"\mathrm{linear}_2(\mathrm{ReLU}(\mathrm{linear}_1(x)))",
    ),
    Mistake(
        "gelu_instead_of_relu",
        "The feed-forward network uses GELU instead of ReLU",
        """BERT and GPT use GELU, the original Transformer and this exercise ReLU. The two differ most just below
        zero, where ReLU is 0 and GELU slightly negative.""",
        replace(RELU, "hidden = nn.functional.gelu(self.linear1(x))"),
        replace(RELU, 'hidden = nn.functional.gelu(self.linear1(x), approximate="tanh")'),
    ),
    Mistake(
        "dropout_inside",
        "The layer has dropout",
        """This layer is to have none: in training mode dropout sets some activations to zero, so two calls with the
        same x differ. nn.MultiheadAttention has no dropout by default.""",
        replace(ATTENTION, ATTENTION.replace("num_heads,", "num_heads, dropout=0.1,")),
        *(
            replace(FEED_FORWARD, f"return {code}")
            for code in (
                "nn.functional.dropout(self.linear2(hidden), 0.1, self.training)",
                "self.linear2(nn.functional.dropout(hidden, 0.1, self.training))",
            )
        ),
    ),
    Mistake(
        "modified_in_place",
        "An input is modified in place",
        """`x += attention(x)` writes into the tensor that the caller passed in, who then goes on with other numbers
        than before, and raises when x itself is to get a gradient. Write x = x + … instead: it makes a new tensor.""",
        replace(PRE_ATTENTION, "x += self.attend(self.norm1(x), mask)\n            h = x"),
        replace(POST_ATTENTION, "x += self.attend(x, mask)\n        h = self.norm1(x)"),
        replace(BLOCKED, "blocked = None if mask is None else mask.logical_not_()"),
    ),
    Mistake(
        "exponent_over_half_minus_one",
        "The exponent is divided by dim/2 − 1, as in diffusion models",
        """Diffusion models spread their wavelengths so that the last one is exactly 10000·2π, with i/(dim/2 − 1) in the
        exponent. Here it is 2i/dim: the last wavelength stays a little below 10000·2π. The difference is small for the
        first columns and large for the last.""",
        *(
            [replace(WAVELENGTH, "wavelength = 10000.0 ** (even_column / 2 / max(dim // 2 - 1, 1))"), *layout]
            for layout in ([], halves("torch.sin(angle), torch.cos(angle[:, : dim // 2])"))
        ),
        formula=r"P_{pos,2i} = \sin\frac{pos}{10000^{2i/d}}",
    ),
    Mistake(
        "mask_not_low_enough",
        "Blocked scores are lowered by too little",
        """A float mask is added to the scores, and a number such as −1000 takes a blocked position out only as long as
        its score is not much larger than the others. A boolean mask, or −∞, holds for all scores.""",
        *(
            replace(
                BLOCKED,
                "blocked = None if mask is None else "
                f"torch.zeros(mask.shape, dtype=x.dtype).masked_fill(~mask, {number})",
            )
            for number in ("-10.0", "-100.0", "-1000.0", "-10000.0")
        ),
    ),
    Mistake(
        "norm_left_out",
        "A layer norm is left out",
        """Each of the two sublayers has a norm of its own: after the sum with norm_first=False, before the sublayer
        with norm_first=True. Without it the numbers grow from layer to layer, and training a deep stack fails.""",
        replace(POST_OUTPUT, "return h + self.feed_forward(h)"),
        replace(POST_ATTENTION, "h = x + self.attend(x, mask)"),
        [
            replace(POST_ATTENTION, "h = x + self.attend(x, mask)"),
            replace(POST_OUTPUT, "return h + self.feed_forward(h)"),
        ],
        replace(PRE_ATTENTION, "h = x + self.attend(x, mask)"),
        replace(PRE_OUTPUT, "return h + self.feed_forward(h)"),
    ),
    Mistake(
        "relu_after_second_layer",
        "A ReLU stands after the second linear layer",
        """The ReLU belongs between the two layers. After linear2 it lets the sublayer add to x, but never take anything
        away from it: half of what the network may say is cut off.""",
        replace(FEED_FORWARD, "return torch.relu(self.linear2(hidden))"),
        [
            replace(RELU, "hidden = self.linear1(x)"),
            replace(FEED_FORWARD, "return torch.relu(self.linear2(hidden))"),
        ],
        formula=r"\mathrm{linear}_2(\mathrm{ReLU}(\mathrm{linear}_1(x)))",
    ),
    Mistake(
        "other_base",
        "The base of the wavelengths is not 10000",
        """The wavelengths grow from 2π to 10000 · 2π. With 1000 positions far apart look alike sooner.""",
        replace(WAVELENGTH, WAVELENGTH.replace("10000.0", "1000.0")),
        replace(WAVELENGTH, WAVELENGTH.replace("10000.0", "100000.0")),
    ),
    Mistake(
        "exponent_with_wrong_sign",
        "The positions are multiplied by the wavelengths, not divided",
        """The angle is pos / 10000^(2i/dim): the further right a column, the slower it turns. Multiplied, it turns so
        fast that neighbouring positions have nothing in common.""",
        replace("angle = position / wavelength", "angle = position * wavelength"),
    ),
    Mistake(
        "columns_one_ahead",
        "The exponent counts the columns from 1",
        """The first pair of columns has the exponent 0/dim, so that its angle is the position itself.""",
        replace(WAVELENGTH, WAVELENGTH.replace("even_column /", "(even_column + 1) /")),
        replace(WAVELENGTH, WAVELENGTH.replace("even_column /", "(even_column + 2) /")),
    ),
    Mistake(
        "feed_forward_of_x",
        "The feed-forward network gets x instead of h",
        """The second sublayer works on what came out of the first, h. On x it does not see what the attention
        found.""",
        replace(POST_OUTPUT, "return self.norm2(h + self.feed_forward(x))"),
        replace(PRE_OUTPUT, "return h + self.feed_forward(self.norm2(x))"),
    ),
    Mistake(
        "normed_at_the_end_in_pre_norm",
        "In pre-norm the second norm comes after the sum",
        """With norm_first each norm stands before its sublayer, inside the branch, and the sum is left as it is.""",
        replace(PRE_OUTPUT, "return self.norm2(h + self.feed_forward(h))"),
    ),
    Mistake(
        "keys_not_normed",
        "In pre-norm only the queries are normalised",
        """Query, key and value are all made of norm1(x).""",
        replace(
            PRE_ATTENTION,
            "blocked = None if mask is None else ~mask\n"
            "            h = x + self.attention(self.norm1(x), x, x, attn_mask=blocked)[0]",
        ),
    ),
    Mistake(
        "other_eps",
        "The norms have another eps",
        """nn.LayerNorm's default is 1e-5. A larger eps shrinks what is normalised, the more the smaller its variance
        is.""",
        [
            replace("self.norm1 = nn.LayerNorm(embed_dim)", "self.norm1 = nn.LayerNorm(embed_dim, eps=1e-3)"),
            replace(NORM2, "self.norm2 = nn.LayerNorm(embed_dim, eps=1e-3)"),
        ],
    ),
    Mistake(
        "other_activation",
        "The feed-forward network uses another activation than ReLU",
        """feed_forward(x) = linear2(ReLU(linear1(x))). A tanh or sigmoid saturates; SiLU and a leaky ReLU let negative
        values through.""",
        *(
            replace(RELU, f"hidden = {function}(self.linear1(x))")
            for function in ("torch.tanh", "torch.sigmoid", "nn.functional.silu", "nn.functional.leaky_relu")
        ),
    ),
]
