package io.noesis.experiment;

import io.noesis.alignment.functional.FunctionalAlignments;
import io.noesis.run.Check;
import java.util.Optional;

/**
 * How responses are prepared before an encoder sees them.
 *
 * @param standardize how each voxel is scaled
 * @param alignment how subjects that are trained together are brought into one space; empty for not
 *     at all
 */
public record ResponseSpec(Standardize standardize, Optional<Alignment> alignment) {
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

  /**
   * How subjects are brought into one space. It is fitted on training trials of the stimuli that
   * everybody saw.
   *
   * @param method a name of {@link FunctionalAlignments}
   * @param features width of the space, where the method leaves a choice
   */
  public record Alignment(String method, int features) {
    /** Checks the name and the number. */
    public Alignment {
      FunctionalAlignments.registry().get(method);
      Check.argument(features >= 1, "features: expected at least 1, found %d", features);
    }

    /** A shared response model of 50 features. */
    public static Alignment defaults() {
      return new Alignment("shared-response", 50);
    }
  }

  /** Learnt from training trials, in voxels of each subject's own. */
  public static ResponseSpec defaults() {
    return new ResponseSpec(Standardize.TRAINING, Optional.empty());
  }
}
