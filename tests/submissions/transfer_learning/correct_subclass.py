from torch import nn

_FROZEN = {}


def _frozen_class(cls):
    """The same layer, but train() cannot take it out of evaluation mode."""
    if cls not in _FROZEN:
        _FROZEN[cls] = type("Frozen" + cls.__name__, (cls,), {"train": lambda self, mode=True: nn.Module.train(self, False)})
    return _FROZEN[cls]


def freeze(module: nn.Module) -> None:
    for p in module.parameters():
        p.requires_grad = False
    for layer in module.modules():
        if isinstance(layer, (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)):
            layer.__class__ = _frozen_class(type(layer))
            layer.eval()


def replace_head(model: nn.Module, num_classes: int) -> nn.Module:
    linears = {name: layer for name, layer in model.named_modules() if isinstance(layer, nn.Linear) and name}
    if not linears or num_classes <= 0:
        raise ValueError("nothing to replace, or nothing to replace it with")
    name, old = list(linears.items())[-1]
    *path, last = name.split(".")
    holder = model
    for step in path:
        holder = getattr(holder, step)
    kwargs = dict(device=old.weight.device, dtype=old.weight.dtype)
    setattr(holder, last, nn.Linear(old.weight.shape[1], num_classes, old.bias is not None, **kwargs))
    return model


def trainable_parameters(model: nn.Module) -> list:
    return list(filter(lambda p: p.requires_grad, model.parameters()))
