package io.noesis.tensor;

import java.util.List;

/**
 * The dense operations that solvers are written in, so that one solver runs on Java alone or on
 * native libraries. Sizes and errors are those of {@link LinearAlgebra}; arguments are never
 * changed; results belong to the caller and are the same bits on any number of threads.
 */
public interface Algebra {
  /** Everything in Java and float64: no native library is loaded. */
  static Algebra inJava() {
    return JavaAlgebra.INSTANCE;
  }

  /** A·B: {@code [n, k] x [k, m]}. */
  Matrix multiply(Matrix a, Matrix b);

  /** A·B with A in float32: {@code [n, k] x [k, m]}. */
  Matrix multiply(Tensor a, Matrix b);

  /** A·B rounded to float32: {@code [n, k] x [k, m]}. */
  default Tensor multiplyRounded(Matrix a, Matrix b) {
    return multiply(a, b).toTensor();
  }

  /** Aᵀ·B with A in float32, rounded to float32: {@code [k, n] x [k, m]}. */
  default Tensor transposedMultiplyRounded(Tensor a, Matrix b) {
    return transposedMultiply(a, b).toTensor();
  }

  /** Aᵀ·B: {@code [k, n] x [k, m]}. */
  Matrix transposedMultiply(Matrix a, Matrix b);

  /** Aᵀ·B with A in float32: {@code [k, n] x [k, m]}. */
  Matrix transposedMultiply(Tensor a, Matrix b);

  /** A·Bᵀ: {@code [n, k] x [m, k]}. */
  Matrix multiplyTransposed(Matrix a, Matrix b);

  /** A·Aᵀ of {@code [n, k]}, exactly symmetric. */
  Matrix gram(Tensor a);

  /** A·Aᵀ of {@code [n, k]} in float64, exactly symmetric. */
  Matrix gram(Matrix a);

  /** Aᵀ·A of {@code [k, n]}, exactly symmetric. */
  Matrix transposedGram(Tensor a);

  /** Σ over rows of (A·B)², for each A and each column of B; A·B itself need not be held. */
  double[][] columnSquares(List<Matrix> as, Matrix b);

  /** Σ of (A·L)² for a lower triangular L {@code [k, k]}; A·L itself need not be held. */
  double triangularSquares(Matrix a, Matrix lower);

  /** The lower triangular L of S = L·Lᵀ for a symmetric positive definite S {@code [n, n]}. */
  Matrix cholesky(Matrix s);

  /** Eigenvalues (ascending) and eigenvectors of a symmetric matrix. */
  SymmetricEigen symmetricEigen(Matrix s);

  /** The thin singular value decomposition. */
  Svd svd(Matrix a);

  /** The inverse of a symmetric positive definite matrix, exactly symmetric. */
  Matrix inverseSpd(Matrix s);

  /** X of S·X = B for a symmetric positive definite S {@code [n, n]} and B {@code [n, m]}. */
  Matrix solveSpd(Matrix s, Matrix b);
}
