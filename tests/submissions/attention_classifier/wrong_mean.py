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
        keep = tokens != self.padding_idx
        weights = F.softmax(scores.masked_fill(~keep, -torch.inf), dim=1)
        return torch.where(keep, weights, 0.0)

    def forward(self, tokens):
        if tokens.dim() != 2:
            raise ValueError("tokens")
        keep = (tokens != self.padding_idx).float().unsqueeze(-1).to(self.head.weight.dtype)
        total = (self.embedding(tokens) * keep).sum(dim=1)
        return self.head(total / keep.sum(dim=1).clamp(min=1))
