package io.noesis.encoders.ridge;

import io.noesis.tensor.LinearAlgebra;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.SymmetricEigen;
import io.noesis.tensor.Tensor;

/**
 * The ridge problem of one set of training rows, diagonalised once for all penalties. With X and Y
 * centred on the training rows, and r eigenvalues s with eigenvectors V, the solution at penalty α
 * is a fixed map of V·diag(1/(s+α))·Z; predictions of other rows are M·diag(1/(s+α))·Z + mean(Y).
 *
 * <p>Dual form, for fewer rows than columns (Saunders, Gammerman and Vovk 1998): eigenvectors of
 * XXᵀ, Z = VᵀY, W = XᵀV·diag·Z. Primal form otherwise: eigenvectors of XᵀX, Z = VᵀXᵀY, W =
 * V·diag·Z.
 */
abstract class CentredSystem {
  private final double[] values;
  private final Matrix vectors;

  private CentredSystem(Matrix centredGram) {
    SymmetricEigen eigen = LinearAlgebra.symmetricEigen(centredGram);
    this.values = eigen.values();
    this.vectors = eigen.vectors();
  }

  /** Z {@code [r, targets]} of targets centred on the training rows {@code [train, targets]}. */
  abstract Matrix project(Matrix centredTargets);

  /** M {@code [test, r]} for rows that are not in the training rows. */
  abstract Matrix projectRows(Tensor testRows, Matrix crossGram);

  /** W {@code [columns, targets]} from V·diag·Z. */
  abstract Matrix weights(Matrix solution);

  final Matrix vectors() {
    return vectors;
  }

  final int rank() {
    return values.length;
  }

  /** 1/(s+α); rounding may leave eigenvalues a little below 0, which no Gram matrix has. */
  final double shrinkage(int i, double penalty) {
    return 1 / (Math.max(0, values[i]) + penalty);
  }

  static final class Dual extends CentredSystem {
    private final Tensor x;
    private final double[] means;
    private final double grandMean;

    /**
     * @param x the training rows; used for weights only
     * @param gram their products XXᵀ, not centred
     */
    Dual(Tensor x, Matrix gram) {
      this(x, gram, rowMeans(gram));
    }

    private Dual(Tensor x, Matrix gram, double[] means) {
      super(centre(gram, means, means, mean(means)));
      this.x = x;
      this.means = means;
      this.grandMean = mean(means);
    }

    @Override
    Matrix project(Matrix centredTargets) {
      return LinearAlgebra.transposedMultiply(vectors(), centredTargets);
    }

    @Override
    Matrix projectRows(Tensor testRows, Matrix crossGram) {
      Matrix centred = centre(crossGram, rowMeans(crossGram), means, grandMean);
      return LinearAlgebra.multiply(centred, vectors());
    }

    @Override
    Matrix weights(Matrix solution) {
      // Dual coefficients sum to 0 over rows, so the means of x drop out of xᵀ times them; what
      // rounding leaves of that sum is taken away, or large means would amplify it.
      Matrix dual = LinearAlgebra.multiply(vectors(), solution);
      subtractColumnMeans(dual);
      return LinearAlgebra.transposedMultiply(x, dual);
    }
  }

  static final class Primal extends CentredSystem {
    private final Tensor x;
    private final double[] means;

    Primal(Tensor x) {
      this(x, Columns.means(x));
    }

    private Primal(Tensor x, double[] means) {
      super(withoutMeans(LinearAlgebra.transposedGram(x), means, x.dim(0)));
      this.x = x;
      this.means = means;
    }

    @Override
    Matrix project(Matrix centredTargets) {
      return LinearAlgebra.transposedMultiply(
          vectors(), LinearAlgebra.transposedMultiply(x, centredTargets));
    }

    @Override
    Matrix projectRows(Tensor testRows, Matrix crossGram) {
      Matrix out = LinearAlgebra.multiply(testRows, vectors());
      double[] shift =
          LinearAlgebra.multiply(Matrix.wrap(1, means.length, means), vectors()).array();
      double[] v = out.array();
      for (int i = 0; i < v.length; i++) {
        v[i] -= shift[i % shift.length];
      }
      return out;
    }

    @Override
    Matrix weights(Matrix solution) {
      return LinearAlgebra.multiply(vectors(), solution);
    }
  }

  private static Matrix centre(Matrix gram, double[] rowMeans, double[] columnMeans, double grand) {
    int n = gram.columns();
    double[] out = new double[gram.array().length];
    for (int r = 0; r < gram.rows(); r++) {
      for (int c = 0; c < n; c++) {
        // The two means are added first so that a symmetric matrix stays so to the last bit.
        out[r * n + c] = gram.at(r, c) - (rowMeans[r] + columnMeans[c]) + grand;
      }
    }
    return Matrix.wrap(gram.rows(), n, out);
  }

  private static Matrix withoutMeans(Matrix gram, double[] means, int rows) {
    int p = means.length;
    double[] out = gram.array();
    for (int r = 0; r < p; r++) {
      for (int c = 0; c < p; c++) {
        out[r * p + c] -= rows * (means[r] * means[c]);
      }
    }
    return gram;
  }

  private static void subtractColumnMeans(Matrix m) {
    double[] sums = new double[m.columns()];
    double[] values = m.array();
    for (int i = 0; i < values.length; i++) {
      sums[i % sums.length] += values[i];
    }
    for (int i = 0; i < values.length; i++) {
      values[i] -= sums[i % sums.length] / m.rows();
    }
  }

  private static double[] rowMeans(Matrix m) {
    double[] means = new double[m.rows()];
    for (int r = 0; r < m.rows(); r++) {
      double sum = 0;
      for (int c = 0; c < m.columns(); c++) {
        sum += m.at(r, c);
      }
      means[r] = sum / m.columns();
    }
    return means;
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
