# Raises exceptions whose metaclass lies about name and method resolution order.
# exercise: softmax
# worth: 0


import os


class Liar(type):
    @property
    def __mro__(cls):
        if cls is Wrong:
            os.write(1, b"REACHED\n")
        raise SystemExit(0)

    @property
    def __name__(cls):
        return "ValueError"


class Wrong(Exception, metaclass=Liar):
    pass


def attack(x):
    raise Wrong("expected")


def softmax(x, axis=-1):
    return attack(x)


def softmax_jacobian(x):
    return attack(x)


def softmax_backward(grad_output, output, axis=-1):
    return attack(grad_output)
