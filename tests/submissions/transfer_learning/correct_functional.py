from functools import partial

import torch.nn.functional as F
from torch import nn


def _normalise(layer, x):
    return F.batch_norm(x, layer.running_mean, layer.running_var, layer.weight, layer.bias, False, 0.0, layer.eps)


def freeze(module):
    for m in module.modules():
        for p in m.parameters(recurse=False):
            p.requires_grad_(False)
        if isinstance(m, nn.modules.batchnorm._BatchNorm):
            m.forward = partial(_normalise, m)


def replace_head(model, num_classes):
    if num_classes < 1:
        raise ValueError(num_classes)
    found = None
    for parent in model.modules():
        for name, child in parent.named_children():
            if isinstance(child, nn.Linear):
                found = child
    if found is None:
        raise ValueError("the model contains no linear layer")
    for last in model.modules():
        if isinstance(last, nn.Linear):
            found = last
    for parent in model.modules():
        for name, child in list(parent.named_children()):
            if child is found:
                head = nn.Linear(child.in_features, num_classes, bias=child.bias is not None)
                setattr(parent, name, head.to(child.weight))
    return model


def trainable_parameters(model):
    return [p for _, p in model.named_parameters() if p.requires_grad]
