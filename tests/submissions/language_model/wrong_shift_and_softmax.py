import torch


def check(logits, targets, pad_id):
    if logits.ndim != 3 or targets.shape != logits.shape[:2]:
        raise ValueError("logits (N, L, V), targets (N, L)")
    bad = (targets != pad_id) & ((targets < 0) | (targets >= logits.shape[-1]))
    if bad.any():
        raise ValueError("unknown token")


def shift_targets(tokens):
    if tokens.ndim != 2:
        raise ValueError("tokens must be (N, L)")
    x, y = tokens[:, 1:], tokens[:, :-1]
    return x, y


def next_token_loss(logits, targets, pad_id=0):
    check(logits, targets, pad_id)
    probs = torch.softmax(logits, dim=-1)
    criterion = torch.nn.CrossEntropyLoss(ignore_index=pad_id, reduction="sum")
    total = criterion(probs.reshape(-1, probs.size(-1)), targets.reshape(-1))
    return total / max(1, int((targets != pad_id).sum()))


def perplexity(logits, targets, pad_id=0):
    check(logits, targets, pad_id)
    criterion = torch.nn.CrossEntropyLoss(ignore_index=pad_id, reduction="sum")
    total = criterion(logits.reshape(-1, logits.size(-1)), targets.reshape(-1))
    return torch.exp(total / max(1, int((targets != pad_id).sum())))
