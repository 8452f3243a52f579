package io.noesis.alignment.loss;

import io.noesis.run.Check;
import io.noesis.run.PinnedRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How rows are chosen to be mixed (MixCo, Kim et al. 2020, arXiv:2010.06300, as used by MindEye): a
 * row is mixed with a probability, with the row that a permutation of the batch puts in its place,
 * its own share drawn from a symmetric Beta distribution.
 *
 * @param probability of a row to be mixed
 * @param beta both parameters of the distribution; below 1 one of the two rows dominates
 */
public record RowMixing(double probability, double beta) {
  /** Checks the ranges. */
  public RowMixing {
    Check.argument(
        probability >= 0 && probability <= 1 && beta > 0 && beta <= 1,
        "mixing rows: expected a probability from 0 to 1 and a beta in (0, 1], found %s, %s",
        probability,
        beta);
  }

  /**
   * Draws who is mixed with whom.
   *
   * @param rows of the batch, all of one subject
   * @param random the stream
   * @return the draw
   */
  public Mixed draw(int rows, PinnedRandom random) {
    return draw(new long[rows], random);
  }

  /**
   * Draws who is mixed with whom; partners are of the same subject, since voxels of two subjects
   * have nothing in common but their number.
   *
   * @param subjects the number of the subject of each row of the batch
   * @param random the stream
   * @return the draw
   */
  public Mixed draw(long[] subjects, PinnedRandom random) {
    int[] partners = new int[subjects.length];
    Arrays.stream(subjects)
        .distinct()
        .sorted()
        .forEach(
            subject -> {
              int[] own =
                  IntStream.range(0, subjects.length).filter(i -> subjects[i] == subject).toArray();
              int[] order = random.permutation(own.length);
              for (int i = 0; i < own.length; i++) {
                partners[own[i]] = own[order[i]];
              }
            });
    List<Double> own = new ArrayList<>();
    List<Integer> partner = new ArrayList<>();
    for (int other : partners) {
      double share = share(random);
      own.add(random.nextDouble() < probability ? share : 1.0);
      partner.add(other);
    }
    return new Mixed(own, partner);
  }

  /** Jöhnk's method (1964) for Beta(a, a) with a of at most 1, in logarithms against underflow. */
  private double share(PinnedRandom random) {
    while (true) {
      double x = StrictMath.log(1 - random.nextDouble()) / beta;
      double y = StrictMath.log(1 - random.nextDouble()) / beta;
      double largest = Math.max(x, y);
      double sum =
          largest + StrictMath.log(StrictMath.exp(x - largest) + StrictMath.exp(y - largest));
      if (sum <= 0) {
        return StrictMath.exp(x - sum);
      }
    }
  }
}
