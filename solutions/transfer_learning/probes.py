"""Models to freeze and to give new heads: what each function leaves behind, as plain values."""

from collections.abc import Iterator

import torch
from torch import nn


class WithHead(nn.Module):
    """A body and a head as attributes, in the order of `names`; the forward pass goes through the body first."""

    def __init__(self, names, features, hidden, outputs):
        super().__init__()
        sizes = {"body": (features, hidden), "fc": (hidden, outputs)}
        for name in names:
            setattr(self, name, nn.Linear(*sizes[name]))

    def forward(self, x):
        return self.fc(torch.relu(self.body(x)))


def flat(bias=True):
    return nn.Sequential(nn.Linear(4, 6), nn.ReLU(), nn.Linear(6, 3, bias=bias))


def nested(bias=True):
    """Three linear layers, the last one two levels down; the gated unit halves the width before it."""
    inner = nn.Sequential(nn.GLU(), nn.Linear(5, 3, bias=bias), nn.Identity())
    return nn.Sequential(nn.Linear(4, 6), nn.Sequential(nn.Linear(6, 10), inner))


def convolutional():
    body = nn.Sequential(nn.Conv2d(2, 3, 1), nn.BatchNorm2d(3), nn.ReLU())
    return nn.Sequential(body, nn.Flatten(), nn.Linear(12, 5), nn.BatchNorm1d(5), nn.Linear(5, 3))


def with_dropout():
    return nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4), nn.Sequential(nn.ReLU(), nn.Dropout(1.0)))


MODELS = {
    "flat": flat,
    "nested": nested,
    "convolutional": convolutional,
    "with_dropout": with_dropout,
    "attributes": lambda: WithHead(["body", "fc"], 4, 6, 3),
    "head registered first": lambda: WithHead(["fc", "body"], 4, 6, 3),
    "no bias": lambda: flat(bias=False),
    "float64": lambda: nested().double(),
    "meta device": lambda: flat().to("meta"),
    "no linear": lambda: nn.Sequential(nn.Conv2d(2, 3, 1), nn.BatchNorm2d(3), nn.ReLU()),
    "one norm": lambda: nn.BatchNorm1d(3),
    "norm 1d": lambda: nn.Sequential(nn.BatchNorm1d(3), nn.Tanh()),
    "norm 2d": lambda: nn.Sequential(nn.Tanh(), nn.Sequential(nn.Sequential(nn.BatchNorm2d(3)))),
    "norm 3d": lambda: nn.Sequential(nn.Tanh(), nn.Sequential(nn.BatchNorm3d(3))),
}
HEADS = {"flat": "2", "nested": "1.1.1", "attributes": "fc", "no bias": "2"}


def _fill(model, rng):
    """Sets all parameters and running statistics to numbers drawn in the order of the model."""
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.from_numpy(rng.normal(size=tuple(parameter.shape))))
        for name, buffer in model.named_buffers():
            if name.endswith("running_mean"):
                buffer.copy_(torch.from_numpy(rng.normal(size=tuple(buffer.shape))))
            elif name.endswith("running_var"):
                buffer.copy_(torch.from_numpy(rng.uniform(0.5, 2.0, size=tuple(buffer.shape))))
    return model


def _build(kind, rng):
    model = MODELS[kind]()
    return model if kind == "meta device" else _fill(model, rng)


def _trained(model):
    """Names of the parameters that require gradients."""
    return {"require gradients": [name for name, parameter in model.named_parameters() if parameter.requires_grad]}


def _state(model):
    return {name: value.clone() for name, value in model.state_dict().items()}


def freeze_parameters(module, kind, rng):
    """The parameters after freezing."""
    model = _build(kind, rng)
    module.freeze(model)
    return _trained(model)


def freeze_part(module, x, rng):
    """A frozen part of a model. Freezes one of two parts; then the whole model sees a batch in training mode."""
    part = nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3))
    model = _fill(nn.Sequential(part, nn.BatchNorm1d(3), nn.Linear(3, 2)), rng)
    module.freeze(model[0])
    model.train()
    model(x)
    return _trained(model) | {"state": _state(model[1:])}


def freeze_then_train(module, x, labels, rng):
    """What training leaves of a frozen body. Two steps of SGD on a frozen body under a head that is not."""
    body = _fill(nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6), nn.ReLU()), rng)
    head = _fill(nn.Linear(6, 3), rng)
    module.freeze(body)
    model = nn.Sequential(body, head)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    for _ in range(2):
        model.train()
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x), labels).backward()
        optimizer.step()
    return _state(model)


def freeze_batch_norm(module, kind, x, modes, rng):
    """What frozen batch norm answers and keeps. Outputs and state after each change of mode; "" leaves the mode as it
    is."""
    part = _build(kind, rng)
    model = nn.Sequential(part)
    module.freeze(part)
    found = []
    for mode in modes:
        if mode:
            (part if mode.startswith("part") else model).train(mode.endswith("train"))
        found += [model(x).detach(), _state(model)]
    return found


def freeze_dropout(module, x, mode_before, modes, rng):
    """The outputs of a dropout layer that drops everything in training mode and nothing in evaluation mode."""
    model = _build("with_dropout", rng).train(mode_before == "train")
    module.freeze(model)
    outputs = [model[2](x)]
    for mode in modes:
        model.train(mode == "train")
        outputs.append(model[2](x))
    return outputs


def replace_head(module, kind, num_classes, frozen, rng):
    """All that comes of a new head: the layers of the model afterwards, without their values; which parameters require
    gradients; the numbers of all other layers; how many numbers of the head are those of the old one at the same place;
    and of what was returned, the names of its layers and, once its parameters were drawn anew through it, what the
    model is. Bears the function's own name, so that messages do too."""
    model = _build(kind, rng).requires_grad_(not frozen)
    old = {name: value.clone() for name, value in model.named_parameters()}
    returned = module.replace_head(model, num_classes)
    return {
        "layers": _layers(model),
        "trained": _trained(model),
        "rest": attempt(module, _without_head, model, kind),
        "fresh": attempt(module, _old_numbers, model, kind, old),
        "returned": attempt(module, _written_through, returned, model, kind, rng),
    }


def _layers(model):
    layers = {}
    for name, layer in model.named_modules():
        while name in layers:
            name += " (again)"
        layers[name] = [type(layer).__name__]
        if isinstance(layer, nn.Linear):
            bias = None if layer.bias is None else [*layer.bias.shape, str(layer.bias.dtype)]
            weight = layer.weight
            layers[name] += [layer.out_features, weight.shape[0], bias, str(weight.dtype), str(weight.device)]
    return layers


def _without_head(model, kind):
    return {name: value for name, value in _state(model).items() if not name.startswith(HEADS[kind] + ".")}


def _old_numbers(model, kind, old):
    """The size of each parameter of the head, and how many of its numbers are those of the old one there."""
    found = {}
    for name, new in model.get_submodule(HEADS[kind]).named_parameters():
        before = old.get(f"{HEADS[kind]}.{name}", new[:0])
        both = tuple(slice(min(sizes)) for sizes in zip(new.shape, before.shape, strict=True))
        found[name] = [len(new), int((new[both] == before[both]).sum())]
    return found


def _written_through(returned, model, kind, rng):
    if not isinstance(returned, nn.Module):
        raise TypeError(f"replace_head returned a {type(returned).__name__}, not the model")
    _fill(returned, rng)
    names = ", ".join(name for name, _ in returned.named_modules() if name)
    return {"its layers": names, "the model": _without_head(model, kind)}


def outputs_with_new_head(module, kind, num_classes, rng, x):
    """The outputs of the model, all parameters drawn anew."""
    model = _build(kind, rng)
    module.replace_head(model, num_classes)
    return _fill(model, rng)(x).detach()


def replace_head_without_linear(module, rng):
    """A new head for a model that has no linear layer."""
    module.replace_head(_build("no linear", rng), 3)


def trainable_parameters_of(module, kind, frozen, rng):
    """The trainable parameters of a model. The list, and the model after 1 was added to each of its members; `frozen`
    are positions in parameters()."""
    model = _build(kind, rng)
    for position, parameter in enumerate(model.parameters()):
        parameter.requires_grad_(position not in frozen)
    answer = module.trainable_parameters(model)
    if isinstance(answer, Iterator):
        raise TypeError(f"trainable_parameters returned a {type(answer).__name__}, not a list")
    if not isinstance(answer, list) or not all(isinstance(value, torch.Tensor) for value in answer):
        return [answer, _state(model)]
    found = [value.detach().clone() for value in answer]
    with torch.no_grad():
        for parameter in answer:
            parameter.add_(1)
    return [found, _state(model)]
