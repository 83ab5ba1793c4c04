import torch
from torch import nn


def freeze(module):
    for p in module.parameters():
        p.requires_grad = False
    for m in module.modules():
        if isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)):
            m.eval()
            m.train = lambda mode=True, m=m: m


def replace_head(model, num_classes):
    linears = [(n, m) for n, m in model.named_modules() if isinstance(m, nn.Linear) and n]
    if not linears:
        raise ValueError("no linear layer")
    name, old = linears[-1]
    new = nn.Linear(old.in_features, num_classes, bias=old.bias is not None).to(old.weight.device, old.weight.dtype)
    keep = min(old.out_features, num_classes)
    with torch.no_grad():
        new.weight[:keep].copy_(old.weight[:keep])
        if new.bias is not None:
            new.bias[:keep].copy_(old.bias[:keep])
    *path, leaf = name.split(".")
    setattr(model.get_submodule(".".join(path)), leaf, new)
    return model


def trainable_parameters(model):
    return [p for p in model.parameters() if p.requires_grad]

