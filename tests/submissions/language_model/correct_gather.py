import torch
import torch.nn.functional as F


def shift_targets(tokens):
    if len(tokens.shape) != 2:
        raise ValueError(f"tokens must be 2-D, not {len(tokens.shape)}-D")
    if tokens.shape[1] == 0:
        raise ValueError("empty sentences")
    return tokens[:, :-1].clone(), tokens[:, 1:].contiguous()


def next_token_loss(logits, targets, pad_id=0):
    if logits.ndim != 3:
        raise ValueError("logits must be 3-D")
    N, L, V = logits.shape
    if targets.shape != (N, L):
        raise ValueError(f"targets must be {(N, L)}")
    mask = (targets != pad_id).to(logits.dtype)
    safe = torch.where(targets == pad_id, torch.zeros_like(targets), targets)
    if bool(((safe < 0) | (safe >= V)).any()):
        raise ValueError(f"targets must be below {V}")
    log_p = F.log_softmax(logits, dim=-1).gather(2, safe.unsqueeze(-1).long()).squeeze(-1)
    return -(log_p * mask).sum() / mask.sum().clamp_min(1.0)


def perplexity(logits, targets, pad_id=0):
    return torch.exp(next_token_loss(logits, targets, pad_id=pad_id))
