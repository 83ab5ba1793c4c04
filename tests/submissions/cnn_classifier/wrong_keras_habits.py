# written as one would in Keras: softmax at the end
import torch
import torch.nn as nn
import torch.nn.functional as F


class CNNClassifier(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2)
        )
        self.fc1 = nn.Linear(1600, 128)
        self.fc2 = nn.Linear(128, num_classes)
        self.out = nn.Softmax(dim=-1)

    def forward(self, images):
        if images.ndim != 4:
            raise ValueError("images")
        x = self.features(images).flatten(start_dim=1)
        x = F.relu(self.fc1(x))
        return self.out(self.fc2(x))


def train_step(model, optimizer, images, labels):
    model.train()
    optimizer.zero_grad()
    output = model(images)
    if len(labels) != len(output) or labels.min() < 0 or labels.max() >= output.shape[1]:
        raise ValueError("labels")
    loss = F.cross_entropy(output, labels)
    loss.backward()
    optimizer.step()
    return loss.item()


def predict(model, images):
    state = [(m, m.training) for m in model.modules()]
    model.eval()
    with torch.no_grad():
        result = model(images).argmax(dim=1)
    for m, t in state:
        m.train(t) if not list(m.children()) else setattr(m, "training", t)
    return result
