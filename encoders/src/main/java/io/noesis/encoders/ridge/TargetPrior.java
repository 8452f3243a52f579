package io.noesis.encoders.ridge;

import io.noesis.run.ModelException;
import io.noesis.run.Parallel;
import io.noesis.tensor.Algebra;
import io.noesis.tensor.DoubleArray;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.SafetensorsWriter;
import io.noesis.tensor.SymmetricEigen;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What targets are expected before any response is seen: Gaussian, with a mean and with variances
 * along orthogonal axes, none beside them. Immutable.
 */
public final class TargetPrior {
  /** Variances below this share of the largest are rounding. */
  private static final double SMALLEST = 1e-6;

  private final double[] mean;
  private final Matrix axes;
  private final double[] variances;

  private TargetPrior(double[] mean, Matrix axes, double[] variances) {
    this.mean = mean;
    this.axes = axes;
    this.variances = variances;
  }

  /**
   * Estimated from targets that were shown. Repetitions count once. Variances along the principal
   * axes are shrunk towards their mean by as much as the number of targets asks for (Ledoit and
   * Wolf 2004, doi:10.1016/S0047-259X(03)00096-4), within the space that the targets span.
   *
   * @param targets {@code [rows, dims]}, finite
   * @return the prior; without axes where all rows are alike
   */
  public static TargetPrior of(Tensor targets) {
    return of(targets, RidgeFit.algebra(targets, 1, RidgeSpec.defaults()));
  }

  private static TargetPrior of(Tensor targets, Algebra algebra) {
    Matrix rows = Matrix.of(targets.rows(distinct(targets)));
    double[] mean = Columns.subtractMeans(rows);
    int n = rows.rows();
    double[] lengths = new double[n];
    for (int i = 0; i < rows.array().length; i++) {
      lengths[i / mean.length] += rows.array()[i] * rows.array()[i];
    }
    boolean wide = mean.length > n;
    SymmetricEigen eigen =
        algebra.symmetricEigen(wide ? algebra.gram(rows) : algebra.gram(rows.transpose()));
    double[] values = eigen.values();
    double largest = Math.max(0, values[values.length - 1]);
    int[] kept =
        IntStream.range(0, values.length)
            .filter(i -> values[i] > SMALLEST * largest && values[i] > 0)
            .toArray();
    Matrix vectors = Columns.pick(eigen.vectors(), kept);
    double[] variances = Arrays.stream(kept).mapToDouble(i -> values[i] / n).toArray();
    if (wide) {
      vectors = algebra.transposedMultiply(rows, vectors);
      Columns.multiply(
          vectors, Arrays.stream(kept).mapToDouble(i -> 1 / Math.sqrt(values[i])).toArray());
    }
    return new TargetPrior(mean, vectors, shrunk(variances, lengths));
  }

  private static int[] distinct(Tensor targets) {
    Set<Tensor> seen = new LinkedHashSet<>();
    return IntStream.range(0, targets.dim(0))
        .filter(row -> seen.add(targets.rows(new int[] {row})))
        .toArray();
  }

  /** The optimal shrinkage of Ledoit and Wolf, lemma 3.2 to 3.4, by variances and row lengths. */
  private static double[] shrunk(double[] variances, double[] lengths) {
    double n = lengths.length;
    double mean = Arrays.stream(variances).average().orElse(0);
    double apart = Arrays.stream(variances).map(v -> (v - mean) * (v - mean)).sum();
    double error =
        Arrays.stream(lengths).map(l -> l * l).sum() / (n * n)
            - Arrays.stream(variances).map(v -> v * v).sum() / n;
    double share = apart > 0 ? Math.min(1, Math.max(0, error) / apart) : 1;
    return Arrays.stream(variances).map(v -> (1 - share) * v + share * mean).toArray();
  }

  /** How many dimensions the targets have. */
  public int dims() {
    return mean.length;
  }

  /** In how many orthogonal directions they vary. */
  public int size() {
    return variances.length;
  }

  /** The live variances along the axes. */
  double[] variances() {
    return variances;
  }

  /** The live mean. */
  double[] mean() {
    return mean;
  }

  /** Targets along the axes, in standard deviations about the mean: {@code [rows, axes]}. */
  Matrix whitened(Tensor targets) {
    Matrix centred = Matrix.of(targets);
    double[] values = centred.array();
    Parallel.forBlocks(
        centred.rows(),
        16,
        (from, to) -> {
          for (int i = from * mean.length; i < to * mean.length; i++) {
            values[i] -= mean[i % mean.length];
          }
        });
    Matrix along = RidgeFit.algebra(targets, size(), RidgeSpec.defaults()).multiply(centred, axes);
    Columns.multiply(along, Arrays.stream(variances).map(v -> 1 / Math.sqrt(v)).toArray());
    return along;
  }

  /**
   * From standard deviations along the axes back to targets about the mean: {@code [axes, dims]}.
   */
  Matrix back() {
    Matrix scaled = Columns.scaledColumns(axes, Arrays.stream(variances).map(Math::sqrt).toArray());
    return scaled.transpose();
  }

  /**
   * Adds it to a file that is being written: {@code NAME.mean} F64 {@code [dims]}, {@code
   * NAME.axes} F64 {@code [dims, axes]}, {@code NAME.variances} F64 {@code [axes]}.
   *
   * @param out the file
   * @param name how its tensors' names begin
   */
  public void addTo(SafetensorsWriter out, String name) {
    out.add(name + ".mean", DoubleArray.wrap(mean.clone(), mean.length))
        .add(name + ".axes", DoubleArray.wrap(axes.array().clone(), mean.length, variances.length))
        .add(name + ".variances", DoubleArray.wrap(variances.clone(), variances.length));
  }

  /**
   * Reads what {@link #addTo} wrote.
   *
   * @param in the file
   * @param name how its tensors' names begin
   * @param file where it lies, for errors
   * @return the prior
   * @throws ModelException when its parts do not belong together
   */
  public static TargetPrior read(Safetensors in, String name, Path file) {
    double[] mean = in.readDoubles(name + ".mean").array();
    DoubleArray axes = in.readDoubles(name + ".axes");
    double[] variances = in.readDoubles(name + ".variances").array();
    if (axes.shape().rank() != 2
        || axes.shape().dim(0) != mean.length
        || axes.shape().dim(1) != variances.length
        || Arrays.stream(variances).anyMatch(v -> !(v > 0))) {
      throw new ModelException(
          "reading "
              + file
              + ": a prior of "
              + mean.length
              + " dimensions with axes "
              + axes.shape()
              + " and "
              + variances.length
              + " variances above 0 does not fit together. Train again.");
    }
    return new TargetPrior(
        mean, Matrix.wrap(mean.length, variances.length, axes.array()), variances);
  }
}
