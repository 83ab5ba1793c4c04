import torch
import torch.nn.functional as F


class ConvBlock(torch.nn.Module):
    def __init__(self, cin, cout):
        super().__init__()
        self.conv = torch.nn.Conv2d(cin, cout, 3)

    def forward(self, x):
        return F.relu(F.max_pool2d(self.conv(x), kernel_size=2, stride=2))


class CNNClassifier(torch.nn.Module):
    """Layers are created from the head down."""

    def __init__(self, num_classes=10):
        super().__init__()
        self.head = torch.nn.Sequential(torch.nn.Linear(64 * 5 * 5, 128), torch.nn.ReLU(), torch.nn.Linear(128, num_classes))
        self.blocks = torch.nn.ModuleList([ConvBlock(1, 32), ConvBlock(32, 64)])

    def forward(self, images):
        if images.ndim != 4:
            raise ValueError("images must be (N, 1, 28, 28)")
        for block in self.blocks:
            images = block(images)
        return self.head(torch.flatten(images, start_dim=1))


def train_step(model, optimizer, images, labels):
    model.train()
    scores = model(images)
    if labels.shape != (scores.shape[0],):
        raise ValueError("labels do not match images")
    if int(labels.min()) < 0 or int(labels.max()) > scores.shape[1] - 1:
        raise ValueError("label out of range")
    optimizer.zero_grad()
    loss = F.nll_loss(F.log_softmax(scores, dim=1), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


def predict(model, images):
    modes = [m.training for m in model.modules()]
    model.eval()
    previous = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    ids = model(images).argmax(-1)
    torch.set_grad_enabled(previous)
    for m, mode in zip(model.modules(), modes):
        m.training = mode
    return ids
