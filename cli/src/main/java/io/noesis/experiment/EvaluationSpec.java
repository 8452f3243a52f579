package io.noesis.experiment;

import io.noesis.run.Check;

/**
 * How decoded embeddings are scored.
 *
 * @param repetitions whether decoded embeddings of one stimulus are averaged before scoring
 * @param pool which embeddings are candidates
 * @param permutations how many shuffles make the null
 * @param bootstraps how many resamples make the interval
 * @param gallery how many stimuli the report shows
 */
public record EvaluationSpec(
    Repetitions repetitions, Pool pool, int permutations, int bootstraps, int gallery) {
  /** What happens to several trials of one stimulus. */
  public enum Repetitions {
    /** Their decoded embeddings are averaged: one query per stimulus. */
    AVERAGE,
    /** Every trial is a query of its own. */
    SINGLE
  }

  /** Which embeddings are candidates. */
  public enum Pool {
    /** Those of the test stimuli (or of all categories). */
    TEST,
    /** Those of every stimulus of the study, training ones included. */
    ALL,
    /** Those of the categories left out in the query's own fold. */
    LEFT_OUT
  }

  /** Checks the counts. */
  public EvaluationSpec {
    Check.argument(permutations >= 99, "permutations must be at least 99, found %d", permutations);
    Check.argument(bootstraps >= 99, "bootstraps must be at least 99, found %d", bootstraps);
    Check.argument(gallery >= 0, "gallery must be at least 0, found %d", gallery);
  }

  /** Averages repetitions, 1000 permutations, 2000 resamples, 12 pictures. */
  public static EvaluationSpec defaults() {
    return new EvaluationSpec(Repetitions.AVERAGE, Pool.TEST, 1000, 2000, 12);
  }
}
