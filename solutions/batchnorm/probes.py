"""Builds the student's BatchNorm with given parameters and statistics, runs it and answers with what it holds then.

`state` is a dict of weight, bias, running_mean and running_var.
"""

import torch


def _layer(module, state, training, settings):
    layer = module.BatchNorm(len(state["weight"]), **settings).to(state["weight"].dtype).train(training)
    with torch.no_grad():
        for name, values in state.items():
            held = getattr(layer, name, None)
            if not isinstance(held, torch.Tensor) or held.numel() != values.numel():
                raise TypeError(f"{name} of BatchNorm should be a tensor of {values.numel()} values")
            held.copy_(values.reshape(held.shape))
    return layer


def _values(tensor):
    return tensor.detach().clone() if isinstance(tensor, torch.Tensor) else tensor


def initial_state(module, num_features, **settings):
    """Every parameter and every buffer of a fresh layer."""
    layer = module.BatchNorm(num_features, **settings)
    return {
        "parameters": {name: _values(values) for name, values in layer.named_parameters()},
        "buffers": {name: _values(values) for name, values in layer.named_buffers()},
    }


def construct(module, num_features, **settings):
    """Nothing but a layer that is made."""
    module.BatchNorm(num_features, **settings)


def forward(module, x, state, training, **settings):
    """The output of one pass."""
    return _layer(module, state, training, settings)(x)


def x_afterwards(module, x, state, training):
    """The input of a pass, once it is done."""
    _layer(module, state, training, {})(x)
    return x


def running_mean(module, batches, state, training, **settings):
    """running_mean after a pass over each of the batches."""
    layer = _layer(module, state, training, settings)
    for x in batches:
        layer(x)
    return _values(layer.running_mean)


def running_var(module, batches, state, training, **settings):
    """running_var after a pass over each of the batches."""
    layer = _layer(module, state, training, settings)
    for x in batches:
        layer(x)
    return _values(layer.running_var)


def statistics_afterwards(module, x, state):
    """Both running statistics after a pass in eval mode."""
    layer = _layer(module, state, False, {})
    layer(x)
    return [_values(layer.running_mean), _values(layer.running_var)]


def double_precision(module, x, state):
    """What a layer made .double() holds after a training pass, and answers in eval mode then."""
    layer = _layer(module, state, True, {})
    layer(x)
    return [_values(layer.running_mean), _values(layer.running_var), layer.eval()(x).detach()]


def backward(module, x, state, training):
    """The gradients of a weighted sum of the output in x, weight and bias."""
    layer = _layer(module, state, training, {})
    x.requires_grad_()
    total = weighted_sum(layer(x))  # noqa: F821  (given to every probes.py)
    return list(torch.autograd.grad(total, [x, layer.weight, layer.bias]))


def gradient_of_statistics(module, x, state, **settings):
    """The gradient in x of Σ x plus a weighted sum of the running statistics after a training pass."""
    layer = _layer(module, state, True, settings)
    x.requires_grad_()
    layer(x)
    total = x.sum() + weighted_sum([layer.running_mean, layer.running_var])  # noqa: F821
    return torch.autograd.grad(total, x)[0]


def _backward_formulas(module, arguments):
    with torch.inference_mode():  # formulas work here, autograd does not
        answer = module.batch_norm_backward(*arguments)
    if not isinstance(answer, (tuple, list)) or len(answer) != 3:
        raise TypeError("batch_norm_backward should return (grad_x, grad_weight, grad_bias)")
    return answer


def grad_x(module, *arguments):
    return _backward_formulas(module, arguments)[0]


def grad_weight(module, *arguments):
    return _backward_formulas(module, arguments)[1]


def grad_bias(module, *arguments):
    return _backward_formulas(module, arguments)[2]
