package io.noesis.encoders.ridge;

import io.noesis.run.Parallel;
import io.noesis.tensor.Algebra;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Svd;
import io.noesis.tensor.SymmetricEigen;
import io.noesis.tensor.Tensor;
import java.util.Arrays;

/**
 * The ridge problem of one set of training rows, diagonalised once for all penalties. With X and Y
 * centred on the training rows, r eigenvalues s of XXᵀ, a basis B {@code [rows, r]} and Z = BᵀY,
 * the solution at penalty α is a fixed map of diag(1/(s+α))·Z, and the residuals of the training
 * rows are G·Y with G = c·(I − 11ᵀ/n) + B·diag(g)·Bᵀ.
 *
 * <p>Dual form, for fewer rows than columns (Saunders, Gammerman and Vovk 1998): B holds all
 * eigenvectors of XXᵀ but the constant one, c = 0, g = α/(s+α), W = XᵀB·diag(1/(s+α))·Z. Primal
 * form: V holds the eigenvectors of XᵀX, B = XV, c = 1, g = −1/(s+α), W = V·diag(1/(s+α))·Z. SVD
 * form X = USVᵀ, which does not square the condition of X: B = U, c = 1, g = −s/(s+α), W =
 * V·diag(√s/(s+α))·Z.
 */
abstract class CentredSystem {
  final Algebra algebra;
  private final double[] values;
  private final Matrix basis;

  private CentredSystem(Algebra algebra, double[] values, Matrix basis) {
    this.algebra = algebra;
    this.values = values;
    this.basis = basis;
  }

  /** W {@code [columns, targets]} from diag(1/(s+α))·Z. */
  abstract Matrix weights(Matrix solution);

  /** g of one basis vector. */
  abstract double residual(int i, double penalty);

  /** c: 0 when the basis spans all but the constant vector, 1 when it may not. */
  abstract int complement();

  /** What diag(1/(s+α))·Z is multiplied by to be W in an orthonormal basis. */
  abstract double coordinate(int i);

  /** Z {@code [r, targets]} of targets centred on the training rows {@code [rows, targets]}. */
  final Matrix project(Matrix centredTargets) {
    return algebra.transposedMultiply(basis, centredTargets);
  }

  final Matrix basis() {
    return basis;
  }

  final int rank() {
    return values.length;
  }

  /** An eigenvalue; rounding may leave it a little below 0, which no Gram matrix has. */
  final double value(int i) {
    return Math.max(0, values[i]);
  }

  /** 1/(s+α). */
  final double shrinkage(int i, double penalty) {
    return 1 / (value(i) + penalty);
  }

  final double[] residuals(double penalty) {
    double[] out = new double[rank()];
    for (int i = 0; i < out.length; i++) {
      out[i] = residual(i, penalty);
    }
    return out;
  }

  /** The system of some rows in a form; the one that their shape asks for when it is open. */
  static CentredSystem of(Tensor x, RidgeForm form, Algebra algebra) {
    RidgeForm chosen =
        form != RidgeForm.AUTO ? form : x.dim(0) <= x.dim(1) ? RidgeForm.DUAL : RidgeForm.PRIMAL;
    return switch (chosen) {
      case DUAL -> new Dual(x, algebra.gram(x), algebra);
      case PRIMAL, AUTO -> new Primal(x, algebra);
      case SVD -> Thin.of(x, algebra);
    };
  }

  static final class Dual extends CentredSystem {
    private final Tensor x;

    /**
     * The dual form.
     *
     * @param x the training rows; used for weights only
     * @param gram their products XXᵀ, not centred
     */
    Dual(Tensor x, Matrix gram, Algebra algebra) {
      this(x, algebra.symmetricEigen(lifted(gram)), algebra);
    }

    private Dual(Tensor x, SymmetricEigen eigen, Algebra algebra) {
      super(algebra, withoutLast(eigen.values()), withoutLast(eigen.vectors()));
      this.x = x;
    }

    private static Matrix lifted(Matrix gram) {
      Matrix centred = centred(gram);
      liftConstant(centred);
      return centred;
    }

    private static double[] withoutLast(double[] values) {
      return Arrays.copyOf(values, values.length - 1);
    }

    private static Matrix withoutLast(Matrix m) {
      int width = m.columns() - 1;
      Matrix out = Matrix.zeros(m.rows(), width);
      for (int r = 0; r < m.rows(); r++) {
        System.arraycopy(m.array(), r * m.columns(), out.array(), r * width, width);
      }
      return out;
    }

    @Override
    double residual(int i, double penalty) {
      return penalty / (value(i) + penalty);
    }

    @Override
    int complement() {
      return 0;
    }

    @Override
    double coordinate(int i) {
      return Math.sqrt(value(i));
    }

    @Override
    Matrix weights(Matrix solution) {
      return algebra.transposedMultiply(x, coefficients(solution));
    }

    /** Dual coefficients C {@code [rows, targets]}, W = XᵀC. */
    Matrix coefficients(Matrix solution) {
      // Dual coefficients sum to 0 over rows, so the means of x drop out of xᵀ times them; what
      // rounding leaves of that sum is taken away, or large means would amplify it.
      Matrix dual = algebra.multiply(basis(), solution);
      Columns.subtractMeans(dual);
      return dual;
    }
  }

  static final class Primal extends CentredSystem {
    private final Matrix vectors;

    Primal(Tensor x, Algebra algebra) {
      this(x, Columns.means(x), algebra);
    }

    private Primal(Tensor x, double[] means, Algebra algebra) {
      this(
          x,
          means,
          algebra.symmetricEigen(withoutMeans(algebra.transposedGram(x), means, x.dim(0))),
          algebra);
    }

    private Primal(Tensor x, double[] means, SymmetricEigen eigen, Algebra algebra) {
      super(algebra, eigen.values(), rotated(x, means, eigen.vectors(), algebra));
      this.vectors = eigen.vectors();
    }

    private static Matrix rotated(Tensor x, double[] means, Matrix vectors, Algebra algebra) {
      Matrix out = algebra.multiply(x, vectors);
      double[] shift = algebra.multiply(Matrix.wrap(1, means.length, means), vectors).array();
      double[] v = out.array();
      for (int i = 0; i < v.length; i++) {
        v[i] -= shift[i % shift.length];
      }
      return out;
    }

    @Override
    double residual(int i, double penalty) {
      return -shrinkage(i, penalty);
    }

    @Override
    int complement() {
      return 1;
    }

    @Override
    double coordinate(int i) {
      return 1;
    }

    @Override
    Matrix weights(Matrix solution) {
      return algebra.multiply(vectors, solution);
    }
  }

  static final class Thin extends CentredSystem {
    private final Matrix right;

    private Thin(Svd svd, double[] squares, Algebra algebra) {
      super(algebra, squares, svd.u());
      this.right = svd.v();
    }

    static Thin of(Tensor x, Algebra algebra) {
      Svd svd = algebra.svd(Columns.centred(x));
      double[] squares = svd.values();
      for (int i = 0; i < squares.length; i++) {
        squares[i] *= squares[i];
      }
      return new Thin(svd, squares, algebra);
    }

    @Override
    double residual(int i, double penalty) {
      return -value(i) * shrinkage(i, penalty);
    }

    @Override
    int complement() {
      return 1;
    }

    @Override
    double coordinate(int i) {
      return Math.sqrt(value(i));
    }

    @Override
    Matrix weights(Matrix solution) {
      Matrix scaled = Matrix.wrap(rank(), solution.columns(), solution.array().clone());
      Columns.scaleRows(scaled, this::coordinate);
      return algebra.multiply(right, scaled);
    }
  }

  /** The products of rows less their mean, from the products of the rows. */
  static Matrix centred(Matrix gram) {
    int n = gram.rows();
    double[] means = new double[n];
    Parallel.forBlocks(
        n,
        16,
        (from, to) -> {
          for (int r = from; r < to; r++) {
            double sum = 0;
            for (int c = 0; c < n; c++) {
              sum += gram.at(r, c);
            }
            means[r] = sum / n;
          }
        });
    double sum = 0;
    for (double mean : means) {
      sum += mean;
    }
    double grand = sum / n;
    double[] out = new double[gram.array().length];
    Parallel.forBlocks(
        n,
        16,
        (from, to) -> {
          for (int r = from; r < to; r++) {
            for (int c = 0; c < n; c++) {
              // The two means are added first so that a symmetric matrix stays so to the last bit.
              out[r * n + c] = gram.at(r, c) - (means[r] + means[c]) + grand;
            }
          }
        });
    return Matrix.wrap(n, n, out);
  }

  /**
   * A centred Gram matrix maps the constant vector to 0, as it may others; lifting its eigenvalue
   * above all parts it from them, so that it can be dropped without cancelling digits.
   *
   * @return the eigenvalue it has now
   */
  static double liftConstant(Matrix gram) {
    int n = gram.rows();
    double trace = 0;
    for (int i = 0; i < n; i++) {
      trace += Math.abs(gram.at(i, i));
    }
    double lift = trace == 0 ? 1 : 2 * trace;
    for (int i = 0; i < n * n; i++) {
      gram.array()[i] += lift / n;
    }
    return lift;
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
}
