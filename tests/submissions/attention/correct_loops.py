"""Attention the slow way: one query at a time."""
import math

import numpy as np


def to_float(a):
    a = np.array(a)
    return a if a.dtype == np.float32 else a.astype(np.float64)


def softmax_1d(scores, allowed):
    chosen = [s for s, ok in zip(scores, allowed) if ok]
    if not chosen:
        return [0.0] * len(scores)
    top = max(chosen)
    e = [math.exp(s - top) if ok else 0.0 for s, ok in zip(scores, allowed)]
    total = math.fsum(e)
    return [v / total for v in e]


def scaled_dot_product_attention(query, key, value, mask=None):
    q, k, v = to_float(query), to_float(key), to_float(value)
    for a in (q, k, v):
        if a.ndim < 2:
            raise ValueError("need matrices")
    L, D = q.shape[-2:]
    S, D2 = k.shape[-2:]
    S2, V = v.shape[-2:]
    if D != D2 or S != S2 or D == 0:
        raise ValueError("sizes do not match")
    lead_w = np.broadcast_shapes(q.shape[:-2], k.shape[:-2])
    lead_o = np.broadcast_shapes(lead_w, v.shape[:-2])
    if mask is None:
        mask = np.ones((L, S), dtype=bool)
    mask = np.asarray(mask)
    if mask.dtype != np.bool_:
        raise ValueError("mask must be bool")
    m = np.broadcast_to(mask, lead_w + (L, S))
    dtype = np.result_type(q, k, v)
    qq = np.broadcast_to(q, lead_w + (L, D))
    kk = np.broadcast_to(k, lead_w + (S, D))
    weights = np.zeros(lead_w + (L, S), dtype=dtype)
    for idx in np.ndindex(*lead_w, L):
        row = []
        for s in range(S):
            row.append(float(np.sum(qq[idx].astype(float) * kk[idx[:-1] + (s,)].astype(float))) / math.sqrt(D))
        weights[idx] = softmax_1d(row, m[idx].tolist())
    output = np.zeros(lead_o + (L, V), dtype=dtype)
    ww = np.broadcast_to(weights, lead_o + (L, S))
    vv = np.broadcast_to(v, lead_o + (S, V))
    for idx in np.ndindex(*lead_o, L):
        for s in range(S):
            output[idx] += ww[idx + (s,)] * vv[idx[:-1] + (s,)]
    return output, weights


def attention_pooling(x, scores):
    x, scores = to_float(x), to_float(scores)
    if x.ndim < 2:
        raise ValueError("x is too flat")
    if x.shape[:-1] != scores.shape:
        raise ValueError("one score for each row")
    out = np.zeros(x.shape[:-2] + x.shape[-1:], dtype=x.dtype)
    for idx in np.ndindex(*x.shape[:-2]):
        w = softmax_1d(scores[idx].tolist(), [True] * x.shape[-2])
        for l, share in enumerate(w):
            out[idx] += share * x[idx + (l,)]
    return out
