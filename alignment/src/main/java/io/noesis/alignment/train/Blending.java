package io.noesis.alignment.train;

import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Blends a response with those to the same stimulus by the same subject, all of training rows. */
final class Blending {
  private static final List<BatchSpec.Blend> CHANCE =
      List.of(BatchSpec.Blend.NONE, BatchSpec.Blend.MEAN, BatchSpec.Blend.PAIR);

  private final BatchSpec spec;
  private final Map<Integer, int[]> alike = new HashMap<>();

  Blending(BatchSpec spec, RowTable table) {
    this.spec = spec;
    if (spec.blend() != BatchSpec.Blend.NONE) {
      for (int[] set : table.repetitions("training.batches.blend")) {
        for (int row : set) {
          alike.put(row, set);
        }
      }
    }
  }

  /**
   * The responses of a batch.
   *
   * @param responses of the whole table
   * @param which rows
   * @param seed of the batch
   * @return new rows
   */
  Tensor rows(Tensor responses, int[] which, Seed seed) {
    Tensor out = responses.rows(which);
    if (!alike.isEmpty()) {
      PinnedRandom random = seed.random();
      for (int i = 0; i < which.length; i++) {
        blend(responses, which[i], out, i, random);
      }
    }
    return out;
  }

  private void blend(Tensor responses, int row, Tensor out, int at, PinnedRandom random) {
    int[] set = alike.getOrDefault(row, new int[0]);
    // As many draws for every row, so that no row's fate moves another's.
    boolean chosen = random.nextDouble() < spec.blended();
    int kind = random.nextInt(CHANCE.size());
    double share = random.nextDouble();
    double partner = random.nextDouble();
    if (!chosen || set.length < 2) {
      return;
    }
    BatchSpec.Blend blend = spec.blend() == BatchSpec.Blend.ANY ? CHANCE.get(kind) : spec.blend();
    if (blend == BatchSpec.Blend.MEAN) {
      double[] shares = new double[set.length];
      Arrays.fill(shares, 1.0 / set.length);
      sum(responses, set, shares, out, at);
    } else if (blend == BatchSpec.Blend.PAIR) {
      int[] others = Arrays.stream(set).filter(other -> other != row).toArray();
      int other = others[(int) (partner * others.length)];
      sum(responses, new int[] {row, other}, new double[] {share, 1 - share}, out, at);
    }
  }

  private static void sum(Tensor from, int[] rows, double[] shares, Tensor out, int at) {
    int width = from.size() / from.dim(0);
    for (int c = 0; c < width; c++) {
      double sum = 0;
      for (int i = 0; i < rows.length; i++) {
        sum += shares[i] * from.array()[rows[i] * width + c];
      }
      out.array()[at * width + c] = (float) sum;
    }
  }
}
