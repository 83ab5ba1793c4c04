from torch import nn


def freeze(module):
    module.eval()
    for param in module.parameters():
        param.requires_grad = False


def replace_head(model, num_classes):
    name, old = None, None
    for n, m in model.named_modules():
        if isinstance(m, nn.Linear) and n != "":
            name, old = n, m
    if old is None:
        raise ValueError("no linear layer")
    parent = model
    parts = name.split(".")
    for part in parts[:-1]:
        parent = parent._modules[part]
    parent._modules[parts[-1]] = nn.Linear(
        old.in_features, num_classes, old.bias is not None, device=old.weight.device, dtype=old.weight.dtype
    )
    return model


def trainable_parameters(model):
    return [p for p in model.parameters() if p.requires_grad]

