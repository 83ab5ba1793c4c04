"""Next-token prediction (Bengio et al. 2003): every position is scored on the token that follows it."""

import torch
import torch.nn.functional as F


def check_predictions(logits, targets, pad_id):
    if logits.ndim != 3:
        raise ValueError(f"logits must have 3 dimensions, not {logits.ndim}")
    if targets.shape != logits.shape[:2]:
        raise ValueError(f"targets have shape {tuple(targets.shape)}, expected {tuple(logits.shape[:2])}")
    vocabulary = logits.shape[2]
    outside = (targets < 0) | (targets >= vocabulary)
    if (outside & (targets != pad_id)).any():
        raise ValueError(f"targets must be {pad_id} (padding) or lie in 0..{vocabulary - 1}")


def token_losses(logits, targets, pad_id):
    """−log p(target) of every position (N, L), zero on padding."""
    check_predictions(logits, targets, pad_id)
    flat_logits = logits.flatten(0, 1)
    flat_targets = targets.flatten().long()
    losses = F.cross_entropy(flat_logits, flat_targets, reduction="none", ignore_index=pad_id)
    return losses.view(targets.shape)


def shift_targets(tokens):
    if tokens.ndim != 2:
        raise ValueError(f"tokens must have 2 dimensions, not {tokens.ndim}")
    if tokens.shape[1] == 0:
        raise ValueError("tokens must hold at least one token a sentence")
    inputs = tokens[:, :-1]
    targets = tokens[:, 1:]
    return inputs, targets


def next_token_loss(logits, targets, pad_id=0):
    losses = token_losses(logits, targets, pad_id)
    count = (targets != pad_id).sum()
    return losses.sum() / count.clamp(min=1)


def perplexity(logits, targets, pad_id=0):
    total_loss = token_losses(logits, targets, pad_id).sum()
    tokens = (targets != pad_id).sum()
    mean_loss = total_loss / tokens.clamp(min=1)
    return torch.exp(mean_loss)
