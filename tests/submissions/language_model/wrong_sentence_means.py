import torch
import torch.nn.functional as F


def check(logits, targets, pad_id):
    if logits.ndim != 3 or targets.shape != logits.shape[:2]:
        raise ValueError("logits (N, L, V), targets (N, L)")
    bad = (targets != pad_id) & ((targets < 0) | (targets >= logits.shape[-1]))
    if bad.any():
        raise ValueError("unknown token")


def shift_targets(tokens):
    if tokens.ndim != 2:
        raise ValueError("tokens must be (N, L)")
    return tokens[:, :-1], tokens[:, 1:]


def next_token_loss(logits, targets, pad_id=0):
    check(logits, targets, pad_id)
    losses = []
    for sentence, target in zip(logits, targets):
        keep = target != pad_id
        if keep.any():
            losses.append(F.cross_entropy(sentence[keep], target[keep]))
    if not losses:
        return 0 * logits.sum()
    return torch.stack(losses).mean()


def perplexity(logits, targets, pad_id=0):
    return next_token_loss(logits, targets, pad_id).exp()
