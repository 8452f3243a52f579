package io.noesis.tests.endtoend;

import io.noesis.ingest.simulate.PlannedRun;
import io.noesis.run.PinnedRandom;
import io.noesis.tensor.LinearAlgebra;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the noise of training and test responses together allows a linear decoder that has to learn:
 * ridge fitted to betas that were never in a file, with the best of many penalties as judged by the
 * test pictures themselves.
 *
 * <p>The betas of a run are drawn as {@code b = T + L e n}: T the true betas, {@code L L' = C} the
 * covariance of its betas per unit of noise, e standard normal and n the noise of each voxel; then
 * they are z-scored within the run, as the recipe does. No volume, no 16-bit file, no GLM, no code
 * of the encoder and no cross-validation are involved: what the pipeline loses on its way shows as
 * a lower score than this.
 */
final class LearntFromNoise {
  private static final double[] PENALTIES = {32, 100, 178, 316, 562, 1000, 1780, 3160, 10_000};

  private final SimulatedTruth truth;

  LearntFromNoise(SimulatedTruth truth) {
    this.truth = truth;
  }

  /** Mean agreement over several draws of all noise, repetitions averaged. */
  double averaged(PinnedRandom random, int draws) {
    double sum = 0;
    for (int draw = 0; draw < draws; draw++) {
      sum += once(random);
    }
    return sum / draws;
  }

  private double once(PinnedRandom random) {
    List<double[]> train = new ArrayList<>();
    List<Integer> trainPictures = new ArrayList<>();
    Map<Integer, List<double[]>> test = new LinkedHashMap<>();
    for (int r = 0; r < truth.subject.runs().size(); r++) {
      PlannedRun run = truth.subject.runs().get(r);
      double[][] betas = betas(r, random);
      for (int k = 0; k < betas.length; k++) {
        int picture = run.trials().get(k).stimulus();
        if (run.trials().get(k).part().equals("train")) {
          train.add(betas[k]);
          trainPictures.add(picture);
        } else {
          test.computeIfAbsent(picture, p -> new ArrayList<>()).add(betas[k]);
        }
      }
    }
    double[][] scale = meansAndDeviations(train);
    Matrix x = standardised(train, scale);
    Matrix y = truth.embeddings.rows(trainPictures.stream().mapToInt(Integer::intValue).toArray());
    Matrix queries =
        standardised(test.values().stream().map(LearntFromNoise::mean).toList(), scale);
    Matrix gram = LinearAlgebra.transposedGram(x);
    Matrix cross = LinearAlgebra.transposedMultiply(x, y);
    int[] pictures = test.keySet().stream().mapToInt(Integer::intValue).toArray();
    return Arrays.stream(PENALTIES)
        .map(penalty -> agreement(gram, cross, queries, pictures, penalty))
        .max()
        .orElseThrow();
  }

  private double agreement(
      Matrix gram, Matrix cross, Matrix queries, int[] pictures, double penalty) {
    Matrix system = Matrix.wrap(gram.rows(), gram.columns(), gram.array().clone());
    for (int v = 0; v < gram.rows(); v++) {
      system.array()[v * gram.columns() + v] += penalty;
    }
    Matrix decoded = LinearAlgebra.multiply(queries, LinearAlgebra.solveSpd(system, cross));
    double sum = 0;
    for (int q = 0; q < pictures.length; q++) {
      int width = decoded.columns();
      double[] row = Arrays.copyOfRange(decoded.array(), q * width, (q + 1) * width);
      sum += truth.agreement(row, pictures[q]);
    }
    return sum / pictures.length;
  }

  private double[][] betas(int run, PinnedRandom random) {
    Tensor exact = truth.subject.trueBetas(truth.subject.runs().get(run));
    double[][] root = root(truth.noise.get(run));
    double[] noise = truth.noiseSds();
    int trials = root.length;
    double[][] betas = new double[trials][noise.length];
    double[] e = new double[trials];
    for (int v = 0; v < noise.length; v++) {
      for (int k = 0; k < trials; k++) {
        e[k] = random.nextGaussian();
      }
      for (int k = 0; k < trials; k++) {
        double sum = 0;
        for (int j = 0; j <= k; j++) {
          sum += root[k][j] * e[j];
        }
        betas[k][v] = exact.array()[k * noise.length + v] + noise[v] * sum;
      }
    }
    double[][] scale = meansAndDeviations(List.of(betas));
    for (double[] row : betas) {
      Arrays.setAll(row, v -> (row[v] - scale[0][v]) / scale[1][v]);
    }
    return betas;
  }

  /** The lower triangle whose product with its transpose is the covariance (Cholesky). */
  private static double[][] root(Matrix covariance) {
    int n = covariance.rows();
    double[][] root = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double rest = covariance.at(i, j);
        for (int k = 0; k < j; k++) {
          rest -= root[i][k] * root[j][k];
        }
        root[i][j] = i == j ? Math.sqrt(rest) : rest / root[j][j];
      }
    }
    return root;
  }

  private static double[] mean(List<double[]> rows) {
    double[] mean = new double[rows.get(0).length];
    for (double[] row : rows) {
      for (int v = 0; v < mean.length; v++) {
        mean[v] += row[v] / rows.size();
      }
    }
    return mean;
  }

  private static double[][] meansAndDeviations(List<double[]> rows) {
    double[] mean = mean(rows);
    double[] deviation = new double[mean.length];
    for (double[] row : rows) {
      for (int v = 0; v < mean.length; v++) {
        deviation[v] += (row[v] - mean[v]) * (row[v] - mean[v]) / rows.size();
      }
    }
    Arrays.setAll(deviation, v -> Math.sqrt(deviation[v]));
    return new double[][] {mean, deviation};
  }

  private static Matrix standardised(List<double[]> rows, double[][] scale) {
    int voxels = scale[0].length;
    double[] out = new double[rows.size() * voxels];
    for (int r = 0; r < rows.size(); r++) {
      for (int v = 0; v < voxels; v++) {
        out[r * voxels + v] = (rows.get(r)[v] - scale[0][v]) / scale[1][v];
      }
    }
    return Matrix.wrap(rows.size(), voxels, out);
  }
}
