package io.noesis.encoders.ridge;

import io.noesis.run.CorruptDataException;
import io.noesis.tensor.DoubleArray;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.SafetensorsWriter;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A ridge model as {@code .safetensors}: {@code weights} float32 {@code [voxels, dims]}, {@code
 * intercept} and {@code penalties} float64 {@code [dims]}, {@code grid} float64 {@code [penalties]}
 * and {@code scores} float64 {@code [penalties, dims]}, both empty when no penalty was chosen.
 */
final class RidgeFile {
  private static final String FORMAT = "noesis-ridge-1";

  private RidgeFile() {}

  static void write(Path file, RidgeModel model, Map<String, String> metadata) {
    double[] grid = model.grid().stream().mapToDouble(Double::doubleValue).toArray();
    Matrix scores = model.scores();
    new SafetensorsWriter()
        .metadata("format", FORMAT)
        .metadata(metadata)
        .add("weights", model.weights())
        .add("intercept", vector(model.exactIntercept()))
        .add("penalties", vector(model.penalties()))
        .add("grid", vector(grid))
        .add("scores", DoubleArray.wrap(scores.array(), scores.rows(), scores.columns()))
        .write(file);
  }

  static RidgeModel read(Path file) {
    try (Safetensors in = Safetensors.open(file)) {
      String format = in.metadata().getOrDefault("format", "none");
      if (!format.equals(FORMAT)) {
        throw new CorruptDataException(
            "reading the ridge model "
                + file
                + ": its format is '"
                + format
                + "', expected '"
                + FORMAT
                + "'. Give a file that noesis train wrote, or train again.");
      }
      Tensor weights = in.read("weights");
      double[] intercept = in.readDoubles("intercept").array();
      double[] penalties = in.readDoubles("penalties").array();
      DoubleArray scores = in.readDoubles("scores");
      boolean fits =
          weights.shape().rank() == 2
              && weights.dim(1) == intercept.length
              && weights.dim(1) == penalties.length
              && scores.shape().rank() == 2
              && scores.shape().dim(1) == intercept.length;
      if (!fits) {
        throw new CorruptDataException(
            "reading the ridge model "
                + file
                + ": weights "
                + weights.shape()
                + ", intercept ["
                + intercept.length
                + "], penalties ["
                + penalties.length
                + "] and scores "
                + scores.shape()
                + " do not belong together. Train again.");
      }
      List<Double> grid = java.util.Arrays.stream(in.readDoubles("grid").array()).boxed().toList();
      return new RidgeModel(
          weights,
          intercept,
          penalties,
          grid,
          Matrix.wrap(scores.shape().dim(0), scores.shape().dim(1), scores.array()));
    }
  }

  private static DoubleArray vector(double[] values) {
    return DoubleArray.wrap(values, values.length);
  }
}
