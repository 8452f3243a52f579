package io.noesis.experiment;

/**
 * How responses are prepared before an encoder sees them.
 *
 * @param standardize how each voxel is scaled
 */
public record ResponseSpec(Standardize standardize) {
  /** How each voxel is scaled. */
  public enum Standardize {
    /** To mean 0 and variance 1, both learnt from the training trials of the fold. */
    TRAINING,
    /**
     * Also from the test trials: what leaky studies do. Audits reject it; here for showing that
     * they do.
     */
    ALL_TRIALS,
    /** Left as they are. */
    NONE
  }

  /** Learnt from training trials. */
  public static ResponseSpec defaults() {
    return new ResponseSpec(Standardize.TRAINING);
  }
}
