import torch


def shift_targets(tokens):
    if tokens.dim() != 2 or tokens.size(1) < 1:
        raise ValueError("tokens must be (N, L) with L >= 1")
    n = tokens.size(1) - 1
    return tokens.narrow(1, 0, n), tokens.narrow(1, 1, n)


def _mean_nll(logits, targets, pad_id):
    if logits.dim() != 3 or targets.dim() != 2:
        raise ValueError("logits must be (N, L, V) and targets (N, L)")
    if logits.shape[:2] != targets.shape:
        raise ValueError("logits and targets do not belong together")
    V = logits.shape[-1]
    keep = targets.ne(pad_id)
    real = targets[keep]
    if real.numel() and (real.min() < 0 or real.max() >= V):
        raise ValueError("token out of range")
    rows = logits[keep]  # (M, V)
    nll = torch.logsumexp(rows, dim=-1) - rows[torch.arange(len(rows)), real]
    return nll.sum() / max(len(rows), 1)


def next_token_loss(logits, targets, pad_id=0):
    return _mean_nll(logits, targets, pad_id)


def perplexity(logits, targets, pad_id=0):
    return _mean_nll(logits, targets, pad_id).exp()
