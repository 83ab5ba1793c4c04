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
        # the embedding of padding is zero anyway
        return F.softmax(self.score(self.embedding(tokens)), dim=1).squeeze(2)

    def forward(self, tokens):
        if tokens.dim() != 2:
            raise ValueError("tokens")
        e = self.embedding(tokens)
        a = F.softmax(self.score(e), dim=1)
        return self.head((a * e).sum(dim=1))
