"""The attention classifier against a loop over single sentences without their padding."""

import pytest
import torch
from torch.func import functional_call

TOKENS = torch.tensor([[1, 2, 3, 0], [4, 0, 4, 0], [0, 0, 0, 0], [5, 4, 3, 2]])


def build(reference, dtype=torch.float64, padding_idx=0):
    torch.manual_seed(0)
    model = reference.AttentionClassifier(6, 3, 2, padding_idx).to(dtype)
    model.embedding.weight.data.normal_()
    return model


def one_sentence(model, row, padding_idx=0):
    """Weights and logits by explicit sums over the words that are there."""
    table, (u, b), head = model.embedding.weight, model.score.parameters(), model.head
    words = [i for i, token in enumerate(row.tolist()) if token != padding_idx]
    exponentials = {i: torch.exp(table[row[i]] @ u[0] + b[0]) for i in words}
    total = sum(exponentials.values())
    weights = torch.zeros(len(row), dtype=table.dtype)
    pooled = torch.zeros(table.shape[1], dtype=table.dtype)
    for i in words:
        weights[i] = exponentials[i] / total
        pooled = pooled + weights[i] * table[row[i]]
    return weights, head.weight @ pooled + head.bias


@pytest.mark.parametrize("padding_idx", [0, 4])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_weights_and_logits_equal_a_loop_over_sentences(reference, dtype, padding_idx):
    model = build(reference, dtype, padding_idx)
    expected = [one_sentence(model, row, padding_idx) for row in TOKENS]
    weights, logits = model.attention_weights(TOKENS), model(TOKENS)
    assert weights.dtype == logits.dtype == dtype
    torch.testing.assert_close(weights, torch.stack([w for w, _ in expected]))
    torch.testing.assert_close(logits, torch.stack([y for _, y in expected]))


def test_a_row_of_padding_has_no_weights_and_the_bias_as_logits(reference):
    model = build(reference)
    padding = torch.zeros(1, 3, dtype=torch.int64)
    assert model.attention_weights(padding).tolist() == [[0.0, 0.0, 0.0]]
    torch.testing.assert_close(model(padding)[0], model.head.bias)
    assert model.attention_weights(padding[:, :0]).shape == (1, 0)
    torch.testing.assert_close(model(padding[:, :0])[0], model.head.bias)


def test_padding_never_influences_the_output(reference):
    model = build(reference)
    before = model(TOKENS)
    longer = torch.cat([TOKENS, torch.zeros(4, 3, dtype=torch.int64)], dim=1)
    torch.testing.assert_close(model(longer), before)
    model.embedding.weight.data[0] = 100.0
    torch.testing.assert_close(model(TOKENS), before, rtol=0, atol=0)


def test_large_scores_stay_finite(reference):
    model = build(reference)
    model.score.bias.data.fill_(1000.0)
    torch.testing.assert_close(model.attention_weights(TOKENS).sum(dim=1), torch.tensor([1.0, 1, 0, 1]).double())


def test_gradients_equal_numeric_ones_with_a_row_of_padding(reference):
    model = build(reference)
    names, parameters = zip(*((n, p.detach().requires_grad_()) for n, p in model.named_parameters()), strict=True)

    def logits(*values):
        return functional_call(model, dict(zip(names, values, strict=True)), (TOKENS,))

    # The finite difference is 0 for the padding row of the table, as is nn.Embedding's own gradient.
    assert torch.autograd.gradcheck(logits, parameters)
    assert all(p.isfinite().all() for p in torch.autograd.grad(model(TOKENS).sum(), list(model.parameters())))


def test_the_parameters_are_those_of_the_three_submodules(reference):
    shapes = {name: tuple(p.shape) for name, p in build(reference).named_parameters()}
    assert shapes == {
        "embedding.weight": (6, 3),
        "score.weight": (1, 3),
        "score.bias": (1,),
        "head.weight": (2, 3),
        "head.bias": (2,),
    }


def test_tokens_and_random_state_are_left_alone(reference):
    model, tokens = build(reference), TOKENS.clone()
    state = torch.get_rng_state()
    model(tokens)
    assert torch.equal(tokens, TOKENS)
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize("arguments", [(0, 3, 2), (6, 0, 2), (6, 3, 0), (6, 3, 2, 6), (6, 3, 2, -1)])
def test_bad_constructor_arguments_raise(reference, arguments):
    with pytest.raises(ValueError, match=r"at least 1|padding_idx"):
        reference.AttentionClassifier(*arguments)


@pytest.mark.parametrize("method", ["forward", "attention_weights"])
def test_bad_tokens_raise(reference, method):
    call = getattr(build(reference), method)
    for tokens in (torch.tensor([1, 2]), torch.tensor([[1.0]]), torch.tensor([[6]]), torch.tensor([[-1]])):
        with pytest.raises(ValueError, match="token"):
            call(tokens)
