from torch import nn


class ResidualBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, stride=1, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.relu = nn.ReLU()
        need = stride != 1 or in_channels != out_channels
        proj = [nn.Conv2d(in_channels, out_channels, 1, stride=stride, bias=False), nn.BatchNorm2d(out_channels)]
        self.shortcut = nn.Sequential(*proj) if need else nn.Identity()

    def forward(self, x):
        if len(x.shape) != 4:
            raise ValueError("shape")
        body = nn.Sequential(self.conv1, self.bn1, self.relu, self.conv2, self.bn2, self.relu)
        return self.shortcut(x) + body(x)
