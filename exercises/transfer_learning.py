"""Transfer learning: freeze a model, give it a new head

A model trained on one task serves another: its body is frozen, its last linear layer replaced by a new one with
as many outputs as the new task has classes, and only that head is trained.

1. `freeze(module)` changes `module`, any nn.Module, in place and returns nothing. Afterwards no parameter inside
   requires gradients, and every batch-norm layer inside (nn.BatchNorm1d, 2d, 3d; `module` may itself be one)
   normalises with its running statistics and leaves all its buffers as they are, now and also after a later
   `train()` of `module` or of a model that contains it. All else stays as it is: dropout, for one, keeps
   following `train()` and `eval()`.
2. `replace_head(model, num_classes)` replaces the last nn.Linear inside `model` by a freshly initialised nn.Linear
   with num_classes outputs, in place, and returns `model`. Last means last in registration order, at any depth,
   as `model.named_modules()` lists them. The new layer takes as many inputs as the old one, has a bias if and
   only if the old one has, has its dtype and device, and its parameters require gradients. No other layer
   changes. ValueError: no nn.Linear inside `model`, num_classes < 1.
3. `trainable_parameters(model)` returns the list of the parameters that require gradients, in the order of
   `model.parameters()`.

`replace_head` may use PyTorch's default initialisation; nothing else reads or writes the global random state.

>>> model = nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3), nn.ReLU(), nn.Linear(3, 2))
>>> freeze(model)
>>> len(trainable_parameters(model))
0
>>> replace_head(model, 5) is model
True
>>> [tuple(parameter.shape) for parameter in trainable_parameters(model)]
[(5, 3), (5,)]
"""

from torch import nn


def freeze(module: nn.Module) -> None:
    """No parameter of `module` is trained, and its batch norm keeps its running statistics, for good."""
    # TODO: the parameters, then the batch-norm layers
    raise NotImplementedError("freeze")


def replace_head(model: nn.Module, num_classes: int) -> nn.Module:
    """`model` with its last nn.Linear replaced by a fresh one of num_classes outputs."""
    # TODO
    raise NotImplementedError("replace_head")


def trainable_parameters(model: nn.Module) -> list[nn.Parameter]:
    """The parameters of `model` that require gradients."""
    # TODO
    raise NotImplementedError("trainable_parameters")
