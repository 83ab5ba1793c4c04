import torch
import torch.nn as nn
import torch.nn.functional as F


class CNNClassifier(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        if num_classes < 1:
            raise ValueError("num_classes")
        self.c1 = nn.Conv2d(1, 32, 3)
        self.c2 = nn.Conv2d(32, 64, 3)
        self.lin1 = nn.Linear(1600, 128)
        self.lin2 = nn.Linear(128, num_classes)

    def forward(self, images):
        if images.dim() != 4 or images.shape[1:] != (1, 28, 28):
            raise ValueError("images")
        z = F.max_pool2d(F.relu(self.c1(images)), 2)
        z = F.max_pool2d(F.relu(self.c2(z)), 2)
        z = z.flatten(1)
        z = F.relu(self.lin1(z))
        return self.lin2(z)


def train_step(model, optimizer, images, labels):
    if labels.is_floating_point() or labels.dim() != 1 or len(labels) != len(images):
        raise ValueError("labels")
    model.train()
    logits = model(images)
    if labels.min() < 0 or labels.max() >= logits.shape[1]:
        raise ValueError("class id")
    loss = nn.CrossEntropyLoss()(logits, labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def predict(model, images):
    modes = [(m, m.training) for m in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            ids = model(images).argmin(1)
    finally:
        for m, t in modes:
            m.training = t
    return ids
