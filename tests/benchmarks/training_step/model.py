"""15,000 voxels -> 1024, two residual blocks, -> 768: the shape of MindEye's backbone."""
import torch.nn as nn
import torch.nn.functional as F


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.linear = nn.Linear(width, width)
        self.norm = nn.LayerNorm(width)
        self.dropout = nn.Dropout(0.15)

    def forward(self, x):
        return x + self.dropout(F.gelu(self.norm(self.linear(x))))


class Backbone(nn.Module):
    def __init__(self):
        super().__init__()
        self.into = nn.Linear(15000, 1024)
        self.norm = nn.LayerNorm(1024)
        self.dropout = nn.Dropout(0.5)
        self.blocks = nn.ModuleList([Block(1024) for _ in range(2)])
        self.out = nn.Linear(1024, 768)

    def forward(self, x):
        x = self.dropout(F.gelu(self.norm(self.into(x))))
        for block in self.blocks:
            x = block(x)
        return self.out(x)
