import torch
import torch.nn.functional as F


def shift_targets(tokens):
    return tokens[:, :-1], tokens[:, 1:]


def next_token_loss(logits, targets, pad_id=0):
    return F.cross_entropy(logits.transpose(1, 2), targets, ignore_index=pad_id)


def perplexity(logits, targets, pad_id=0):
    return torch.exp(next_token_loss(logits, targets, pad_id))
