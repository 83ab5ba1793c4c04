from torch import nn


def freeze(module):
    for p in module.parameters():
        p.requires_grad = False
    for m in module.modules():
        if isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)):
            m.eval()
            m.train = lambda mode=True, m=m: m


def replace_head(model, num_classes):
    for name, layer in model.named_modules():
        if name and isinstance(layer, nn.Linear):
            parent_name, _, leaf = name.rpartition(".")
            fresh = nn.Linear(layer.in_features, num_classes, bias=layer.bias is not None)
            setattr(model.get_submodule(parent_name), leaf, fresh.to(layer.weight.device, layer.weight.dtype))
            return model
    raise ValueError("no nn.Linear in this model")


def trainable_parameters(model):
    return [p for p in model.parameters() if p.requires_grad]

