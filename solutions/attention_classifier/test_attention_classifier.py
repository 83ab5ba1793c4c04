"""The hidden suite of the attention classifier. Points: attention_weights 34, forward 47, the model itself 19."""

import numpy as np
import pytest
import torch

VOCABULARY, DIM, CLASSES = 9, 4, 3
SIZES = [VOCABULARY, DIM, CLASSES]
SHAPES = {
    "embedding.weight": (VOCABULARY, DIM),
    "score.weight": (1, DIM),
    "score.bias": (1,),
    "head.weight": (CLASSES, DIM),
    "head.bias": (CLASSES,),
}
LENGTH = 5
# Relative to the largest value: 1e-8 in the divisor of the softmax, which keeps a row of zeros from 0/0, is right.
SLACK = 1e-7
both_dtypes = pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])


def parameters(rng, dtype=torch.float64):
    """Parameters with which half of the words score below zero: a nonlinear function of the scores shows."""
    given = {name: torch.from_numpy(rng.normal(size=shape)).to(dtype) for name, shape in SHAPES.items()}
    scores = given["embedding.weight"] @ given["score.weight"][0]
    given["score.bias"][0] = -scores[1:].sort().values[3:5].mean()
    return given


def padding_scored(rng, above, padding_idx=0):
    """Parameters with which padding scores that far above the mean of the words."""
    given = parameters(rng)
    direction = given["score.weight"][0]
    scores = given["embedding.weight"] @ direction
    words = np.delete(np.arange(VOCABULARY), padding_idx)
    by = scores[words].mean() + above - scores[padding_idx]
    given["embedding.weight"][padding_idx] += by * direction / direction.square().sum()
    return given


def padding_scored_low(rng, padding_idx=0):
    """Parameters with which padding would take a small share: what divides by the words' own stays close to right."""
    return padding_scored(rng, -3.0, padding_idx)


def sentences(rng, lengths, padding_idx=0):
    """Sentences of that many different words each; the places left over, anywhere in the row, are padding."""
    words = np.delete(np.arange(VOCABULARY), padding_idx)
    tokens = np.full((len(lengths), LENGTH), padding_idx)
    for row, count in zip(tokens, lengths, strict=True):
        row[rng.permutation(LENGTH)[:count]] = rng.permutation(words)[:count]
    return torch.from_numpy(tokens)


@pytest.mark.points(10)
@pytest.mark.hint("score(embedding(tokens)) is (N, L, 1): softmax runs over L, the positions of one sentence.")
@both_dtypes
def test_weights(agree, rng, dtype):
    """The weights of a sentence are the softmax of its scores."""
    slack = SLACK if dtype == torch.float64 else None
    agree("classifier_weights", SIZES, {}, parameters(rng, dtype), sentences(rng, [LENGTH] * 3), atol=slack)


@pytest.mark.points(1)
@pytest.mark.hint("squeeze() drops every dimension of size 1: name the one that is meant.")
def test_weights_of_one(agree, rng):
    """A batch of one sentence, and sentences of one token."""
    given, tokens = parameters(rng), sentences(rng, [LENGTH] * 3)
    agree("classifier_weights", SIZES, {}, given, tokens[:1], atol=SLACK)
    agree("classifier_weights", SIZES, {}, given, tokens[:, :1], atol=SLACK)


@pytest.mark.points(8)
@pytest.mark.hint("Give the score of a padding position a value whose exponential is 0, before softmax.")
def test_weights_with_padding(agree, rng):
    """Padding, wherever it stands, has weight 0, and the other weights sum to one."""
    agree("classifier_weights", SIZES, {}, padding_scored_low(rng), sentences(rng, [3, 2, 4]), atol=SLACK)


@pytest.mark.points(2)
@pytest.mark.hint("Mask first: neither the largest score nor the sum may be one over padding.")
def test_weights_with_high_scores_on_padding(agree, rng):
    """Padding has no say in the weights even where its score lies far above the others."""
    for above in (26.0, 800.0, 40000.0):
        agree("classifier_weights", SIZES, {}, padding_scored(rng, above), sentences(rng, [3, 2, 4]), atol=SLACK)


@pytest.mark.points(1)
@pytest.mark.hint("Real scores may lie below any number that stands for a mask, but not below −∞.")
def test_weights_with_low_scores(agree, rng):
    """Padding has weight 0 even where all scores lie far below zero."""
    given = parameters(rng)
    given["score.bias"] -= 20000.0
    agree("classifier_weights", SIZES, {}, given, sentences(rng, [3, 2, 4]), atol=SLACK)


@pytest.mark.points(5)
@pytest.mark.hint("Which token means padding is an argument of the constructor.")
def test_weights_with_another_padding_idx(agree, rng):
    """padding_idx says which token is padding."""
    padding_idx = int(rng.integers(2, VOCABULARY))
    tokens = sentences(rng, [3, 2, 4], padding_idx)
    tokens[2, int((tokens[2] != padding_idx).nonzero()[0])] = 0
    given = padding_scored_low(rng, padding_idx)
    agree("classifier_weights", SIZES, {"padding_idx": padding_idx}, given, tokens, atol=SLACK)


@pytest.mark.points(6)
@pytest.mark.hint("With every score at −∞ softmax is 0/0. The weights of such a row are to be zero.")
def test_weights_of_padding_alone(agree, rng):
    """In a row of padding alone every weight is 0."""
    # Scores minus 10⁹, a common slip, have lost digits: the tolerance lets its values be recognised.
    agree("classifier_weights", SIZES, {}, padding_scored_low(rng), sentences(rng, [3, 0, 5]), rtol=1e-5, atol=1e-5)


@pytest.mark.points(3)
@pytest.mark.hint("exp overflows above 709. Subtracting the largest score of a sentence does not change its softmax.")
def test_weights_of_large_scores(agree, rng):
    """Scores in the thousands do not overflow."""
    given = parameters(rng)
    given["score.bias"] += torch.from_numpy(rng.uniform(2000.0, 3000.0, size=1))
    agree("classifier_weights", SIZES, {}, given, sentences(rng, [5, 4, 3]), atol=SLACK)


@pytest.mark.points(11)
@pytest.mark.hint("logits = head(Σ_l w_l · e_l): weigh the embeddings, sum over the positions, then classify.")
@both_dtypes
def test_logits(agree, rng, dtype):
    """The logits classify the weighted sum of the embeddings."""
    slack = SLACK if dtype == torch.float64 else None
    agree("classifier_logits", SIZES, {}, parameters(rng, dtype), sentences(rng, [LENGTH] * 3), atol=slack)


@pytest.mark.points(1)
@pytest.mark.hint("squeeze() drops every dimension of size 1: name the one that is meant.")
def test_logits_of_one(agree, rng):
    """The logits of a single sentence, and of sentences of one token."""
    given, tokens = parameters(rng), sentences(rng, [LENGTH] * 3)
    agree("classifier_logits", SIZES, {}, given, tokens[:1], atol=SLACK)
    agree("classifier_logits", SIZES, {}, given, tokens[:, :1], atol=SLACK)


@pytest.mark.points(8)
@pytest.mark.hint("Neither the embedding of the padding token nor how often it stands there may change the logits.")
def test_logits_with_padding(agree, rng):
    """Padding, wherever it stands, does not influence the logits."""
    agree("classifier_logits", SIZES, {}, padding_scored_low(rng), sentences(rng, [3, 2, 4]), atol=SLACK)


@pytest.mark.points(2)
@pytest.mark.hint("Mask first: neither the largest score nor the sum may be one over padding.")
def test_logits_with_high_scores_on_padding(agree, rng):
    """Padding does not influence the logits even where its score lies far above the others."""
    for above in (26.0, 800.0, 40000.0):
        agree("classifier_logits", SIZES, {}, padding_scored(rng, above), sentences(rng, [3, 2, 4]), atol=SLACK)


@pytest.mark.points(4)
@pytest.mark.hint("Which token means padding is an argument of the constructor.")
def test_logits_with_another_padding_idx(agree, rng):
    """padding_idx says which token is padding."""
    padding_idx = int(rng.integers(2, VOCABULARY))
    tokens = sentences(rng, [3, 2, 4], padding_idx)
    tokens[2, int((tokens[2] != padding_idx).nonzero()[0])] = 0
    given = padding_scored_low(rng, padding_idx)
    agree("classifier_logits", SIZES, {"padding_idx": padding_idx}, given, tokens, atol=SLACK)


@pytest.mark.points(6)
@pytest.mark.hint("Σ w·e is zero where every weight is zero; head then gives its bias.")
def test_logits_of_padding_alone(agree, rng):
    """A row of padding alone gives the bias of head."""
    agree("classifier_logits", SIZES, {}, padding_scored_low(rng), sentences(rng, [3, 0, 5]), rtol=1e-5, atol=1e-5)


@pytest.mark.points(3)
@pytest.mark.hint("Nothing here depends on the mode.")
def test_evaluation_mode(agree, rng):
    """After eval() and without gradients the logits are the same."""
    agree("classifier_logits", SIZES, {}, parameters(rng), sentences(rng, [3, 5]), training=False, atol=SLACK)


@pytest.mark.points(8)
@pytest.mark.hint("Stay with torch operations from the embeddings to the logits: no detach, no NumPy, no .data.")
def test_gradients(agree, rng):
    """Gradients reach every parameter."""
    agree("classifier_gradients", SIZES, {}, parameters(rng), sentences(rng, [LENGTH, LENGTH]), atol=10 * SLACK)


@pytest.mark.points(4)
@pytest.mark.hint("A NaN that is replaced only in the weights may still be there on the way back.")
def test_gradients_with_padding_alone(agree, rng):
    """Gradients stay finite with a row of padding alone, and the padding's embedding gets none."""
    agree("classifier_gradients", SIZES, {}, padding_scored_low(rng), sentences(rng, [4, 0, 2]), atol=10 * SLACK)


@pytest.mark.points(6)
@pytest.mark.hint("embedding, score and head hold all parameters; both linear layers have a bias.")
def test_parameters(agree):
    """The model has the parameters of its three submodules and no others."""
    agree("classifier_parameters", SIZES, list(SHAPES))
    agree("classifier_construction", [1, 1, 1], {})


@pytest.mark.points(5)
@pytest.mark.hint("Token ids are names, not quantities: the embedding turns them into features.")
@pytest.mark.reveals("embedding_dropped")
def test_embedding_takes_part(agree, rng):
    """The logits depend on an embedding of the tokens."""
    agree("classifier_embeddings_used", SIZES, sentences(rng, [LENGTH] * 4))


@pytest.mark.points(3)
@pytest.mark.hint("Methods whose name ends in an underscore write into the caller's tensor.")
@pytest.mark.reveals("modified_in_place")
def test_tokens_are_left_alone(agree, rng):
    """The tokens are not modified."""
    arguments = SIZES, {"padding_idx": 3}, parameters(rng), sentences(rng, [3, 4], padding_idx=3)
    agree("classifier_weights", *arguments, part="arguments after the call")
    agree("classifier_logits", *arguments, part="arguments after the call")


@pytest.mark.points(3)
@pytest.mark.hint("The padding token is one of the vocabulary.")
def test_padding_idx_out_of_range(agree):
    """A padding_idx outside the vocabulary is refused."""
    agree("classifier_construction", SIZES, {"padding_idx": VOCABULARY}, any_error=True)
