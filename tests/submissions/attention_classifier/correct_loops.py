import torch
import torch.nn as nn


class AttentionClassifier(nn.Module):
    def __init__(self, vocab_size, embedding_dim, num_classes, padding_idx=0):
        super().__init__()
        if padding_idx < 0 or padding_idx >= vocab_size:
            raise ValueError("padding_idx must be a token of the vocabulary")
        self.embedding = nn.Embedding(vocab_size, embedding_dim)
        self.score = nn.Linear(embedding_dim, 1)
        self.head = nn.Linear(embedding_dim, num_classes)
        self.pad = padding_idx

    def _check(self, tokens):
        if tokens.dim() != 2:
            raise ValueError("tokens must be (N, L)")

    def attention_weights(self, tokens):
        self._check(tokens)
        rows = []
        for sentence in tokens:
            keep = (sentence != self.pad).nonzero().flatten()
            row = torch.zeros(len(sentence), dtype=self.score.weight.dtype)
            if len(keep) > 0:
                s = self.score(self.embedding(sentence[keep])).view(-1)
                row = row.index_put((keep,), torch.softmax(s, dim=0))
            rows.append(row)
        return torch.stack(rows)

    def forward(self, tokens):
        w = self.attention_weights(tokens)
        vectors = [w[n] @ self.embedding(tokens[n]) for n in range(len(tokens))]
        return self.head(torch.stack(vectors))
