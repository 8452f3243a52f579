package io.noesis.tests.endtoend;

import io.noesis.ingest.glm.BetaSpec;
import io.noesis.ingest.simulate.PlannedRun;
import io.noesis.ingest.simulate.PlannedTrial;
import io.noesis.ingest.simulate.SimulatedStudy;
import io.noesis.ingest.simulate.SimulatedSubject;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What is known of one simulated subject, put together for the allowances. */
final class SimulatedTruth {
  /** A trial by its run and its place in it. */
  record Place(int run, int trial) {}

  final SimulatedSubject subject;

  /** Attributes of the pictures less the mean of the training ones, {@code [pictures, f]}. */
  final Matrix features;

  /** Embeddings of the pictures less the mean of the training ones, {@code [pictures, dim]}. */
  final Matrix embeddings;

  /** Pictures shown in training. */
  final int[] train;

  /** Where each test picture was shown. */
  final Map<Integer, List<Place>> test = new LinkedHashMap<>();

  /** Covariance of the betas of each run for noise of variance 1 in each volume. */
  final List<Matrix> noise = new ArrayList<>();

  /**
   * @param study the study
   * @param subject one of its subjects
   * @param embeddings one row per picture of the study, in its order
   */
  SimulatedTruth(SimulatedStudy study, SimulatedSubject subject, Tensor embeddings) {
    this.subject = subject;
    TreeSet<Integer> trained = new TreeSet<>();
    for (int r = 0; r < subject.runs().size(); r++) {
      PlannedRun run = subject.runs().get(r);
      for (int k = 0; k < run.trials().size(); k++) {
        PlannedTrial trial = run.trials().get(k);
        if (trial.part().equals("train")) {
          trained.add(trial.stimulus());
        } else {
          test.computeIfAbsent(trial.stimulus(), p -> new ArrayList<>()).add(new Place(r, k));
        }
      }
      noise.add(run.design().betaNoiseCovariance(BetaSpec.DEFAULT, 1, subject.signal().rho()));
    }
    this.train = trained.stream().mapToInt(Integer::intValue).toArray();
    this.features = aboutTraining(Matrix.of(study.features()));
    this.embeddings = aboutTraining(Matrix.of(embeddings));
  }

  double[] noiseSds() {
    return subject.model().voxels().stream().mapToDouble(v -> v.noiseSd()).toArray();
  }

  private Matrix aboutTraining(Matrix values) {
    int width = values.columns();
    double[] mean = new double[width];
    for (int row : train) {
      for (int c = 0; c < width; c++) {
        mean[c] += values.at(row, c) / train.length;
      }
    }
    double[] out = values.array().clone();
    for (int i = 0; i < out.length; i++) {
      out[i] -= mean[i % width];
    }
    return Matrix.wrap(values.rows(), width, out);
  }

  /** Pearson's r of a decoded row with the true embedding of a picture. */
  double agreement(double[] decoded, int picture) {
    int n = decoded.length;
    double meanA = 0;
    double meanB = 0;
    for (int d = 0; d < n; d++) {
      meanA += decoded[d] / n;
      meanB += embeddings.at(picture, d) / n;
    }
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int d = 0; d < n; d++) {
      double a = decoded[d] - meanA;
      double b = embeddings.at(picture, d) - meanB;
      ab += a * b;
      aa += a * a;
      bb += b * b;
    }
    return ab / Math.sqrt(aa * bb);
  }
}
