package io.noesis.alignment.functional;

import io.noesis.run.Check;
import io.noesis.tensor.LinearAlgebra;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Svd;
import io.noesis.tensor.Tensor;
import java.util.List;

/**
 * A space that several subjects share. Immutable.
 *
 * @param responses of the space to the stimuli it was fitted on, {@code [stimuli, features]}
 * @param maps of each subject, {@code [voxels, features]} with orthonormal columns (rows, where
 *     there are fewer voxels than features)
 */
public record CommonSpace(Matrix responses, List<Matrix> maps) {
  /** Copies the list. */
  public CommonSpace {
    maps = List.copyOf(maps);
  }

  /**
   * The map of a subject that took no part in fitting: the orthogonal one that brings its responses
   * nearest to those of the space.
   *
   * @param others its responses to the same stimuli, {@code [stimuli, voxels]}
   * @return {@code [voxels, features]}
   */
  public Matrix mapOf(Matrix others) {
    return rotation(others, responses);
  }

  /**
   * Brings responses into the space.
   *
   * @param rows {@code [trials, voxels]}
   * @param map of their subject
   * @return {@code [trials, features]}
   */
  public static Tensor apply(Tensor rows, Matrix map) {
    return LinearAlgebra.multiplyInDouble(rows, map.toTensor()).toTensor();
  }

  /**
   * The orthogonal map R that makes ‖A·R − B‖ least: R = U·Vᵀ with AᵀB = U·S·Vᵀ (Schönemann 1966,
   * doi:10.1007/BF02289451).
   */
  static Matrix rotation(Matrix a, Matrix b) {
    Check.size("stimuli", b.rows(), a.rows());
    Svd svd = LinearAlgebra.svd(LinearAlgebra.transposedMultiply(a, b));
    return LinearAlgebra.multiplyTransposed(svd.u(), svd.v());
  }

  /** The mean of matrices of one size. */
  static Matrix mean(List<Matrix> of) {
    Matrix first = of.get(0);
    double[] mean = new double[first.rows() * first.columns()];
    for (Matrix matrix : of) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += matrix.array()[i] / of.size();
      }
    }
    return Matrix.wrap(first.rows(), first.columns(), mean);
  }
}
