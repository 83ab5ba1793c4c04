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
        e = self.embedding(tokens)
        weights = torch.softmax(self.score(e), dim=-1)
        weights = weights * (tokens != self.padding_idx).unsqueeze(-1)
        return weights.squeeze(-1)

    def forward(self, tokens):
        weights = self.attention_weights(tokens)
        return self.head((weights.unsqueeze(-1) * self.embedding(tokens)).sum(1))
