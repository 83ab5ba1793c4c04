import numpy as np


def l1_penalty(weights, strength):
    penalty = 0
    for w in weights:
        penalty += strength * np.sum(w)
    return penalty


def l2_penalty(weights, strength):
    penalty = 0
    for w in weights:
        penalty += strength * np.linalg.norm(w)
    return penalty


def l1_gradient(weights, strength):
    return [strength * np.asarray(w) / np.abs(w) for w in weights]


def l2_gradient(weights, strength):
    for w in weights:
        w *= 2 * strength
    return weights


def elastic_net_penalty(weights, strength, l1_ratio):
    if l1_ratio < 0 or l1_ratio > 1:
        raise ValueError("l1_ratio")
    penalty = 0
    for w in weights:
        penalty += strength * (l1_ratio * np.sum(np.abs(w)) + (1 - l1_ratio) * np.sum(np.asarray(w) ** 2))
    return penalty
