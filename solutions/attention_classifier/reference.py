"""Text classifier with attention pooling (Bahdanau et al. 2015; Yang et al. 2016): one learned score a token."""

import torch
from torch import nn


def check_sizes(**sizes):
    for name, size in sizes.items():
        if size < 1:
            raise ValueError(f"{name} must be at least 1, not {size}")


def check_tokens(tokens, vocab_size):
    if tokens.ndim != 2:
        raise ValueError(f"tokens must have shape (N, L), not {tuple(tokens.shape)}")
    if tokens.dtype not in (torch.int64, torch.int32):
        raise ValueError(f"tokens must be integers, not {tokens.dtype}")
    if ((tokens < 0) | (tokens >= vocab_size)).any():
        raise ValueError(f"a token is outside 0..{vocab_size - 1}")


class AttentionClassifier(nn.Module):
    def __init__(self, vocab_size, embedding_dim, num_classes, padding_idx=0):
        super().__init__()
        check_sizes(vocab_size=vocab_size, embedding_dim=embedding_dim, num_classes=num_classes)
        if not 0 <= padding_idx < vocab_size:
            raise ValueError(f"padding_idx {padding_idx} is outside 0..{vocab_size - 1}")
        self.padding_idx = padding_idx
        self.embedding = nn.Embedding(vocab_size, embedding_dim, padding_idx=padding_idx)
        self.score = nn.Linear(embedding_dim, 1)
        self.head = nn.Linear(embedding_dim, num_classes)

    def attention_weights(self, tokens):
        check_tokens(tokens, self.embedding.num_embeddings)
        features = self.embedding(tokens)
        scores = self.score(features).squeeze(-1)
        is_padding = tokens == self.padding_idx
        masked_scores = scores.masked_fill(is_padding, -torch.inf)
        weights = torch.softmax(masked_scores, dim=1)
        # A row of padding alone has just become 0/0; the second mask makes it zero, its gradient too.
        return weights.masked_fill(is_padding, 0.0)

    def forward(self, tokens):
        weights = self.attention_weights(tokens)
        embedded = self.embedding(tokens)
        weighted = weights.unsqueeze(-1) * embedded
        pooled = weighted.sum(dim=1)
        return self.head(pooled)
