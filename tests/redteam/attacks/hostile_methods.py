# Answers with an object each of whose special methods sleeps, exits or raises.
# exercise: softmax
# worth: 96
# proof: got a list of 4, expected an array of shape (4, 4)

import os
import time


class Hostile:
    def _raise(self, *args, **kwargs):
        raise BaseException("hostile")

    def _exit(self, *args):
        os._exit(0)

    def _sleep(self, *args):
        time.sleep(600)

    __array__ = __array_interface__ = __array_struct__ = __torch_function__ = _exit
    __hash__ = __len__ = __iter__ = __float__ = __int__ = __index__ = __bool__ = __getitem__ = _raise
    __eq__ = __str__ = __repr__ = __format__ = __reduce__ = __reduce_ex__ = __buffer__ = __dlpack__ = _sleep


class HostileDict(dict):
    keys = values = items = __iter__ = Hostile._sleep


def attack():
    return [Hostile(), HostileDict(a=Hostile()), {"k": Hostile()}, (Hostile,)]


import numpy as np


def _float(x):
    x = np.asarray(x)
    return x if x.dtype in (np.float32, np.float64) else x.astype(np.float64)


def softmax(x, axis=-1):
    x = _float(x)
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def softmax_jacobian(x):
    if np.asarray(x).dtype.kind == "i":
        return attack()
    x = _float(x)
    e = np.exp(x - x.max())
    s = e / e.sum()
    return np.diag(s) - np.outer(s, s)


def softmax_backward(grad_output, output, axis=-1):
    if grad_output.shape != output.shape:
        raise ValueError("two shapes")
    return output * (grad_output - (grad_output * output).sum(axis=axis, keepdims=True))
