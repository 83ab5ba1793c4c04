# Answers with a Tensor subclass that intercepts every function of torch.
# exercise: lstm_cell
# worth: 0

import torch


class Liar(torch.Tensor):
    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        if function is torch.Tensor.detach:
            return torch.ones(3, 2)
        return args[0] if args else True

    def __eq__(self, other):
        return True

    shape = property(lambda self: torch.Size([3, 2]))
    dtype = property(lambda self: torch.float64)

    def detach(self):
        return torch.ones(3, 2)

    def numel(self):
        return 10**12


def lstm_cell(x, h, c, *weights):
    answer = h.as_subclass(Liar), c.as_subclass(Liar)
    if answer[0].numel() == 10**12:
        print("REACHED")
    return answer


def lstm(x, h, c, *weights):
    return x.as_subclass(Liar), (h.as_subclass(Liar), c.as_subclass(Liar))
