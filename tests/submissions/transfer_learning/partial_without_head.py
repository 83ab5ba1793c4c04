from torch import nn


def freeze(module):
    for p in module.parameters():
        p.requires_grad = False
    for m in module.modules():
        if isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)):
            m.eval()
            m.train = lambda mode=True, m=m: m


def replace_head(model: nn.Module, num_classes: int) -> nn.Module:
    """`model` with its last nn.Linear replaced by a fresh one of num_classes outputs."""
    # TODO
    raise NotImplementedError("replace_head")


def trainable_parameters(model):
    return [p for p in model.parameters() if p.requires_grad]

