"""The largest difference of two matrices: compare.py A.npy B.npy."""
import sys

import numpy as np

a, b = (np.load(path) for path in sys.argv[1:3])
assert a.shape == b.shape and a.dtype == b.dtype == np.float32, (a.shape, b.shape, a.dtype, b.dtype)
print(f"{np.abs(a - b).max():.2e}")
