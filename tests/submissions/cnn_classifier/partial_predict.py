import torch
from torch import nn


class CNNClassifier(nn.Module):
    def __init__(self, num_classes: int = 10):
        super().__init__()
        # TODO
        raise NotImplementedError("CNNClassifier")

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        # TODO
        raise NotImplementedError("CNNClassifier.forward")


def train_step(model, optimizer, images, labels) -> float:
    # TODO
    raise NotImplementedError("train_step")


def predict(model, images):
    training = [(m, m.training) for m in model.modules()]
    model.eval()
    with torch.no_grad():
        best = torch.argsort(model(images), dim=1, descending=True)[:, 0]
    for m, flag in training:
        m.training = flag
    return best
