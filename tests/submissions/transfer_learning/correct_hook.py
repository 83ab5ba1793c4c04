import torch.nn as nn
from torch.nn.modules.batchnorm import _BatchNorm


def _back_to_eval(layer, inputs):
    layer.training = False


def freeze(module):
    """Batch norm is put back into evaluation mode right before each forward pass."""
    module.requires_grad_(False)
    for m in module.modules():
        if isinstance(m, _BatchNorm):
            m.register_forward_pre_hook(_back_to_eval)
    return module


def replace_head(model, num_classes):
    if num_classes < 1:
        raise ValueError("need at least one class")
    parent, key = None, None
    for candidate in model.modules():
        pass
    order = []

    def walk(m):
        for name, child in m._modules.items():
            if child is None:
                continue
            if isinstance(child, nn.Linear):
                order.append((m, name))
            walk(child)

    walk(model)
    if not order:
        raise ValueError("no nn.Linear")
    parent, key = order[-1]
    old = parent._modules[key]
    parent._modules[key] = nn.Linear(old.in_features, num_classes, bias=old.bias is not None).to(
        device=old.weight.device, dtype=old.weight.dtype
    )
    return model


def trainable_parameters(model):
    out = []
    for p in model.parameters():
        if p.requires_grad:
            out.append(p)
    return out
