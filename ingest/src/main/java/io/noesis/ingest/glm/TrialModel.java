package io.noesis.ingest.glm;

/** How overlapping responses of neighbouring trials are told apart (Mumford et al. 2012). */
public enum TrialModel {
  /** One design with a regressor per trial: unbiased, noisier the closer the trials. */
  LEAST_SQUARES_ALL,
  /**
   * One design per trial, with one regressor for it and one for the sum of all others
   * (doi:10.1016/j.neuroimage.2011.08.076): steadier for close trials, biased when neighbours
   * differ.
   */
  LEAST_SQUARES_SEPARATE
}
