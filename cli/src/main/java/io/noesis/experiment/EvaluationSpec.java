package io.noesis.experiment;

import io.noesis.alignment.score.Similarity;
import io.noesis.run.Check;
import java.util.List;
import java.util.Optional;

/**
 * How decoded embeddings are scored.
 *
 * @param repetitions what happens to several trials of one stimulus; the first is the headline
 * @param pool which embeddings are candidates
 * @param similarity how a decoded embedding is compared with a candidate
 * @param permutations how many shuffles make the null
 * @param bootstraps how many resamples make the interval
 * @param gallery how many stimuli the report shows
 * @param triples how triples that three slots say are scored; empty for not
 * @param ablation without which regions test responses are decoded once more; empty for none
 */
public record EvaluationSpec(
    List<Repetitions> repetitions,
    Pool pool,
    Similarity similarity,
    int permutations,
    int bootstraps,
    int gallery,
    Optional<TriplesSpec> triples,
    Optional<AblationSpec> ablation) {
  /** What happens to several trials of one stimulus. */
  public enum Repetitions {
    /** Their decoded embeddings are averaged: one query per stimulus. */
    AVERAGE,
    /** Every trial is a query of its own. */
    SINGLE
  }

  /** Which embeddings are candidates. */
  public enum Pool {
    /** Those of the test stimuli, or of all categories. */
    TEST,
    /** Those of every stimulus of the study, training ones included, or of all categories. */
    ALL,
    /** Those of the categories that the query's own fold left out. */
    LEFT_OUT
  }

  /** Checks the counts and copies the list. */
  public EvaluationSpec {
    Check.argument(
        !repetitions.isEmpty() && repetitions.stream().distinct().count() == repetitions.size(),
        "repetitions: expected average, single or both, each once, found %s",
        repetitions);
    Check.argument(permutations >= 99, "permutations must be at least 99, found %d", permutations);
    Check.argument(bootstraps >= 99, "bootstraps must be at least 99, found %d", bootstraps);
    Check.argument(gallery >= 0, "gallery must be at least 0, found %d", gallery);
    repetitions = List.copyOf(repetitions);
  }

  /**
   * Averaged and single trials, test pool, cosine about the training mean, 1000 permutations, 2000
   * resamples, 12 pictures.
   */
  public static EvaluationSpec defaults() {
    return new EvaluationSpec(
        List.of(Repetitions.AVERAGE, Repetitions.SINGLE),
        Pool.TEST,
        Similarity.CENTRED_COSINE,
        1000,
        2000,
        12,
        Optional.empty(),
        Optional.empty());
  }
}
