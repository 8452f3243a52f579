package io.noesis.ingest.volume;

/** In which order the voxels of a mask become columns of a matrix. */
public enum VoxelOrder {
  /**
   * The last axis (k) fastest: NumPy's order of {@code volume[mask]}, hence that of nilearn's
   * NiftiMasker and of PyMVPA. The default, so that matrices made in Python line up with ours.
   */
  LAST_AXIS_FASTEST,
  /** The first axis (i) fastest: the order on disk, in MATLAB, SPM and R. */
  FIRST_AXIS_FASTEST
}
