package io.noesis.experiment;

import io.noesis.run.Check;

/**
 * How predicted responses are scored.
 *
 * @param permutations how many exchanges of the stimuli make the null
 * @param bootstraps how many resamples of the stimuli make the interval
 * @param falseDiscovery which share of voxels that are called predicted may be so by chance
 */
public record EncodingEvaluationSpec(int permutations, int bootstraps, double falseDiscovery) {
  /** Checks the numbers. */
  public EncodingEvaluationSpec {
    Check.argument(permutations >= 99, "permutations must be at least 99, found %d", permutations);
    Check.argument(bootstraps >= 99, "bootstraps must be at least 99, found %d", bootstraps);
    Check.argument(
        falseDiscovery > 0 && falseDiscovery < 1,
        "falseDiscovery: expected a share in (0, 1), found %s",
        falseDiscovery);
  }

  /** 1000 exchanges, 1000 resamples, 5 %. */
  public static EncodingEvaluationSpec defaults() {
    return new EncodingEvaluationSpec(1000, 1000, 0.05);
  }
}
