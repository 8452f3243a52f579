package io.noesis.alignment.score;

import io.noesis.run.Check;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * How well decoded embeddings give away whose they are: the share of rows whose subject has the
 * nearest mean, leaving out one stimulus after the other. The mean over subjects is taken away from
 * each stimulus first, so that what was shown does not count. An embedding that speaks of the
 * stimulus alone is at chance.
 *
 * @param accuracy share of rows
 * @param chance one over the number of subjects
 * @param nullHigh upper end of the 95 % band with subjects permuted within stimuli
 * @param p (1 + permutations at least as good) / (permutations + 1)
 * @param n rows
 */
public record SubjectProbe(double accuracy, double chance, double nullHigh, double p, int n) {
  /**
   * Measures it.
   *
   * @param decoded of each subject, {@code [stimuli, dim]}, rows of the same stimuli in the same
   *     order
   * @param permutations for the null
   * @param seed of the permutations
   * @return the probe
   */
  public static SubjectProbe of(List<Tensor> decoded, int permutations, Seed seed) {
    int subjects = decoded.size();
    int stimuli = decoded.get(0).dim(0);
    Check.argument(
        subjects >= 2 && stimuli >= 2,
        "telling subjects apart: expected at least 2 subjects and 2 stimuli, found %d and %d",
        subjects,
        stimuli);
    double[][][] rows = centred(decoded);
    int[][] own = new int[stimuli][];
    for (int i = 0; i < stimuli; i++) {
      own[i] = identity(subjects);
    }
    double accuracy = accuracy(rows, own);
    PinnedRandom random = seed.random();
    double[] nulls = new double[permutations];
    int asGood = 0;
    for (int k = 0; k < permutations; k++) {
      int[][] shuffled = new int[stimuli][];
      for (int i = 0; i < stimuli; i++) {
        shuffled[i] = random.permutation(subjects);
      }
      nulls[k] = accuracy(rows, shuffled);
      asGood += nulls[k] >= accuracy ? 1 : 0;
    }
    Arrays.sort(nulls);
    double high = nulls[Math.min(permutations - 1, (int) Math.floor(0.975 * permutations))];
    return new SubjectProbe(
        accuracy, 1.0 / subjects, high, (1.0 + asGood) / (permutations + 1), subjects * stimuli);
  }

  private static int[] identity(int size) {
    int[] order = new int[size];
    Arrays.setAll(order, i -> i);
    return order;
  }

  /** {@code [stimuli][subjects][dim]} less the mean over subjects. */
  private static double[][][] centred(List<Tensor> decoded) {
    int subjects = decoded.size();
    int stimuli = decoded.get(0).dim(0);
    int dim = decoded.get(0).dim(1);
    double[][][] rows = new double[stimuli][subjects][dim];
    for (int i = 0; i < stimuli; i++) {
      for (int d = 0; d < dim; d++) {
        double mean = 0;
        for (int s = 0; s < subjects; s++) {
          rows[i][s][d] = decoded.get(s).array()[i * dim + d];
          mean += rows[i][s][d] / subjects;
        }
        for (int s = 0; s < subjects; s++) {
          rows[i][s][d] -= mean;
        }
      }
    }
    return rows;
  }

  private static double accuracy(double[][][] rows, int[][] labels) {
    int stimuli = rows.length;
    int subjects = rows[0].length;
    int dim = rows[0][0].length;
    double[][] sums = new double[subjects][dim];
    for (int i = 0; i < stimuli; i++) {
      for (int s = 0; s < subjects; s++) {
        add(sums[labels[i][s]], rows[i][s], 1);
      }
    }
    int right = 0;
    for (int i = 0; i < stimuli; i++) {
      for (int s = 0; s < subjects; s++) {
        add(sums[labels[i][s]], rows[i][s], -1);
      }
      for (int s = 0; s < subjects; s++) {
        right += nearest(sums, rows[i][s], stimuli - 1) == labels[i][s] ? 1 : 0;
      }
      for (int s = 0; s < subjects; s++) {
        add(sums[labels[i][s]], rows[i][s], 1);
      }
    }
    return right / (double) (stimuli * subjects);
  }

  private static void add(double[] sum, double[] row, int sign) {
    for (int d = 0; d < sum.length; d++) {
      sum[d] += sign * row[d];
    }
  }

  private static int nearest(double[][] sums, double[] row, int count) {
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int s = 0; s < sums.length; s++) {
      double distance = 0;
      for (int d = 0; d < row.length; d++) {
        double difference = row[d] - sums[s][d] / count;
        distance += difference * difference;
      }
      if (distance < least) {
        least = distance;
        best = s;
      }
    }
    return best;
  }
}
