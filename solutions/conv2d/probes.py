"""The three gradients of conv2d_backward one by one, so that each can be judged by itself."""


def _part(module, index, args, kwargs):
    answer = module.conv2d_backward(*args, **kwargs)
    if not isinstance(answer, (tuple, list)) or len(answer) != 3:
        raise TypeError("conv2d_backward must return the tuple (grad_x, grad_weight, grad_bias)")
    return answer[index]


def grad_x(module, *args, **kwargs):
    """The gradient in x."""
    return _part(module, 0, args, kwargs)


def grad_weight(module, *args, **kwargs):
    """The gradient in weight."""
    return _part(module, 1, args, kwargs)


def grad_bias(module, *args, **kwargs):
    """The gradient in bias."""
    return _part(module, 2, args, kwargs)
