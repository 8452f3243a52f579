package io.noesis.ingest.glm;

/** The unit of betas; the regressor they multiply is a box convolved with a response of sum one. */
public enum BetaUnit {
  /** As recorded. */
  SCANNER,
  /** Hundredths of the voxel's mean over the run. */
  PERCENT_OF_MEAN
}
