package io.noesis.ingest.glm;

/** What the estimator assumes about noise of neighbouring volumes. */
public enum NoiseModel {
  /** Independent: ordinary least squares. */
  ORDINARY,
  /**
   * First-order autoregressive: each voxel's coefficient is measured on the residuals of ordinary
   * least squares (Yule-Walker), cut to steps of 0.01, and volumes are whitened by it.
   */
  AUTOREGRESSIVE
}
