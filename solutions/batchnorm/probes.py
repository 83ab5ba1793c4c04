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


def forward(module, x, state, training, shown="output", **settings):
    """What is to be shown of a pass over x, or over each of a list of batches."""
    layer = _layer(module, state, training, settings)
    batches = x if isinstance(x, list) else [x]
    if shown in ("gradients", "gradient of statistics"):
        x.requires_grad_()
    for item in batches:
        output = layer(item)
    statistics = [layer.running_mean, layer.running_var]
    if shown == "output":
        return output
    if shown == "gradients":
        total = weighted_sum(output)
        wanted = [x, layer.weight, layer.bias]
        return list(torch.autograd.grad(total, wanted, allow_unused=True, materialize_grads=True))
    if shown == "gradient of statistics":
        total = x.sum() + weighted_sum(statistics)
        return torch.autograd.grad(total, x)[0]
    if shown == "x":
        return x
    if shown == "running_mean":
        return _values(layer.running_mean)
    if shown == "running_var":
        return _values(layer.running_var)
    answers = [_values(values) for values in statistics]
    return answers if shown == "statistics" else [*answers, layer.eval()(x).detach()]


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
