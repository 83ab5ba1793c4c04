from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm


def freeze(module):
    for p in module.parameters():
        p.requires_grad = False
    for m in module.modules():
        if isinstance(m, _BatchNorm):
            m.eval()
            m.train = lambda mode=True, m=m: m


def replace_head(model, num_classes):
    names = [name for name, m in list(model.named_children())[-1:] if isinstance(m, nn.Linear)]
    if not names:
        raise ValueError("no Linear layer")
    parent, _, child = names[-1].rpartition(".")
    old = model.get_submodule(names[-1])
    new = nn.Linear(old.in_features, num_classes, old.bias is not None, old.weight.device, old.weight.dtype)
    setattr(model.get_submodule(parent), child, new)
    return model


def trainable_parameters(model):
    return filter(lambda p: p.requires_grad, model.parameters())
