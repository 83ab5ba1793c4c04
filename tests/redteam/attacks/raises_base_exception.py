# Raises a BaseException whose every method raises another one.
# exercise: softmax
# worth: 0


import os


class Hostile(BaseException):
    def _raise(self, *args, **kwargs):
        if type(self) is Hostile:
            os.write(1, b"REACHED\n")
        raise Hostile

    __str__ = __repr__ = __eq__ = __hash__ = __reduce__ = __getattribute__ = with_traceback = _raise


def attack(x):
    raise Hostile


def softmax(x, axis=-1):
    return attack(x)


def softmax_jacobian(x):
    return attack(x)


def softmax_backward(grad_output, output, axis=-1):
    return attack(grad_output)
