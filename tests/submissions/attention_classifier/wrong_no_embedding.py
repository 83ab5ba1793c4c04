import torch
import torch.nn as nn
import torch.nn.functional as F


class AttentionClassifier(nn.Module):
    def __init__(self, vocab_size, embedding_dim, num_classes, padding_idx=0):
        super().__init__()
        if not 0 <= padding_idx < vocab_size:
            raise ValueError("padding_idx")
        self.padding_idx = padding_idx
        self.embedding = nn.Embedding(vocab_size, embedding_dim, padding_idx=padding_idx)
        self.score = nn.Linear(embedding_dim, 1)
        self.head = nn.Linear(embedding_dim, num_classes)

    def attention_weights(self, tokens):
        if tokens.dim() != 2:
            raise ValueError("tokens")
        scores = self.score(self.embedding(tokens)).squeeze(-1)
        pad = tokens == self.padding_idx
        weights = F.softmax(scores.masked_fill(pad, -torch.inf), dim=1)
        return weights.masked_fill(pad, 0.0)

    def forward(self, tokens):
        x = tokens.to(self.head.weight.dtype).unsqueeze(-1).repeat(1, 1, self.head.in_features)
        pooled = (self.attention_weights(tokens).unsqueeze(-1) * x).sum(dim=1)
        return self.head(pooled)
