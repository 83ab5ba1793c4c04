import torch


def _same(*tensors):
    first = tensors[0].shape
    for t in tensors[1:]:
        if t.shape != first:
            raise ValueError(f"shape {tuple(t.shape)} does not match {tuple(first)}")


def reparameterize(mu, logvar, noise):
    _same(mu, logvar, noise)
    return noise * torch.exp(logvar) ** 0.5 + mu


def kl_divergence(mu, logvar):
    _same(mu, logvar)
    if len(mu.shape) != 2:
        raise ValueError("need two dimensions")
    rows = []
    for m, lv in zip(mu, logvar):
        total = 0.0
        for j in range(len(m)):
            total = total - 0.5 * (1 + lv[j] - m[j] ** 2 - lv[j].exp())
        rows.append(total)
    return torch.stack(rows)


def _bce(logit, target):
    # max(l, 0) - l t + log(1 + exp(-|l|))
    return torch.clamp(logit, min=0) - logit * target + torch.log1p(torch.exp(-torch.abs(logit)))


def vae_loss(recon_logits, x, mu, logvar, beta=1.0):
    _same(recon_logits, x)
    _same(mu, logvar)
    if recon_logits.ndim < 2 or mu.ndim != 2 or recon_logits.shape[0] != mu.shape[0]:
        raise ValueError("recon_logits (N, ...), mu and logvar (N, Z)")
    if beta < 0.0:
        raise ValueError("negative beta")
    losses = []
    for i in range(x.shape[0]):
        recon = _bce(recon_logits[i], x[i]).sum()
        kl = -0.5 * torch.sum(1 + logvar[i] - mu[i].pow(2) - logvar[i].exp())
        losses.append(recon + beta * kl)
    return sum(losses) / len(losses)
