"""Known mistakes in multi-head attention."""

from itertools import permutations

from grader.suite import Mistake, define, replace

PROJECTED = "qkv = x @ weight_qkv.T + bias_qkv"
CHUNKED = "query, key, value = qkv.chunk(3, dim=-1)"
SEPARATE = "separate = x.reshape(batch, length, num_heads, dim // num_heads)\n    return separate.transpose(1, 2)"
SCORES = "scores = query @ key.transpose(-2, -1)"
SCALED = "scores = scores / math.sqrt(head_dim)"
NO_MASK = "mask = torch.ones(length, length, dtype=torch.bool, device=x.device)"
BLOCKED = "blocked = ~mask.unsqueeze(-3)"
FILLED = "scores = scores.masked_fill(blocked, -torch.inf)"
SOFTMAX = "weights = torch.softmax(scores, dim=-1)"
ZEROED = "weights = weights.masked_fill(blocked, 0.0)"
ADDED_INFINITY = "scores = scores + torch.zeros_like(scores).masked_fill(blocked, -torch.inf)"
MERGED = "merged = heads.transpose(1, 2).reshape(batch, length, dim)"
OUTPUT = "return merged @ weight_out.T + bias_out"
ROWS_ZEROED = "weights = weights.masked_fill(blocked.all(dim=-1, keepdim=True), 0.0)"
TOO_HIGH = [".masked_fill(blocked, -1000.0)", " - 100.0 * blocked", " - 1000.0 * blocked", " - 10000.0 * blocked"]
KEPT = "weights.sum(dim=-1, keepdim=True)"
DIVISORS = [f"({KEPT} + {tiny})" for tiny in ("1e-12", "1e-10", "1e-9", "1e-8", "1e-6", "1e-5")]
DIVISORS += [KEPT, f"{KEPT}.clamp(min=1e-9)", f"{KEPT}.masked_fill({KEPT} == 0, 1.0)"]


def split(code):
    return replace(SEPARATE, f"return {code}")


def merge(code):
    return replace(MERGED, f"merged = {code}")


def unsplit(move="contiguous()"):
    """Edits that leave the split into heads to what comes before."""
    names = ("query", "key", "value")
    return [replace(f"{name} = split_heads({name}, num_heads)", f"{name} = {name}.{move}") for name in names]


def averaged(code, output=OUTPUT):
    """Heads (N, heads, L, D/heads) made into one by the code."""
    return [merge(code), replace(OUTPUT, output)]


# Attention among the heads of one position: what a reshape alone leads to.
AMONG_HEADS = """
def multi_head_attention(x, weight_qkv, bias_qkv, weight_out, bias_out, num_heads, mask=None):
    check_shapes(x, weight_qkv, bias_qkv, weight_out, bias_out, num_heads, mask)
    batch, length, dim = x.shape
    head_dim = dim // num_heads
    qkv = x @ weight_qkv.T + bias_qkv
    query, key, value = (part.reshape(batch, length, num_heads, head_dim) for part in qkv.chunk(3, dim=-1))
    scores = query @ key.transpose(-2, -1) / math.sqrt(head_dim)
    if mask is not None:
        blocked = ~mask.unsqueeze(-3)
        scores = scores.masked_fill(blocked, -torch.inf)
    weights = torch.softmax(scores, dim=-1)
    if mask is not None:
        weights = weights.masked_fill(blocked, 0.0)
    heads = weights @ value
    return MERGED @ weight_out.T + bias_out
"""


def among_heads(merged):
    return define(AMONG_HEADS.replace("MERGED", merged))


MISTAKES = [
    Mistake(
        "heads_interleaved",
        "The features are dealt out to the heads in turn",
        """reshape(N, L, D/heads, heads) gives feature d·heads + k to head k, so that a head holds features that lie
        far apart. In PyTorch's order a head is a block of D/heads features that lie together: reshape(N, L, heads,
        D/heads). Both have the right shape, so only the values tell.""",
        split("x.reshape(batch, length, dim // num_heads, num_heads).permute(0, 3, 1, 2)"),
        [
            split("x.reshape(batch, length, dim // num_heads, num_heads).permute(0, 3, 1, 2)"),
            merge("heads.permute(0, 2, 3, 1).reshape(batch, length, dim)"),
        ],
    ),
    Mistake(
        "heads_split_wrong",
        "The heads are split on the wrong axis",
        """A reshape keeps the order of the numbers in memory and only draws the borders anew. x.reshape(N, heads,
        L, D/heads) therefore cuts the sequence into pieces: a "head" then holds all features of a few positions,
        not a few features of all positions. Cut the feature axis alone, reshape(N, L, heads, D/heads), and then
        move the axis of the heads with transpose(1, 2). Both have the right shape, so only the values tell.""",
        split("x.reshape(batch, num_heads, length, dim // num_heads)"),
        [split("x.reshape(batch, num_heads, length, dim // num_heads)"), merge("heads.reshape(batch, length, dim)")],
        split("x.reshape(num_heads, batch, length, dim // num_heads).transpose(0, 1)"),
        [
            replace(CHUNKED, "query, key, value = qkv.reshape(3, batch, num_heads, length, head_dim)"),
            *unsplit(),
        ],
        [
            replace(CHUNKED, "query, key, value = qkv.reshape(batch, 3, num_heads, length, head_dim).unbind(1)"),
            *unsplit(),
        ],
        among_heads("heads.reshape(batch, length, dim)"),
        among_heads("heads.transpose(1, 2).reshape(batch, length, dim)"),
    ),
    Mistake(
        "scaled_by_embed_dim",
        "The scores are divided by √D instead of √(D/heads)",
        """A score is a dot product over the D/heads features of one head, so its variance grows with D/heads, not
        with D. Divided by √D the scores are too small by √heads and the weights too even. With one head nothing is
        to be seen, with many heads the more.""",
        replace(SCALED, "scores = scores / math.sqrt(dim)"),
        formula=r"\mathrm{softmax}\!\left(\frac{q k^\top}{\sqrt{D/h}}\right) v",
    ),
    Mistake(
        "not_scaled",
        "The scores are not divided by √(D/heads)",
        """A dot product over D/heads features of variance 1 has variance D/heads. Without the division the scores
        grow with the width of a head, softmax saturates at one position, and its gradient all but vanishes.""",
        replace(SCALED, "scores = scores * 1.0"),
        formula=r"\mathrm{softmax}\!\left(\frac{q k^\top}{\sqrt{D/h}}\right) v",
    ),
    Mistake(
        "scaled_without_root",
        "The scores are divided by D/heads instead of its square root",
        """The variance of a score is D/heads, so its standard deviation is √(D/heads): that is what the scores have
        to be divided by to have variance 1. Without the root they come out too small and the weights too even.""",
        replace(SCALED, "scores = scores / head_dim"),
        replace(SCALED, "scores = scores / dim"),
        formula=r"\mathrm{softmax}\!\left(\frac{q k^\top}{\sqrt{D/h}}\right) v",
    ),
    Mistake(
        "scaled_after_softmax",
        "The weights are divided by √(D/heads) instead of the scores",
        """The division belongs inside the softmax, where it keeps the scores from growing with the width of a head.
        Afterwards it comes too late: the weights are as peaked as without it, and they no longer sum to one, so the
        output shrinks.""",
        [replace(SCALED, "pass"), replace(ZEROED, f"{ZEROED}\n    weights = weights / math.sqrt(head_dim)")],
        [replace(SCALED, "pass"), replace(ZEROED, f"{ZEROED}\n    weights = weights / math.sqrt(dim)")],
        formula=r"\mathrm{softmax}\!\left(\frac{q k^\top}{\sqrt{D/h}}\right) v",
    ),
    Mistake(
        "scaled_by_heads",
        "The scores are divided by √heads instead of √(D/heads)",
        """A score sums over the D/heads features of one head, and √(D/heads) is the spread of such a sum. How many
        heads there are does not matter to any one of them.""",
        replace(SCALED, "scores = scores / math.sqrt(num_heads)"),
        formula=r"\mathrm{softmax}\!\left(\frac{q k^\top}{\sqrt{D/h}}\right) v",
    ),
    Mistake(
        "qkv_order",
        "Query, key and value are taken from weight_qkv in another order",
        """weight_qkv stacks three (D, D) matrices in PyTorch's order: the first D rows make the query, the next D
        the key, the last D the value. Any other reading gives an output of the right shape with wrong values. The
        three blocks also come before the heads: split 3D into query, key and value first, then each of them into
        heads.""",
        *(
            replace(CHUNKED, f"{', '.join(order)} = qkv.chunk(3, dim=-1)")
            for order in permutations(("query", "key", "value"))
            if order != ("query", "key", "value")
        ),
        [
            replace(CHUNKED, "qkv = qkv.reshape(batch, length, num_heads, 3 * head_dim)\n    " + CHUNKED),
            *unsplit("transpose(1, 2)"),
        ],
        replace(CHUNKED, "query, key, value = qkv[..., 0::3], qkv[..., 1::3], qkv[..., 2::3]"),
    ),
    Mistake(
        "no_output_projection",
        "The merged heads are returned without the output projection",
        """Side by side the heads know nothing of each other: feature j of the output would depend on one head
        alone. The last linear layer, merged · weight_outᵀ + bias_out, mixes what the heads found. Without it
        weight_out and bias_out get no gradient.""",
        replace(OUTPUT, "return merged"),
        replace(OUTPUT, "return merged + bias_out"),
        formula=r"\mathrm{concat}(\mathrm{head}_0, \dots, \mathrm{head}_{h-1})\, W_{out}^\top + b_{out}",
    ),
    Mistake(
        "heads_averaged",
        "The heads are averaged instead of concatenated",
        """Each head yields its own D/heads features, and side by side they make D again. An average (or a sum)
        throws away what tells the heads apart and leaves D/heads features, which the output projection cannot take.
        Bring the axis of the heads next to the features and merge the two with a reshape.""",
        merge("heads.mean(dim=1)"),
        merge("heads.mean(dim=1).repeat(1, 1, num_heads)"),
        merge("heads.sum(dim=1).repeat(1, 1, num_heads)"),
        merge("heads.transpose(1, 2).reshape(batch, length, dim) / num_heads"),
        merge("heads.mean(dim=1).repeat_interleave(num_heads, dim=-1)"),
        averaged("heads.mean(dim=1)", "return merged @ weight_out[:, :head_dim].T + bias_out"),
        averaged("heads.sum(dim=1)", "return merged @ weight_out[:, :head_dim].T + bias_out"),
        averaged("heads.mean(dim=1)", "return merged"),
        merge("weights.mean(dim=1) @ value.transpose(1, 2).reshape(batch, length, dim)"),
        formula=r"\mathrm{concat}(\mathrm{head}_0, \dots, \mathrm{head}_{h-1})\, W_{out}^\top + b_{out}",
    ),
    Mistake(
        "mask_inverted",
        "The mask is read the wrong way round",
        """Here True means "may attend", as in F.scaled_dot_product_attention; in nn.MultiheadAttention a boolean
        mask means the opposite. Filling with −∞ where the mask is True leaves exactly the positions that should
        have been blocked. Fill where it is False: masked_fill(~mask, −∞).""",
        [replace(BLOCKED, "blocked = mask.unsqueeze(-3)"), replace(NO_MASK, NO_MASK.replace("ones", "zeros"))],
        [
            replace(FILLED, "scores = scores.masked_fill(~blocked, -torch.inf) if blocked.any() else scores"),
            replace(ZEROED, "weights = weights.masked_fill(blocked.all(dim=-1, keepdim=True), 0.0)"),
        ],
    ),
    Mistake(
        "merge_without_transpose",
        "The heads are merged by a reshape without transposing back",
        """After attention the heads lie before the positions, (N, heads, L, D/heads). A reshape to (N, L, D) at
        once draws its borders across them: row 0 of the result holds the first positions of head 0 instead of
        position 0 of every head. Bring the axis of the heads back first, transpose(1, 2), and reshape then. A
        sequence of one position hides the mistake.""",
        merge("heads.reshape(batch, length, dim)"),
        merge("heads.permute(0, 2, 3, 1).reshape(batch, length, dim)"),
        merge("heads.transpose(-2, -1).reshape(batch, length, dim)"),
        merge("heads.reshape(batch, dim, length).transpose(1, 2)"),
        merge("heads.transpose(0, 1).reshape(batch, length, dim)"),
    ),
    Mistake(
        "softmax_over_queries",
        "Softmax runs over the queries instead of the keys",
        """scores[..., i, j] says how much position i looks at position j, and each position shares out its own
        attention: the weights of a row i sum to one over j, the last axis. Along the other axis the columns sum to
        one, and some positions get an output of almost no weight at all.""",
        replace(SOFTMAX, "weights = torch.softmax(scores, dim=-2).nan_to_num()"),
    ),
    Mistake(
        "softmax_overflows",
        "The largest score of a row is not subtracted before the exponential",
        """exp overflows to infinity above 709 (88 in float32), and infinity divided by infinity is NaN; far below
        zero every exponential is 0, and so is their sum. torch.softmax subtracts the largest score of each row
        first, which does not change the result. One maximum for the whole tensor is not enough: rows far below it
        underflow.""",
        replace(SOFTMAX, "weights = scores.exp() / scores.exp().sum(dim=-1, keepdim=True)"),
        [
            replace(SCALED, SCALED + "\n    scores = scores - scores.max()"),
            replace(SOFTMAX, "weights = scores.exp() / scores.exp().sum(dim=-1, keepdim=True)"),
        ],
    ),
    Mistake(
        "bias_dropped",
        "A bias is left out",
        """Both linear layers have a bias: bias_qkv is added to query, key and value, bias_out to the output. A
        layer without its bias still gives the right shape, and with biases of zero the right values; they show only
        in a trained model.""",
        replace(PROJECTED, "qkv = x @ weight_qkv.T"),
        replace(OUTPUT, "return merged @ weight_out.T"),
        [replace(PROJECTED, "qkv = x @ weight_qkv.T"), replace(OUTPUT, "return merged @ weight_out.T")],
    ),
    Mistake(
        "weight_out_not_transposed",
        "weight_out is not transposed",
        """PyTorch stores the weight of a linear layer as (outputs, inputs), so the layer computes x · weightᵀ +
        bias. weight_out is square: without the transposition the shapes fit all the same, and only the values tell.
        F.linear(x, weight, bias) transposes for you.""",
        replace(OUTPUT, "return merged @ weight_out + bias_out"),
        formula=r"y = x W^\top + b",
    ),
    Mistake(
        "nan_on_masked_row",
        "A fully masked row gives NaN",
        """When every score of a row is −∞, softmax computes 0/0. The NaN spreads to the output of that position,
        and from there over the gradients of all weights, so that a single such row ruins the training. Set the
        weights of blocked positions to 0 after softmax. nan_to_num repairs the output, but adding −∞ to the scores
        can leave NaN in the gradients: fill with masked_fill instead.""",
        replace(ZEROED, "weights = weights * 1.0"),
        [replace(FILLED, ADDED_INFINITY), replace(ZEROED, "weights = weights * 1.0")],
        [replace(FILLED, ADDED_INFINITY), replace(ZEROED, "weights = weights.nan_to_num()")],
    ),
    Mistake(
        "finite_mask_value",
        "Blocked scores become a large negative number instead of −∞",
        """−10⁹ works as long as some position is allowed. In a row where none is, all scores are equally bad, and
        softmax makes the best of it: the row attends to everything it must not see. With −∞ and weights set to 0
        where the mask blocks, it attends to nothing.""",
        [replace(FILLED, "scores = scores.masked_fill(blocked, -1e9)"), replace(ZEROED, "weights = weights * 1.0")],
        [replace(FILLED, "scores = scores - 1e9 * blocked"), replace(ZEROED, "weights = weights * 1.0")],
    ),
    Mistake(
        "mask_not_low_enough",
        "Blocked scores are lowered by too little",
        """A number such as −1000 stands in for −∞ only as long as every other score lies well above it. Scores may be
        anything: where those of the allowed positions fall below the number, or where a blocked score is so large that
        it stays on top after the number is subtracted, the blocked positions win. exp(−∞) is 0 whatever the others
        are.""",
        *(
            [replace(FILLED, f"scores = scores{lowered}"), zeroed]
            for lowered in TOO_HIGH
            for zeroed in (replace(ZEROED, "weights = weights * 1.0"), replace(ZEROED, ROWS_ZEROED))
        ),
        *(replace(FILLED, f"scores = scores{lowered}") for lowered in (TOO_HIGH[0], *TOO_HIGH[2:])),
        formula=r"e^{-1000} \Big/ \big(e^{-1000} + e^{-2000}\big) \approx 1, \quad e^{-\infty} = 0",
    ),
    Mistake(
        "blocked_in_softmax",
        "Blocked positions take part in the softmax before they are taken out",
        """Weights that are computed over all positions and then masked and divided by what is left come out right as
        long as the scores lie close together. Where a blocked position scores far above the others, its maximum or its
        share of the sum drives all others to 0, and what is left is 0/0, or next to nothing divided by the small number
        that was added to the divisor. A blocked position must not decide anything: set its score to −∞ first.""",
        *(
            [
                replace(FILLED, "scores = scores * 1.0"),
                replace(ZEROED, f"{ZEROED}\n    weights = weights / {divisor}"),
            ]
            for divisor in DIVISORS
        ),
    ),
    Mistake(
        "mask_leaks",
        "Blocked scores become 0 or −1 instead of −∞",
        """exp(0) is 1: a score of 0 is an ordinary score, and so is −1 or −10⁻⁹. The blocked position keeps a good
        part of the attention, and information flows from where it must not. Only −∞ gives the weight exp(−∞) = 0.""",
        *(
            [
                replace(FILLED, f"scores = scores.masked_fill(blocked, {number})"),
                replace(ZEROED, "weights = weights * 1.0"),
            ]
            for number in ("0.0", "-1.0")
        ),
    ),
    Mistake(
        "mask_ignored",
        "The mask is not used",
        """Every position attends to every other, whatever the mask forbids: a decoder would see the words it is to
        predict, and padding would take part. Give the blocked scores −∞ before softmax.""",
        [replace(FILLED, "scores = scores * 1.0"), replace(ZEROED, "weights = weights * 1.0")],
    ),
    Mistake(
        "mask_after_softmax",
        "The mask is applied after softmax, without renormalising",
        """Softmax has already shared out the attention among all positions. Setting some weights to zero afterwards
        leaves rows that sum to less than one, and the blocked positions still push down the others through the sum.
        Mask the scores with −∞ before softmax.""",
        replace(FILLED, "scores = scores * 1.0"),
    ),
    Mistake(
        "mask_broadcast_over_heads",
        "A mask (N, L, L) is spread over the heads instead of the batch",
        """Broadcasting lines shapes up from the right: against scores (N, heads, L, L) the first axis of a mask (N,
        L, L) meets the axis of the heads. That raises for most sizes, and with as many sequences as heads it
        silently gives each head the mask of a sequence. Insert the missing axis: mask.unsqueeze(1), or
        unsqueeze(-3) for both kinds.""",
        replace(BLOCKED, "blocked = ~mask"),
    ),
    Mistake(
        "masked_row_zeroed",
        "The output of a fully masked row is 0 instead of bias_out",
        """Such a row attends to nothing, so its merged heads are zero. The output projection then still adds its
        bias: 0 · weight_outᵀ + bias_out. Zero the attention weights, not the output.""",
        replace(
            OUTPUT, "return (merged @ weight_out.T + bias_out).masked_fill(blocked.all(dim=-1)[:, 0, :, None], 0.0)"
        ),
    ),
    Mistake(
        "modified_in_place",
        "An input is modified in place",
        """Methods whose name ends in an underscore (logical_not_, masked_fill_, mul_) and operators like += write
        into the tensor that the caller passed in, who then goes on with other numbers than before. Use the method
        without the underscore: it makes a new tensor.""",
        replace(BLOCKED, "blocked = mask.logical_not_().unsqueeze(-3)"),
    ),
    Mistake(
        "softmax_over_heads",
        "Softmax runs over the heads",
        """The scores are (N, heads, L, L): dimension 1 holds the heads, which are to be independent of each other. The
        weights of each query sum to one over the keys, the last dimension.""",
        replace(SOFTMAX, "weights = torch.softmax(scores, dim=1)"),
    ),
    Mistake(
        "input_added",
        "The input is added to the output",
        """The residual connection belongs to the layer around the attention, where a norm goes with it. Here only the
        projected heads are asked for.""",
        replace(OUTPUT, "return x + merged @ weight_out.T + bias_out"),
    ),
    Mistake(
        "causal_without_being_asked",
        "Without a mask the attention is causal",
        """mask=None means that every position may attend to every other one. Who wants no view of the future passes a
        causal mask.""",
        replace(NO_MASK, NO_MASK + ".tril()"),
    ),
    Mistake(
        "heads_in_reverse",
        "The heads are concatenated in another order",
        """Head j fills the features j·D/h … (j+1)·D/h − 1 of what weight_out takes in.""",
        replace(MERGED, MERGED.replace("transpose(1, 2)", "flip(1).transpose(1, 2)")),
    ),
    Mistake(
        "keys_for_values",
        "The weights are applied to the keys or the queries instead of the values",
        """Queries and keys decide where to look; what is averaged there are the values.""",
        replace("heads = weights @ value", "heads = weights @ key"),
        replace("heads = weights @ value", "heads = weights @ query"),
    ),
    Mistake(
        "mask_on_one_head",
        "The mask holds for some of the heads only",
        """All heads see the same positions: a mask of (N, L, L) gets a dimension for the heads, so that it broadcasts
        over them.""",
        replace(
            BLOCKED, f"{BLOCKED}.repeat(*([1] * (mask.ndim - 2)), num_heads, 1, 1)\n    blocked[..., 1:, :, :] = False"
        ),
    ),
    Mistake(
        "activation_on_the_output",
        "The output goes through an activation",
        """The output is the projection as it is, with values of both signs.""",
        replace(OUTPUT, f"return torch.relu({OUTPUT.removeprefix('return ')})"),
    ),
]
