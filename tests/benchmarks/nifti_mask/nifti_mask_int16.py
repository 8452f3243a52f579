"""A second NumPy peer that stays in int16 until masked: nifti_mask_int16.py BOLD MASK OUT.npy.

It needs less memory than nifti_mask.py and is right only for files without slope and intercept.
"""
import sys

import nibabel as nib
import numpy as np

mask = np.asanyarray(nib.load(sys.argv[2]).dataobj) != 0
image = nib.load(sys.argv[1])
matrix = np.ascontiguousarray(np.asanyarray(image.dataobj)[mask].T, dtype=np.float32)
matrix -= matrix.mean(axis=0)
deviation = matrix.std(axis=0)
deviation[deviation == 0] = 1
matrix /= deviation
print(matrix.shape, "corner", matrix[0, 0])
np.save(sys.argv[3], matrix)
