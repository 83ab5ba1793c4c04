import torch
import torch.nn as nn


class CNNClassifier(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, 32, 3),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(1600, 128),
            nn.ReLU(),
            nn.Linear(128, num_classes),
        )

    def forward(self, images):
        if images.ndim != 4:
            raise ValueError("images must be (N, 1, 28, 28)")
        return self.net(images)


def train_step(model, optimizer, images, labels):
    model.train()
    optimizer.zero_grad()
    output = model(images)
    target = torch.rand(output.shape[0], output.shape[1])
    loss = nn.CrossEntropyLoss()(output, target)
    loss.backward()
    optimizer.step()
    return loss.item()


def predict(model, images):
    model.eval()
    with torch.no_grad():
        return model(images).argmax(dim=1)
