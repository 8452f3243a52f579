package io.noesis.encoders.architecture;

import io.noesis.run.PinnedRandom;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.Arrays;

/**
 * Codes for vectors by k-means (Lloyd 1982, doi:10.1109/TIT.1982.1056489), from first codes that
 * are drawn far from each other (k-means++, Arthur and Vassilvitskii 2007,
 * doi:10.5555/1283383.1283494). Immutable.
 *
 * @param codes {@code [codes, width]}
 */
record Codebook(Tensor codes) {
  /** From more vectors so many are drawn, which place 40 codes as well. */
  static final int LARGEST = 100_000;

  private static final int ROUNDS = 300;

  /**
   * Finds codes.
   *
   * @param vectors any number of them
   * @param width of each
   * @param count how many codes
   * @param seed of the first codes, and of which vectors are looked at where there are very many
   * @return the codes
   * @throws RecipeException when there are fewer different vectors than codes
   */
  static Codebook of(Tensor vectors, int width, int count, Seed seed) {
    Tensor rows = vectors.reshape(vectors.size() / width, width);
    if (rows.dim(0) > LARGEST) {
      int[] order = seed.child("vectors").random().permutation(rows.dim(0));
      rows = rows.rows(Arrays.stream(order).limit(LARGEST).sorted().toArray());
    }
    return lloyd(rows, spread(rows, count, seed.child("codes").random()));
  }

  /** First codes: each with a chance that grows with its squared distance from those before. */
  private static Tensor spread(Tensor rows, int count, PinnedRandom random) {
    int n = rows.dim(0);
    int width = rows.dim(1);
    int[] chosen = new int[count];
    double[] distance = new double[n];
    Arrays.fill(distance, Double.POSITIVE_INFINITY);
    chosen[0] = random.nextInt(n);
    for (int k = 1; k < count; k++) {
      double total = 0;
      for (int row = 0; row < n; row++) {
        double own = distance(rows, row, rows, chosen[k - 1], width);
        distance[row] = Math.min(distance[row], own);
        total += distance[row];
      }
      if (total == 0) {
        throw new RecipeException(
            "finding codes for the targets of training rows: expected at least "
                + count
                + " different vectors, found "
                + k
                + ". Ask for fewer codes (encoder.settings), or give targets that vary.");
      }
      double at = random.nextDouble() * total;
      for (int row = 0; row < n && at >= 0; row++) {
        if (distance[row] > 0) {
          at -= distance[row];
          chosen[k] = row;
        }
      }
    }
    return rows.rows(chosen);
  }

  private static double distance(Tensor a, int row, Tensor b, int other, int width) {
    double square = 0;
    for (int d = 0; d < width; d++) {
      double apart = a.array()[row * width + d] - (double) b.array()[other * width + d];
      square += apart * apart;
    }
    return square;
  }

  /** Moves codes to the means of the vectors nearest to them until none changes its code. */
  static Codebook lloyd(Tensor rows, Tensor first) {
    int n = rows.dim(0);
    int width = rows.dim(1);
    int count = first.dim(0);
    Tensor codes = first;
    int[] nearest = new int[n];
    Arrays.fill(nearest, -1);
    for (int round = 0; round < ROUNDS; round++) {
      int[] now = new Codebook(codes).nearest(rows);
      if (Arrays.equals(now, nearest)) {
        break;
      }
      nearest = now;
      double[] sums = new double[count * width];
      int[] counts = new int[count];
      for (int row = 0; row < n; row++) {
        counts[nearest[row]]++;
        for (int d = 0; d < width; d++) {
          sums[nearest[row] * width + d] += rows.array()[row * width + d];
        }
      }
      float[] moved = codes.array().clone();
      for (int i = 0; i < moved.length; i++) {
        moved[i] = counts[i / width] == 0 ? moved[i] : (float) (sums[i] / counts[i / width]);
      }
      codes = Tensor.wrap(moved, count, width);
    }
    return new Codebook(codes);
  }

  /**
   * The number of the code nearest to each vector; the first of equally near ones.
   *
   * @param vectors {@code [..., width]}
   */
  int[] nearest(Tensor vectors) {
    int width = codes.dim(1);
    int[] nearest = new int[vectors.size() / width];
    for (int row = 0; row < nearest.length; row++) {
      double least = Double.POSITIVE_INFINITY;
      for (int code = 0; code < codes.dim(0); code++) {
        double own = distance(vectors, row, codes, code, width);
        if (own < least) {
          least = own;
          nearest[row] = code;
        }
      }
    }
    return nearest;
  }

  /** The mean distance of vectors from their codes. */
  double error(Tensor vectors, int[] nearest) {
    double sum = 0;
    for (int row = 0; row < nearest.length; row++) {
      sum += Math.sqrt(distance(vectors, row, codes, nearest[row], codes.dim(1)));
    }
    return sum / nearest.length;
  }
}
