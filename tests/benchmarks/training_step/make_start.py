"""Weights and rows that both sides start from: make_start.py FOLDER (torch, safetensors)."""
import pathlib
import sys

import torch
from model import Backbone
from safetensors.torch import save_file

torch.manual_seed(0)
folder = pathlib.Path(sys.argv[1])
start = {k: v.detach().clone() for k, v in Backbone().state_dict().items()}
save_file(start, folder / "weights.safetensors")
save_file({"x": torch.randn(2048, 15000), "y": torch.randn(2048, 768)}, folder / "rows.safetensors")
print(sum(v.numel() for v in start.values()))
