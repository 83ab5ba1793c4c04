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
        s = self.score(self.embedding(tokens)).squeeze(-1)
        pad = tokens.eq(self.padding_idx)
        return s.masked_fill(pad, -torch.inf).softmax(1).masked_fill(pad, 0)

    def forward(self, tokens):
        if tokens.dim() != 2:
            raise ValueError("tokens")
        # attention as in the book: softmax(x) * x, summed over the words
        x = self.embedding(tokens)
        x = x.masked_fill(tokens.eq(self.padding_idx)[:, :, None], 0)
        return self.head(torch.sum(F.softmax(x, dim=-1) * x, dim=1))
