package io.noesis.alignment.train;

import io.noesis.run.Check;
import io.noesis.run.Seed;

/**
 * Which rows each batch has: a function of the seed and the batch's number alone, so that a
 * training may go on anywhere.
 */
final class BatchPlan {
  private final int[] rows;
  private final int batchSize;
  private final int accumulate;
  private final Seed seed;

  BatchPlan(int[] rows, TrainingSpec spec, Seed seed) {
    Check.argument(rows.length >= 2, "training: expected at least 2 rows, found %d", rows.length);
    this.rows = rows.clone();
    this.batchSize = Math.min(spec.batchSize(), rows.length);
    this.accumulate = spec.accumulate();
    this.seed = seed;
  }

  int batchesPerEpoch() {
    return rows.length / batchSize;
  }

  int stepsPerEpoch() {
    return (batchesPerEpoch() + accumulate - 1) / accumulate;
  }

  /** Batches of a step within its epoch: from, to. */
  int firstBatch(int stepOfEpoch) {
    return stepOfEpoch * accumulate;
  }

  int batchesOfStep(int stepOfEpoch) {
    return Math.min(accumulate, batchesPerEpoch() - firstBatch(stepOfEpoch));
  }

  /** The order of an epoch's rows; ask once per epoch. */
  int[] order(int epoch) {
    int[] order = seed.child("epoch " + epoch).random().permutation(rows.length);
    for (int i = 0; i < order.length; i++) {
      order[i] = rows[order[i]];
    }
    return order;
  }

  int[] batch(int[] order, int batchOfEpoch) {
    int from = batchOfEpoch * batchSize;
    return java.util.Arrays.copyOfRange(order, from, from + batchSize);
  }
}
