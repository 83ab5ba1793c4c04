import torch
import torch.nn.functional as F
from torch import nn


class AttentionPooling(nn.Module):
    def forward(self, x, scores, mask):
        scores = scores.masked_fill(mask, float("-inf"))
        weights = F.softmax(scores, dim=-1).nan_to_num(0.0)
        return weights, torch.bmm(weights.unsqueeze(1), x).squeeze(1)


class AttentionClassifier(nn.Module):
    def __init__(self, vocab_size, embedding_dim, num_classes, padding_idx=0):
        super().__init__()
        if padding_idx not in range(vocab_size):
            raise ValueError(padding_idx)
        self.embedding = nn.Embedding(vocab_size, embedding_dim, padding_idx=padding_idx)
        self.score = nn.Linear(embedding_dim, 1)
        self.pooling = AttentionPooling()
        self.head = nn.Linear(embedding_dim, num_classes)

    def encode(self, tokens):
        if tokens.dim() != 2:
            raise ValueError("expected (N, L)")
        x = self.embedding(tokens)
        mask = tokens == self.embedding.padding_idx
        return self.pooling(x, torch.flatten(self.score(x), 1), mask)

    def attention_weights(self, tokens):
        return self.encode(tokens)[0]

    def forward(self, tokens):
        return self.head(self.encode(tokens)[1])
