"""Token by token."""

import torch


def shift_targets(tokens):
    if tokens.ndim != 2:
        raise ValueError("need a batch of sentences")
    if tokens.shape[1] == 0:
        raise ValueError("need at least one token")
    inputs = torch.empty(tokens.shape[0], tokens.shape[1] - 1, dtype=tokens.dtype)
    targets = torch.empty_like(inputs)
    for n, sentence in enumerate(tokens):
        for l in range(len(sentence) - 1):
            inputs[n, l] = sentence[l]
            targets[n, l] = sentence[l + 1]
    return inputs, targets


class Scorer:
    def __init__(self, logits, targets, pad_id):
        if logits.ndim != 3 or tuple(targets.shape) != tuple(logits.shape)[:2]:
            raise ValueError("shapes do not match")
        self.total = logits.sum() * 0.0
        self.count = 0
        for rows, ids in zip(logits, targets.tolist()):
            for row, token in zip(rows, ids):
                if token == pad_id:
                    continue
                if not 0 <= token < len(row):
                    raise ValueError(f"no token {token}")
                shifted = row - row.max().detach()
                self.total = self.total - (shifted[token] - shifted.exp().sum().log())
                self.count += 1

    def mean(self):
        return self.total / self.count if self.count else self.total


def next_token_loss(logits, targets, pad_id=0):
    return Scorer(logits, targets, pad_id).mean()


def perplexity(logits, targets, pad_id=0):
    return torch.exp(Scorer(logits, targets, pad_id).mean())
