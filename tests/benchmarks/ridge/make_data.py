"""Random responses and targets with a planted linear signal: make_data.py FOLDER [N P T]."""
import sys

import numpy as np

folder, (n, p, t) = sys.argv[1], map(int, sys.argv[2:5] or (2000, 8000, 5000))
rng = np.random.default_rng(0)
x = rng.standard_normal((n, p), dtype="f4")
np.save(f"{folder}/x.npy", x)
y = np.lib.format.open_memmap(f"{folder}/y.npy", "w+", "f4", (n, t))
for at in range(0, t, 4096):  # In blocks: targets may be larger than memory.
    width = min(4096, t - at)
    w = rng.standard_normal((p, width), dtype="f4") / np.sqrt(p)
    y[:, at:at + width] = x @ w + rng.standard_normal((n, width), dtype="f4")
y.flush()
