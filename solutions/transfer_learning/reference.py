"""Transfer learning by feature extraction (Yosinski et al. 2014): a frozen body under a new linear head."""

from types import MethodType

from torch import nn

BATCH_NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d, nn.SyncBatchNorm)


def stay_in_eval(layer, mode=True):
    """Takes the place of a layer's train(mode), which a later model.train() would call."""
    layer.training = False
    return layer


def freeze(module):
    for parameter in module.parameters():
        parameter.requires_grad_(False)
    for layer in module.modules():
        if isinstance(layer, BATCH_NORMS):
            layer.eval()
            layer.train = MethodType(stay_in_eval, layer)


def replace_head(model, num_classes):
    if num_classes < 1:
        raise ValueError(f"num_classes must be at least 1, not {num_classes}")
    names = [name for name, layer in model.named_modules() if name and isinstance(layer, nn.Linear)]
    if not names:
        raise ValueError("the model has no nn.Linear inside")
    parent_name, _, head_name = names[-1].rpartition(".")
    parent = model.get_submodule(parent_name)
    old = getattr(parent, head_name)
    has_bias = old.bias is not None
    new = nn.Linear(old.in_features, num_classes, bias=has_bias, device=old.weight.device, dtype=old.weight.dtype)
    setattr(parent, head_name, new)
    return model


def trainable_parameters(model):
    return [parameter for parameter in model.parameters() if parameter.requires_grad]
