"""A text classifier with attention pooling

A sentence of L tokens becomes one vector: each token gets a learned score, the scores become weights,
and the weighted sum of the embeddings is classified. D is embedding_dim, K is num_classes.

    e = embedding(tokens)                          (N, L, D)
    w = softmax of score(e) over the positions of one sentence that are not padding     (N, L)
    logits = head(Σ_l w_l · e_l)                   (N, K)

Required submodules, with PyTorch's default settings and no parameters besides theirs:
`embedding`, nn.Embedding(vocab_size, D) (with or without its padding_idx); `score`, nn.Linear(D, 1);
`head`, nn.Linear(D, K).

1. `attention_weights(tokens)` returns w. A position whose token is `padding_idx` has weight 0; in a row
   of padding alone every weight is 0, never NaN. The other rows sum to one.
2. `forward(tokens)` returns the logits, not probabilities. Padding never influences them: appending
   padding to a sentence changes nothing, nor does the padding token's embedding. A row of padding alone
   gives the bias of `head`.

tokens are integers (int64) of shape (N, L). Weights and logits have the dtype of the parameters (float64
after `model.double()`) and are differentiable in every parameter; all gradients are finite, with a row of
padding too. A size below 1, a padding_idx outside 0..vocab_size−1, tokens that are not 2-D or not
integers, and a token outside 0..vocab_size−1 raise ValueError. tokens is not modified.

>>> model = AttentionClassifier(vocab_size=3, embedding_dim=1, num_classes=2)
>>> model.embedding.weight.data = torch.tensor([[0.0], [1.0], [2.0]])
>>> model.score.weight.data = torch.tensor([[1.0]])
>>> model.attention_weights(torch.tensor([[1, 2, 0]])).detach()
tensor([[0.2689, 0.7311, 0.0000]])
"""

import torch
from torch import nn


class AttentionClassifier(nn.Module):
    """Classifies sentences of token ids by an attention-weighted sum of their embeddings."""

    def __init__(self, vocab_size: int, embedding_dim: int, num_classes: int, padding_idx: int = 0):
        """Create `embedding`, `score` and `head`."""
        super().__init__()
        # TODO
        raise NotImplementedError("AttentionClassifier")

    def attention_weights(self, tokens: torch.Tensor) -> torch.Tensor:
        """The weight of every position, (N, L): zero on padding."""
        # TODO
        raise NotImplementedError("AttentionClassifier.attention_weights")

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """The logits (N, K) of sentences of token ids (N, L)."""
        # TODO
        raise NotImplementedError("AttentionClassifier.forward")
