"""The largest difference of two float32 files: compare.py A B."""
import sys

import numpy as np

a, b = (np.fromfile(path, "<f4") for path in sys.argv[1:3])
assert a.shape == b.shape, (a.shape, b.shape)
print(f"{np.abs(a - b).max():.2e}")
