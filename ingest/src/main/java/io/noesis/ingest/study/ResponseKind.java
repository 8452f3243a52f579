package io.noesis.ingest.study;

/** How a trial's response came from the recording; audits judge overlapping windows by it. */
public enum ResponseKind {
  /** Recorded samples of the trial's window: overlapping windows share samples. */
  SAMPLES,
  /**
   * A single-trial GLM estimate: neighbours are modelled jointly, windows may overlap within a run.
   */
  BETAS,
  /** Made elsewhere and given as an array. */
  GIVEN
}
