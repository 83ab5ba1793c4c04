import torch
from torch import nn


class AttentionClassifier(nn.Module):
    """Exponentials with the row maximum taken out, normalised by hand."""

    def __init__(self, vocab_size: int, embedding_dim: int, num_classes: int, padding_idx: int = 0):
        if not (0 <= padding_idx < vocab_size and embedding_dim > 0 and num_classes > 0):
            raise ValueError("bad sizes")
        super().__init__()
        self.register_buffer("padding", torch.tensor(padding_idx), persistent=False)
        self.head = nn.Linear(embedding_dim, num_classes)
        self.score = nn.Linear(embedding_dim, 1)
        self.embedding = nn.Embedding(vocab_size, embedding_dim, padding_idx)

    def _weights(self, tokens, embedded):
        keep = tokens.ne(self.padding)
        s = self.score(embedded)[..., 0]
        lowest = torch.finfo(s.dtype).min
        s = s - s.masked_fill(~keep, lowest).amax(dim=1, keepdim=True).detach()
        e = torch.where(keep, s.masked_fill(~keep, 0).exp(), s.new_zeros(()))
        total = e.sum(1, keepdim=True)
        return e / torch.where(total > 0, total, torch.ones_like(total))

    def attention_weights(self, tokens):
        if tokens.ndim != 2 or tokens.is_floating_point():
            raise ValueError("tokens")
        return self._weights(tokens, self.embedding(tokens))

    def forward(self, tokens):
        if tokens.ndim != 2 or tokens.is_floating_point():
            raise ValueError("tokens")
        embedded = self.embedding(tokens)
        pooled = torch.einsum("nl,nld->nd", self._weights(tokens, embedded), embedded)
        return self.head(pooled)
