"""Next-token prediction and perplexity

A language model learns to predict every token of a sentence from the tokens before it. N sentences of L token
ids each fill one batch; shorter sentences are padded with the id `pad_id`, and V is the size of the vocabulary.

1. `shift_targets(tokens)` takes integer ids (N, L), L ≥ 1, and returns `(inputs, targets)`, both (N, L−1) and of
   the dtype of tokens: what the model reads and, at the same position, the token it should predict from what it
   has read so far, which is the next one of the sentence.
2. `next_token_loss(logits, targets, pad_id=0)` takes logits (N, L, V), raw scores, and integer targets (N, L). It
   returns the mean of −log softmax(logits[n, l])[targets[n, l]] over all positions of the batch whose target is
   not `pad_id`. If there is none, it returns 0, still connected to logits, so that backward gives zeros.
3. `perplexity(logits, targets, pad_id=0)` takes the same and returns exp(mean loss), thus 1 if all is padding.

Both results are 0-dim tensors of the dtype and device of logits, differentiable by autograd in logits. No input
is modified. ValueError: tokens of any rank but 2 or with L = 0; logits of any rank but 3; targets whose shape is
not that of logits without V; a target other than `pad_id` outside 0..V−1.

>>> inputs, targets = shift_targets(torch.tensor([[5, 3, 7, 0]]))
>>> inputs.tolist(), targets.tolist()
([[5, 3, 7]], [[3, 7, 0]])
>>> logits = torch.log(torch.tensor([[[0.2, 0.5, 0.3], [0.2, 0.6, 0.2], [0.1, 0.1, 0.8]]]))
>>> targets = torch.tensor([[1, 2, 0]])
>>> round(next_token_loss(logits, targets).item(), 4), round(perplexity(logits, targets).item(), 4)
(1.1513, 3.1623)
"""

import torch


def shift_targets(tokens: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """(inputs, targets), both (N, L−1), from tokens (N, L)."""
    # TODO
    raise NotImplementedError("shift_targets")


def next_token_loss(logits: torch.Tensor, targets: torch.Tensor, pad_id: int = 0) -> torch.Tensor:
    """The mean cross-entropy over the non-padding targets, a 0-dim tensor."""
    # TODO: mind the batch in which every target is padding
    raise NotImplementedError("next_token_loss")


def perplexity(logits: torch.Tensor, targets: torch.Tensor, pad_id: int = 0) -> torch.Tensor:
    """exp of the mean cross-entropy over the non-padding targets, a 0-dim tensor."""
    # TODO
    raise NotImplementedError("perplexity")
