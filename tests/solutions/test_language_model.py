"""The language-model reference against probabilities summed by hand and central differences."""

import math

import pytest
import torch

N, L, V = 3, 5, 7
TARGETS = torch.tensor([[1, 4, 6, 0, 0], [2, 0, 0, 0, 0], [3, 3, 5, 1, 6]])


def draw(*shape, dtype=torch.float64, scale=3.0, seed=0):
    return scale * torch.randn(*shape, dtype=dtype, generator=torch.Generator().manual_seed(seed))


def mean_loss_by_hand(logits, targets, pad_id):
    losses = []
    for row, row_targets in zip(logits.tolist(), targets.tolist(), strict=True):
        for scores, target in zip(row, row_targets, strict=True):
            if target != pad_id:
                losses.append(math.log(sum(math.exp(s - scores[target]) for s in scores)))
    return sum(losses) / len(losses)


@pytest.mark.parametrize("dtype", [torch.int32, torch.int64])
def test_targets_are_the_next_tokens(reference, dtype):
    tokens = torch.tensor([[5, 3, 7, 0], [9, 2, 4, 1]], dtype=dtype)
    inputs, targets = reference.shift_targets(tokens)
    assert inputs.tolist() == [[5, 3, 7], [9, 2, 4]]
    assert targets.tolist() == [[3, 7, 0], [2, 4, 1]]
    assert inputs.dtype == targets.dtype == dtype
    assert tokens.tolist() == [[5, 3, 7, 0], [9, 2, 4, 1]]


def test_one_token_has_no_next_one(reference):
    inputs, targets = reference.shift_targets(torch.ones(4, 1, dtype=torch.int64))
    assert inputs.shape == targets.shape == (4, 0)


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 1e-5), (torch.float64, 1e-12)])
@pytest.mark.parametrize("pad_id", [0, 3, -100])
def test_loss_and_perplexity_by_hand(reference, dtype, tolerance, pad_id):
    logits = draw(N, L, V, dtype=dtype)
    targets = TARGETS.masked_fill(TARGETS == 2, -100) if pad_id == -100 else TARGETS
    expected = mean_loss_by_hand(logits, targets, pad_id)
    loss = reference.next_token_loss(logits, targets, pad_id)
    perplexity = reference.perplexity(logits, targets, pad_id)
    assert loss.shape == perplexity.shape == ()
    assert loss.dtype == perplexity.dtype == dtype
    assert loss.item() == pytest.approx(expected, rel=tolerance)
    assert perplexity.item() == pytest.approx(math.exp(expected), rel=5 * tolerance)


def test_default_padding_is_zero(reference):
    logits = draw(N, L, V)
    assert reference.next_token_loss(logits, TARGETS) == reference.next_token_loss(logits, TARGETS, pad_id=0)
    assert reference.perplexity(logits, TARGETS) == reference.perplexity(logits, TARGETS, pad_id=0)


def test_uniform_scores_have_the_vocabulary_as_perplexity(reference):
    logits = torch.full((N, L, V), 2.5, dtype=torch.float64)
    assert reference.perplexity(logits, TARGETS).item() == pytest.approx(V, rel=1e-12)


def test_large_scores_stay_finite(reference):
    logits = torch.zeros(1, 1, V)
    logits[0, 0, 2] = 1e4
    assert reference.next_token_loss(logits, torch.tensor([[3]])).item() == pytest.approx(1e4)


@pytest.mark.parametrize("length", [0, L])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_nothing_but_padding(reference, dtype, length):
    targets = torch.zeros(N, length, dtype=torch.int64)
    for function, value in [(reference.next_token_loss, 0.0), (reference.perplexity, 1.0)]:
        logits = draw(N, length, V, dtype=dtype).requires_grad_()
        result = function(logits, targets)
        result.backward()
        assert result.item() == value
        assert result.dtype == dtype
        assert torch.equal(logits.grad, torch.zeros_like(logits))


def test_gradients(reference):
    logits = draw(N, L, V, scale=1.0).requires_grad_()
    assert torch.autograd.gradcheck(lambda x: reference.next_token_loss(x, TARGETS), [logits])
    assert torch.autograd.gradcheck(lambda x: reference.perplexity(x, TARGETS), [logits])


def test_inputs_stay_as_they_were(reference):
    logits, targets = draw(N, L, V), TARGETS.clone()
    reference.perplexity(logits, targets)
    assert reference.next_token_loss(logits, targets.int()) == reference.next_token_loss(logits, targets)
    assert torch.equal(logits, draw(N, L, V))
    assert torch.equal(targets, TARGETS)


@pytest.mark.parametrize("shape", [(4,), (2, 3, 4), (2, 0)])
def test_tokens_of_a_wrong_shape_raise(reference, shape):
    with pytest.raises(ValueError, match="token"):
        reference.shift_targets(torch.zeros(shape, dtype=torch.int64))


@pytest.mark.parametrize("name", ["next_token_loss", "perplexity"])
def test_bad_arguments_raise(reference, name):
    function = getattr(reference, name)
    with pytest.raises(ValueError, match="3 dimensions"):
        function(torch.zeros(N, V), TARGETS)
    with pytest.raises(ValueError, match="shape"):
        function(torch.zeros(N, L + 1, V), TARGETS)
    for target in (V, -1):
        with pytest.raises(ValueError, match=r"0\.\.6"):
            function(torch.zeros(N, L, V), TARGETS.masked_fill(TARGETS == 6, target))
