import torch
from torch import nn


class AttentionClassifier(nn.Module):
    def __init__(self, vocab_size, embedding_dim, num_classes, padding_idx=0):
        super().__init__()
        self.padding_idx = padding_idx
        self.embedding = nn.Embedding(vocab_size, embedding_dim, padding_idx=padding_idx)
        self.score = nn.Linear(embedding_dim, 1)
        self.head = nn.Linear(embedding_dim, num_classes)

    def attention_weights(self, tokens):
        scores = self.score(self.embedding(tokens)).squeeze(-1)
        scores = scores.masked_fill(tokens == self.padding_idx, float("-inf"))
        return torch.nan_to_num(torch.softmax(scores, dim=1))

    def forward(self, tokens):
        weights = self.attention_weights(tokens)
        return self.head(torch.bmm(weights.unsqueeze(1), self.embedding(tokens)).squeeze())
