import torch
from torch import nn
from torch.nn import functional as F


class Net(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.c1 = nn.Conv2d(1, 32, 3)
        self.c2 = nn.Conv2d(32, 64, 3)
        self.pool = nn.MaxPool2d(2)
        self.l1 = nn.Linear(64 * 5 * 5, 128)
        self.l2 = nn.Linear(128, num_classes)

    def forward(self, x):
        if x.dim() != 4:
            raise ValueError("4-D please")
        x = self.pool(F.relu(self.c1(x)))
        x = self.pool(F.relu(self.c2(x)))
        return self.l2(F.relu(self.l1(x.reshape(len(x), -1))))


CNNClassifier = Net


def train_step(model, optimizer, images, labels):
    model.train()
    loss_function = nn.CrossEntropyLoss()
    optimizer.zero_grad()
    out = model(images)
    if labels.max() >= out.shape[1] or labels.min() < 0:
        raise ValueError("labels")
    loss = loss_function(out, labels)
    optimizer.step()
    loss.backward()
    return loss.item()


def predict(model, images):
    was_training = model.training
    model.eval()
    with torch.no_grad():
        out = model(images)
    model.train(was_training)
    return out.max(1)[1]
