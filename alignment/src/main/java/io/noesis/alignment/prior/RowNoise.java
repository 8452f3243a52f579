package io.noesis.alignment.prior;

import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import java.util.List;
import java.util.stream.IntStream;

/** Where the noise of one row comes from; the order of the draws is part of the result. */
@FunctionalInterface
public interface RowNoise {
  /**
   * The next noise.
   *
   * @param count how many numbers
   * @return standard normal numbers, new
   */
  double[] normal(int count);

  /**
   * One source for each row.
   *
   * @param seed row i draws from its child {@code "row i"}
   * @param rows how many
   */
  static List<RowNoise> of(Seed seed, int rows) {
    return IntStream.range(0, rows).mapToObj(row -> of(seed.child("row " + row).random())).toList();
  }

  /**
   * The normal numbers of a generator.
   *
   * @param random advanced by every draw
   */
  static RowNoise of(PinnedRandom random) {
    return count -> {
      double[] out = new double[count];
      for (int i = 0; i < count; i++) {
        out[i] = random.nextGaussian();
      }
      return out;
    };
  }
}
