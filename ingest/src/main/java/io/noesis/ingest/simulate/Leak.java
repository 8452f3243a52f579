package io.noesis.ingest.simulate;

/** A fault to plant into a simulated study, so that the audits can be seen to find it. */
public enum Leak {
  /** A clean study. */
  NONE,
  /**
   * A quarter of the test pictures are also training stimuli, under other ids and file names and
   * with other bytes but the same pixels.
   */
  DUPLICATE_PIXELS,
  /** A quarter of the test stimuli are also shown in training runs, under the same ids. */
  REPEATED_STIMULI_IN_TRAIN,
  /** Test trials are mixed among training trials within runs, so their windows overlap. */
  SHARED_RUNS
}
