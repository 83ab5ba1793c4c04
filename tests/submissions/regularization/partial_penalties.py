import numpy as np


def l1_penalty(weights, strength):
    return strength * float(sum(np.abs(np.asarray(w, dtype=float)).sum() for w in weights))


def l2_penalty(weights, strength):
    return strength * float(sum(np.einsum("i,i", w, w) for w in (np.ravel(np.asarray(w, float)) for w in weights)))


def l1_gradient(weights, strength):
    # TODO
    raise NotImplementedError("l1_gradient")


def l2_gradient(weights, strength):
    # TODO
    raise NotImplementedError("l2_gradient")


def elastic_net_penalty(weights, strength, l1_ratio):
    # TODO
    raise NotImplementedError("elastic_net_penalty")
