import torch


def shift_targets(tokens):
    return tokens[:, :-1], tokens[:, 1:]


def next_token_loss(logits, targets, pad_id=0):
    logp = torch.log_softmax(logits, dim=-1)
    nll = -logp.gather(-1, targets.unsqueeze(-1)).squeeze(-1)
    mask = (targets != pad_id).to(nll.dtype)
    return (nll * mask).sum() / mask.sum().clamp(min=1)


def perplexity(logits, targets, pad_id=0):
    return torch.exp(next_token_loss(logits, targets, pad_id))
