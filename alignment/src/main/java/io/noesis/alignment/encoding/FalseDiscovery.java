package io.noesis.alignment.encoding;

import io.noesis.tensor.Tensor;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Corrects the p of many voxels (Benjamini and Hochberg 1995). */
public final class FalseDiscovery {
  private FalseDiscovery() {}

  /**
   * The smallest share of false discoveries at which each voxel counts as one: with p sorted, q of
   * the k-th of m is the smallest p_j·m/j of all j ≥ k.
   *
   * @param p {@code [voxels]}
   * @return {@code [voxels]}, at most 1
   */
  public static Tensor adjusted(Tensor p) {
    int m = p.size();
    Integer[] order =
        IntStream.range(0, m)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer v) -> p.array()[v]))
            .toArray(Integer[]::new);
    float[] q = new float[m];
    double least = 1;
    for (int k = m - 1; k >= 0; k--) {
      least = Math.min(least, p.array()[order[k]] * (double) m / (k + 1));
      q[order[k]] = (float) least;
    }
    return Tensor.wrap(q, m);
  }
}
