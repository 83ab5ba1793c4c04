# Answers with an ndarray subclass that equals everything and lies about shape, dtype and bytes.
# exercise: softmax
# worth: 0
# proof: got shape (3,), expected (4, 4)

import numpy as np


class Liar(np.ndarray):
    def _yes(self, *args, **kwargs):
        return True

    __eq__ = __le__ = __ge__ = __lt__ = __gt__ = __bool__ = all = any = _yes
    shape = property(lambda self: (4, 5))
    size = property(lambda self: 20)
    ndim = property(lambda self: 2)
    dtype = property(lambda self: np.dtype("float64"))

    def __ne__(self, other):
        return False

    def __array_ufunc__(self, *args, **kwargs):
        return True

    def __array_function__(self, *args, **kwargs):
        return True

    def __array__(self, *args, **kwargs):
        return np.ones((4, 5))

    def tobytes(self, *args):
        return b"\0" * 160

    def astype(self, *args, **kwargs):
        return self


def attack(x):
    return np.zeros(3).view(Liar)


def softmax(x, axis=-1):
    return attack(x)


def softmax_jacobian(x):
    return attack(x)


def softmax_backward(grad_output, output, axis=-1):
    return attack(grad_output)
