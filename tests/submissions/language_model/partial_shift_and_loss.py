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
    inputs, targets = tokens.unfold(1, 2, 1).unbind(-1) if tokens.shape[1] > 1 else (tokens[:, :0], tokens[:, :0])
    return inputs, targets


def next_token_loss(logits, targets, pad_id=0):
    check(logits, targets, pad_id)
    total = F.cross_entropy(logits.mT, targets, ignore_index=pad_id, reduction="sum")
    return total / (targets != pad_id).sum().clamp(min=1)


def perplexity(logits: torch.Tensor, targets: torch.Tensor, pad_id: int = 0) -> torch.Tensor:
    """exp of the mean cross-entropy over the non-padding targets, a 0-dim tensor."""
    # TODO
    raise NotImplementedError("perplexity")
