"""Unit vectors with a common low-rank part: make_data.py FOLDER ROWS [QUERIES WIDTH]."""
import sys

import numpy as np

folder, rows = sys.argv[1], int(sys.argv[2])
queries, width = map(int, sys.argv[3:5] or (1000, 768))
rng = np.random.default_rng(0)
base = rng.standard_normal((64, width), dtype="f4")
gallery = np.lib.format.open_memmap(f"{folder}/gallery.npy", "w+", "f4", (rows, width))


def vectors(n):
    v = rng.standard_normal((n, 64), dtype="f4") @ base / 8
    v += rng.standard_normal((n, width), dtype="f4")
    return v / np.linalg.norm(v, axis=1, keepdims=True)


for at in range(0, rows, 50_000):
    gallery[at:at + 50_000] = vectors(min(50_000, rows - at))
gallery.flush()
np.save(f"{folder}/queries.npy", vectors(queries))
