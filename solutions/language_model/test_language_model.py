"""The hidden suite of language_model. Points: shift_targets 25, next_token_loss 45, perplexity 30."""

import pytest
import torch

V = 7  # the vocabulary of the examples

both_dtypes = pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])


def token_ids(rng, *shape):
    """Ids that hardly ever repeat, so that no two columns are alike."""
    return torch.from_numpy(rng.integers(1, 10_000, size=shape))


def draw_logits(rng, batch, length, dtype=torch.float64):
    return torch.from_numpy(1.5 * rng.normal(size=(batch, length, V))).to(dtype)


def draw_targets(rng, lengths, pad_id=0):
    """Sentences of these lengths, padded to the longest; none of their tokens is the padding."""
    ids = [token for token in range(V) if token != pad_id]
    targets = torch.full((len(lengths), max(lengths)), pad_id)
    for row, length in enumerate(lengths):
        targets[row, :length] = torch.from_numpy(rng.choice(ids, size=length))
    return targets


def surprising(logits, targets, pad_id=0):
    """Logits and targets: of the first token that counts, so little is expected that a small number beside its
    probability always shows."""
    row, place = (targets != pad_id).nonzero()[0]
    logits[row, place, targets[row, place]] = -30.0
    return logits, targets


def padded(rng, dtype=torch.float64, lengths=(2, 5, 1)):
    return surprising(draw_logits(rng, len(lengths), max(lengths), dtype), draw_targets(rng, lengths))


def unpadded(rng, batch, length, dtype=torch.float64):
    return surprising(draw_logits(rng, batch, length, dtype), draw_targets(rng, [length] * batch))


def all_padding(rng, dtype=torch.float64):
    return draw_logits(rng, 2, 3, dtype), torch.zeros(2, 3, dtype=torch.int64)


@pytest.mark.points(16)
@pytest.mark.hint("At each position the target is the token that comes next in the same sentence.")
@pytest.mark.parametrize(("batch", "length"), [(3, 6), (4, 4)])
def test_shift(agree, rng, batch, length):
    """Each of {length} tokens in {batch} sentences is paired with its successor."""
    agree("shift_targets", token_ids(rng, batch, length))


@pytest.mark.points(3)
@pytest.mark.hint("Inputs and targets both have L − 1 columns, here one.")
def test_shift_shortest(agree, rng):
    """One sentence of two tokens gives one input and one target."""
    agree("shift_targets", token_ids(rng, 1, 2))


@pytest.mark.points(3)
@pytest.mark.hint("L − 1 is 0 here: two tensors of shape (N, 0).")
def test_shift_single_token(agree, rng):
    """Sentences of a single token leave nothing to predict."""
    agree("shift_targets", token_ids(rng, 3, 1))


@pytest.mark.points(3)
@pytest.mark.hint("Slices of tokens will do; nothing has to be written.")
@pytest.mark.reveals("modified_in_place")
def test_shift_leaves_tokens_alone(agree, rng):
    """The tokens keep their values."""
    agree("inputs_after", "shift_targets", token_ids(rng, 3, 5))


@pytest.mark.points(8)
@pytest.mark.hint("The loss of one position is −log softmax(logits)[target]; cross-entropy takes raw scores.")
@both_dtypes
def test_loss(agree, rng, dtype):
    """The mean loss of sentences without padding, in {dtype}."""
    agree("next_token_loss", *unpadded(rng, 3, 4, dtype))


@pytest.mark.points(2)
@pytest.mark.hint("The vocabulary is the last dimension of logits, however long the sentences are.")
def test_loss_length_of_vocabulary(agree, rng):
    """Sentences as long as the vocabulary is large."""
    agree("next_token_loss", *unpadded(rng, 2, V))


@pytest.mark.points(8)
@pytest.mark.hint("Add up the losses of all real tokens of the batch, then divide by how many there are.")
@both_dtypes
def test_loss_padded(agree, rng, dtype):
    """Sentences of different lengths: every token but the padding counts the same, in {dtype}."""
    agree("next_token_loss", *padded(rng, dtype))


@pytest.mark.points(2)
@pytest.mark.hint("A sentence without tokens adds nothing to the sum and nothing to the count.")
def test_loss_with_an_empty_sentence(agree, rng):
    """Sentences of nothing but padding add nothing, also beside a single token."""
    agree("next_token_loss", *padded(rng, lengths=(3, 0, 4)))
    agree("next_token_loss", *padded(rng, lengths=(0, 1)))


@pytest.mark.points(5)
@pytest.mark.hint("Use the argument pad_id. It need not be 0.")
@pytest.mark.parametrize("pad_id", [3, V - 1])
def test_loss_pad_id(agree, rng, pad_id):
    """The padding has the id {pad_id}, and 0 is a token like any other."""
    targets = draw_targets(rng, (2, 5, 3), pad_id)
    targets[1, 1] = 0
    agree("next_token_loss", *surprising(draw_logits(rng, 3, 5), targets, pad_id), pad_id=pad_id)


@pytest.mark.points(2)
@pytest.mark.hint("The mean of no numbers is 0/0: decide what to divide by when there are none.")
@pytest.mark.reveals("nan_when_all_padding")
def test_loss_of_padding_is_a_number(agree, rng):
    """A batch of nothing but padding does not give NaN."""
    agree("number_or_nan", "next_token_loss", *all_padding(rng))


@pytest.mark.points(3)
@pytest.mark.hint("With nothing to predict nothing is lost.")
@both_dtypes
def test_loss_of_padding(agree, rng, dtype):
    """A batch of nothing but padding has loss 0 in {dtype}."""
    agree("next_token_loss", *all_padding(rng, dtype))


@pytest.mark.points(6)
@pytest.mark.hint("Keep to torch operations, without .item() or detach, and autograd does it.")
def test_loss_gradient(agree, rng):
    """The gradient of the loss in logits is right, and zero on padding."""
    agree("gradients", "next_token_loss", *padded(rng))


@pytest.mark.points(3)
@pytest.mark.hint("A fresh torch.tensor(0.0) has no graph: compute the 0 from logits.")
def test_loss_gradient_of_padding(agree, rng):
    """With nothing but padding the gradient in logits is there, and zero."""
    agree("gradients", "next_token_loss", *all_padding(rng))


@pytest.mark.points(2)
@pytest.mark.hint("log(softmax(x)) underflows to log(0); log_softmax and cross_entropy do not.")
def test_loss_large_scores(agree, rng):
    """Scores in the thousands give a finite loss."""
    logits, targets = padded(rng)
    agree("next_token_loss", 1000 * logits, targets)


@pytest.mark.points(1)
@pytest.mark.hint("Mask the losses, not the caller's logits or targets.")
@pytest.mark.reveals("modified_in_place")
def test_loss_leaves_inputs_alone(agree, rng):
    """Logits and targets keep their values."""
    agree("inputs_after", "next_token_loss", *padded(rng))


@pytest.mark.points(3)
@pytest.mark.hint("Check the rank of logits and the range of the ids before anything else.")
@pytest.mark.parametrize("wrong", ["rank", "id"])
def test_loss_arguments(agree, rng, wrong):
    """Logits or ids that do not fit are refused."""
    logits, targets = unpadded(rng, 3, 4)
    if wrong == "rank":
        logits = logits[0]
    else:
        targets[1, 2] = V
    agree("next_token_loss", logits, targets, any_error=True)


@pytest.mark.points(6)
@pytest.mark.hint("Perplexity is exp of the mean loss, nothing more.")
@both_dtypes
def test_perplexity(agree, rng, dtype):
    """Perplexity without padding, in {dtype}."""
    agree("perplexity", *unpadded(rng, 3, 3, dtype))


@pytest.mark.points(8)
@pytest.mark.hint("One mean over all real tokens of the batch comes first, exp last.")
@both_dtypes
def test_perplexity_padded(agree, rng, dtype):
    """Perplexity of sentences of different lengths, in {dtype}."""
    agree("perplexity", *padded(rng, dtype))


@pytest.mark.points(2)
@pytest.mark.hint("A sentence without tokens adds nothing to the sum and nothing to the count.")
def test_perplexity_with_an_empty_sentence(agree, rng):
    """Sentences of nothing but padding add nothing, also beside a single token."""
    agree("perplexity", *padded(rng, lengths=(3, 0, 4)))
    agree("perplexity", *padded(rng, lengths=(0, 1)))


@pytest.mark.points(3)
@pytest.mark.hint("Use the argument pad_id. It need not be 0.")
@pytest.mark.parametrize("pad_id", [3, V - 1])
def test_perplexity_pad_id(agree, rng, pad_id):
    """The padding has the id {pad_id}, and 0 is a token like any other."""
    targets = draw_targets(rng, (2, 4, 3), pad_id)
    targets[1, 1] = 0
    agree("perplexity", *surprising(draw_logits(rng, 3, 4), targets, pad_id), pad_id=pad_id)


@pytest.mark.points(2)
@pytest.mark.hint("The mean of no numbers is 0/0: decide what to divide by when there are none.")
@pytest.mark.reveals("nan_when_all_padding")
def test_perplexity_of_padding_is_a_number(agree, rng):
    """A batch of nothing but padding does not have the perplexity NaN."""
    agree("number_or_nan", "perplexity", *all_padding(rng))


@pytest.mark.points(3)
@pytest.mark.hint("The mean loss is 0 then, and exp(0) is 1.")
@both_dtypes
def test_perplexity_of_padding(agree, rng, dtype):
    """A batch of nothing but padding has perplexity 1 in {dtype}."""
    agree("perplexity", *all_padding(rng, dtype))


@pytest.mark.points(4)
@pytest.mark.hint("torch.exp keeps the graph, math.exp does not.")
def test_perplexity_gradient(agree, rng):
    """The gradient of the perplexity in logits is right."""
    agree("gradients", "perplexity", *padded(rng))


@pytest.mark.points(2)
@pytest.mark.hint("The same arguments are wrong here as in next_token_loss.")
def test_perplexity_arguments(agree, rng):
    """Ids that do not fit are refused."""
    logits, targets = unpadded(rng, 3, 4)
    targets[1, 2] = V
    agree("perplexity", logits, targets, any_error=True)
