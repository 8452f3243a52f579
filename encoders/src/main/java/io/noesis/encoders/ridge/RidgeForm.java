package io.noesis.encoders.ridge;

/** By which decomposition a ridge problem is solved; the solutions agree to rounding. */
public enum RidgeForm {
  /**
   * The dual form when the rows that remain when some are left out are at most as many as columns,
   * else the primal form; the SVD form for fractions. A large dual problem is solved by Cholesky
   * factors of each penalty instead of eigenvectors.
   */
  AUTO,
  /** Eigenvectors of XXᵀ {@code [rows, rows]}. */
  DUAL,
  /** Eigenvectors of XᵀX {@code [columns, columns]}. */
  PRIMAL,
  /** Singular vectors of X: slower, and exact where columns are nearly collinear. */
  SVD
}
