package io.noesis.ingest.volume;

/** What happens to voxels that are NaN or infinite in any volume. */
public enum NonFinite {
  /** They are counted and the run is refused. */
  REFUSE,
  /** They leave the mask; the run's columns are fewer than the mask's voxels were. */
  DROP,
  /** They become 0 in every volume and keep their column. */
  ZERO
}
