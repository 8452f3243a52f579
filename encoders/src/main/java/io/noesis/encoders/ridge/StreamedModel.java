package io.noesis.encoders.ridge;

import io.noesis.run.Check;
import io.noesis.run.ModelException;
import io.noesis.tensor.Algebra;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Npy;
import io.noesis.tensor.NpyRows;
import io.noesis.tensor.Tensor;
import java.io.Closeable;
import java.nio.file.Path;
import java.util.List;

/**
 * A ridge regression whose weights stay in a file. Threads may share it; whoever opened it closes
 * it.
 */
public final class StreamedModel implements Closeable {
  static final String WEIGHTS = "weights.npy";
  static final String INTERCEPT = "intercept.npy";
  static final String PENALTIES = "penalties.npy";
  static final String SCORES = "scores.npy";
  static final String MEAN_SCORES = "mean_scores.npy";

  /** Weights read at a time: 128 MB. */
  private static final int BLOCK = 1 << 25;

  private final NpyRows weights;
  private final double[] intercept;
  private final double[] penalties;

  private StreamedModel(NpyRows weights, double[] intercept, double[] penalties) {
    this.weights = weights;
    this.intercept = intercept;
    this.penalties = penalties;
  }

  /**
   * Opens what {@link StreamedRidge#fit} wrote.
   *
   * @param folder with its files
   * @return the model; to be closed by the caller
   * @throws ModelException when the files do not belong together
   */
  public static StreamedModel open(Path folder) {
    double[] intercept = Npy.readDoubles(folder.resolve(INTERCEPT)).array();
    double[] penalties = Npy.readDoubles(folder.resolve(PENALTIES)).array();
    NpyRows weights = NpyRows.open(folder.resolve(WEIGHTS));
    if (weights.rows() != intercept.length || penalties.length != intercept.length) {
      weights.close();
      throw new ModelException(
          "opening the ridge model in "
              + folder
              + ": "
              + weights.rows()
              + " rows of weights, "
              + intercept.length
              + " intercepts and "
              + penalties.length
              + " penalties do not belong together. Fit it again.");
    }
    return new StreamedModel(weights, intercept, penalties);
  }

  /** Hears the predictions of some targets. */
  @FunctionalInterface
  public interface Predictions {
    /**
     * Takes one block.
     *
     * @param from its first target
     * @param predicted {@code [trials, targets of the block]}
     */
    void accept(int from, Tensor predicted);
  }

  /**
   * Predicts all targets of new rows, block by block in order.
   *
   * @param x responses {@code [trials, voxels]}
   * @param use hears every block once
   */
  public void predict(Tensor x, Predictions use) {
    Check.argument(
        x.shape().rank() == 2 && x.dim(1) == weights.width(),
        "predicting with ridge: expected responses [trials, %d] as in training, found %s; use the same mask",
        weights.width(),
        x.shape());
    int step = Math.max(1, BLOCK / Math.max(1, weights.width()));
    Algebra algebra = RidgeFit.algebra(x, intercept.length, RidgeSpec.defaults());
    for (int from = 0; from < intercept.length; from += step) {
      int to = Math.min(intercept.length, from + step);
      Matrix block = Matrix.of(weights.read(from, to)).transpose();
      Matrix out = algebra.multiply(x, block);
      for (int i = 0; i < out.array().length; i++) {
        out.array()[i] += intercept[from + i % (to - from)];
      }
      use.accept(from, out.toTensor());
    }
  }

  /** The names of its files. */
  public static List<String> files() {
    return List.of(WEIGHTS, INTERCEPT, PENALTIES, SCORES, MEAN_SCORES);
  }

  /**
   * All of it in memory, for models that are small enough.
   *
   * @return W {@code [voxels, targets]} and b {@code [targets]}
   * @throws IllegalArgumentException when there are more weights than an array holds
   */
  public List<Tensor> asMatrix() {
    int voxels = weights.width();
    Tensor rows = weights.read(0, targets());
    Tensor w = Tensor.zeros(voxels, targets());
    for (int t = 0; t < targets(); t++) {
      for (int v = 0; v < voxels; v++) {
        w.array()[v * targets() + t] = rows.array()[t * voxels + v];
      }
    }
    return List.of(w, Matrix.wrap(1, targets(), intercept).toTensor().reshape(targets()));
  }

  /** How many numbers a response has. */
  public int voxels() {
    return weights.width();
  }

  /** How many targets. */
  public int targets() {
    return intercept.length;
  }

  /** The penalty of each target, in a new array. */
  public double[] penalties() {
    return penalties.clone();
  }

  /** Rows of weights {@code [to - from, voxels]} of some targets. */
  public Tensor weights(int from, int to) {
    return weights.read(from, to);
  }

  @Override
  public void close() {
    weights.close();
  }
}
