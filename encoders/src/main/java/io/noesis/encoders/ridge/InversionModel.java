package io.noesis.encoders.ridge;

import io.noesis.run.Check;
import io.noesis.run.DataException;
import io.noesis.run.ModelException;
import io.noesis.tensor.DoubleArray;
import io.noesis.tensor.LinearAlgebra;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.SafetensorsWriter;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.Map;

/** A fitted {@link GaussianInversion}: ŷ = x·W + b. Immutable. */
public final class InversionModel {
  private static final String FORMAT = "noesis-gaussian-inversion";
  private static final String VERSION = "1";

  private final Tensor weights;
  private final double[] intercept;
  private final double exponent;
  private final double independence;
  private final double[] scores;

  InversionModel(
      Tensor weights, double[] intercept, double exponent, double independence, double[] scores) {
    this.weights = weights;
    this.intercept = intercept;
    this.exponent = exponent;
    this.independence = independence;
    this.scores = scores;
  }

  /** One that finds the same target whatever the response. */
  static InversionModel constant(int columns, double[] mean) {
    return new InversionModel(
        Tensor.zeros(columns, mean.length), mean.clone(), 0, 1, new double[0]);
  }

  /**
   * Decodes.
   *
   * @param x responses {@code [trials, voxels]} with the columns of the training rows
   * @return {@code [trials, dims]}
   * @throws IllegalArgumentException when the number of columns differs
   */
  public Tensor predict(Tensor x) {
    Check.argument(
        x.shape().rank() == 2 && x.dim(1) == weights.dim(0),
        "decoding by inversion: expected responses [trials, %d] as in training, found %s; use the"
            + " same mask",
        weights.dim(0),
        x.shape());
    Matrix out = LinearAlgebra.multiplyInDouble(x, weights);
    for (int i = 0; i < out.array().length; i++) {
      out.array()[i] += intercept[i % intercept.length];
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

  /** With which power of targets' variances the variances of weights go: 0, ½ or 1. */
  public double exponent() {
    return exponent;
  }

  /** The share of noise that is taken as independent between voxels. */
  public double independence() {
    return independence;
  }

  /**
   * Of each share of the settings: 1 minus squared error over that of the mean target, on rows left
   * out; empty when there was one share only.
   */
  public double[] scores() {
    return scores.clone();
  }

  /**
   * Writes {@code .safetensors}: {@code weights} F32 {@code [voxels, dims]}, {@code intercept} F64
   * {@code [dims]}, {@code chosen} F64 {@code [2]} (exponent, independence), {@code scores} F64.
   *
   * @param file replaced when it exists, whole or not at all
   * @param notes texts to store beside it
   */
  public void save(Path file, Map<String, String> notes) {
    new SafetensorsWriter()
        .metadata(notes)
        .metadata("format", FORMAT)
        .metadata("version", VERSION)
        .add("weights", weights)
        .add("intercept", DoubleArray.wrap(intercept.clone(), intercept.length))
        .add("chosen", DoubleArray.wrap(new double[] {exponent, independence}, 2))
        .add("scores", DoubleArray.wrap(scores.clone(), scores.length))
        .write(file);
  }

  /**
   * Reads what {@link #save} wrote.
   *
   * @param file a {@code .safetensors} file
   * @return the model, which decodes the same bits
   * @throws ModelException when the file is missing, damaged or of another kind
   */
  public static InversionModel load(Path file) {
    try (Safetensors in = Safetensors.open(file)) {
      in.requireFormat(
          "loading an inversion from " + file,
          FORMAT,
          VERSION,
          "Choose a file written by a run of gaussian-inversion of this release.");
      Tensor weights = in.read("weights");
      double[] intercept = in.readDoubles("intercept").array();
      double[] chosen = in.readDoubles("chosen").array();
      if (weights.shape().rank() != 2 || weights.dim(1) != intercept.length || chosen.length != 2) {
        throw new ModelException(
            "loading an inversion from "
                + file
                + ": weights "
                + weights.shape()
                + ", "
                + intercept.length
                + " intercepts and "
                + chosen.length
                + " choices do not belong together. Fit it again.");
      }
      return new InversionModel(
          weights, intercept, chosen[0], chosen[1], in.readDoubles("scores").array());
    } catch (DataException e) {
      throw new ModelException("loading an inversion: " + e.getMessage(), e);
    }
  }
}
