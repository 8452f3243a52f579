"""24 steps in PyTorch: training_step.py FOLDER THREADS plain|fused DEVICE. Prints milliseconds and losses.

Each step ends by reading its loss, so a card has computed all of it by then. On a card dropout draws
from the card's own generator: losses then differ from those of Noesis, which draws on the processor.
"""
import json
import pathlib
import sys
import time

import torch
import torch.nn.functional as F
from model import Backbone
from safetensors.torch import load_file

folder, threads, kind = pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
device = torch.device(sys.argv[4])
torch.set_num_threads(threads)
model = Backbone()
model.load_state_dict(load_file(folder / "weights.safetensors"))
model.to(device).train()
rows = load_file(folder / "rows.safetensors")
x, y = rows["x"].to(device), rows["y"].to(device)
fused = {"fused": True} if kind == "fused" else {}
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-4, weight_decay=1e-2, **fused)
labels = torch.arange(256, device=device)
torch.manual_seed(1)
times, cpu, losses = [], [], []
for step in range(24):
    at = step * 256 % 2048
    start, work = time.perf_counter(), time.process_time()
    z = F.normalize(model(x[at : at + 256]), dim=1)
    t = F.normalize(y[at : at + 256], dim=1)
    logits = z @ t.T / 0.07
    loss = (F.cross_entropy(logits, labels) + F.cross_entropy(logits.T, labels)) / 2
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
    times.append((time.perf_counter() - start) * 1e3)
    cpu.append((time.process_time() - work) * 1e3)
print(json.dumps({"ms": times, "cpu": cpu, "losses": losses}))
