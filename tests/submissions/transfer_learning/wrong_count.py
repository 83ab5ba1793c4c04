from torch import nn
import types
def freeze(module):
    for p in module.parameters():
        p.requires_grad_(False)
    for m in module.modules():
        if isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)):
            m.eval()
            m.train = types.MethodType(lambda self, mode=True: nn.Module.train(self, False), m)
def replace_head(model, num_classes):
    if num_classes < 1: raise ValueError
    found = [(n, m) for n, m in model.named_modules() if isinstance(m, nn.Linear) and n]
    if not found: raise ValueError
    name, old = found[-1]
    parent, _, child = name.rpartition(".")
    new = nn.Linear(old.in_features, num_classes, bias=old.bias is not None, device=old.weight.device, dtype=old.weight.dtype)
    setattr(model.get_submodule(parent), child, new)
    return model
def trainable_parameters(model):
    return sum(p.numel() for p in model.parameters() if p.requires_grad)
