"""Builds the student's BatchNorm with given parameters and statistics, runs it and answers with what it holds then.

`state` is a dict of weight, bias, running_mean and running_var.
"""

import torch

# How many operations autograd has recorded so far in this thread. No mode hides them, and nothing counts back.
recorded_operations = torch._C._autograd._get_sequence_nr
number_of_pass = torch._C._current_graph_task_id
profiling = torch._C._profiler
PROFILE = profiling.ProfilerConfig(profiling.ProfilerState.CPU, *[False] * 5, profiling._ExperimentalConfig())


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
    """All that a pass over x, or over each of a list of batches, leaves: the last output, the statistics, and x."""
    layer = _layer(module, state, training, settings)
    for item in x if isinstance(x, list) else [x]:
        output = layer(item)
    return {"output": output, "statistics": [_values(layer.running_mean), _values(layer.running_var)], "x": x}


def statistics_and_eval(module, x, state):
    """The statistics after a training pass over x, and the output of a pass in eval mode after it."""
    layer = _layer(module, state, True, {})
    layer(x)
    return [_values(layer.running_mean), _values(layer.running_var), layer.eval()(x).detach()]


def gradients_of_pass(module, x, state, training):
    """The gradients of a weighted sum of the output in x, weight and bias, and that of x and the statistics in x."""
    layer = _layer(module, state, training, {})
    output = layer(x.requires_grad_())
    return {
        "output": attempt(module, _gradients, output, [x, layer.weight, layer.bias]),
        "statistics": attempt(module, _gradients, [x.sum(), layer.running_mean, layer.running_var], [x]),
    }


def _gradients(answers, leaves):
    return list(
        torch.autograd.grad(weighted_sum(answers), leaves, retain_graph=True, allow_unused=True, materialize_grads=True)
    )


def _passes_backward():
    """How many passes autograd has made so far, the one among them that is made to see it: they are numbered."""
    numbers = []
    leaf = torch.zeros((), requires_grad=True)
    end = leaf * 1
    end.register_hook(lambda gradient: numbers.append(number_of_pass()))
    torch.autograd.grad(end, leaf)
    return numbers[0]


def _profiled(function, *arguments):
    """What a function answers, and whether a step of a recorded graph was taken meanwhile, be it by hand."""
    torch._C._autograd._enable_profiler_legacy(PROFILE)
    try:
        answer = function(*arguments)
    finally:
        events = [event for thread in torch._C._autograd._disable_profiler_legacy() for event in thread]
    return answer, any(event.scope() == int(profiling.RecordScope.BACKWARD_FUNCTION) for event in events)


def batch_norm_backward(module, *arguments):
    """All that a call leaves: the three gradients, and the arguments. Formulas work in inference mode and record
    nothing; autograd does not, unless the mode is left, and then it records, or goes back over what was recorded
    before. Bears the function's own name, so that messages do too."""
    passes = _passes_backward()
    before = recorded_operations()
    with torch.inference_mode():
        answer, went_back = _profiled(module.batch_norm_backward, *arguments)
    if went_back or recorded_operations() != before or _passes_backward() != passes + 1:
        raise RuntimeError("autograd was at work: derive the gradients by hand")
    if not isinstance(answer, (tuple, list)) or len(answer) != 3:
        raise TypeError("batch_norm_backward should return (grad_x, grad_weight, grad_bias)")
    return {**dict(zip(("grad_x", "grad_weight", "grad_bias"), answer, strict=True)), "arguments": list(arguments)}
