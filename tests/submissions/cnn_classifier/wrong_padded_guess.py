import torch
import torch.nn as nn
import torch.nn.functional as F


class CNNClassifier(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.fc1 = nn.Linear(64 * 7 * 7, 128)
        self.fc2 = nn.Linear(128, num_classes)

    def forward(self, x):
        if x.ndim != 4:
            raise ValueError("x")
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = torch.flatten(x, 1)
        return self.fc2(F.relu(self.fc1(x)))


def train_step(model, optimizer, images, labels):
    model.train()
    scores = model(images)
    if labels.shape[0] != scores.shape[0] or (labels < 0).any() or (labels >= scores.shape[1]).any():
        raise ValueError("labels")
    loss = F.cross_entropy(scores, labels)
    loss.backward()
    optimizer.step()
    return loss.item()


def predict(model, images):
    modes = {m: m.training for m in model.modules()}
    model.eval()
    classes = model(images).detach().argmax(1)
    for m, mode in modes.items():
        m.training = mode
    return classes
