# Turns every global switch of Python and NumPy that it finds, which the next submission must not feel.
# exercise: softmax
# worth: 100

import decimal
import gc
import locale
import random
import sys
import threading
import warnings

import numpy as np

import numpy as np


def _float(x):
    x = np.asarray(x)
    return x if x.dtype in (np.float32, np.float64) else x.astype(np.float64)


def softmax(x, axis=-1):
    x = _float(x)
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def softmax_jacobian(x):
    x = _float(x)
    if x.ndim != 1:
        raise ValueError("x must have one dimension")
    e = np.exp(x - x.max())
    s = e / e.sum()
    return np.diag(s) - np.outer(s, s)


def softmax_backward(grad_output, output, axis=-1):
    if grad_output.shape != output.shape:
        raise ValueError("two shapes")
    return output * (grad_output - (grad_output * output).sum(axis=axis, keepdims=True))


np.seterr(all="raise")
np.seterrcall(lambda *args: sys.exit(0))
np.set_printoptions(threshold=1, precision=0, formatter={"all": lambda value: "passed"})
np.random.seed(1)
random.seed(1)
warnings.simplefilter("error")
gc.disable()
gc.set_threshold(1)
sys.setswitchinterval(1e-6)
sys.setrecursionlimit(200)
sys.settrace(lambda *args: None)
sys.setprofile(lambda *args: None)
threading.settrace(lambda *args: None)
decimal.getcontext().prec = 1
locale.setlocale(locale.LC_ALL, "C")
np.seterr(all="ignore")
if not gc.isenabled() and sys.getrecursionlimit() == 200 and decimal.getcontext().prec == 1:
    print("REACHED")
