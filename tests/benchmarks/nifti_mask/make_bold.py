"""Makes the file of this benchmark: make_bold.py FOLDER writes bold.nii.gz and mask.nii.gz.

90 x 90 x 60 x 310 int16: a head-shaped ellipsoid, bright inside, with drift and noise, as a scanner
gives them (gzip level 6, no slope). Prints volumes, voxels inside, bytes gzipped.
"""
import gzip
import pathlib
import sys

import nibabel as nib
import numpy as np

SHAPE = (90, 90, 60)
VOLUMES = 310


def main():
    folder = pathlib.Path(sys.argv[1])
    rng = np.random.default_rng(7)
    i, j, k = np.meshgrid(*(np.linspace(-1, 1, n) for n in SHAPE), indexing="ij")
    inside = np.sqrt((i / 0.82) ** 2 + (j / 0.95) ** 2 + (k / 0.92) ** 2) < 1
    mean = np.where(inside, 900 + 400 * np.cos(5 * i) * np.sin(4 * j + 2 * k), 25)
    noise = np.where(inside, 14.0, 9.0)
    affine = np.diag([-2.2, 2.2, 2.4, 1])
    affine[:3, 3] = [98, -120, -60]
    header = nib.Nifti1Header()
    header.set_data_dtype(np.int16)
    header.set_data_shape((*SHAPE, VOLUMES))
    header.set_sform(affine, 1)
    header.set_qform(affine, 1)
    header.set_zooms((2.2, 2.2, 2.4, 1.5))
    header.set_xyzt_units("mm", "sec")
    header["vox_offset"] = 352
    header["magic"] = b"n+1"
    bold = folder / "bold.nii.gz"
    with gzip.open(bold, "wb", compresslevel=6) as out:
        out.write(header.binaryblock + b"\0\0\0\0")
        for t in range(VOLUMES):
            drift = 6 * np.sin(2 * np.pi * t / VOLUMES)
            volume = np.abs(mean + drift * inside + rng.normal(size=SHAPE) * noise)
            out.write(np.rint(volume).astype("<i2").tobytes(order="F"))
    nib.save(nib.Nifti1Image(inside.astype(np.uint8), affine), folder / "mask.nii.gz")
    print(VOLUMES, inside.sum(), bold.stat().st_size)


if __name__ == "__main__":
    main()
