"""Builds the student's BatchNorm with given parameters and statistics, runs it and answers with what it holds then.

`state` is a dict of weight, bias, running_mean and running_var.
"""

import contextlib

import torch

# How many operations autograd has recorded so far in this thread. No mode hides them, and nothing counts back.
recorded_operations = torch._C._autograd._get_sequence_nr
# As torch.autograd.grad; it is taken before the grader watches over it, as what a profile needs below.
run_backward = torch.autograd.Variable._execution_engine.run_backward
profiling = torch._C._profiler
begin_profile, end_profile = torch._C._autograd._enable_profiler_legacy, torch._C._autograd._disable_profiler_legacy
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
    total = weighted_sum(answers)
    found = run_backward((total,), (torch.ones_like(total),), True, False, tuple(leaves), True, accumulate_grad=False)
    return [
        torch.zeros_like(leaf) if gradient is None else gradient for leaf, gradient in zip(leaves, found, strict=True)
    ]


def _profiled(function, *arguments):
    """What a function answers, and whether a step of a recorded graph was taken meanwhile, be it by TorchScript."""
    begin_profile(PROFILE)
    try:
        answer = settled(function(*arguments))
    finally:
        events = [event for thread in end_profile() for event in thread]
    return answer, any(event.scope() == int(profiling.RecordScope.BACKWARD_FUNCTION) for event in events)


def _forget_dual_numbers():
    """Ends a level of forward-mode differentiation that was begun while loading, and with it its dual numbers."""
    with contextlib.suppress(RuntimeError):  # where one is open, there is no other
        torch._C._enter_dual_level()
    torch._C._exit_dual_level(level=0)


def batch_norm_backward(module, *arguments):
    """All that a call leaves: the three gradients, and the arguments. Formulas work in inference mode and record
    nothing; autograd does not, unless the mode is left, and then it records, or goes back over what was recorded
    before. Bears the function's own name, so that messages do too."""
    _forget_dual_numbers()
    before = recorded_operations()
    with torch.inference_mode():
        answer, went_back = _profiled(module.batch_norm_backward, *arguments)
    if went_back or recorded_operations() != before:
        raise RuntimeError("autograd was at work: derive the gradients by hand")
    if not isinstance(answer, (tuple, list)) or len(answer) != 3:
        raise TypeError("batch_norm_backward should return (grad_x, grad_weight, grad_bias)")
    return {**dict(zip(("grad_x", "grad_weight", "grad_bias"), answer, strict=True)), "arguments": list(arguments)}
