package io.noesis.encoders.ridge;

import io.noesis.run.Check;
import io.noesis.run.DataException;
import io.noesis.run.ModelException;
import io.noesis.run.Parallel;
import io.noesis.tensor.DoubleArray;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.SafetensorsWriter;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A fitted ridge regression ŷ = x·W + b. Immutable. */
public final class RidgeModel {
  private static final String FORMAT = "noesis-ridge";
  private static final String VERSION = "1";

  /** Rows of weights that one task reads. */
  private static final int ROWS = 256;

  private final Tensor weights;
  private final double[] intercept;
  private final double[] penalties;

  /** Of each target, or of none. */
  private final double[] fractions;

  private final List<Double> grid;
  private final Scores scores;

  private RidgeModel(
      Tensor weights,
      double[] intercept,
      double[] penalties,
      double[] fractions,
      List<Double> grid,
      Scores scores) {
    this.weights = weights;
    this.intercept = intercept;
    this.penalties = penalties;
    this.fractions = fractions;
    this.grid = List.copyOf(grid);
    this.scores = scores;
  }

  /** The intercept follows from the rounded weights, so that rounding cancels at the mean of x. */
  static RidgeModel of(
      Tensor x, Tensor y, Tensor weights, double[] penalties, Selection selection) {
    return of(Columns.means(x), Columns.means(y), weights, penalties, selection);
  }

  static RidgeModel of(
      double[] xMeans, double[] yMeans, Tensor weights, double[] penalties, Selection selection) {
    double[] intercept = yMeans.clone();
    float[] w = weights.array();
    int targets = intercept.length;
    double[][] atMeans = new double[(xMeans.length + ROWS - 1) / ROWS][targets];
    Parallel.forBlocks(
        xMeans.length,
        ROWS,
        (from, to) -> {
          double[] sums = atMeans[from / ROWS];
          for (int r = from; r < to; r++) {
            for (int t = 0, i = r * targets; t < targets; t++) {
              sums[t] += xMeans[r] * w[i++];
            }
          }
        });
    for (double[] sums : atMeans) {
      for (int t = 0; t < targets; t++) {
        intercept[t] -= sums[t];
      }
    }
    double[] fractions =
        selection.spec().fractions().isEmpty() ? new double[0] : selection.chosen();
    return new RidgeModel(
        weights, intercept, penalties, fractions, selection.spec().grid(), selection.scores());
  }

  /**
   * Predicts targets of new rows.
   *
   * @param x responses {@code [trials, voxels]} with the columns of the training rows
   * @return {@code [trials, dims]}
   * @throws IllegalArgumentException when the number of columns differs
   */
  public Tensor predict(Tensor x) {
    Check.argument(
        x.shape().rank() == 2 && x.dim(1) == weights.dim(0),
        "predicting with ridge: expected responses [trials, %d] as in training, found %s; use the same mask",
        weights.dim(0),
        x.shape());
    Matrix out =
        RidgeFit.algebra(x, weights.dim(1), RidgeSpec.defaults()).multiply(x, Matrix.of(weights));
    double[] values = out.array();
    for (int r = 0, i = 0; r < out.rows(); r++) {
      for (int t = 0; t < intercept.length; t++) {
        values[i++] += intercept[t];
      }
    }
    return out.toTensor();
  }

  /** W {@code [voxels, dims]}. */
  public Tensor weights() {
    return weights;
  }

  /** b {@code [dims]}, rounded to float32; {@link #predict} uses it in float64. */
  public Tensor intercept() {
    return Matrix.wrap(1, intercept.length, intercept).toTensor().reshape(intercept.length);
  }

  /** The penalty of each target, in a new array. */
  public double[] penalties() {
    return penalties.clone();
  }

  /**
   * The length of each target's weights as a fraction of their length without a penalty, in a new
   * array; empty when penalties were given.
   */
  public double[] fractions() {
    return fractions.clone();
  }

  /** What was compared: penalties, ascending, or fractions, descending. */
  public List<Double> grid() {
    return grid;
  }

  /**
   * The score of each penalty for each target {@code [penalties, dims]} on rows left out: 1 minus
   * squared error over that of the training mean. Empty ({@code [0, dims]}) when only one penalty
   * was given, and when one was chosen for all targets of a large problem: then only the means are
   * computed.
   */
  public Matrix scores() {
    Matrix each = scores.each();
    return Matrix.wrap(each.rows(), each.columns(), each.array().clone());
  }

  /** The mean of the scores over targets for each penalty; empty when one was given. */
  public List<Double> meanScores() {
    return Arrays.stream(scores.means()).boxed().toList();
  }

  /**
   * How many targets got the smallest or the largest penalty of the grid: then a wider grid may be
   * better, or (at the largest) there may be no signal. 0 when only one penalty was given.
   */
  public int targetsAtGridEdge() {
    if (grid.size() < 2) {
      return 0;
    }
    int count = 0;
    for (double chosen : fractions.length == 0 ? penalties : fractions) {
      count += chosen == grid.get(0) || chosen == grid.get(grid.size() - 1) ? 1 : 0;
    }
    return count;
  }

  /**
   * Writes the model as {@code .safetensors}: {@code weights} F32 {@code [voxels, dims]}, {@code
   * intercept} and {@code penalties} F64 {@code [dims]}, {@code fractions} F64 {@code [dims or 0]},
   * {@code grid} F64 {@code [k]}, {@code scores} F64 {@code [k or 0, dims]}, {@code mean_scores}
   * F64 {@code [k or 0]}.
   *
   * @param file the file; replaced when it exists, whole or not at all
   * @param notes texts to store beside it: mask fingerprint, embedding space, provenance
   */
  public void save(Path file, Map<String, String> notes) {
    double[] all = grid.stream().mapToDouble(Double::doubleValue).toArray();
    new SafetensorsWriter()
        .metadata(notes)
        .metadata("format", FORMAT)
        .metadata("version", VERSION)
        .add("weights", weights)
        .add("intercept", DoubleArray.wrap(intercept.clone(), intercept.length))
        .add("penalties", DoubleArray.wrap(penalties.clone(), penalties.length))
        .add("fractions", DoubleArray.wrap(fractions.clone(), fractions.length))
        .add("grid", DoubleArray.wrap(all, all.length))
        .add(
            "scores",
            DoubleArray.wrap(scores.each().array(), scores.each().rows(), scores.each().columns()))
        .add("mean_scores", DoubleArray.wrap(scores.means().clone(), scores.means().length))
        .write(file);
  }

  /**
   * Reads a model that {@link #save} wrote; the notes are read by {@link Safetensors#metadata}.
   *
   * @param file a {@code .safetensors} file
   * @return the model, which predicts the same bits
   * @throws ModelException when the file is missing, damaged or of another kind
   */
  public static RidgeModel load(Path file) {
    try (Safetensors in = Safetensors.open(file)) {
      in.requireFormat(
          "loading a ridge model from " + file,
          FORMAT,
          VERSION,
          "Choose a file written by a ridge run of this release.");
      Tensor weights = in.read("weights");
      DoubleArray scores = in.readDoubles("scores");
      double[] intercept = in.readDoubles("intercept").array();
      double[] penalties = in.readDoubles("penalties").array();
      double[] fractions =
          in.names().contains("fractions")
              ? in.readDoubles("fractions").array()
              : new double[0]; // Files of earlier releases.
      List<Double> grid =
          Arrays.stream(in.readDoubles("grid").array()).boxed().collect(Collectors.toList());
      if (weights.shape().rank() != 2
          || scores.shape().rank() != 2
          || weights.dim(1) != intercept.length
          || penalties.length != intercept.length
          || (fractions.length != 0 && fractions.length != intercept.length)
          || scores.shape().dim(1) != intercept.length) {
        throw new ModelException(
            "loading a ridge model from "
                + file
                + ": weights "
                + weights.shape()
                + ", scores "
                + scores.shape()
                + ", "
                + intercept.length
                + " intercepts and "
                + penalties.length
                + " penalties do not belong together. Fit it again.");
      }
      Matrix table = Matrix.wrap(scores.shape().dim(0), intercept.length, scores.array());
      Scores read =
          in.names().contains("mean_scores")
              ? new Scores(in.readDoubles("mean_scores").array(), table)
              : Scores.of(table); // Files of earlier releases.
      return new RidgeModel(weights, intercept, penalties, fractions, grid, read);
    } catch (DataException e) {
      throw new ModelException("loading a ridge model: " + e.getMessage(), e);
    }
  }
}
