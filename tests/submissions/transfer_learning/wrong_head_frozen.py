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
    new = nn.Linear(
        old.in_features, num_classes, bias=old.bias is not None, device=old.weight.device, dtype=old.weight.dtype
    )
    for p_new, p_old in zip(new.parameters(), old.parameters()):
        p_new.requires_grad = p_old.requires_grad
    parent = model.get_submodule(name.rpartition(".")[0])
    setattr(parent, name.rpartition(".")[2], new)
    return model


def trainable_parameters(model):
    return [p for p in model.parameters() if p.requires_grad]

