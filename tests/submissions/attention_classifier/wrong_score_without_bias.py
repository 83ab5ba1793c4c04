import torch
from torch import nn

class AttentionClassifier(nn.Module):
    def __init__(self, vocab_size, embedding_dim, num_classes, padding_idx=0):
        super().__init__()
        if min(vocab_size, embedding_dim, num_classes) < 1: raise ValueError("size")
        if not 0 <= padding_idx < vocab_size: raise ValueError("padding_idx")
        self.padding_idx = padding_idx
        self.vocab_size = vocab_size
        self.embedding = nn.Embedding(vocab_size, embedding_dim, padding_idx=padding_idx)
        self.score = nn.Linear(embedding_dim, 1, bias=False)
        self.head = nn.Linear(embedding_dim, num_classes)

    def attention_weights(self, tokens):
        if tokens.dim() != 2 or tokens.is_floating_point() or tokens.dtype == torch.bool: raise ValueError("tokens")
        if tokens.numel() and (tokens.min() < 0 or tokens.max() >= self.vocab_size): raise ValueError("range")
        emb = self.embedding(tokens)
        scores = self.score(emb).squeeze(-1)
        pad = tokens == self.padding_idx
        scores = scores.masked_fill(pad, float("-inf"))
        empty = pad.all(dim=1, keepdim=True)
        scores = scores.masked_fill(empty, 0.0)
        return torch.softmax(scores, dim=1).masked_fill(pad, 0.0)

    def forward(self, tokens):
        w = self.attention_weights(tokens)
        emb = self.embedding(tokens)
        pooled = (w.unsqueeze(-1) * emb).sum(dim=1)
        return self.head(pooled)
