package io.noesis.experiment;

import io.noesis.alignment.geometry.NoiseCeiling;
import io.noesis.alignment.geometry.RdmComparison;
import io.noesis.run.Check;

/**
 * How geometries are compared.
 *
 * @param comparison of two geometries
 * @param ceiling what the noise ceiling averages over subjects
 * @param permutations how many shuffles of conditions make the null
 * @param bootstraps how many resamples of conditions make the interval
 */
public record GeometryEvaluationSpec(
    RdmComparison comparison, NoiseCeiling.Pooling ceiling, int permutations, int bootstraps) {
  /** Checks the counts. */
  public GeometryEvaluationSpec {
    Check.argument(permutations >= 99, "permutations must be at least 99, found %d", permutations);
    Check.argument(bootstraps >= 99, "bootstraps must be at least 99, found %d", bootstraps);
  }

  /** Spearman's rho, a ceiling of mean distances, 1000 permutations, 2000 resamples. */
  public static GeometryEvaluationSpec defaults() {
    return new GeometryEvaluationSpec(
        RdmComparison.SPEARMAN, NoiseCeiling.Pooling.DISTANCES, 1000, 2000);
  }
}
