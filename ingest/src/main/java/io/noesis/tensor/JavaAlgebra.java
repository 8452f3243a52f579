package io.noesis.tensor;

import java.util.List;

/** {@link LinearAlgebra} as an {@link Algebra}. */
enum JavaAlgebra implements Algebra {
  INSTANCE;

  @Override
  public Matrix multiply(Matrix a, Matrix b) {
    return LinearAlgebra.multiply(a, b);
  }

  @Override
  public Matrix multiply(Tensor a, Matrix b) {
    return LinearAlgebra.multiply(a, b);
  }

  @Override
  public Matrix transposedMultiply(Matrix a, Matrix b) {
    return LinearAlgebra.transposedMultiply(a, b);
  }

  @Override
  public Matrix transposedMultiply(Tensor a, Matrix b) {
    return LinearAlgebra.transposedMultiply(a, b);
  }

  @Override
  public Matrix multiplyTransposed(Matrix a, Matrix b) {
    return LinearAlgebra.multiplyTransposed(a, b);
  }

  @Override
  public Matrix gram(Tensor a) {
    return LinearAlgebra.gram(a);
  }

  @Override
  public Matrix gram(Matrix a) {
    return LinearAlgebra.gram(a);
  }

  @Override
  public Matrix transposedGram(Tensor a) {
    return LinearAlgebra.transposedGram(a);
  }

  @Override
  public double[][] columnSquares(List<Matrix> as, Matrix b) {
    return as.stream().map(a -> columnSquares(a, b)).toArray(double[][]::new);
  }

  private static double[] columnSquares(Matrix a, Matrix b) {
    Matrix product = LinearAlgebra.multiply(a, b);
    double[] sums = new double[b.columns()];
    double[] values = product.array();
    for (int r = 0, i = 0; r < product.rows(); r++) {
      for (int c = 0; c < sums.length; c++, i++) {
        sums[c] += values[i] * values[i];
      }
    }
    return sums;
  }

  @Override
  public double triangularSquares(Matrix a, Matrix lower) {
    double sum = 0;
    for (double square : columnSquares(a, lower)) {
      sum += square;
    }
    return sum;
  }

  @Override
  public Matrix cholesky(Matrix s) {
    return LinearAlgebra.choleskyFactor(s);
  }

  @Override
  public SymmetricEigen symmetricEigen(Matrix s) {
    return LinearAlgebra.symmetricEigen(s);
  }

  @Override
  public Svd svd(Matrix a) {
    return LinearAlgebra.svd(a);
  }

  @Override
  public Matrix inverseSpd(Matrix s) {
    return LinearAlgebra.inverseSpd(s);
  }

  @Override
  public Matrix solveSpd(Matrix s, Matrix b) {
    return LinearAlgebra.solveSpd(s, b);
  }
}
