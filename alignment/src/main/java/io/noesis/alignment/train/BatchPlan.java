package io.noesis.alignment.train;

import io.noesis.run.Check;
import io.noesis.run.PinnedRandom;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which rows each batch has: a function of the seed and the batch's number alone, so that a
 * training may go on anywhere. All epochs have as many batches.
 */
final class BatchPlan {
  private final RowTable table;
  private final List<int[]> sets;
  private final BatchSpec spec;
  private final int accumulate;
  private final Seed seed;
  private final int batchSize;
  private final int batchesPerEpoch;

  BatchPlan(RowTable table, TrainingSpec training, Seed seed) {
    int[] rows = table.rows();
    Check.argument(rows.length >= 2, "training: expected at least 2 rows, found %d", rows.length);
    this.table = table;
    this.spec = training.batches();
    this.accumulate = training.accumulate();
    this.seed = seed;
    this.sets =
        spec.repetitions() == BatchSpec.Repetitions.ALL
            ? IntStream.of(rows).mapToObj(row -> new int[] {row}).toList()
            : table.repetitions("training.batches.repetitions");
    this.batchSize = Math.min(training.batchSize(), sets.size());
    this.batchesPerEpoch = batches(0).length;
  }

  int batchesPerEpoch() {
    return batchesPerEpoch;
  }

  int stepsPerEpoch() {
    return (batchesPerEpoch + accumulate - 1) / accumulate;
  }

  /** The first batch of a step within its epoch. */
  int firstBatch(int stepOfEpoch) {
    return stepOfEpoch * accumulate;
  }

  int batchesOfStep(int stepOfEpoch) {
    return Math.min(accumulate, batchesPerEpoch - firstBatch(stepOfEpoch));
  }

  /** The rows of each batch of an epoch; ask once per epoch. */
  int[][] batches(int epoch) {
    int[] rows = sets.stream().mapToInt(set -> set[epoch % set.length]).toArray();
    Seed own = seed.child("epoch " + epoch);
    return switch (spec.subjects()) {
      case ANY -> cut(shuffled(rows, own.random()), batchSize);
      case BALANCED -> balanced(RowTable.bySubject(rows, table.subject()), own);
      case ONE -> one(RowTable.bySubject(rows, table.subject()), own);
    };
  }

  private static int[] shuffled(int[] rows, PinnedRandom random) {
    return IntStream.of(random.permutation(rows.length)).map(i -> rows[i]).toArray();
  }

  /** Whole batches; rows that do not fill the last one are left out. */
  private static int[][] cut(int[] order, int size) {
    return IntStream.range(0, order.length / size)
        .mapToObj(i -> Arrays.copyOfRange(order, i * size, (i + 1) * size))
        .toArray(int[][]::new);
  }

  private int[][] balanced(List<int[]> subjects, Seed own) {
    int least = subjects.stream().mapToInt(rows -> rows.length).min().orElseThrow();
    int most = subjects.stream().mapToInt(rows -> rows.length).max().orElseThrow();
    if (batchSize < subjects.size()) {
      throw new RecipeException(
          "training.batchSize: batches of "
              + batchSize
              + " rows cannot have as many of each of "
              + subjects.size()
              + " subjects. Give at least one row for each, or set training.batches.subjects to"
              + " 'any'.");
    }
    int each = Math.min(batchSize / subjects.size(), least);
    List<List<int[]>> parts = new ArrayList<>();
    for (int s = 0; s < subjects.size(); s++) {
      parts.add(rounds(subjects.get(s), each, most / each, own.child("subject " + s)));
    }
    return IntStream.range(0, most / each)
        .mapToObj(i -> parts.stream().flatMapToInt(p -> IntStream.of(p.get(i))).toArray())
        .toArray(int[][]::new);
  }

  /** So many batches of one subject's rows, in a new order each time they are through. */
  private static List<int[]> rounds(int[] rows, int size, int count, Seed own) {
    List<int[]> batches = new ArrayList<>();
    for (int round = 0; batches.size() < count; round++) {
      batches.addAll(List.of(cut(shuffled(rows, own.child("round " + round).random()), size)));
    }
    return batches.subList(0, count);
  }

  private int[][] one(List<int[]> subjects, Seed own) {
    List<int[]> batches = new ArrayList<>();
    for (int s = 0; s < subjects.size(); s++) {
      int[] rows = subjects.get(s);
      int[] order = shuffled(rows, own.child("subject " + s).random());
      batches.addAll(List.of(cut(order, Math.min(batchSize, rows.length))));
    }
    int[] turns = own.child("turns").random().permutation(batches.size());
    return IntStream.of(turns).mapToObj(batches::get).toArray(int[][]::new);
  }
}
